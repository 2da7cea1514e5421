# SPDX-License-Identifier: Apache-2.0
"""A real PostgreSQL server for the tests: own directory, own port on 127.0.0.1, TLS, users.

Comes in: tests/support/suite, tests/clients (private servers to freeze), or the shell:
    tests/support/postgres_server.py            prints the variables and serves until stdin ends
    tests/support/postgres_server.py COMMAND    runs COMMAND with the variables set
Ends by pid; leaves nothing behind but the initdb template, which later runs copy.
"""
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from test_server import free_port, make_certificates

SERVER_NAME = "postgres.test.aurodbc"


def server_binaries() -> pathlib.Path:
    """The newest server installed beside Debian's wrappers, else what PATH has."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise RuntimeError("no PostgreSQL server is installed (package postgresql)")
    return pathlib.Path(on_path).parent


class PostgresServer:
    """Context manager. environment() is what the tests read."""

    password = "s3cret-{;}-pässword"

    def __init__(self, settings: dict[str, str] | None = None) -> None:
        self.settings = settings or {}
        self.binaries = server_binaries()
        self.account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        self.port = free_port()
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="aurodbc-pg-"))
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        return {
            "AURODBC_TEST_PG_HOST": "127.0.0.1",
            "AURODBC_TEST_PG_NAME": SERVER_NAME,
            "AURODBC_TEST_PG_PORT": str(self.port),
            "AURODBC_TEST_PG_USER": "app",
            "AURODBC_TEST_PG_PASSWORD": self.password,
            "AURODBC_TEST_PG_DATABASE": "test",
            "AURODBC_TEST_PG_CA": str(self.directory / "ca.pem"),
            "AURODBC_TEST_PG_PID": str(self.process.pid if self.process else 0),
            "AURODBC_TEST_PG_BIN": str(self.binaries),
        }

    def __enter__(self) -> "PostgresServer":
        data = self.directory / "data"
        shutil.copytree(self._template(), data)
        data.chmod(0o700)
        make_certificates(self.directory, SERVER_NAME)
        self.directory.chmod(0o755)
        (data / "pg_hba.conf").write_text(
            "local all all trust\nhostssl all tls_only all scram-sha-256\nhostnossl all tls_only all reject\n"
            "host all all all scram-sha-256\n")
        self._give_to_server_user()
        options = {"port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": str(self.directory),
                   "fsync": "off", "full_page_writes": "off", "max_connections": "100", "ssl": "on",
                   "ssl_cert_file": str(self.directory / "server.pem"), "ssl_key_file": str(self.directory / "server.key"),
                   "shared_buffers": "64MB", "timezone": "UTC", "log_timezone": "UTC", **self.settings}
        command = [str(self.binaries / "postgres"), "-D", str(data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=open(self.directory / "log", "wb"), **self._as_server_user())
        self._create_users()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(signal.SIGINT)  # fast shutdown
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _as_server_user(self) -> dict[str, object]:
        """postgres refuses root."""
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def _give_to_server_user(self) -> None:
        if self.account is None:
            return
        for path in (self.directory, *self.directory.rglob("*")):
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def _template(self) -> pathlib.Path:
        """initdb's result, made once per server version and user; a rename makes it complete or absent."""
        version = self.binaries.parts[-2]
        template = pathlib.Path(tempfile.gettempdir()) / f"aurodbc-initdb-{version}-{os.geteuid()}"
        if (template / "PG_VERSION").exists():
            return template
        fresh = pathlib.Path(tempfile.mkdtemp(prefix="aurodbc-initdb-"))
        if self.account is not None:
            os.chown(fresh, self.account.pw_uid, self.account.pw_gid)
        subprocess.run([str(self.binaries / "initdb"), "-D", str(fresh), "-U", "postgres", "-E", "UTF8", "--no-locale",
                        "--no-sync", "--wal-segsize=1", "-A", "trust"], check=True, capture_output=True,
                       cwd="/", **self._as_server_user())
        try:
            fresh.rename(template)
        except OSError:  # another run was faster
            shutil.rmtree(fresh)
        return template

    def _sql(self, database: str, *statements: str) -> subprocess.CompletedProcess[bytes]:
        command = [str(self.binaries / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(self.directory),
                   "-p", str(self.port), "-U", "postgres", "-d", database]
        for statement in statements:
            command += ["-c", statement]
        return subprocess.run(command, capture_output=True)

    def _create_users(self) -> None:
        deadline = time.monotonic() + 30
        while self._sql("postgres", "SELECT 1").returncode != 0:
            ended = self.process is None or self.process.poll() is not None
            if ended or time.monotonic() > deadline:
                raise RuntimeError("postgres did not start: " + (self.directory / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.02)
        made = self._sql("postgres",
                         f"CREATE ROLE app LOGIN PASSWORD '{self.password}'",
                         "GRANT pg_signal_backend TO app",
                         "CREATE ROLE limited LOGIN CONNECTION LIMIT 1 PASSWORD 'limited'",
                         "CREATE ROLE tls_only LOGIN PASSWORD 'tls'",
                         "CREATE DATABASE test OWNER app")
        if made.returncode != 0:
            raise RuntimeError(made.stderr.decode(errors="replace"))


def main() -> int:
    with PostgresServer() as server:
        environment = dict(os.environ, **server.environment())
        if len(sys.argv) > 1:
            return subprocess.run(sys.argv[1:], env=environment).returncode
        for name, value in server.environment().items():
            print(f"export {name}='{value}'")
        sys.stdout.flush()
        sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main())
