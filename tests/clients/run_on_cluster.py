# SPDX-License-Identifier: Apache-2.0
"""Runs client tests that need a whole cluster: makes one, tells them about it, ends it.

Comes in: ctest. usage: run_on_cluster.py CLIENT_TESTS FILTER
"""
import os
import pathlib
import sys

CLUSTER = pathlib.Path(__file__).resolve().parent.parent / "cluster"
sys.path.insert(0, str(CLUSTER))

from cluster import Cluster  # noqa: E402


def main(binary: str, pattern: str) -> int:
    with Cluster.up() as cluster:
        facts = cluster.describe()
        told = {"FAILOVER": f"{sys.executable} {CLUSTER / 'cluster'} failover --home {facts['home']} --mode crash",
                "PORT": str(facts["port"]), "DATABASE": facts["database"], "USER": facts["user"],
                "PASSWORD": facts["password"], "PATTERN": facts["host_pattern"], "ENDPOINT": facts["cluster_endpoint"],
                "IDS": ",".join(facts["instance_ids"]), "WRITER": facts["writer"]}
        environment = dict(os.environ, **{f"AURODBC_TEST_CLUSTER_{name}": value for name, value in told.items()})
        return cluster.run([binary, f"--gtest_filter={pattern}"], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
