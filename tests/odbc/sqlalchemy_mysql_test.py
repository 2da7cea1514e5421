#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SQLAlchemy's own mysql+pyodbc over the driver: connect, reflect, insert, select, errors, transactions, types, lost links.

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
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True
from profile import profile  # noqa: E402


def url() -> str:
    # mysql+pyodbc makes pyodbc send SQL as UTF-8 through the narrow functions of a wide connection.
    keywords = {"DRIVER": os.environ["AURODBC_TEST_DRIVER"], "widened_utf8": "yes", **profile().keywords()}
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

    def test_update_counts_the_rows_it_finds(self) -> None:
        with self.engine.begin() as connection:
            connection.execute(self.table.insert(), [{"name": name, "flag": True} for name in ("a", "b", "c")])
            again = connection.execute(self.table.update().where(self.table.c.name != "c").values(flag=True))
            self.assertEqual(again.rowcount, 2, "found, though nothing changed")

    def test_savepoints_and_isolation(self) -> None:
        with self.engine.connect().execution_options(isolation_level="SERIALIZABLE") as connection:
            self.assertEqual(connection.get_isolation_level(), "SERIALIZABLE")
            with connection.begin():
                connection.execute(self.table.insert(), {"name": "kept"})
                with self.assertRaises(sa.exc.IntegrityError), connection.begin_nested():
                    connection.execute(self.table.insert(), {"name": "lost"})
                    connection.execute(self.table.insert(), {"name": "kept"})
                connection.execute(self.table.insert(), {"name": "too"})
        with self.engine.connect() as connection:
            names = connection.scalars(sa.select(self.table.c.name).order_by(self.table.c.name)).all()
        self.assertEqual(names, ["kept", "too"])

    def test_rows_stream(self) -> None:
        with self.engine.begin() as connection:
            connection.execute(self.table.insert(), [{"name": f"n{i}"} for i in range(3000)])
        with self.engine.connect() as connection:
            rows = connection.execution_options(yield_per=100).execute(self.table.select())
            self.assertEqual(sum(1 for _ in rows), 3000)

    def test_a_killed_connection_is_told_and_the_pool_goes_on_without_it(self) -> None:
        with self.engine.connect() as connection, self.engine.connect() as killer:
            number = connection.scalar(sa.text("SELECT connection_id()"))
            killer.execute(sa.text(f"KILL {number}"))
            with self.assertRaises(sa.exc.OperationalError) as lost:
                connection.scalar(sa.text("SELECT 1"))
            self.assertEqual(lost.exception.orig.args[0], "08S01")
            # What MySQL's own is_disconnect looks for; pyodbc's connector, which goes first, knows two of pyodbc's texts only.
            self.assertEqual(connection.dialect._extract_error_code(lost.exception.orig), 2006)
            connection.invalidate()
        with self.engine.connect() as connection:
            self.assertEqual(connection.scalar(sa.text("SELECT 2")), 2)


class Types(unittest.TestCase):
    """Each value as SQLAlchemy's type sends it, and as it comes back."""

    def setUp(self) -> None:
        self.engine = sa.create_engine(url())
        self.addCleanup(self.engine.dispose)

    def back_and_forth(self, kind: sa.types.TypeEngine, *values: object) -> None:
        table = sa.Table("sqlalchemy_types", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("value", kind))
        table.drop(self.engine, checkfirst=True)
        table.create(self.engine)
        self.addCleanup(table.drop, self.engine, checkfirst=True)
        with self.engine.begin() as connection:
            connection.execute(table.insert(), [{"value": value} for value in (*values, None)])
        with self.engine.connect() as connection:
            got = connection.scalars(sa.select(table.c.value).order_by(table.c.id)).all()
        self.assertEqual(got, [*values, None])
        self.assertEqual([type(value) for value in got[:-1]], [type(value) for value in values])

    def test_decimals_are_exact(self) -> None:
        self.back_and_forth(sa.Numeric(38, 20), *map(decimal.Decimal, (
            "123456789012345678.12345678901234567890", "-0.00000000000000000001", "0E-20")))
        self.back_and_forth(sa.Numeric(65, 0), decimal.Decimal("9" * 65))

    def test_floats(self) -> None:
        self.back_and_forth(sa.Double(), 0.1, -1.7976931348623157e308, 5e-324)

    def test_integers(self) -> None:
        self.back_and_forth(sa.BigInteger(), 2**63 - 1, -2**63)

    def test_uuids(self) -> None:
        self.back_and_forth(sa.Uuid(), uuid.UUID("123e4567-e89b-12d3-a456-426614174000"), uuid.uuid4())

    def test_json(self) -> None:
        self.back_and_forth(sa.JSON(none_as_null=True), {"text": "gr\u00fc\u00df \U0001F600", "list": [1, 2.5, None, True]}, [], "word", 7)

    def test_emoji_and_long_texts(self) -> None:
        self.back_and_forth(sa.UnicodeText(), "\U0001F600" * 5000, "\u00fc'\\\"%_\n\0", "")

    def test_bytes(self) -> None:
        self.back_and_forth(sa.LargeBinary(), bytes(range(256)) * 100, b"")

    def test_moments(self) -> None:
        from sqlalchemy.dialects import mysql
        self.back_and_forth(mysql.DATETIME(fsp=6), datetime.datetime(2024, 2, 29, 23, 59, 59, 999999), datetime.datetime(1000, 1, 1))
        self.back_and_forth(sa.Date(), datetime.date(9999, 12, 31))

    def test_enums(self) -> None:
        self.back_and_forth(sa.Enum("one", "it's", "\u00fc", name="e"), "it's", "\u00fc")

    def test_emoji_in_the_statement_itself(self) -> None:
        with self.engine.connect() as connection:
            self.assertEqual(connection.scalar(sa.text("SELECT '\U0001F600 \u00fc'")), "\U0001F600 \u00fc")
            self.assertEqual(connection.scalar(sa.select(sa.literal("\U0001F600") == sa.literal("\U0001F600"))), 1)
            self.assertEqual(connection.execute(sa.text("SELECT 1 AS `gr\u00fc\u00df`")).keys(), ["gr\u00fc\u00df"])


