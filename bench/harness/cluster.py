# SPDX-License-Identifier: Apache-2.0
"""What bench/failover needs of tests/cluster/cluster; every use of its command line is here.

The cluster's home is a temporary directory of this run, its names are visible only under `exec`.
"""
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass


@dataclass(frozen=True)
class State:
    """Who is what at the moment, and how to get in."""

    writer: dict  # {"address", "port", ...}
    readers: tuple
    endpoint: str  # the name, or address, that applications connect to
    user: str
    password: str
    database: str

    def conninfo(self, host):
        """For libpq, by address: the floor knows no names."""
        return (f"host={host['address']} port={host['port']} user={self.user} password={self.password} "
                f"dbname={self.database} sslmode=disable gssencmode=disable connect_timeout=2")

    def connection_string(self):
        """For ODBC, without the driver."""
        return (f"Server={self.endpoint};Port={self.writer['port']};Database={self.database};UID={self.user};"
                f"PWD={self.password};SSLmode=disable")


class Cluster:
    """Use as a context manager: up inside, down and removed afterwards."""

    def __init__(self, program, flavour):
        self.program, self.flavour = str(program), flavour
        self.home = tempfile.mkdtemp(prefix="bc-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        os.chmod(self.home, 0o755)
        self.environment = os.environ | {"CLUSTER_HOME": self.home}

    def call(self, *words):
        done = subprocess.run([self.program, *words], env=self.environment, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise RuntimeError(f"cluster {' '.join(words)}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def __enter__(self):
        try:
            self.call("up", self.flavour)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        try:
            self.call("down")
        finally:
            shutil.rmtree(self.home, ignore_errors=True)

    def state(self):
        told = json.loads(self.call("status", "--json"))
        writers = [host for host in told["hosts"] if host["role"] == "writer"]
        readers = tuple(host for host in told["hosts"] if host["role"] == "reader")
        if len(writers) != 1 or not readers:
            raise RuntimeError(f"the cluster has {len(writers)} writers and {len(readers)} readers")
        return State(writers[0], readers, told.get("endpoint", writers[0]["address"]), told.get("user", "postgres"),
                     told.get("password", "unused"), told.get("database", "postgres"))

    def sql(self, statement):
        """On the writer."""
        subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-c", statement, "-d", self.state().conninfo(self.state().writer)],
                       check=True, capture_output=True)

    def failover(self, mode):
        self.call("failover", "--mode", mode)

    def inside(self, command):
        """A command that sees the cluster's DNS names."""
        return [self.program, "exec", "--", *map(str, command)]
