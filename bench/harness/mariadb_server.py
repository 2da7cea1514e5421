# SPDX-License-Identifier: Apache-2.0
"""A MariaDB server of our own, on loopback, thrown away afterwards: server.py's twin.

Durability is off here too. The buffer pool holds all tables of a full run.
"""
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time

from harness import tables_mysql as tables
from harness.server import free_port

SETTINGS = ("--skip-networking=0", "--bind-address=127.0.0.1", "--skip-name-resolve", "--skip-log-bin", "--innodb-flush-method=nosync",
            "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--innodb-buffer-pool-size=768M",
            "--innodb-log-file-size=512M", "--innodb-fast-shutdown=2", "--sync-frm=0", "--performance-schema=OFF",
            "--max-allowed-packet=256M", "--max-connections=100", "--character-set-server=utf8mb4", "--query-cache-type=OFF")


class MariaDbServer:
    """Use as a context manager; `host`, `port`, `user` and `database` are valid inside."""

    host, user, database = "127.0.0.1", "bench", "bench"
    tables = tables

    def __init__(self):
        self.port = free_port()
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="bench-"))
        self.process = None

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _account(self):
        """mariadbd refuses root: it becomes the first system account there is that can own its directory."""
        if os.geteuid() != 0:
            return []
        known = {account.pw_name for account in pwd.getpwall()}
        name = next(name for name in ("mysql", "postgres", "nobody") if name in known)
        for path in (self.home, *self.home.rglob("*")):
            shutil.chown(path, name)
        return [f"--user={name}"]

    def _start(self):
        data = self.home / "data"
        data.mkdir()
        (self.home / "init.sql").write_text(f"CREATE DATABASE {self.database};\nCREATE USER {self.user}@'%';\n"
                                            f"GRANT ALL ON *.* TO {self.user}@'%';\n", encoding="utf-8")
        os.chmod(self.home, 0o755)
        account = self._account()
        subprocess.run(["mariadb-install-db", "--no-defaults", "--skip-test-db", f"--datadir={data}", *account], check=True,
                       capture_output=True)
        with (self.home / "log").open("wb") as log:
            self.process = subprocess.Popen(["mariadbd", "--no-defaults", f"--datadir={data}", f"--tmpdir={self.home}",
                                             f"--socket={self.home}/socket", f"--pid-file={self.home}/pid", f"--port={self.port}",
                                             f"--init-file={self.home}/init.sql", *SETTINGS, *account], stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the server did not start: " + (self.home / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.05)

    def _client(self, text, check):
        command = ["mariadb", "--no-defaults", "--batch", "--skip-column-names", f"--socket={self.home}/socket", "-u", self.user, self.database]
        return subprocess.run(command, input=text, check=check, capture_output=True, text=True)

    def _answers(self):
        return self._client("SELECT 1", check=False).returncode == 0

    def sql(self, *statements):
        if not statements:
            return ""
        return self._client(";\n".join(statements), check=True).stdout.strip()

    def run_on(self, cores):
        """Every thread of the server, those that wait for their next connection too."""
        for thread in os.listdir(f"/proc/{self.process.pid}/task"):
            os.sched_setaffinity(int(thread), cores)

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)