class ManyValues(unittest.TestCase):
    """INSERT .. RETURNING of many rows at once, and what a session makes of it."""

    def setUp(self) -> None:
        self.engine = sa.create_engine(url())
        self.addCleanup(self.engine.dispose)
        self.table = sa.Table("sqlalchemy_many", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True),
                              sa.Column("name", sa.String(40)), sa.Column("made", sa.DateTime, server_default=sa.func.now()))
        self.table.drop(self.engine, checkfirst=True)
        self.table.create(self.engine)
        self.addCleanup(self.table.drop, self.engine, checkfirst=True)

    def test_generated_keys_come_back_for_every_row(self) -> None:
        rows = [{"name": f"n\U0001F600{i}"} for i in range(2500)]
        with self.engine.begin() as connection:
            made = connection.execute(self.table.insert().returning(self.table.c.id, self.table.c.name), rows).all()
        self.assertEqual({name for _, name in made}, {row["name"] for row in rows})
        self.assertEqual(len({key for key, _ in made}), 2500)
        with self.engine.connect() as connection:
            stored = connection.execute(sa.select(self.table.c.id, self.table.c.name)).all()
        self.assertEqual(set(stored), set(made))

    def test_a_session_knows_the_keys_and_defaults_of_its_objects(self) -> None:
        from sqlalchemy import orm

        class Item:
            pass

        orm.registry().map_imperatively(Item, self.table)
        items = [Item() for _ in range(300)]
        for number, item in enumerate(items):
            item.name = f"item {number}"
        with orm.Session(self.engine) as session:
            session.add_all(items)
            session.commit()
            self.assertEqual([session.get(Item, item.id).name for item in items[:3]], ["item 0", "item 1", "item 2"])
            self.assertIsInstance(items[0].made, datetime.datetime)
            session.execute(sa.update(Item).values(name="same"))
            self.assertEqual(session.scalar(sa.select(sa.func.count()).where(self.table.c.name == "same")), 300)
            session.rollback()
        orm.clear_mappers()


class Reflection(unittest.TestCase):
    def setUp(self) -> None:
        self.engine = sa.create_engine(url())
        self.addCleanup(self.engine.dispose)
        metadata = sa.MetaData()
        sa.Table("sqlalchemy_parent", metadata, sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.Integer, primary_key=True),
                 comment="it's the \u00fc parent")
        sa.Table("sqlalchemy_child", metadata, sa.Column("id", sa.BigInteger, primary_key=True),
                 sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), sa.Column("name", sa.String(20), server_default="none"),
                 sa.Column("price", sa.Numeric(12, 3)), sa.CheckConstraint("price > 0", name="positive"),
                 sa.ForeignKeyConstraint(["a", "b"], ["sqlalchemy_parent.a", "sqlalchemy_parent.b"], name="to_parent", ondelete="CASCADE"),
                 sa.UniqueConstraint("name", name="one_name"), sa.Index("by_price", "price", "name"))
        metadata.drop_all(self.engine)
        metadata.create_all(self.engine)
        self.addCleanup(metadata.drop_all, self.engine)
        self.inspector = sa.inspect(self.engine)

    def test_keys_indexes_and_checks(self) -> None:
        self.assertEqual(self.inspector.get_pk_constraint("sqlalchemy_parent")["constrained_columns"], ["a", "b"])
        (key,) = self.inspector.get_foreign_keys("sqlalchemy_child")
        self.assertEqual((key["name"], key["constrained_columns"], key["referred_table"], key["referred_columns"], key["options"]),
                         ("to_parent", ["a", "b"], "sqlalchemy_parent", ["a", "b"], {"ondelete": "CASCADE"}))
        indexes = {index["name"]: index["column_names"] for index in self.inspector.get_indexes("sqlalchemy_child")}
        self.assertEqual(indexes["by_price"], ["price", "name"])
        self.assertEqual([one["name"] for one in self.inspector.get_unique_constraints("sqlalchemy_child")], ["one_name"])
        self.assertEqual([one["name"] for one in self.inspector.get_check_constraints("sqlalchemy_child")], ["positive"])

    def test_columns_comments_and_views(self) -> None:
        columns = {column["name"]: column for column in self.inspector.get_columns("sqlalchemy_child")}
        self.assertEqual(columns["name"]["default"], "'none'")
        self.assertTrue(columns["id"]["autoincrement"])
        self.assertEqual(self.inspector.get_table_comment("sqlalchemy_parent"), {"text": "it's the \u00fc parent"})
        with self.engine.begin() as connection:
            connection.execute(sa.text("CREATE OR REPLACE VIEW sqlalchemy_view AS SELECT a FROM sqlalchemy_parent"))
            self.addCleanup(self.drop_view)
        self.assertIn("sqlalchemy_view", sa.inspect(self.engine).get_view_names())
        self.assertIn("information_schema", self.inspector.get_schema_names())

    def drop_view(self) -> None:
        with self.engine.begin() as connection:
            connection.execute(sa.text("DROP VIEW sqlalchemy_view"))


if __name__ == "__main__":
    unittest.main()
