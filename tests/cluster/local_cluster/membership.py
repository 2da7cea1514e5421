# SPDX-License-Identifier: Apache-2.0
"""Hosts that come to a running cluster and hosts that leave it."""
import random
import shutil

from local_cluster import failover, identity, telling
from local_cluster.engines import engine_of
from local_cluster.errors import ClusterError

MOST = 15  # ever, because MariaDB's server ids count in steps of 16


def _planned(state: dict, dice: random.Random) -> dict:
    """The new instance as the state file keeps it. Numbers are not used again: what a host wrote bears its own."""
    number = state["last_number"] + 1
    if number > MOST:
        raise ClusterError(f"A cluster has {MOST} hosts in its life.")
    taken = [instance["address"] for instance in state["instances"]]
    name = identity.random_ids(dice, state["name"], 1)[0]
    return {"id": name, "number": number, "endpoint": f"{name}.{state['domain']}",
            "address": identity.free_address_beside(dice, taken, state["port"]), "port": state["port"],
            "cpu": round(dice.uniform(1, 40), 1), "lag_ms": dice.randint(8, 30), "seen_at": None,
            "session_id": f"{dice.getrandbits(32):08x}-added-{number}"}


def add(cluster, delays: dict) -> dict:
    """A fresh reader that has all of the writer's data; told and named once it follows."""
    state = cluster.home.read()
    engine = engine_of(state["flavour"])
    instance = _planned(state, random.Random(f"{state['seed']}-added-{state['last_number']}"))
    host = engine.host(cluster.home.path / instance["id"], instance)
    writer = cluster.host("writer")
    steps = failover.Steps()
    steps.add("begin", instance=host.id)
    try:
        cluster.create_host(host, engine.template_for(state["flavour"]), state)
        way, prepare, seconds = host.ways_back(diverged=True)[-1]
        host.write_facts(telling.read_facts(writer)["told"])
        if prepare:
            prepare(writer)
        if not host.start_as_reader(writer, seconds):
            raise ClusterError(f"The new host {host.id} does not follow {writer.id}: {host.last_log_line()}")
    except BaseException:
        host.kill()
        shutil.rmtree(host.directory, ignore_errors=True)
        raise
    steps.add("follows", instance=host.id, way=way)
    with cluster.home.edit() as state:
        state["last_number"] = instance["number"]
        state["instances"] = sorted([*state["instances"], instance], key=lambda i: i["id"])
        telling.tell(cluster.hosts_of(state), state, delays["topology_lag"], delays["dns_lag"])
    writer.set_waiting(True)
    return {"instance": host.id, "address": host.address, "steps": list(steps)}


def remove(cluster, instance: str, delays: dict) -> dict:
    """A reader is shut down for good: its row, its name and its files go."""
    host = cluster.host(instance)
    if host.id == cluster.writer:
        raise ClusterError(f"{host.id} is the writer; a failover comes before its removal.")
    cluster.stop_waiting_for(host.id)
    steps = failover.Steps()
    steps.add("begin", instance=host.id)
    host.kill()
    with cluster.home.edit() as state:
        state["instances"] = [i for i in state["instances"] if i["id"] != host.id]
        state["diverged"] = [i for i in state["diverged"] if i != host.id]
        telling.tell(cluster.hosts_of(state), state, delays["topology_lag"], delays["dns_lag"], gone=[host.endpoint])
    shutil.rmtree(host.directory, ignore_errors=True)
    steps.add("removed", instance=host.id)
    return {"instance": host.id, "steps": list(steps)}
