# SPDX-License-Identifier: Apache-2.0
"""One host of the cluster: a PostgreSQL server with its directory, and what can be done to it.

Directory: data/ (PGDATA), postgresql.conf, role.conf (who to follow, whom to wait for), pg_hba.conf, facts.json, log,
and the Unix socket. Configuration lives outside data/, because pg_rewind copies data/ of another host.
"""
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from local_cluster import processes
from local_cluster.errors import ClusterError
from local_cluster.home import give_to_server, server_account, write_file
from local_cluster.wire import SqlError, Wire

BINARIES = Path(os.environ.get("PG_BINDIR", "/usr/lib/postgresql/15/bin"))
ADMIN = "rdsadmin"
RECEIVED = "SELECT greatest(coalesce(pg_last_wal_receive_lsn(), '0/0'), pg_last_wal_replay_lsn())"

CONFIGURATION = """
listen_addresses = '{address}'
port = {port}
unix_socket_directories = '{directory}'
hba_file = '{directory}/pg_hba.conf'
ident_file = '{directory}/pg_ident.conf'
include = '{directory}/role.conf'
fsync = off
synchronous_commit = on
wal_log_hints = on
wal_keep_size = 128MB
min_wal_size = 2MB
wal_retrieve_retry_interval = 25ms
hot_standby = on
max_connections = 100
max_wal_senders = 20
shared_buffers = 16MB
dynamic_shared_memory_type = mmap
autovacuum_naptime = 5min
log_line_prefix = '%m [%p] '
password_encryption = 'scram-sha-256'
"""

EXTENSIONS = ("address_standardizer, amcheck, aurora_stat_utils, aws_commons, aws_s3, btree_gin, citext, hstore, "
              "pg_stat_statements, pgcrypto, postgis, uuid-ossp")

ACCESS = """
local all         {admin}         peer map=admin
local replication {admin}         peer map=admin
local all         all             scram-sha-256
host  all         {admin}         127.0.0.0/8 reject
host  all         {cleartext}     127.0.0.0/8 password
host  all         all             127.0.0.0/8 scram-sha-256
"""


def run_program(arguments: list, what: str) -> str:
    """Run a PostgreSQL program as the servers' user; ClusterError with its last line if it fails."""
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          cwd="/", **server_account())
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise ClusterError(f"{what} failed: {last}")
    return done.stdout


