# SPDX-License-Identifier: Apache-2.0
"""`cluster gc`: find dead runs by their files in base/runs, and processes whose cluster is gone."""
import json
from pathlib import Path

from local_cluster import processes
from local_cluster.domain import Domain
from local_cluster.home import Home, base_directory


def _is_dead(run: dict) -> bool:
    if processes.state_of(run["owner"]) if run["owner"] else False:
        return False
    if run["owner"] or not Home(run["home"]).exists:
        return not processes.state_of(run["starter"]) or bool(run["owner"])
    return not processes.find_by_marker(run["home"] + "/")


def collect(cluster_class) -> dict:
    """Returns the homes that were removed, the processes ended and the domains removed."""
    base = base_directory()
    homes, ended, domains = [], [], []
    for file in sorted((base / "runs").iterdir()):
        try:
            run = json.loads(file.read_text())
        except (OSError, ValueError):
            continue
        if _is_dead(run):
            cluster_class(run["home"]).down()
            file.unlink(missing_ok=True)
            homes.append(run["home"])
            for pid in processes.find_by_marker(run["home"] + "/"):
                ended += processes.kill_family(pid)
    living = {json.loads(file.read_text())["home"] for file in (base / "runs").iterdir()}
    used = {Path(Home(home).read()["domain_directory"]) for home in living if Home(home).exists}
    for directory in (base / "domains").iterdir():
        if directory not in used and not any((directory / "zones").glob("*.json")):
            Domain(directory).destroy()
            domains.append(str(directory))
    return {"removed": homes, "ended": ended, "domains": domains}
