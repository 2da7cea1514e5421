# SPDX-License-Identifier: Apache-2.0
"""Data directories baked once per flavour: initdb, roles, the application's database, Aurora's functions.

The cache key holds everything the result depends on, so a change of this file or of the SQL bakes anew.
"""
import hashlib
import shutil
import subprocess
from pathlib import Path

from local_cluster.errors import ClusterError
from local_cluster.home import base_directory, give_to_server, locked, server_account
from local_cluster.host import ADMIN, BINARIES, run_program

USER, PASSWORD, DATABASE = "app", "app-secret", "app"
CLEARTEXT_USER, CLEARTEXT_PASSWORD = "clear", "clear-secret"
SQL_FILE = Path(__file__).with_name("aurora_pg.sql")

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
    if flavour == "aurora-pg":
        sql = SQL_FILE.read_text()
        _single(data, "template1", sql)
        _single(data, "postgres", sql)
    _single(data, "postgres", FINISH)


def template_for(flavour: str) -> Path:
    """The baked data directory; bakes it if nobody has yet. Safe among parallel runs."""
    if not (BINARIES / "initdb").exists():
        raise ClusterError(f"There is no PostgreSQL in {BINARIES}; set PG_BINDIR to its bin directory.")
    version = subprocess.run([str(BINARIES / "postgres"), "--version"], capture_output=True, text=True).stdout
    ingredients = [version.encode(), ADMIN.encode(), Path(__file__).read_bytes(), SQL_FILE.read_bytes()]
    key = hashlib.sha256(b"\0".join(ingredients))
    templates = base_directory() / "templates"
    wanted = templates / f"{flavour}-{key.hexdigest()[:12]}"
    if wanted.exists():
        return wanted
    with locked(templates / ".lock", 60.0):
        if not wanted.exists():
            draft = templates / f".baking-{flavour}"
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(mode=0o700)
            give_to_server(draft)
            _bake(draft, flavour)
            for old in templates.glob(f"{flavour}-*"):
                shutil.rmtree(old, ignore_errors=True)
            draft.rename(wanted)
    return wanted
