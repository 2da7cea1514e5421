#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pyodbc as a client: types, parameters, arrays, long data, errors, transactions, catalogs.

Reads AURODBC_TEST_DRIVER and the variables of its profile's server; runs under the Python of build/clients-venv, which
tests/support/client_environment makes.
"""
import os
import pathlib
import sys

if os.environ.get("AURODBC_TEST_PRELOAD") and not os.environ.get("LD_PRELOAD"):  # a sanitized driver
    os.environ["LD_PRELOAD"] = os.environ["AURODBC_TEST_PRELOAD"]
    os.execv(sys.executable, [sys.executable, __file__, *sys.argv[1:]])

try:
    import pyodbc
except ImportError:
    python = pathlib.Path(__file__).resolve().parents[2] / "build" / "clients-venv" / "bin" / "python"
    if os.environ.get("AURODBC_SECOND_TRY") or not python.exists():
        sys.exit("pyodbc is not there; run tests/support/client_environment")
    os.environ["AURODBC_SECOND_TRY"] = "1"
    os.execv(python, [str(python), __file__, *sys.argv[1:]])

import datetime
import decimal
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True
from profile import profile  # noqa: E402

SERVER = profile()


def connection_string(**more: str) -> str:
    keywords = {"DRIVER": os.environ["AURODBC_TEST_DRIVER"], **SERVER.keywords(), **more}
    return ";".join(f"{key}={{{value.replace('}', '}}')}}}" for key, value in keywords.items())


class Pyodbc(unittest.TestCase):
    def setUp(self) -> None:
        self.connection = pyodbc.connect(connection_string())
        self.addCleanup(self.connection.close)
        self.cursor = self.connection.cursor()

    def test_every_type_goes_in_and_comes_back(self) -> None:
        self.cursor.execute(f"CREATE TEMPORARY TABLE t ({SERVER.types})")
        row = (1, "ü😀" * 10, decimal.Decimal("12.34"), b"\0\xff", datetime.datetime(2024, 2, 29, 1, 2, 3, 456000),
               True, uuid.uuid4(), datetime.date(2024, 2, 29), 1.5, 2**62)
        self.cursor.execute("INSERT INTO t VALUES (?,?,?,?,?,?,?,?,?,?)", row)
        self.assertEqual(self.cursor.rowcount, 1)
        back = list(self.cursor.execute("SELECT * FROM t").fetchone())
        back[6] = uuid.UUID(back[6])
        self.assertEqual(tuple(back), row)

    def test_none_is_null_for_every_type(self) -> None:
        self.cursor.execute(f"CREATE TEMPORARY TABLE t ({SERVER.types})")
        self.cursor.execute("INSERT INTO t VALUES (?,?,?,?,?,?,?,?,?,?)", (None,) * 10)
        self.assertEqual(tuple(self.cursor.execute("SELECT * FROM t").fetchone()), (None,) * 10)

    def test_arrays_of_parameters(self) -> None:
        self.cursor.execute("CREATE TEMPORARY TABLE t (a int, b text, c numeric(10,2))")
        rows = [(i, f"value {i}", decimal.Decimal(i)) for i in range(1000)]
        self.cursor.fast_executemany = True
        self.cursor.executemany("INSERT INTO t VALUES (?,?,?)", rows)
        count, total = self.cursor.execute("SELECT count(*), sum(a) FROM t").fetchone()
        self.assertEqual((count, total), (1000, 499500))

    def test_long_text_and_long_bytes(self) -> None:
        self.cursor.execute(f"CREATE TEMPORARY TABLE t ({SERVER.long_types})")
        text, data = "ü" * 300_000, bytes(range(256)) * 2000
        self.cursor.execute("INSERT INTO t VALUES (?,?)", text, data)
        row = self.cursor.execute("SELECT a, b FROM t").fetchone()
        self.assertEqual((row[0], row[1]), (text, data))

    def test_errors_become_pythons_classes(self) -> None:
        with self.assertRaises(pyodbc.ProgrammingError) as missing:
            self.cursor.execute("SELECT * FROM no_such_table")
        self.assertEqual(missing.exception.args[0], "42S02")
        self.connection.rollback()
        self.cursor.execute("CREATE TEMPORARY TABLE t (a int PRIMARY KEY)")
        self.cursor.execute("INSERT INTO t VALUES (1)")
        with self.assertRaises(pyodbc.IntegrityError) as doubled:
            self.cursor.execute("INSERT INTO t VALUES (1)")
        self.assertEqual(doubled.exception.args[0], "23000")
        self.connection.rollback()

    def test_rollback_and_commit(self) -> None:
        self.cursor.execute("CREATE TEMPORARY TABLE t (a int)")
        self.connection.commit()
        self.cursor.execute("INSERT INTO t VALUES (1)")
        self.connection.rollback()
        self.assertEqual(self.cursor.execute("SELECT count(*) FROM t").fetchval(), 0)

    def test_emoji_through_wide_calls(self) -> None:
        face = "\U0001F600 gr\u00fc\u00df"
        self.assertEqual(self.cursor.execute(f"SELECT '{face}'").fetchval(), face)
        self.assertEqual(self.cursor.execute("SELECT ?", face).fetchval(), face)
        self.cursor.execute("SELECT 1 AS gr\u00fc\u00df")
        self.assertEqual(self.cursor.description[0][0], "gr\u00fc\u00df")

    def test_decimals_are_exact(self) -> None:
        self.cursor.execute("CREATE TEMPORARY TABLE t (a numeric(38,20))")
        values = [decimal.Decimal(text) for text in ("123456789012345678.12345678901234567890", "-0.00000000000000000001", "0E-20")]
        self.cursor.executemany("INSERT INTO t VALUES (?)", [(value,) for value in values])
        self.assertEqual([row[0] for row in self.cursor.execute("SELECT a FROM t ORDER BY a DESC")], [values[0], values[2], values[1]])

    def test_updates_count_the_rows_they_find(self) -> None:
        self.cursor.execute("CREATE TEMPORARY TABLE t (a int)")
        self.cursor.execute("INSERT INTO t VALUES (1), (1), (2)")
        self.assertEqual(self.cursor.execute("UPDATE t SET a = 1 WHERE a = 1").rowcount, 2)

    def test_catalog(self) -> None:
        self.cursor.execute("DROP TABLE IF EXISTS pyodbc_catalog")
        self.cursor.execute("CREATE TABLE pyodbc_catalog (a int NOT NULL, b varchar(7))")
        self.addCleanup(self.cursor.execute, "DROP TABLE pyodbc_catalog")
        self.assertEqual(self.cursor.tables(table="pyodbc_catalog").fetchone().table_type, "TABLE")
        columns = self.cursor.columns(table="pyodbc_catalog").fetchall()
        self.assertEqual([(c.column_name, c.column_size, c.is_nullable) for c in columns],
                         [("a", 10, "NO"), ("b", 7, "YES")])

    def test_temporary_tables_are_listed_where_the_server_tells_them(self) -> None:
        self.cursor.execute("CREATE TEMPORARY TABLE pyodbc_temporary (a int)")
        found = [row.table_type for row in self.cursor.tables(table="pyodbc_temporary")]
        self.assertEqual(found, [SERVER.temporary_type] if SERVER.temporary_type else [])

    def test_timeout(self) -> None:
        self.connection.timeout = 1
        with self.assertRaises(pyodbc.OperationalError) as late:
            self.connection.cursor().execute(SERVER.sleep)
        self.assertEqual(late.exception.args[0], "HYT00")

    def test_many_rows_stream(self) -> None:
        self.cursor.execute(SERVER.many_rows)
        self.assertEqual(sum(row[0] for row in self.cursor), 50000 * 50001 // 2)


if __name__ == "__main__":
    unittest.main()
