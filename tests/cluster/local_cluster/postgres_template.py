# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL's template: initdb, roles, the application's database, the functions of the flavour."""
import subprocess
from pathlib import Path

from local_cluster import accounts
from local_cluster.accounts import ADMIN, CLEARTEXT_PASSWORD, CLEARTEXT_USER, DATABASE, PASSWORD, USER
from local_cluster.errors import ClusterError
from local_cluster.home import server_account
from local_cluster.host import run_program
from local_cluster.postgres_host import BINARIES
from local_cluster.template import baked_once

# What a flavour has beside PostgreSQL's own.
ADDITIONS = {flavour: [Path(__file__).with_name(name) for name in names] for flavour, names in {
    "pg": (), "rds-pg": ("told_pg.sql",), "aurora-pg": ("told_pg.sql", "aurora_pg.sql"),
    "multi-az-pg": ("told_pg.sql", "multi_az_pg.sql")}.items()}

ROLES = f"""
SET password_encryption = 'scram-sha-256';
CREATE ROLE rds_superuser;
CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}';
CREATE ROLE {CLEARTEXT_USER} LOGIN PASSWORD '{CLEARTEXT_PASSWORD}';
GRANT pg_monitor TO {USER};
"""
FINISH = f"""
CREATE DATABASE {DATABASE} OWNER {USER};
GRANT CONNECT ON DATABASE {DATABASE} TO {CLEARTEXT_USER};
"""


def _single(data: Path, database: str, text: str) -> None:
    """Run statements in the single-user server; -j ends a statement at semicolon plus empty line."""
    statements = [s.strip() for s in text.split(";\n") if s.strip()]
    source = "".join(f"{s};\n\n" for s in statements)
    done = subprocess.run([str(BINARIES / "postgres"), "--single", "-j", "-F", "-D", str(data), database],
                          input=source, capture_output=True, text=True, cwd="/", **server_account())
    errors = [line for line in done.stderr.splitlines() if "ERROR" in line or "FATAL" in line]
    if done.returncode or errors:
        raise ClusterError(f"The template could not be baked: {(errors or [done.stderr.strip()])[0]}")


def _bake(data: Path, flavour: str) -> None:
    run_program([BINARIES / "initdb", "-D", data, "-U", ADMIN, "--wal-segsize=1", "--no-sync", "-A", "peer", "-E",
                 "UTF8", "--locale=C.UTF-8", "--no-instructions"], "initdb")
    _single(data, "postgres", ROLES)
    for file in ADDITIONS[flavour]:
        for database in ("template1", "postgres"):
            _single(data, database, file.read_text())
    _single(data, "postgres", FINISH)


def template_for(flavour: str) -> Path:
    """The baked data directory."""
    if not (BINARIES / "initdb").exists():
        raise ClusterError(f"There is no PostgreSQL in {BINARIES}; set PG_BINDIR to its bin directory.")
    version = subprocess.run([str(BINARIES / "postgres"), "--version"], capture_output=True, text=True).stdout
    ingredients = [version.encode(), Path(accounts.__file__).read_bytes(), Path(__file__).read_bytes(),
                   *(file.read_bytes() for file in ADDITIONS[flavour])]
    return baked_once(flavour, ingredients, lambda data: _bake(data, flavour))
