# SPDX-License-Identifier: Apache-2.0
"""The engines: which flavours they have, what a host of theirs is, where their template comes from."""
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from local_cluster import mariadb_template, postgres_template
from local_cluster.errors import ClusterError
from local_cluster.host import Host
from local_cluster.mariadb_host import MariaDbHost
from local_cluster.postgres_host import PostgresHost


class Engine(NamedTuple):
    flavours: tuple
    host: type[Host]
    template_for: Callable[[str], Path]


ENGINES = (Engine(("aurora-pg", "multi-az-pg", "rds-pg", "pg"), PostgresHost, postgres_template.template_for),
           Engine(("aurora-mysql", "multi-az-mysql", "mysql"), MariaDbHost, mariadb_template.template_for))
FLAVOURS = tuple(flavour for engine in ENGINES for flavour in engine.flavours)


def engine_of(flavour: str) -> Engine:
    for engine in ENGINES:
        if flavour in engine.flavours:
            return engine
    raise ClusterError(f"There is no flavour {flavour}; known are {', '.join(FLAVOURS)}.")
