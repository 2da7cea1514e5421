# SPDX-License-Identifier: Apache-2.0
"""Where clusters live on disk: the base directory, one home per cluster, its state file and its locks.

base/templates/   data directories baked once, copied for each host
base/domains/     one directory per DNS domain: zones of its clusters, the server's pid, its query log
base/runs/        one file per cluster that was started, so that `gc` finds the dead ones
The state file is replaced by rename; `Home.edit` is the only way to change it.
"""
import contextlib
import fcntl
import json
import os
import pwd
import secrets
import tempfile
import time
from pathlib import Path

from local_cluster.errors import ClusterError

STATE_FILE = "cluster.json"


def base_directory() -> Path:
    """$CLUSTER_HOME, else a directory on tmpfs (starting is copying files), else the temporary directory."""
    named = os.environ.get("CLUSTER_HOME")
    if named:
        base = Path(named).absolute()
    else:
        root = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else Path(tempfile.gettempdir())
        base = root / f"aurodbc-clusters-{os.geteuid()}"
    base.mkdir(parents=True, exist_ok=True, mode=0o755)
    for part in ("templates", "domains", "runs"):
        (base / part).mkdir(exist_ok=True)
    return base


def server_account() -> dict:
    """Arguments for subprocess: the servers refuse root, so root starts them as `postgres`."""
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError as error:
        raise ClusterError("Run by root, but there is no user named postgres to start the servers as.") from error
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def give_to_server(path: Path) -> None:
    account = server_account()
    if account:
        try:
            os.chown(path, account["user"], account["group"])
        except OSError as error:
            raise ClusterError(
                "This root cannot become the user postgres; in a user namespace use `unshare --map-current-user`."
            ) from error


def write_file(path: Path, text: str, mode: int = 0o644) -> None:
    """Replace a file at once: readers see the old text or the new one."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    draft.write_text(text)
    draft.chmod(mode)
    draft.rename(path)


@contextlib.contextmanager
def locked(path: Path, seconds: float = 30.0, busy: str = ""):
    """Hold an exclusive lock on `path`; gives up after `seconds` with the sentence `busy`."""
    handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
    try:
        end = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() >= end:
                    raise ClusterError(busy or f"{path} stayed locked for {seconds:g} s.") from error
                time.sleep(0.002)
        yield
    finally:
        os.close(handle)


class Home:
    """The directory of one cluster and the state in it."""

    def __init__(self, path):
        self.path = Path(path).absolute()

    @property
    def exists(self) -> bool:
        return (self.path / STATE_FILE).exists()

    def create(self) -> None:
        if self.exists:
            raise ClusterError(f"There is a cluster in {self.path} already; end it with `cluster down` first.")
        if self.path.is_dir() and any(self.path.iterdir()):
            raise ClusterError(f"{self.path} is not empty, so no cluster is made there.")
        for parent in self.path.parents:
            if os.geteuid() == 0 and parent.exists() and not parent.stat().st_mode & 0o001:
                raise ClusterError(f"The user postgres cannot enter {parent}; choose another --home.")
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o755)

    def read(self) -> dict:
        try:
            return json.loads((self.path / STATE_FILE).read_text())
        except FileNotFoundError as error:
            raise ClusterError(f"There is no cluster in {self.path}.") from error

    def write(self, state: dict) -> None:
        write_file(self.path / STATE_FILE, json.dumps(state, indent=1), 0o644)

    @contextlib.contextmanager
    def edit(self):
        """Read the state, let the caller change it, write it back; others wait meanwhile."""
        with locked(self.path / ".state.lock"):
            state = self.read()
            yield state
            self.write(state)

    def alone(self, verb: str):
        """Only one failover or rejoin at a time."""
        return locked(self.path / ".move.lock", 20.0, f"Another failover or start still runs, so {verb} gives up.")
