# SPDX-License-Identifier: Apache-2.0
"""The servers that clients written in Python run on; profile.h's twin. AURODBC_TEST_PROFILE chooses.

Comes in: tests/odbc/*.py. AURODBC_TEST_SERVER, a connection string, takes the place of the profile's server.
"""
import os
import re
import sys
from dataclasses import dataclass

ALIASES = {"SERVER": "HOST", "UID": "USER", "PWD": "PASSWORD"}
SKIPPED = 77  # ctest's SKIP_RETURN_CODE for these tests


@dataclass(frozen=True)
class Profile:
    name: str
    engine: str
    variables: str       # how the environment names its server
    component: str       # of the server's own errors
    wrong_password: str  # what the server says to one
    temporary_type: str  # of a temporary table in SQLTables; empty: the catalogs do not show them
    types: str           # columns a to j: int, text, numeric, bytes, timestamp, boolean, uuid, date, double, bigint
    long_types: str      # long text, long bytes
    sleep: str
    many_rows: str       # 50,000 numbers with 100 characters

    def variable(self, name: str) -> str:
        given = os.environ.get("AURODBC_TEST_SERVER")
        return os.environ[f"{self.variables}_{name}"] if given is None else keywords_of(given).get(name, "")

    def keywords(self) -> dict[str, str]:
        return {"engine": self.engine, "host": self.variable("HOST"), "port": self.variable("PORT"),
                "UID": self.variable("USER"), "PWD": self.variable("PASSWORD"), "database": self.variable("DATABASE")}


def keywords_of(connection: str) -> dict[str, str]:
    """Of a connection string, by the variables' names."""
    found = re.findall(r"([^=;]+)=(?:\{((?:[^}]|\}\})*)\}|([^;]*))", connection)
    return {ALIASES.get(name.strip().upper(), name.strip().upper()): braced.replace("}}", "}") or plain
            for name, braced, plain in found}


PROFILES = [
    Profile("postgres", "pg", "AURODBC_TEST_PG", "PostgreSQL", "password authentication failed", "LOCAL TEMPORARY",
            "a int, b text, c numeric(10,2), d bytea, e timestamp, f boolean, g uuid, h date, i double precision, j bigint",
            "a text, b bytea", "SELECT pg_sleep(20)",
            "SELECT g, repeat('x', 100) FROM generate_series(1, 50000) g"),
    Profile("mariadb", "mysql", "AURODBC_TEST_MARIADB", "MariaDB client", "Access denied", "",
            "a int, b text, c numeric(10,2), d varbinary(100), e datetime(6), f bit(1), g uuid, h date, i double, j bigint",
            "a longtext, b longblob", "SELECT sleep(20)",
            "SELECT seq, repeat('x', 100) FROM seq_1_to_50000"),
    Profile("mysql56", "mysql", "AURODBC_TEST_MYSQL56", "MariaDB client", "Access denied", "",
            "a int, b text, c numeric(10,2), d varbinary(100), e datetime(6), f bit(1), g char(36), h date, i double, j bigint",
            "a longtext, b longblob", "SELECT sleep(20)",
            "SELECT @n := @n + 1, repeat('x', 100) FROM (SELECT @n := 0) z, information_schema.collations a, information_schema.collations b, information_schema.engines c LIMIT 50000"),
]


def profile() -> Profile:
    wanted = os.environ.get("AURODBC_TEST_PROFILE", "postgres")
    found = next(one for one in PROFILES if one.name == wanted)
    why = os.environ.get(f"{found.variables}_MISSING")
    if why:
        print("SKIPPED:", why)
        sys.exit(SKIPPED)
    return found
