# SPDX-License-Identifier: Apache-2.0
"""The tables that the cases read and write, for three sizes of run, and what is compared in them afterwards.

In PostgreSQL's SQL; tables_mysql.py has the same functions.
"""
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    narrow: int
    wide: int
    updated: int
    catalog: int  # tables with six columns each
    lobs: int
    lob_bytes: int
    stream: int


FULL = Size(1_000_000, 200_000, 100_000, 500, 10, 16 << 20, 100_000_000)
QUICK = Size(200_000, 50_000, 20_000, 100, 3, 16 << 20, 10_000_000)
SMOKE = Size(2_000, 2_000, 2_000, 5, 2, 200_000, 20_000)


def narrow(size):
    return ("CREATE TABLE bench_narrow (i int PRIMARY KEY, d double precision, s varchar(40))",
            f"INSERT INTO bench_narrow SELECT n, n * 1.0625, 'row number ' || n FROM generate_series(0, {size.narrow - 1}) n",
            "VACUUM (ANALYZE, FREEZE) bench_narrow")


def wide(size):
    # ASCII only, and fractions that do not end in a zero: texts that every driver must give alike.
    return ("CREATE TABLE bench_wide (i int PRIMARY KEY, b bigint, s smallint, r real, d double precision, n numeric(12, 2), "
            "f boolean, v varchar(40), t text, c char(10), day date, at timestamp)",
            "INSERT INTO bench_wide SELECT n, n * 1000003::bigint + 5000000000, n % 30000, n * 0.25, n * 1.0625, n * 1.01, "
            "n % 2 = 0, 'row number ' || n, 'the quick brown fox jumps over the lazy dog ' || n, 'code ' || n % 1000, "
            "date '2000-01-01' + n % 20000, "
            "timestamp '2001-01-01 00:00:00.100001' + n % 80000 * interval '1 hour 10 microseconds' "
            f"FROM generate_series(0, {size.wide - 1}) n",
            "VACUUM (ANALYZE, FREEZE) bench_wide")


def catalog(size):
    return ("CREATE SCHEMA bench_catalog",
            f"DO $$ BEGIN FOR n IN 1..{size.catalog} LOOP EXECUTE format('CREATE TABLE bench_catalog.table_%s (id int NOT NULL, "
            "name varchar(40), price numeric(10, 2) DEFAULT 0, made timestamp, note text, flag boolean)', n); END LOOP; END $$",
            "VACUUM ANALYZE pg_class", "VACUUM ANALYZE pg_attribute")


def lobs(size):
    # EXTERNAL: the server's compression is not what is measured.
    return ("CREATE TABLE bench_lob (i int, b bytea)", "ALTER TABLE bench_lob ALTER b SET STORAGE EXTERNAL",
            f"INSERT INTO bench_lob SELECT n, decode(repeat(md5(n::text), {size.lob_bytes} / 16), 'hex') "
            f"FROM generate_series(1, {size.lobs}) n",
            "CREATE TABLE bench_lob_put (i int, b bytea)", "ALTER TABLE bench_lob_put ALTER b SET STORAGE EXTERNAL")


def written(_):
    return ("CREATE TABLE bench_insert (i int, d double precision, s varchar(40))",
            "CREATE TABLE bench_update (i int PRIMARY KEY, d double precision, s varchar(40))")


def all_of(size):
    return (*narrow(size), *wide(size), *catalog(size), *lobs(size), *written(size), "CHECKPOINT",
            "SELECT count(*), sum(d), max(s) FROM bench_narrow", "SELECT count(*), sum(d), max(t) FROM bench_wide")


def before(case, size):
    """What puts a case's table into its first state."""
    return {"insert_loop": ("TRUNCATE bench_insert",), "insert_array": ("TRUNCATE bench_insert",),
            "update_array": ("TRUNCATE bench_update",
                             f"INSERT INTO bench_update SELECT n, 0, '' FROM generate_series(0, {size.updated - 1}) n",
                             "VACUUM ANALYZE bench_update"),
            "lob_put": ("TRUNCATE bench_lob_put",)}.get(case.name, ())


def after(case):
    """What a case has left behind: the answer must be the same for all subjects."""
    rows = "SELECT count(*), sum(i::bigint), sum(d), sum(hashtext(s)::bigint) FROM "
    return {"insert_loop": rows + "bench_insert", "insert_array": rows + "bench_insert", "update_array": rows + "bench_update",
            "lob_put": "SELECT count(*), md5(string_agg(md5(b), '' ORDER BY i)) FROM bench_lob_put"}.get(case.name)


def rows_of(case, size):
    return {"fetch_wide": size.wide, "stream_100m": size.stream}.get(case.name, size.narrow)
