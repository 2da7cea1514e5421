# SPDX-License-Identifier: Apache-2.0
"""The second half of packaging/quickstart: a local three-host cluster, isql through a DSN, a killed writer.

Runs in network, mount and process namespaces of its own, so that nothing of it is left behind.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(SOURCE / "tests" / "cluster"), str(SOURCE / "tests" / "support")]
sys.dont_write_bytecode = True

import own_namespaces  # noqa: E402
from cluster import Cluster  # noqa: E402

REFUSAL = ("quickstart: the driver is built and registered, but this machine does not let me make namespaces for the local "
           "cluster; run it as root, or in a container with the capabilities SYS_ADMIN and NET_ADMIN.")


def isql(cluster, environment: dict, *statements: str) -> None:
    for statement in statements:
        print(f"\n$ echo \"{statement}\" | isql aurodbc-quickstart -b -v -m40", flush=True)
        cluster.run(["isql", "aurodbc-quickstart", "-b", "-v", "-m40"], input=statement + "\n", text=True, env=environment, check=True)


def show_isql(cluster, facts: dict, directory: str) -> None:
    ini = pathlib.Path(directory) / "odbc.ini"
    ini.write_text(f"[aurodbc-quickstart]\nDriver = aurodbc\nServer = {facts['cluster_endpoint']}\nPort = {facts['port']}\n"
                   f"Database = {facts['database']}\nUID = {facts['user']}\nPWD = {facts['password']}\n"
                   f"SSLRootCert = {facts['tls']['ca']}\n")
    print(f"\nThe data source:\n{ini.read_text()}")
    environment = dict(os.environ, ODBCINI=str(ini))
    isql(cluster, environment, "SHOW server_version",
         "SELECT server_id, session_id = 'MASTER_SESSION_ID' AS writer FROM aurora_replica_status()",
         "CREATE TABLE tour (id integer PRIMARY KEY)")


def show_failover(cluster, facts: dict, client: str, directory: str) -> None:
    log = pathlib.Path(directory) / "aurodbc.log"
    connection = (f"DRIVER=aurodbc;SERVER={facts['cluster_endpoint']};PORT={facts['port']};DATABASE={facts['database']};"
                  f"UID={facts['user']};PWD={facts['password']};SSLROOTCERT={facts['tls']['ca']};log_level=info;log_file={log}")
    print(f"\nA client inserts a row every 20 ms; after a second its writer {facts['writer']} is killed with kill -9.\n"
          f"What the client sees (its own clock):", flush=True)
    running = subprocess.Popen([*cluster.exec_prefix(), os.path.abspath(client), connection, "4"])
    time.sleep(1)
    result = cluster.failover(mode="crash")
    code = running.wait()
    print(f"\nThe writer was {result['old_writer']}, now it is {result['new_writer']}. The driver's log:")
    for line in log.read_text().splitlines():
        if "Failover" in line:
            print("  " + line)
    if code != 0:
        sys.exit("quickstart: the client did not come through; its last words are above")


def main() -> None:
    own_namespaces.enter(REFUSAL)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="aurodbc-tour-") as directory, Cluster.up(tls=True) as cluster:
        facts = cluster.describe()
        print(f"\nA cluster of three PostgreSQL hosts is up after {time.monotonic() - started:.1f} s: "
              f"{facts['cluster_endpoint']}")
        show_isql(cluster, facts, directory)
        show_failover(cluster, facts, sys.argv[1], directory)
    print("\nThe cluster is gone again. The driver stays registered as [aurodbc] in ~/.odbcinst.ini: use "
          "DRIVER=aurodbc in your own connection strings; packaging/quickstart --remove takes it back.")


if __name__ == "__main__":
    main()