class Host:
    """A view on one host; holds no state of its own beyond what is on disk and in /proc."""

    def __init__(self, directory: Path, instance: dict):
        self.directory = Path(directory)
        self.id = instance["id"]
        self.endpoint = instance["endpoint"]
        self.address = instance["address"]
        self.port = instance["port"]
        self.data = self.directory / "data"

    # --- making it -------------------------------------------------------------------------------------------------

    def create(self, template: Path, flavour: str, cleartext_user: str, extra: str) -> None:
        """Copy the template and write the configuration; the host is not started."""
        self.directory.mkdir(parents=True)
        self.directory.chmod(0o755)
        give_to_server(self.directory)
        if len(str(self.directory)) > 85:
            raise ClusterError(f"{self.directory} is too long for a Unix socket; choose a shorter --home.")
        subprocess.run(["cp", "-a", "--reflink=auto", str(template), str(self.data)], check=True)
        text = CONFIGURATION.format(address=self.address, port=self.port, directory=self.directory) + extra
        if flavour == "aurora-pg":
            text += f"rds.extensions = '{EXTENSIONS}'\n"
        write_file(self.directory / "postgresql.conf", text)
        write_file(self.directory / "pg_hba.conf", ACCESS.format(admin=ADMIN, cleartext=cleartext_user))
        who = {"root", "postgres", subprocess.run(["id", "-un"], capture_output=True, text=True).stdout.strip()}
        write_file(self.directory / "pg_ident.conf", "".join(f"admin {name} {ADMIN}\n" for name in sorted(who) if name))

    def write_facts(self, told: list[dict], override=None) -> None:
        facts = {"self": self.id, "told": told}
        if override is not None:
            facts["override"] = override
        write_file(self.directory / "facts.json", json.dumps(facts))

    def write_role(self, follow: "Host | None" = None, wait_for_reader: bool = False) -> None:
        """`follow` names the host to stream from; readers keep the empty list, so promotion never hangs on it."""
        text = f"synchronous_standby_names = '{'ANY 1 (*)' if wait_for_reader else ''}'\n"
        if follow:
            text += (f"primary_conninfo = 'host={follow.directory} port={follow.port} user={ADMIN} "
                     f"application_name={self.id}'\n")
        write_file(self.directory / "role.conf", text)

    def mark_as_reader(self, on: bool) -> None:
        signal_file = self.data / "standby.signal"
        if on:
            signal_file.touch()
            give_to_server(signal_file)
        else:
            signal_file.unlink(missing_ok=True)

    # --- its process -----------------------------------------------------------------------------------------------

    def pid(self) -> int:
        """The postmaster's pid; 0 when it does not run."""
        try:
            pid = int((self.directory / "pid").read_text())
        except (OSError, ValueError):
            return 0
        return pid if processes.is_ours(pid, str(self.directory / "postgresql.conf")) else 0

    def condition(self) -> str:
        """running, frozen or stopped."""
        pid = self.pid()
        if not pid:
            return "stopped"
        return "frozen" if processes.state_of(pid) in ("T", "t") else "running"

    def launch(self) -> None:
        """Start the server and return at once; see `wait_ready`."""
        self._remove_leftovers()
        command = [str(BINARIES / "postgres"), "-D", str(self.data), "-c",
                   f"config_file={self.directory}/postgresql.conf"]
        pid = processes.launch(command, self.directory / "log", **server_account())
        write_file(self.directory / "pid", str(pid))

    def wait_ready(self, seconds: float = 15.0) -> None:
        """Until it accepts connections (line 8 of postmaster.pid)."""
        end = time.monotonic() + seconds
        while True:
            try:
                lines = (self.data / "postmaster.pid").read_text().splitlines()
            except OSError:
                lines = []
            if len(lines) >= 8 and lines[7].strip() == "ready":
                return
            if not self.pid():
                raise ClusterError(f"Host {self.id} ended while starting: {self.last_log_line()}")
            if time.monotonic() > end:
                raise ClusterError(f"Host {self.id} was not ready after {seconds:g} s: {self.last_log_line()}")
            time.sleep(0.002)

    def last_log_line(self) -> str:
        try:
            lines = (self.directory / "log").read_text(errors="replace").strip().splitlines()
        except OSError:
            lines = []
        wanted = [line for line in lines if "FATAL" in line or "PANIC" in line] or lines or ["no log"]
        return wanted[-1]

    def reload(self) -> None:
        pid = self.pid()
        if pid:
            processes.signal_one(pid, signal.SIGHUP)

    def stop(self, seconds: float = 20.0) -> None:
        """Fast shutdown: clients get 57P01, readers get all of the log."""
        pid = self.pid()
        if not pid:
            return
        processes.thaw_family(pid)
        processes.signal_one(pid, signal.SIGINT)
        if not processes.wait_gone([pid], seconds):
            self.kill()

    def kill(self) -> None:
        """kill -9 of every process of this host, then remove what only a living server needs."""
        pid = self.pid()
        if pid:
            self.finish_kill(processes.kill_family(pid))

    def finish_kill(self, family: list[int]) -> None:
        if not processes.wait_gone(family, 5):
            raise ClusterError(f"Host {self.id} did not die within 5 s of kill -9.")
        self._remove_leftovers()

    def _remove_leftovers(self) -> None:
        # A killed postmaster may stay as a zombie; its files would make the next start refuse.
        lock = self.data / "postmaster.pid"
        try:
            fields = lock.read_text().splitlines()[6].split()
            processes.remove_shared_memory(int(fields[1]))
        except (OSError, IndexError, ValueError):
            pass
        for leftover in (lock, self.directory / f".s.PGSQL.{self.port}.lock", self.directory / f".s.PGSQL.{self.port}"):
            leftover.unlink(missing_ok=True)

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

    # --- asking it -------------------------------------------------------------------------------------------------

    def connect(self, database: str = "postgres", timeout: float = 5.0) -> Wire:
        return Wire(f"{self.directory}/.s.PGSQL.{self.port}", ADMIN, database, timeout)

    def query(self, sql: str, database: str = "postgres", timeout: float = 5.0) -> list[tuple]:
        try:
            with self.connect(database, timeout) as wire:
                return wire.query(sql)
        except SqlError as error:
            raise ClusterError(f"Host {self.id} answered: {error}") from error

    def streaming_readers(self) -> set[str]:
        rows = self.query("SELECT application_name FROM pg_stat_replication WHERE state = 'streaming'")
        return {row[0] for row in rows}

    def wait_streaming(self, wanted: set[str], seconds: float) -> bool:
        """As the writer: until all of `wanted` stream from here."""
        sql = "SELECT application_name FROM pg_stat_replication WHERE state = 'streaming'"
        end = time.monotonic() + seconds
        with self.connect() as wire:
            while not wanted <= {row[0] for row in wire.query(sql)}:
                if time.monotonic() > end:
                    return False
                time.sleep(0.003)
        return True

    def set_waiting(self, on: bool) -> None:
        """As the writer: acknowledge commits only after one reader has them; returns once it is in force."""
        self.write_role(None, on)
        self.reload()
        with self.connect() as wire:
            wanted = "ANY 1 (*)" if on else ""
            if not wire.wait_for("SELECT current_setting('synchronous_standby_names')", wanted, 5):
                raise ClusterError(f"Host {self.id} did not take up synchronous_standby_names = '{wanted}'.")

    # --- coming back -----------------------------------------------------------------------------------------------

    def rewind(self, writer: "Host") -> None:
        """Make a stopped or killed ex-writer a copy of `writer` again, keeping what they share."""
        writer.query("CHECKPOINT", timeout=20)
        self.mark_as_reader(False)
        self.write_role(writer)
        run_program([BINARIES / "pg_rewind", "-D", self.data, f"--config-file={self.directory}/postgresql.conf",
                     "--no-sync",
                     f"--source-server=host={writer.directory} port={writer.port} user={ADMIN} dbname=postgres"],
                    f"pg_rewind of {self.id}")

    def copy_from(self, writer: "Host") -> None:
        """Replace the data directory by a fresh copy of `writer`'s."""
        shutil.rmtree(self.data)
        run_program([BINARIES / "pg_basebackup", "-D", self.data, "-h", writer.directory, "-p", writer.port,
                     "-U", ADMIN, "-X", "stream", "-c", "fast", "--no-sync"], f"pg_basebackup of {self.id}")

    def start_as_reader(self, writer: "Host", seconds: float) -> bool:
        """Start as a reader of `writer`; False when it does not stream in time (it runs nevertheless, or not)."""
        self.mark_as_reader(True)
        self.write_role(writer)
        self.launch()
        try:
            self.wait_ready(seconds)
        except ClusterError:
            return False
        return writer.wait_streaming({self.id}, seconds)
