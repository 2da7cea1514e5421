# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server of our own, on loopback, thrown away afterwards.

Durability is off: the client side is what is measured, and a disk would only add noise.
"""
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from harness import tables

BINARIES = pathlib.Path(os.environ.get("PG_BINDIR", "/usr/lib/postgresql/15/bin"))
SETTINGS = """
listen_addresses = '127.0.0.1'
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
jit = off
shared_buffers = '512MB'
max_wal_size = '4GB'
max_parallel_workers_per_gather = 0
max_connections = 100
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PostgresServer:
    """Use as a context manager; `host`, `port`, `user` and `database` are valid inside."""

    host, user, database = "127.0.0.1", "postgres", "postgres"
    tables = tables

    def __init__(self):
        self.port = free_port()
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="bench-"))
        self.process = None

    def _as_postgres(self):
        """PostgreSQL refuses root: the arguments of subprocess that change the user, if we are root."""
        if os.geteuid() != 0:
            return {}
        account = pwd.getpwnam("postgres")
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self):
        data = self.home / "data"
        data.mkdir()
        os.chmod(self.home, 0o755)
        if os.geteuid() == 0:
            shutil.chown(data, "postgres", "postgres")
        subprocess.run([BINARIES / "initdb", "-D", data, "-U", self.user, "-A", "trust", "-E", "UTF8",
                        "--locale=C", "--no-sync"], check=True, cwd="/", stdout=subprocess.DEVNULL,
                       **self._as_postgres())
        with open(data / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write(f"{SETTINGS}port = {self.port}\nunix_socket_directories = '{data}'\n")
        with open(self.home / "log", "wb") as log:
            self.process = subprocess.Popen([BINARIES / "postgres", "-D", data], cwd="/", stdout=log,
                                            stderr=log, start_new_session=True, **self._as_postgres())
        self._wait_ready(data / "postmaster.pid")

    def _wait_ready(self, pid_file):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError("the server ended: " + (self.home / "log").read_text())
            # Line 8 of postmaster.pid tells the state.
            if pid_file.exists() and "ready" in pid_file.read_text():
                return
            time.sleep(0.02)
        raise RuntimeError("the server was not ready within 30 s")

    def sql(self, *statements):
        if not statements:
            return ""
        command = [BINARIES / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", self.host, "-p", str(self.port),
                   "-U", self.user, "-d", self.database]
        for statement in statements:
            command += ["-c", statement]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def run_on(self, cores):
        """Backends born from now on run on `cores` (they inherit it from the postmaster)."""
        os.sched_setaffinity(self.process.pid, cores)

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(10)
        shutil.rmtree(self.home, ignore_errors=True)
