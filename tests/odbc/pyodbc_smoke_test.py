#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pyodbc as a client: types, parameters, arrays, long data, errors, transactions, catalogs.

Reads AURODBC_TEST_DRIVER and AURODBC_TEST_PG_*; runs under the Python of build/clients-venv, which
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


def connection_string(**more: str) -> str:
    env = os.environ
    keywords = {
        "DRIVER": env["AURODBC_TEST_DRIVER"],
        "engine": "pg",
        "host": env["AURODBC_TEST_PG_HOST"],
        "port": env["AURODBC_TEST_PG_PORT"],
        "UID": env["AURODBC_TEST_PG_USER"],
        "PWD": env["AURODBC_TEST_PG_PASSWORD"],
        "database": env["AURODBC_TEST_PG_DATABASE"],
        **more,
    }
    return ";".join(f"{key}={{{value.replace('}', '}}')}}}" for key, value in keywords.items())


class Pyodbc(unittest.TestCase):
    def setUp(self) -> None:
        self.connection = pyodbc.connect(connection_string())
        self.addCleanup(self.connection.close)
        self.cursor = self.connection.cursor()

    def test_every_type_goes_in_and_comes_back(self) -> None:
        self.cursor.execute("CREATE TEMP TABLE t (a int, b text, c numeric(10,2), d bytea, e timestamp,"
                            " f boolean, g uuid, h date, i double precision, j bigint)")
        row = (1, "ü😀" * 10, decimal.Decimal("12.34"), b"\0\xff", datetime.datetime(2024, 2, 29, 1, 2, 3, 456000),
               True, uuid.uuid4(), datetime.date(2024, 2, 29), 1.5, 2**62)
        self.cursor.execute("INSERT INTO t VALUES (?,?,?,?,?,?,?,?,?,?)", row)
        self.assertEqual(self.cursor.rowcount, 1)
        back = list(self.cursor.execute("SELECT * FROM t").fetchone())
        back[6] = uuid.UUID(back[6])
        self.assertEqual(tuple(back), row)

    def test_none_is_null_for_every_type(self) -> None:
        self.cursor.execute("CREATE TEMP TABLE t (a int, b bytea, c timestamp, d numeric(5,1))")
        self.cursor.execute("INSERT INTO t VALUES (?,?,?,?)", (None,) * 4)
        self.assertEqual(tuple(self.cursor.execute("SELECT * FROM t").fetchone()), (None,) * 4)

    def test_arrays_of_parameters(self) -> None:
        self.cursor.execute("CREATE TEMP TABLE t (a int, b text, c numeric(10,2))")
        rows = [(i, f"value {i}", decimal.Decimal(i)) for i in range(1000)]
        self.cursor.fast_executemany = True
        self.cursor.executemany("INSERT INTO t VALUES (?,?,?)", rows)
        count, total = self.cursor.execute("SELECT count(*), sum(a) FROM t").fetchone()
        self.assertEqual((count, total), (1000, 499500))

    def test_long_text_and_long_bytes(self) -> None:
        self.cursor.execute("CREATE TEMP TABLE t (a text, b bytea)")
        text, data = "ü" * 300_000, bytes(range(256)) * 2000
        self.cursor.execute("INSERT INTO t VALUES (?,?)", text, data)
        row = self.cursor.execute("SELECT a, b FROM t").fetchone()
        self.assertEqual((row[0], row[1]), (text, data))

    def test_errors_become_pythons_classes(self) -> None:
        with self.assertRaises(pyodbc.ProgrammingError) as missing:
            self.cursor.execute("SELECT * FROM no_such_table")
        self.assertEqual(missing.exception.args[0], "42S02")
        self.connection.rollback()
        self.cursor.execute("CREATE TEMP TABLE t (a int PRIMARY KEY)")
        self.cursor.execute("INSERT INTO t VALUES (1)")
        with self.assertRaises(pyodbc.IntegrityError) as doubled:
            self.cursor.execute("INSERT INTO t VALUES (1)")
        self.assertEqual(doubled.exception.args[0], "23000")
        self.connection.rollback()

    def test_rollback_and_commit(self) -> None:
        self.cursor.execute("CREATE TEMP TABLE t (a int)")
        self.connection.commit()
        self.cursor.execute("INSERT INTO t VALUES (1)")
        self.connection.rollback()
        self.assertEqual(self.cursor.execute("SELECT count(*) FROM t").fetchval(), 0)

    def test_catalog(self) -> None:
        self.cursor.execute("CREATE TEMP TABLE pyodbc_catalog (a int NOT NULL, b varchar(7))")
        self.assertEqual(self.cursor.tables(table="pyodbc_catalog").fetchone().table_type, "LOCAL TEMPORARY")
        columns = self.cursor.columns(table="pyodbc_catalog").fetchall()
        self.assertEqual([(c.column_name, c.column_size, c.is_nullable) for c in columns],
                         [("a", 10, "NO"), ("b", 7, "YES")])

    def test_timeout(self) -> None:
        self.connection.timeout = 1
        with self.assertRaises(pyodbc.OperationalError) as late:
            self.connection.cursor().execute("SELECT pg_sleep(20)")
        self.assertEqual(late.exception.args[0], "HYT00")

    def test_many_rows_stream(self) -> None:
        self.cursor.execute("SELECT g, repeat('x', 100) FROM generate_series(1, 50000) g")
        self.assertEqual(sum(row[0] for row in self.cursor), 50000 * 50001 // 2)


if __name__ == "__main__":
    unittest.main()
