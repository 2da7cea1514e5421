# SPDX-License-Identifier: Apache-2.0
"""A real MariaDB server for the tests: own directory, own port on 127.0.0.1, TLS, users.

Comes in: tests/support/suite; single tests run this file for a server of their own. Ends by pid; leaves nothing behind.
mysql56_server.py is the same with a real MySQL.
"""
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time

from test_server import free_port, make_certificates

SERVER_NAME = "mariadb.test.aurodbc"


class MariaDbServer:
    """Context manager. environment() is what the tests read."""

    program = "mariadbd"
    variables = "AURODBC_TEST_MARIADB"
    password = "s3cret-{;}-pässword"

    def __init__(self, extra: list[str] | None = None) -> None:
        self.extra = extra or []
        self.port = free_port()
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="aurodbc-maria-"))
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        values = {"HOST": "127.0.0.1", "NAME": SERVER_NAME, "PORT": self.port, "USER": "app", "PASSWORD": self.password,
                  "DATABASE": "test", "CA": self.directory / "ca.pem", "SOCKET": self.directory / "socket",
                  "PID": self.process.pid if self.process else 0}
        return {f"{self.variables}_{name}": str(value) for name, value in values.items()}

    def __enter__(self) -> "MariaDbServer":
        self.start()
        self.wait_until_ready()
        return self

    def start(self) -> None:
        (self.directory / "init.sql").write_text(self._init_sql(), encoding="utf-8")
        self.process = subprocess.Popen(self._command(self._make_data()), stdout=subprocess.DEVNULL,
                                        stderr=open(self.directory / "log", "wb"), env=self._environment())

    def _environment(self) -> dict[str, str]:
        return dict(os.environ)

    def _make_data(self) -> list[str]:
        """Fills the directory; the options by which the server drops root."""
        make_certificates(self.directory, SERVER_NAME)
        user = self._give_to_server_user()
        subprocess.run(["mariadb-install-db", "--no-defaults", "--skip-test-db", "--auth-root-authentication-method=normal",
                        f"--datadir={self.directory}/data", *user], check=True, capture_output=True)
        return user

    def _command(self, user: list[str]) -> list[str]:
        return [self.program, "--no-defaults", f"--datadir={self.directory}/data", f"--tmpdir={self.directory}",
                f"--socket={self.directory}/socket", f"--pid-file={self.directory}/pid", f"--port={self.port}",
                "--bind-address=127.0.0.1", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M",
                "--performance-schema=OFF", f"--init-file={self.directory}/init.sql", *user, *self._own_options(), *self.extra]

    def _own_options(self) -> list[str]:
        return [f"--ssl-ca={self.directory}/ca.pem", f"--ssl-cert={self.directory}/server.pem",
                f"--ssl-key={self.directory}/server.key"]

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _give_to_server_user(self) -> list[str]:
        """The server refuses root: it drops to the first system account that can own the directory."""
        (self.directory / "data").mkdir(exist_ok=True)
        if os.geteuid() != 0:
            return []
        for name in ("mysql", "postgres", "nobody"):
            try:
                account = pwd.getpwnam(name)
            except KeyError:
                continue
            for path in (self.directory, *self.directory.rglob("*")):
                os.chown(path, account.pw_uid, account.pw_gid)
            return [f"--user={name}"]
        raise RuntimeError("no system account to run the server under")

    def _init_sql(self) -> str:
        # --init-file takes one statement per line.
        return "\n".join([
            "CREATE DATABASE IF NOT EXISTS test CHARACTER SET utf8mb4;",
            f"CREATE USER app@'%' IDENTIFIED BY '{self.password}';",
            "GRANT ALL ON test.* TO app@'%';",
            "CREATE DATABASE IF NOT EXISTS test_other CHARACTER SET utf8mb4;",
            "GRANT ALL ON test_other.* TO app@'%';",
            "CREATE USER tls_only@'%' IDENTIFIED BY 'tls';",
            "GRANT ALL ON test.* TO tls_only@'%' REQUIRE SSL;",
            ""])

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                break
            done = subprocess.run(["mariadb", "--no-defaults", f"--socket={self.directory}/socket", "-uapp",
                                   f"-p{self.password}", "-e", "SELECT 1", "test"], capture_output=True)
            if done.returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError(f"{self.program} did not start: " + (self.directory / "log").read_text(errors="replace")[-2000:])


def main(make: type[MariaDbServer] = MariaDbServer) -> None:
    """A private server for one test: its environment on standard output, alive until input ends."""
    import sys
    with make(sys.argv[1:]) as server:
        for name, value in server.environment().items():
            print(f"{name}={value}", flush=True)
        print("READY", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
