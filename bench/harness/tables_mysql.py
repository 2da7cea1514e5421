# SPDX-License-Identifier: Apache-2.0
"""tables.py in the SQL of MySQL and MariaDB, for the same sizes; rows come from MariaDB's sequence engine."""

def narrow(size):
    return ("CREATE TABLE bench_narrow (i int PRIMARY KEY, d double, s varchar(40))",
            f"INSERT INTO bench_narrow SELECT seq, seq * 1.0625e0, concat('row number ', seq) FROM seq_0_to_{size.narrow - 1}")


def wide(size):
    # ASCII only, fractions that do not end in a zero, and reals of at most six digits: texts that every driver must give alike.
    return ("CREATE TABLE bench_wide (i int PRIMARY KEY, b bigint, s smallint, r float, d double, n decimal(12, 2), f tinyint(1), "
            "v varchar(40), t text, c char(10), day date, at datetime(6))",
            "INSERT INTO bench_wide SELECT seq, seq * 1000003 + 5000000000, seq % 30000, seq % 4000 * 0.25e0, seq * 1.0625e0, "
            "seq * 1.01, seq % 2 = 0, concat('row number ', seq), concat('the quick brown fox jumps over the lazy dog ', seq), "
            "concat('code ', seq % 1000), date '2000-01-01' + INTERVAL seq % 20000 DAY, "
            "timestamp '2001-01-01 00:00:00.100001' + INTERVAL seq % 80000 HOUR + INTERVAL seq % 80000 * 10 MICROSECOND "
            f"FROM seq_0_to_{size.wide - 1}")


def catalog(size):
    return ("CREATE DATABASE bench_catalog",
            *(f"CREATE TABLE bench_catalog.table_{n} (id int NOT NULL, name varchar(40), price decimal(10, 2) DEFAULT 0, "
              "made datetime(6), note text, flag boolean)" for n in range(1, size.catalog + 1)))


def lobs(size):
    return ("CREATE TABLE bench_lob (i int PRIMARY KEY, b longblob)",
            f"INSERT INTO bench_lob SELECT seq, unhex(repeat(md5(seq), {size.lob_bytes} DIV 16)) FROM seq_1_to_{size.lobs}",
            "CREATE TABLE bench_lob_put (i int, b longblob)")


def written(_):
    return ("CREATE TABLE bench_insert (i int, d double, s varchar(40))",
            "CREATE TABLE bench_update (i int PRIMARY KEY, d double, s varchar(40))")


def all_of(size):
    return (*narrow(size), *wide(size), *catalog(size), *lobs(size), *written(size),
            "ANALYZE TABLE bench_narrow, bench_wide", "SELECT count(*), sum(d), max(s) FROM bench_narrow",
            "SELECT count(*), sum(d), max(t) FROM bench_wide", "SELECT sum(length(b)) FROM bench_lob")


def before(case, size):
    """What puts a case's table into its first state."""
    return {"insert_loop": ("TRUNCATE bench_insert",), "insert_array": ("TRUNCATE bench_insert",),
            "update_array": ("TRUNCATE bench_update", f"INSERT INTO bench_update SELECT seq, 0, '' FROM seq_0_to_{size.updated - 1}"),
            "lob_put": ("TRUNCATE bench_lob_put",)}.get(case.name, ())


def after(case):
    """What a case has left behind: the answer must be the same for all subjects."""
    rows = "SELECT count(*), sum(i), sum(d), sum(crc32(s)) FROM "
    return {"insert_loop": rows + "bench_insert", "insert_array": rows + "bench_insert", "update_array": rows + "bench_update",
            "lob_put": "SELECT count(*), md5(group_concat(md5(b) ORDER BY i SEPARATOR '')) FROM bench_lob_put"}.get(case.name)
