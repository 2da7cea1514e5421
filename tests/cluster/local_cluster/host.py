# SPDX-License-Identifier: Apache-2.0
"""One host of the cluster, whatever its engine: its directory, its process, and what every engine must be able to do.

A host's directory holds data/, its configuration, facts.json (what it tells of the cluster), pid, log and its Unix
socket. postgres_host.py and mariadb_host.py are the engines.
"""
import abc
import contextlib
import json
import subprocess
from pathlib import Path

from local_cluster import processes
from local_cluster.errors import ClusterError
from local_cluster.home import give_to_server, server_account, write_file
from local_cluster.identity import resource_id
from local_cluster.link import Link, SqlError


def run_program(arguments: list, what: str) -> str:
    """Run a program of the servers as their user; ClusterError with its last line if it fails."""
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          cwd="/", **server_account())
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise ClusterError(f"{what} failed: {last}")
    return done.stdout


class Host(abc.ABC):
    """A view on one host; holds no state of its own beyond what is on disk and in /proc."""

    configuration_file: str  # its path is in the server's command line, so that no other process is taken for it
    fatal_words: tuple  # what marks a line of the log that says why the server ended

    def __init__(self, directory: Path, instance: dict):
        self.directory = Path(directory)
        self.id = instance["id"]
        self.number = instance["number"]
        self.endpoint = instance["endpoint"]
        self.address = instance["address"]
        self.port = instance["port"]
        self.data = self.directory / "data"

    # --- what an engine must be able to do: life -------------------------------------------------------------------

    @abc.abstractmethod
    def fill(self, template: Path, flavour: str, tls: bool) -> None:
        """Copy the template into the host's directory and write the configuration; the host is not started."""

    @abc.abstractmethod
    def launch(self, follow: "Host | None") -> None:
        """Start the server, as a reader of `follow` or as the writer, and return at once; see `wait_ready`."""

    @abc.abstractmethod
    def wait_ready(self, seconds: float = 15.0) -> None:
        """Until it accepts connections and does what `launch` was told."""

    @abc.abstractmethod
    def stop(self, seconds: float = 20.0) -> None:
        """Shut down at once but cleanly: clients are sent away, readers get all of the log."""

    @abc.abstractmethod
    def remove_leftovers(self) -> None:
        """Remove what only a living server needs and a killed one leaves."""

    @abc.abstractmethod
    def connect(self, timeout: float = 5.0) -> Link:
        """An administrator's link; SqlError when there is none to be had."""

    # --- what an engine must be able to do: roles ------------------------------------------------------------------

    @abc.abstractmethod
    def is_reader(self, timeout: float = 5.0) -> bool:
        """The host's own view of its role."""

    @abc.abstractmethod
    def stop_receiving(self, link: Link) -> None:
        """Take nothing more from the writer; `follow` begins anew."""

    @abc.abstractmethod
    def received(self, link: Link) -> int:
        """How much of the writer's log this reader has; comparable among the readers of one writer."""

    @abc.abstractmethod
    def fetch_from(self, other: "Host", link: Link, other_link: Link) -> None:
        """Let this reader fetch from reader `other` all that one has."""

    @abc.abstractmethod
    def promote(self, link: Link) -> None:
        """Make this reader the writer, after it has applied all that it received."""

    @abc.abstractmethod
    def follow(self, writer: "Host") -> None:
        """Let this running reader stream from `writer`."""

    @abc.abstractmethod
    def wait_followed_by(self, readers: "list[Host]", seconds: float) -> bool:
        """As the writer: until all of `readers` stream from here."""

    @abc.abstractmethod
    def set_waiting(self, on: bool) -> None:
        """As the writer: acknowledge commits only after one reader has them; returns once it is in force."""

    @abc.abstractmethod
    def waits_for_reader(self) -> bool:
        """As the writer: whether `set_waiting(True)` is in force."""

    @abc.abstractmethod
    def ways_back(self, diverged: bool) -> list[tuple]:
        """How a stopped host can become a reader again, the cheapest first: name, what to do before (given the writer;
        None for nothing), seconds it may take to follow."""

    # --- the same for all ------------------------------------------------------------------------------------------

    def create(self, template: Path, flavour: str, tls: bool) -> None:
        self.directory.mkdir(parents=True)
        self.directory.chmod(0o755)
        give_to_server(self.directory)
        if len(str(self.directory)) > 85:
            raise ClusterError(f"{self.directory} is too long for a Unix socket; choose a shorter --home.")
        self.fill(template, flavour, tls)

    def start_as_reader(self, writer: "Host", seconds: float) -> bool:
        """False when it does not follow in time (it runs nevertheless, or not)."""
        try:
            self.launch(writer)
            self.wait_ready(seconds)
        except ClusterError:
            return False
        return writer.wait_followed_by([self], seconds)

    def write_facts(self, told: list[dict], override=None) -> None:
        facts = {"self": self.id, "resource_id": resource_id(self.id), "told": told}
        if override is not None:
            facts["override"] = override
        write_file(self.directory / "facts.json", json.dumps(facts))

    def pid(self) -> int:
        """The server's pid; 0 when it does not run."""
        try:
            pid = int((self.directory / "pid").read_text())
        except (OSError, ValueError):
            return 0
        return pid if processes.is_ours(pid, str(self.directory / self.configuration_file)) else 0

    def condition(self) -> str:
        """running, frozen or stopped."""
        pid = self.pid()
        if not pid:
            return "stopped"
        return "frozen" if processes.state_of(pid) in ("T", "t") else "running"

    def run(self, command: list[str], **options) -> None:
        """Start the server's program."""
        self.remove_leftovers()
        pid = processes.launch(command, self.directory / "log", **options, **server_account())
        write_file(self.directory / "pid", str(pid))

    def last_log_line(self) -> str:
        try:
            lines = (self.directory / "log").read_text(errors="replace").strip().splitlines()
        except OSError:
            lines = []
        wanted = [line for line in lines if any(word in line for word in self.fatal_words)] or lines or ["no log"]
        return wanted[-1]

    def kill(self) -> None:
        """kill -9 of every process of this host, then remove what only a living server needs."""
        pid = self.pid()
        if pid:
            self.finish_kill(processes.kill_family(pid))

    def finish_kill(self, family: list[int]) -> None:
        if not processes.wait_gone(family, 5):
            raise ClusterError(f"Host {self.id} did not die within 5 s of kill -9.")
        self.remove_leftovers()

    def freeze(self) -> None:
        pid = self.pid()
        if not pid:
            raise ClusterError(f"Host {self.id} does not run, so it cannot be frozen.")
        processes.freeze_family(pid)

    def thaw(self) -> None:
        pid = self.pid()
        if not pid:
            raise ClusterError(f"Host {self.id} does not run, so it cannot be thawed.")
        processes.thaw_family(pid)

    @contextlib.contextmanager
    def asked(self, timeout: float = 5.0):
        """A link of the administrator; what goes wrong on it is a ClusterError."""
        try:
            with self.connect(timeout) as link:
                yield link
        except SqlError as error:
            raise ClusterError(f"Host {self.id} answered: {error}") from error
