#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""isql and iusql, unixODBC's own clients (isql is an ODBC 2 application): a data source of
odbc.ini, help, help TABLE, a query, an error.

Reads AURODBC_TEST_DRIVER and the variables of its profile's server.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True
from profile import profile  # noqa: E402

ENV = os.environ
SERVER = profile()


class Isql(unittest.TestCase):
    program = "isql"

    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        folder = pathlib.Path(home.name)
        driver = f"Driver={ENV['AURODBC_TEST_DRIVER']}\nThreading=0\n"
        (folder / "odbcinst.ini").write_text(f"[aurodbc]\n{driver}[aurodbc MySQL]\n{driver}engine=mysql\n")
        words = "".join(f"{name}={value}\n" for name, value in SERVER.keywords().items())
        entry = "aurodbc MySQL" if SERVER.engine == "mysql" else "aurodbc"
        (folder / "odbc.ini").write_text(
            f"[test]\nDriver=aurodbc\nDescription=for isql\n{words}"
            f"[by_entry]\nDriver={entry}\n{words.replace(f'engine={SERVER.engine}', '')}")
        preload = {"LD_PRELOAD": ENV["AURODBC_TEST_PRELOAD"]} if "AURODBC_TEST_PRELOAD" in ENV else {}
        self.environment = {**ENV, **preload, "ODBCSYSINI": str(folder), "ODBCINI": str(folder / "odbc.ini")}

    def connect_arguments(self) -> list[str]:
        return ["test", SERVER.variable("USER"), SERVER.variable("PASSWORD")]

    def run_lines(self, *lines: str) -> str:
        finished = subprocess.run([self.program, *self.connect_arguments(), "-b", "-v"],
                                  input="\n".join(lines) + "\n", capture_output=True, text=True,
                                  env=self.environment, timeout=60)
        return finished.stdout + finished.stderr

    def test_select(self) -> None:
        self.assertIn("| forty-two", self.run_lines("SELECT 'forty-two' AS answer"))

    def test_the_drivers_entry_tells_the_engine(self) -> None:
        finished = subprocess.run([self.program, "by_entry", *self.connect_arguments()[1:], "-b", "-v"], text=True,
                                  input="SELECT 'by entry' AS answer\n", capture_output=True, env=self.environment, timeout=60)
        self.assertIn("| by entry", finished.stdout + finished.stderr)

    def test_help_lists_tables_and_columns(self) -> None:
        out = self.run_lines("DROP TABLE IF EXISTS isql_help", "CREATE TABLE isql_help (some_column int)",
                             "help", "help isql_help", "DROP TABLE isql_help")
        self.assertIn("| isql_help", out)
        self.assertIn("| some_column", out)

    def test_error(self) -> None:
        out = self.run_lines("SELECT broken", "SELECT 'goes on'")
        self.assertIn(f"[aurodbc][{SERVER.component}]", out)
        self.assertIn("goes on", out)

    def test_wrong_password(self) -> None:
        finished = subprocess.run([self.program, "test", SERVER.variable("USER"), "wrong", "-b", "-v"],
                                  input="", capture_output=True, text=True, env=self.environment, timeout=60)
        self.assertIn(SERVER.wrong_password, finished.stdout + finished.stderr)


class Iusql(Isql):
    program = "iusql"

    def connect_arguments(self) -> list[str]:
        """iusql writes a connection string without quoting and widens it byte by byte: a password that
        is not plain ASCII comes from the data source."""
        return ["test"]


if __name__ == "__main__":
    unittest.main()
