# SPDX-License-Identifier: Apache-2.0
"""A real MariaDB server for the tests: own directory, own port on 127.0.0.1, TLS, users.

Comes in: tests/support/suite; single tests run this file for a server of their own. Ends by pid; leaves nothing behind.
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

    password = "s3cret-{;}-pässword"

    def __init__(self, extra: list[str] | None = None) -> None:
        self.extra = extra or []
        self.port = free_port()
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="aurodbc-maria-"))
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        return {
            "AURODBC_TEST_MARIADB_HOST": "127.0.0.1",
            "AURODBC_TEST_MARIADB_NAME": SERVER_NAME,
            "AURODBC_TEST_MARIADB_PORT": str(self.port),
            "AURODBC_TEST_MARIADB_USER": "app",
            "AURODBC_TEST_MARIADB_PASSWORD": self.password,
            "AURODBC_TEST_MARIADB_DATABASE": "test",
            "AURODBC_TEST_MARIADB_CA": str(self.directory / "ca.pem"),
            "AURODBC_TEST_MARIADB_PID": str(self.process.pid if self.process else 0),
        }

    def __enter__(self) -> "MariaDbServer":
        make_certificates(self.directory, SERVER_NAME)
        user = self._give_to_server_user()
        subprocess.run(["mariadb-install-db", "--no-defaults", "--skip-test-db", "--auth-root-authentication-method=normal",
                        f"--datadir={self.directory}/data", *user], check=True, capture_output=True)
        (self.directory / "init.sql").write_text(self._init_sql(), encoding="utf-8")
        self.process = subprocess.Popen(
            ["mariadbd", "--no-defaults", f"--datadir={self.directory}/data", f"--tmpdir={self.directory}",
             f"--socket={self.directory}/socket", f"--pid-file={self.directory}/pid", f"--port={self.port}",
             "--bind-address=127.0.0.1", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M",
             "--performance-schema=OFF", f"--ssl-ca={self.directory}/ca.pem", f"--ssl-cert={self.directory}/server.pem",
             f"--ssl-key={self.directory}/server.key", f"--init-file={self.directory}/init.sql", *user, *self.extra],
            stdout=subprocess.DEVNULL, stderr=open(self.directory / "log", "wb"))
        self._wait_until_ready()
        return self

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
        """mariadbd refuses root: it drops to the first system account that can own the directory."""
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
        raise RuntimeError("no system account to run mariadbd under")

    def _init_sql(self) -> str:
        # --init-file takes one statement per line.
        return "\n".join([
            "CREATE DATABASE IF NOT EXISTS test CHARACTER SET utf8mb4;",
            f"CREATE USER app@'%' IDENTIFIED BY '{self.password}';",
            "GRANT ALL ON test.* TO app@'%';",
            "CREATE DATABASE IF NOT EXISTS test_other CHARACTER SET utf8mb4;",
            "GRANT ALL ON test_other.* TO app@'%';",
            "CREATE USER tls_only@'%' IDENTIFIED BY 'tls' REQUIRE SSL;",
            "GRANT ALL ON test.* TO tls_only@'%';",
            ""])

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                break
            done = subprocess.run(["mariadb", "--no-defaults", f"--socket={self.directory}/socket", "-uapp",
                                   f"-p{self.password}", "-e", "SELECT 1", "test"], capture_output=True)
            if done.returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("mariadbd did not start: " + (self.directory / "log").read_text(errors="replace")[-2000:])


def main() -> None:
    """A private server for one test: its environment on standard output, alive until input ends."""
    import sys
    with MariaDbServer(sys.argv[1:]) as server:
        for name, value in server.environment().items():
            print(f"{name}={value}", flush=True)
        print("READY", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
