# SPDX-License-Identifier: Apache-2.0
"""What a cluster says about itself: the topology its hosts tell and the DNS records, both possibly late.

The truth is in the state file. `tell` derives both from it and dates them; hosts and name server look at the clock.
"""
import json
import time
from pathlib import Path

from local_cluster.domain import READER_TTL, RECORD_TTL, Domain, after_now
from local_cluster.errors import ClusterError
from local_cluster.identity import resource_id

MASTER = "MASTER_SESSION_ID"


def cluster_endpoint(state: dict) -> str:
    return f"{state['name']}.cluster-{state['domain']}"


def reader_endpoint(state: dict) -> str:
    return f"{state['name']}.cluster-ro-{state['domain']}"


def true_topology(state: dict) -> list[dict]:
    """One row per host; a host that is down keeps its row, which ages from `seen_at`."""
    rows = []
    for instance in state["instances"]:
        row = {"server_id": instance["id"], "cpu": instance["cpu"], "lag_ms": instance["lag_ms"],
               "endpoint": instance["endpoint"], "port": instance["port"], "resource_id": resource_id(instance["id"])}
        row["session_id"] = MASTER if instance["id"] == state["writer"] else instance["session_id"]
        if instance["seen_at"]:
            row["seen_at"] = instance["seen_at"]
        rows.append(row)
    return rows


def records(state: dict) -> dict[str, dict]:
    """DNS name -> entry without its date."""
    names = {i["endpoint"]: {"a": i["address"], "ttl": RECORD_TTL} for i in state["instances"]}
    writer = next(i for i in state["instances"] if i["id"] == state["writer"])
    readers = [i["endpoint"] for i in state["instances"] if i["id"] != state["writer"] and not i["seen_at"]]
    names[cluster_endpoint(state)] = {"cname": [writer["endpoint"]], "ttl": RECORD_TTL}
    names[reader_endpoint(state)] = {"cname": readers or [writer["endpoint"]], "ttl": READER_TTL}
    return names


def tell(hosts: list, state: dict, topology_lag: float = 0.0, dns_lag: float = 0.0, gone: tuple | list = ()) -> None:
    """Let every host tell the true topology from now + topology_lag on, and DNS say it from now + dns_lag on.

    `gone` are names that DNS shall not know any more.
    """
    now = time.time()
    entry = {"from": now + topology_lag, "instances": true_topology(state)}
    for host in hosts:
        facts = read_facts(host)
        host.write_facts(after_now(facts.get("told", []), entry), facts.get("override"))
    wanted = {**records(state), **{name: {"gone": True} for name in gone}}
    dated = {name: {**record, "from": now + dns_lag} for name, record in wanted.items()}
    Domain(Path(state["domain_directory"])).edit_zone(state["name"], dated)


def read_facts(host) -> dict:
    try:
        return json.loads((host.directory / "facts.json").read_text())
    except FileNotFoundError:
        return {}


def told_by(host) -> list[dict]:
    """What this host tells at this moment."""
    facts = read_facts(host)
    if "override" in facts:
        return facts["override"]
    due = [t for t in facts["told"] if t["from"] <= time.time()]
    return max(due, key=lambda t: t["from"])["instances"] if due else []


def override(host, rows: list | None) -> None:
    """Make one host tell `rows` instead of the truth; None ends that."""
    if rows is not None:
        rows = [_checked_row(row, host) for row in rows]
    host.write_facts(read_facts(host)["told"], rows)


def _checked_row(row: dict, host) -> dict:
    known = {"server_id", "session_id", "writer", "cpu", "lag_ms", "age_s", "seen_at", "endpoint", "port", "resource_id"}
    if not isinstance(row, dict) or "server_id" not in row or set(row) - known:
        raise ClusterError(f"A topology row needs server_id and may have {', '.join(sorted(known - {'server_id'}))}.")
    row = dict(row)
    if row.pop("writer", False):
        row["session_id"] = MASTER
    row.setdefault("session_id", f"told-{row['server_id']}")
    row.setdefault("cpu", 5.0)
    row.setdefault("endpoint", f"{row['server_id']}.{host.endpoint.partition('.')[2]}")
    row.setdefault("port", host.port)
    row.setdefault("resource_id", resource_id(row["server_id"]))
    return row
