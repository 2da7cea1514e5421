# SPDX-License-Identifier: Apache-2.0
"""Failover: fault, promotion, the others follow, the old writer comes back. Every step is timed.

No acknowledged commit is lost: while readers stream, the writer waits for any one of them, and the reader that received
most is promoted (or, with `to`, the chosen one after it has fetched the rest from that reader).
"""
import random
import signal
import sys
import time
from pathlib import Path

from local_cluster import packets, processes
from local_cluster.errors import ClusterError
from local_cluster.host import Host
from local_cluster.link import Link, SqlError
from local_cluster.telling import tell

MODES = ("planned", "crash", "freeze", "blackhole")
ENTRY = Path(__file__).parents[1] / "cluster"


class Steps(list):
    """Timed steps; the first one is the fault and the zero of `after_fault_s`."""

    def add(self, step: str, **details) -> None:
        wall, steady = time.clock_gettime_ns(time.CLOCK_REALTIME), time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        start = self[0]["monotonic_ns"] if self else steady
        self.append({"step": step, "after_fault_s": round((steady - start) / 1e9, 6), "realtime_ns": wall,
                     "monotonic_ns": steady, **details})


def strike(writer: Host, mode: str, steps: Steps, state: dict) -> None:
    """Do to the writer what `mode` says; the fault's time is taken right before it takes effect."""
    pid = writer.pid()
    if mode == "planned":
        steps.add("fault", mode=mode, instance=writer.id)
        writer.stop()
        steps.add("old_writer_stopped")
    elif mode == "crash":
        family = processes.freeze_family(pid) if pid else []
        steps.add("fault", mode=mode, instance=writer.id)
        for one in family:
            processes.signal_one(one, signal.SIGKILL)
        writer.finish_kill(family)
    elif mode == "freeze":
        steps.add("fault", mode=mode, instance=writer.id)
        writer.freeze()
    else:
        steps.add("fault", mode=mode, instance=writer.id)
        packets.apply("blackhole", writer.address)
        state["packets"][writer.id] = "blackhole"


def choose(readers: dict[str, Host], links: dict[str, Link], to: str | None, dice: random.Random) -> tuple[str, str]:
    """The reader to promote, and the one that received most (any of those with as much)."""
    # A writer that is cut off from its clients may still feed its readers.
    for reader, host in readers.items():
        host.stop_receiving(links[reader])
    received = {reader: host.received(links[reader]) for reader, host in readers.items()}
    most = max(received.values())
    best = dice.choice([reader for reader in readers if received[reader] == most])
    if to is None:
        return best, best
    return to, (to if received[to] == most else best)


def follow(writer: Host, readers: list[Host], steps: Steps) -> None:
    """Point `readers` to `writer`; commits wait for a reader again once they stream."""
    for reader in readers:
        reader.follow(writer)
    if not readers:
        return
    wanted = sorted(reader.id for reader in readers)
    if not writer.wait_followed_by(readers, 10):
        raise ClusterError(f"Not all of {', '.join(wanted)} followed {writer.id} within 10 s.")
    steps.add("readers_follow", instances=wanted)
    writer.set_waiting(True)
    steps.add("commits_wait_for_reader")


def bring_back(cluster, instance: str, diverged: bool, steps: Steps, delays: dict) -> None:
    """Start a host as a reader, in the cheapest way that works."""
    state = cluster.home.read()
    host, writer = cluster.host(instance), cluster.host(state["writer"])
    host.kill()
    if state["packets"].get(instance) == "blackhole":
        cluster.heal(instance)
    for way, prepare, seconds in host.ways_back(diverged):
        host.kill()
        try:
            if prepare:
                prepare(writer)
        except ClusterError:
            continue
        if host.start_as_reader(writer, seconds):
            break
    else:
        raise ClusterError(f"{instance} does not follow {writer.id}: {host.last_log_line()}")
    steps.add("rejoined", instance=instance, way=way)
    with cluster.home.edit() as state:
        cluster.instance_in(state, instance)["seen_at"] = None
        state["diverged"] = [i for i in state["diverged"] if i != instance]
        tell(cluster.hosts(), state, delays["topology_lag"], delays["dns_lag"])
    writer.set_waiting(True)


