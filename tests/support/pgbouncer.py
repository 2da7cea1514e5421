#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A real pgbouncer before the test server: transaction pooling over two server sessions, taken in turn.

Comes in: tests/support/suite, or the shell:
    tests/support/postgres_server.py tests/support/pgbouncer.py COMMAND
Each transaction may meet another server session than the one before: what a driver must not rely on shows here.
"""
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from test_server import free_port


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


class PgBouncer:
    """Context manager; `server` is what PostgresServer.environment() says."""

    def __init__(self, server: dict[str, str]) -> None:
        self.server = server
        self.port = free_port()
        self.account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="aurodbc-pgbouncer-"))
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        return {"AURODBC_TEST_PGBOUNCER_PORT": str(self.port)}

    def __enter__(self) -> "PgBouncer":
        users = self.directory / "users"
        users.write_text(
            f"{quoted(self.server['AURODBC_TEST_PG_USER'])} {quoted(self.server['AURODBC_TEST_PG_PASSWORD'])}\n",
            encoding="utf-8")
        settings = self.directory / "settings.ini"
        settings.write_text("\n".join((
            "[databases]",
            f"{self.server['AURODBC_TEST_PG_DATABASE']} = host=127.0.0.1 port={self.server['AURODBC_TEST_PG_PORT']}",
            "[pgbouncer]", "listen_addr = 127.0.0.1", f"listen_port = {self.port}", "unix_socket_dir =",
            "auth_type = scram-sha-256", f"auth_file = {users}", "pool_mode = transaction",
            "default_pool_size = 2", "min_pool_size = 2", "server_round_robin = 1", "max_client_conn = 50",
            "ignore_startup_parameters = extra_float_digits,options", "")))
        binary = shutil.which("pgbouncer", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if binary is None:
            raise RuntimeError("pgbouncer is not installed; packaging/install-packages test")
        account = {}
        if self.account is not None:
            for path in (self.directory, users, settings):
                os.chown(path, self.account.pw_uid, self.account.pw_gid)
            account = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        self.process = subprocess.Popen([binary, "-q", str(settings)], stdin=subprocess.DEVNULL, cwd="/",
                                        stdout=subprocess.DEVNULL, stderr=open(self.directory / "log", "wb"), **account)
        self._wait_until_it_listens()
        return self

    def _wait_until_it_listens(self) -> None:
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("pgbouncer did not start: " + (self.directory / "log").read_text(errors="replace")) from None
                time.sleep(0.02)

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)  # at once
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


if __name__ == "__main__":
    with PgBouncer(dict(os.environ)) as pooler:
        sys.exit(subprocess.run(sys.argv[1:], env=dict(os.environ, **pooler.environment())).returncode)
