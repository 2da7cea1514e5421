# SPDX-License-Identifier: Apache-2.0
"""MariaDB's template: the compiled plugins, a data directory with accounts and the application's database."""
import shutil
import subprocess
from pathlib import Path

from local_cluster import accounts, mariadb_host
from local_cluster.accounts import ADMIN, CLEARTEXT_PASSWORD, CLEARTEXT_USER, DATABASE, PASSWORD, USER
from local_cluster.errors import ClusterError
from local_cluster.home import give_to_server, server_account
from local_cluster.host import run_program
from local_cluster.mariadb_host import (ADMIN_PASSWORD, LIBRARY, PLUGINS, REPLICATION_PASSWORD, REPLICATION_USER,
                                        STORAGE)
from local_cluster.template import baked_once

SOURCES = Path(__file__).with_name("mysql_plugins")
HEADERS = Path("/usr/include/mariadb/server")

# Run with the grant tables off, until FLUSH PRIVILEGES; --bootstrap knows no plugin but those of the command line.
ACCOUNTS = f"""
FLUSH PRIVILEGES;
DELETE FROM mysql.global_priv WHERE user IN ('root', '');
DELETE FROM mysql.proxies_priv;
FLUSH PRIVILEGES;
CREATE USER {ADMIN}@localhost IDENTIFIED BY '{ADMIN_PASSWORD}';
GRANT ALL ON *.* TO {ADMIN}@localhost WITH GRANT OPTION;
CREATE USER {REPLICATION_USER}@localhost IDENTIFIED BY '{REPLICATION_PASSWORD}';
GRANT REPLICATION SLAVE ON *.* TO {REPLICATION_USER}@localhost;
CREATE DATABASE {DATABASE};
CREATE USER {USER}@'%' IDENTIFIED BY '{PASSWORD}';
GRANT ALL ON {DATABASE}.* TO {USER}@'%';
GRANT REPLICA MONITOR, BINLOG MONITOR, PROCESS ON *.* TO {USER}@'%';
CREATE USER {CLEARTEXT_USER}@'%' IDENTIFIED VIA clear_password USING '{CLEARTEXT_PASSWORD}';
GRANT SELECT ON {DATABASE}.* TO {CLEARTEXT_USER}@'%';
"""

# Beside the accounts. A view, because it must follow facts.json at once, and differ from host to host.
ADDITIONS = {"multi-az-mysql": f"""
CREATE DEFINER={ADMIN}@localhost SQL SECURITY DEFINER VIEW mysql.rds_topology AS
  SELECT id, endpoint, port FROM information_schema.stand_in_hosts;
GRANT SELECT ON mysql.rds_topology TO {USER}@'%';
"""}


def _program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if not found:
        raise ClusterError(f"There is no {name}; a MySQL flavour needs Debian's mariadb-server-core and g++.")
    return found


def _compile(directory: Path) -> None:
    if not (HEADERS / "mysql" / "plugin.h").exists():
        raise ClusterError(f"There is no {HEADERS}/mysql/plugin.h; a MySQL flavour needs Debian's libmariadbd-dev.")
    command = [_program("g++"), "-std=c++17", "-O1", "-fPIC", "-shared", "-Wall", "-Wextra", "-Werror",
               f"-isystem{HEADERS}", f"-isystem{HEADERS}/mysql", *sorted(map(str, SOURCES.glob("*.cpp"))),
               "-o", str(directory / LIBRARY), "-lmysqlservices"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if "error" in line] or [done.stderr.strip()]
        raise ClusterError(f"The server plugins could not be compiled: {errors[0]}")


def _bake(template: Path, flavour: str) -> None:
    data, plugins, scratch = template / "data", template / "plugins", template / "tmp"
    for directory in (data, plugins, scratch):
        directory.mkdir()
        give_to_server(directory)
    _compile(plugins)
    options = template / "bake.cnf"
    options.write_text(f"[mysqld]\ndatadir = {data}\ntmpdir = {scratch}\nplugin_dir = {plugins}\n{STORAGE}")
    run_program(["/bin/sh", _program("mariadb-install-db"), f"--defaults-file={options}", f"--datadir={data}",
                 "--skip-test-db", "--auth-root-authentication-method=normal"], "mariadb-install-db")
    _run_statements(template, PLUGINS[flavour], ACCOUNTS + ADDITIONS.get(flavour, ""))


def _run_statements(template: Path, plugins: tuple, text: str) -> None:
    """With all plugins, so that one that does not fit the server is found out now."""
    (template / "facts.json").write_text('{"self": "template"}')
    done = subprocess.run([_program("mariadbd"), f"--defaults-file={template}/bake.cnf", "--bootstrap",
                           *(f"--plugin-load-add={plugin}={LIBRARY}" for plugin in plugins)],
                          input=text, capture_output=True, text=True, cwd="/", **server_account())
    errors = [line for line in done.stderr.splitlines() if "ERROR" in line]
    if errors or done.returncode:
        raise ClusterError(f"The template could not be baked: {(errors or [done.stderr.strip()])[0]}")


def template_for(flavour: str) -> Path:
    """The baked directory: data and plugins."""
    version = run_program([_program("mariadbd"), "--no-defaults", "--version"], "mariadbd")
    ingredients = [version.encode(), *(Path(module.__file__).read_bytes() for module in (accounts, mariadb_host)),
                   Path(__file__).read_bytes(), *(file.read_bytes() for file in sorted(SOURCES.iterdir()))]
    return baked_once(flavour, ingredients, lambda directory: _bake(directory, flavour))