def schedule_start(cluster, instance: str, after: float, delays: dict) -> None:
    """Bring a host back later, in a process of its own that `down` ends."""
    lags = [f"--{name.replace('_', '-')}={delays[name]}" for name in ("topology_lag", "dns_lag")]
    pid = processes.launch(
        [sys.executable, str(ENTRY), "start", instance, "--home", str(cluster.home.path), "--after", str(after), *lags],
        cluster.home.path / "later.log")
    with cluster.home.edit() as state:
        state["later"].append(pid)


def replace_writer(readers: dict[str, Host], links: dict[str, Link], to: str | None, dice, delay: float,
                   steps: Steps) -> Host:
    """From the fault to a promoted reader."""
    time.sleep(max(0.0, delay - (time.monotonic_ns() - steps[0]["monotonic_ns"]) / 1e9))
    chosen_id, best_id = choose(readers, links, to, dice)
    chosen = readers[chosen_id]
    steps.add("chosen", instance=chosen_id)
    if chosen_id != best_id:
        chosen.fetch_from(readers[best_id], links[chosen_id], links[best_id])
        steps.add("caught_up", source=best_id)
    chosen.promote(links[chosen_id])
    steps.add("promoted", instance=chosen_id)
    return chosen


def run(cluster, mode: str, to: str | None, rejoin_after: float | None, wait: bool, delays: dict) -> dict:
    """The whole failover; see Cluster.failover."""
    state = cluster.home.read()
    old = cluster.host(state["writer"])
    readers = [h for h in cluster.hosts() if h.id != old.id and h.condition() == "running"]
    if not readers:
        raise ClusterError("No reader runs, so there is nothing to fail over to.")
    if to is not None and to not in {r.id for r in readers}:
        raise ClusterError(f"{to} is not a running reader of this cluster.")
    if mode == "planned" and old.condition() != "running":
        raise ClusterError(f"The writer {old.id} is {old.condition()}; a planned failover needs a running one.")
    steps = Steps()
    # Dialled before the fault: a connection costs as much as a promotion.
    links = {reader.id: reader.connect(timeout=20) for reader in readers}
    try:
        with cluster.home.edit() as state:
            strike(old, mode, steps, state)
            cluster.instance_in(state, old.id)["seen_at"] = steps[0]["realtime_ns"] / 1e9
            state["moves"] += 1
            dice = random.Random(f"{state['seed']}-{state['moves']}")
        chosen = replace_writer({reader.id: reader for reader in readers}, links, to, dice, delays["promote_delay"],
                                steps)
    except SqlError as error:
        raise ClusterError(f"The promotion failed: {error}") from error
    finally:
        for link in links.values():
            link.close()
    with cluster.home.edit() as state:
        state["writer"] = chosen.id
        state["diverged"] = sorted({*state["diverged"], *([] if mode == "planned" else [old.id])})
        cluster.instance_in(state, chosen.id)["seen_at"] = None
        tell(cluster.hosts(), state, delays["topology_lag"], delays["dns_lag"])
    steps.add("told", topology_lag=delays["topology_lag"], dns_lag=delays["dns_lag"])
    follow(chosen, [r for r in readers if r.id != chosen.id], steps)
    if rejoin_after is not None:
        left = max(0.0, rejoin_after - (time.monotonic_ns() - steps[0]["monotonic_ns"]) / 1e9)
        if wait:
            time.sleep(left)
            bring_back(cluster, old.id, mode != "planned", steps, delays)
        else:
            schedule_start(cluster, old.id, left, delays)
    return {"mode": mode, "old_writer": old.id, "new_writer": chosen.id, "steps": list(steps)}
