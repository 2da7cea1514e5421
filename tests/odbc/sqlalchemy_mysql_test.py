#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SQLAlchemy's own mysql+pyodbc over the driver: connect, reflect, insert, select, errors, transactions.

Reads AURODBC_TEST_DRIVER and the variables of its profile's server; runs under the Python of
build/clients-venv, which tests/support/client_environment makes.
"""
import os
import pathlib
import sys

if os.environ.get("AURODBC_TEST_PRELOAD") and not os.environ.get("LD_PRELOAD"):  # a sanitized driver
    os.environ["LD_PRELOAD"] = os.environ["AURODBC_TEST_PRELOAD"]
    os.execv(sys.executable, [sys.executable, __file__, *sys.argv[1:]])

try:
    import pyodbc  # noqa: F401
    import sqlalchemy as sa
except ImportError:
    python = pathlib.Path(__file__).resolve().parents[2] / "build" / "clients-venv" / "bin" / "python"
    if os.environ.get("AURODBC_SECOND_TRY") or not python.exists():
        sys.exit("SQLAlchemy is not there; run tests/support/client_environment")
    os.environ["AURODBC_SECOND_TRY"] = "1"
    os.execv(python, [str(python), __file__, *sys.argv[1:]])

import datetime
import decimal
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True
from profile import profile  # noqa: E402


def url() -> str:
    keywords = {"DRIVER": os.environ["AURODBC_TEST_DRIVER"], **profile().keywords()}
    text = ";".join(f"{key}={{{value.replace('}', '}}')}}}" for key, value in keywords.items())
    return "mysql+pyodbc:///?odbc_connect=" + urllib.parse.quote_plus(text)


class MysqlPyodbc(unittest.TestCase):
    def setUp(self) -> None:
        self.engine = sa.create_engine(url())
        self.addCleanup(self.engine.dispose)
        self.metadata = sa.MetaData()
        self.table = sa.Table(
            "sqlalchemy_items", self.metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("name", sa.String(40), nullable=False, unique=True, comment="what it is called"),
            sa.Column("price", sa.Numeric(10, 2)),
            sa.Column("made", sa.DateTime),
            sa.Column("flag", sa.Boolean, default=True),
            sa.Column("text", sa.Text))
        self.metadata.drop_all(self.engine)
        self.metadata.create_all(self.engine)
        self.addCleanup(self.metadata.drop_all, self.engine)

    def test_dialect_knows_the_server(self) -> None:
        with self.engine.connect() as connection:
            self.assertTrue(connection.dialect.is_mariadb)
            self.assertEqual(connection.dialect.default_schema_name, profile().variable("DATABASE"))
            self.assertEqual(connection.scalar(sa.text("SELECT 1")), 1)

    def test_insert_and_select(self) -> None:
        row = {"name": "ü😀", "price": decimal.Decimal("12.30"), "made": datetime.datetime(2024, 2, 29, 1, 2, 3),
               "flag": False, "text": "long " * 12000}
        with self.engine.begin() as connection:
            key = connection.execute(self.table.insert(), row).inserted_primary_key[0]
        with self.engine.connect() as connection:
            back = connection.execute(self.table.select()).mappings().one()
        self.assertEqual(dict(back), {"id": key, **row})

    def test_many_rows_in_and_updated(self) -> None:
        with self.engine.begin() as connection:
            connection.execute(self.table.insert(), [{"name": f"n{i}", "price": i} for i in range(500)])
            changed = connection.execute(self.table.update().where(self.table.c.price >= 250).values(flag=False))
            self.assertEqual(changed.rowcount, 250)
        with self.engine.connect() as connection:
            total = connection.scalar(sa.select(sa.func.sum(self.table.c.price)))
        self.assertEqual(total, decimal.Decimal(sum(range(500))))

    def test_reflection(self) -> None:
        inspector = sa.inspect(self.engine)
        self.assertIn("sqlalchemy_items", inspector.get_table_names())
        columns = {column["name"]: column for column in inspector.get_columns("sqlalchemy_items")}
        self.assertEqual(list(columns), ["id", "name", "price", "made", "flag", "text"])
        self.assertEqual((columns["name"]["type"].length, columns["name"]["nullable"], columns["name"]["comment"]),
                         (40, False, "what it is called"))
        self.assertEqual(inspector.get_pk_constraint("sqlalchemy_items")["constrained_columns"], ["id"])
        reflected = sa.Table("sqlalchemy_items", sa.MetaData(), autoload_with=self.engine)
        self.assertEqual((reflected.c.price.type.precision, reflected.c.price.type.scale), (10, 2))

    def test_rollback_and_errors(self) -> None:
        with self.engine.connect() as connection:
            connection.execute(self.table.insert(), {"name": "once"})
            connection.rollback()
            self.assertEqual(connection.scalar(sa.select(sa.func.count()).select_from(self.table)), 0)
            connection.execute(self.table.insert(), {"name": "twice"})
            with self.assertRaises(sa.exc.IntegrityError):
                connection.execute(self.table.insert(), {"name": "twice"})
            connection.rollback()
            with self.assertRaises(sa.exc.ProgrammingError):
                connection.execute(sa.text("SELECT * FROM no_such_table"))


if __name__ == "__main__":
    unittest.main()
