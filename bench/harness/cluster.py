# SPDX-License-Identifier: Apache-2.0
"""What bench/failover needs of tests/cluster; every use of its interface is here.

It is used as a module and not by its command, so that no interpreter starts between two steps of a fault.
"""
import importlib
import subprocess
import sys


class Cluster:
    """Use as a context manager: a fresh cluster inside, ended and removed afterwards."""

    def __init__(self, directory, flavour):
        if str(directory) not in sys.path:
            sys.path.insert(0, str(directory))
        self._kind = importlib.import_module("cluster").Cluster
        self._flavour = flavour

    def __enter__(self):
        self._cluster = self._kind.up(flavour=self._flavour)
        self.facts = self._cluster.describe()
        return self

    def __exit__(self, *_):
        self._cluster.down()

    def hosts(self, role):
        """Conninfo of each host with that role before the fault: by address, for the floor knows no names."""
        facts = self.facts
        return [f"host={host['address']} port={host['port']} user={facts['user']} password={facts['password']} "
                f"dbname={facts['database']} sslmode=disable gssencmode=disable connect_timeout=2"
                for host in facts["instances"] if host["role"] == role]

    def connection_string(self):
        """For ODBC, without the driver: the cluster endpoint, as applications use it."""
        facts = self.facts
        engine = "engine=mysql;" if self.is_mysql else ""
        return (f"Server={facts['cluster_endpoint']};Port={facts['port']};Database={facts['database']};"
                f"UID={facts['user']};PWD={facts['password']};{engine}SSLmode=disable")

    @property
    def is_mysql(self):
        return self._flavour.endswith("mysql")

    def sql(self, statement):
        """On the writer."""
        facts = self.facts
        writer = next(host for host in facts["instances"] if host["role"] == "writer")
        command = ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-c", statement, "-d", self.hosts("writer")[0]]
        if self.is_mysql:
            command = ["mariadb", "--no-defaults", "-h", writer["address"], "-P", str(facts["port"]), "-u", facts["user"],
                       f"-p{facts['password']}", facts["database"], "-e", statement]
        subprocess.run(command, check=True, capture_output=True)

    def failover(self, mode):
        """Makes the fault, waits until the cluster is whole again; gives its steps with CLOCK_MONOTONIC in ns."""
        return self._cluster.failover(mode)["steps"]

    def inside(self, command):
        """A command that sees the cluster's DNS names."""
        return [*self._cluster.exec_prefix(), *map(str, command)]
