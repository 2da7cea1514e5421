#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs fault_tests, each test against local clusters of its own that it may break.

Comes in: ctest, one entry per suite; by hand `run_faults.py --tests B --driver L [--engine E] [--flavour F] [--filter G]`.
Goes on: tests/cluster makes the clusters, cluster_control.h reads the variables set here.
A suite that needs more than one cluster is named in CLUSTERS; a slow one in SLOW.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests" / "cluster"))
sys.dont_write_bytecode = True

from cluster import Cluster  # noqa: E402

CLUSTERS = {"TwoClustersOfOneDomain": 2}
SLOW = {"AcknowledgedCommitsLong", "DetectionLong", "Hosts", "Monitors", "BrokenNames"}
# Aurora's DNS follows a failover late; no test may lean on it.
DNS_LAG = 20.0
LIMIT = 60.0
FLAVOURS = {"postgresql": "aurora-pg", "mysql": "aurora-mysql"}
# The engine's own command-line client, as the application and as the administrator; cluster_control.cpp adds the
# host and the statement.
CLIENTS = {
    "postgresql": ("PGPASSWORD='{password}' PGCONNECT_TIMEOUT=5 psql -h {{address}} -p {port} -U {user} -d {database} -XAtq -c",
                   "psql -h {home}/{{host}} -p {port} -U rdsadmin -d {database} -XAtq -c"),
    "mysql": ("mariadb --no-defaults --connect-timeout=5 -h {{address}} -P {port} -u {user} -p'{password}' -N -B {database} -e",
              "mariadb --no-defaults -S {home}/{{host}}/server.sock -u rdsadmin -padmin-secret -N -B -e"),
}


def tests_in(binary: str, wanted: str) -> list[str]:
    listed = subprocess.run([binary, "--gtest_list_tests", f"--gtest_filter={wanted}"], check=True,
                            capture_output=True, text=True).stdout
    found, suite = [], ""
    for line in listed.splitlines():
        if line and not line.startswith((" ", "Running")):
            suite = line.split()[0]
        elif line.startswith("  "):
            found.append(suite + line.split()[0])
    return found


def make_clusters(count: int, flavour: str) -> list[Cluster]:
    made = []
    try:
        for number in range(count):
            made.append(Cluster.up(name=f"faults-{number}", flavour=flavour, dns_lag=DNS_LAG, tls=True,
                                   share_domain_of=made[0].home.path if made else None))
    except BaseException:
        end(made)
        raise
    return made


def end(clusters: list[Cluster]) -> None:
    for cluster in reversed(clusters):
        cluster.down()


def variables(clusters: list[Cluster], engine: str, driver: str) -> dict[str, str]:
    control = [sys.executable, str(SOURCE / "tests" / "cluster" / "cluster")]
    result = {"AURODBC_FAULTS_CONTROL": " ".join(control), "AURODBC_FAULTS_ENGINE": engine,
              "AURODBC_FAULTS_FLAVOUR": clusters[0].describe()["flavour"]}
    for number, cluster in enumerate(clusters):
        facts = cluster.describe()
        result[f"AURODBC_FAULTS_HOME_{number}"] = facts["home"]
        result[f"AURODBC_FAULTS_WRITER_{number}"] = facts["writer"]
        result[f"AURODBC_FAULTS_HOSTS_{number}"] = ",".join(
            f"{i['id']}={i['address']}" for i in facts["instances"])
        result[f"AURODBC_FAULTS_PASSWORD_{number}"] = facts["password"]
        for role, client in zip(("CLIENT", "ADMIN_CLIENT"), CLIENTS[engine]):
            result[f"AURODBC_FAULTS_{role}_{number}"] = client.format_map(facts)
        result[f"AURODBC_FAULTS_CONNECTION_{number}"] = (
            f"Driver={driver};engine={engine};Server={facts['cluster_endpoint']};Port={facts['port']};"
            f"Database={facts['database']};UID={facts['user']};PWD={facts['password']}")
    return result


def clusters_for(test: str, flavour: str) -> list[Cluster]:
    return make_clusters(CLUSTERS.get(test.partition(".")[0], 1), flavour)


def run_one(test: str, clusters: list[Cluster], engine: str, binary: str, driver: str, scratch: str) -> tuple[bool, str, float]:
    begin = time.monotonic()
    log = Path(scratch) / f"{test.replace('/', '-')}.log"
    try:
        environment = dict(os.environ, **variables(clusters, engine, driver))
        environment["AURODBC_FAULTS_LOG"] = str(log)
        done = clusters[0].run([binary, f"--gtest_filter={test}", "--gtest_brief=1"], env=environment,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                               timeout=LIMIT)
        good, said = done.returncode == 0, done.stdout
        if not good and done.returncode not in (0, 1):
            said += f"\nended by {done.returncode}"
    except subprocess.TimeoutExpired as expired:
        said = (expired.stdout or b"").decode(errors="replace") + f"\nno end within {LIMIT:g} s"
        good = False
    took = time.monotonic() - begin
    if not good and log.exists():
        said += "\nthe driver's log:\n" + log.read_text(errors="replace")[-8000:]
    if not good:
        for host in (host for cluster in clusters for host in cluster.hosts()):
            said += f"\nthe log of {host.id}:\n" + (host.directory / "log").read_text(errors="replace")[-3000:]
    return good, said, took


def run_all(tests: list[str], engine: str, flavour: str, binary: str, driver: str, verbose: bool) -> list[str]:
    """Returns the names of those that failed. The next test's clusters start while one runs."""
    failed = []
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(1) as beside:
        upcoming = beside.submit(clusters_for, tests[0], flavour)
        for test, following in zip(tests, [*tests[1:], None]):
            clusters = upcoming.result()
            if following:
                upcoming = beside.submit(clusters_for, following, flavour)
            try:
                good, said, took = run_one(test, clusters, engine, binary, driver, scratch)
            finally:
                beside.submit(end, clusters)
            print(f"{'passed' if good else 'FAILED'} {took:6.2f} s  {test}", flush=True)
            if verbose or not good:
                print(said, flush=True)
            if not good:
                failed.append(test)
    return failed


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tests", required=True, help="the executable fault_tests")
    parser.add_argument("--driver", required=True, help="libaurodbc.so")
    parser.add_argument("--engine", default="postgresql", choices=FLAVOURS)
    parser.add_argument("--flavour", help="of that engine's clusters; Aurora's by default")
    parser.add_argument("--filter", default="*", help="as for --gtest_filter")
    parser.add_argument("--verbose", action="store_true", help="show what passing tests say")
    arguments = parser.parse_args()
    tests = tests_in(arguments.tests, arguments.filter)
    if not os.environ.get("AURODBC_TEST_SLOW"):
        tests = [test for test in tests if test.partition(".")[0] not in SLOW]
    if not tests:
        print(f"no test matches {arguments.filter}; slow ones need AURODBC_TEST_SLOW=1")
        return 0 if arguments.filter.rstrip(".*") in SLOW else 1
    failed = run_all(tests, arguments.engine, arguments.flavour or FLAVOURS[arguments.engine], arguments.tests,
                     arguments.driver, arguments.verbose)
    print(f"{len(tests) - len(failed)} of {len(tests)} passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
