# SPDX-License-Identifier: Apache-2.0
"""`cluster gc`: find dead runs by their files in base/runs, and processes whose cluster is gone."""
import json
import time
from pathlib import Path

from local_cluster import processes
from local_cluster.domain import Domain
from local_cluster.errors import ClusterError
from local_cluster.home import Home, base_directory

YOUNG_S = 60  # a domain without a cluster may belong to an `up` that has just begun


def _is_dead(run: dict) -> bool:
    if run["owner"]:
        return not processes.state_of(run["owner"])
    if processes.state_of(run["starter"]):
        return False
    return not Home(run["home"]).exists or not processes.find_programs(run["home"] + "/")


def _used_domains(base: Path) -> set[Path]:
    used = set()
    for file in (base / "runs").iterdir():
        try:
            used.add(Path(Home(json.loads(file.read_text())["home"]).read()["domain_directory"]))
        except (OSError, ValueError, ClusterError):
            continue
    return used


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
            for pid in processes.find_programs(run["home"] + "/"):
                ended += processes.kill_family(pid)
    used = _used_domains(base)
    for directory in (base / "domains").iterdir():
        if directory not in used and time.time() - directory.stat().st_mtime > YOUNG_S:
            Domain(directory).destroy()
            domains.append(str(directory))
    return {"removed": homes, "ended": ended, "domains": domains}
