# SPDX-License-Identifier: Apache-2.0
"""A real local cluster that looks like Aurora: the class that tests and the command `cluster` use.

    with Cluster.up(name="orders") as cluster:
        cluster.failover("crash")["steps"]

All state is on disk, so a `Cluster` and the command may work on one home at the same time. README.md tells the rest.
"""
import json
import os
import random
import secrets
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from local_cluster import accounts, certificates, failover, identity, membership, namespaces  # noqa: E402
from local_cluster import packets, processes, telling  # noqa: E402
from local_cluster.domain import Domain  # noqa: E402
from local_cluster.engines import FLAVOURS, engine_of  # noqa: E402
from local_cluster.errors import ClusterError  # noqa: E402
from local_cluster.home import Home, base_directory, write_file  # noqa: E402
from local_cluster.host import Host  # noqa: E402

__all__ = ["Cluster", "ClusterError", "FLAVOURS"]


class Cluster:
    """A handle on the cluster in `home`; as a context manager it ends the cluster on exit."""

    def __init__(self, home):
        self.home = Home(home)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.down()

    # --- life ------------------------------------------------------------------------------------------------------

    @classmethod
    def up(cls, home=None, name: str = "", hosts: int = 3, flavour: str = "aurora-pg", domain: str = "",
           promote_delay: float = 0.0, topology_lag: float = 0.0, dns_lag: float = 0.0, tls: bool = False,
           seed=None, share_domain_of=None, owner: bool = True) -> "Cluster":
        """Start a cluster and return when all readers stream. Delays are seconds and defaults of `failover`.

        owner: the cluster is dead for `gc` when this process has ended.
        """
        engine = engine_of(flavour)
        if not 1 <= hosts <= 15:
            raise ClusterError("A cluster has 1 to 15 hosts.")
        begin = time.monotonic()
        seed = secrets.token_hex(4) if seed is None else str(seed)
        dice = random.Random(seed)
        name = name or f"db-{''.join(dice.choices(identity.WORDS, k=5))}"
        namespaces.prepare_network()
        template = engine.template_for(flavour)
        after_template = time.monotonic()
        cluster = cls(home or base_directory() / f"{name}-{secrets.token_hex(3)}")
        cluster.home.create()
        try:
            cluster._plan(dice, name, hosts, flavour, domain, tls, seed, share_domain_of,
                          {"promote_delay": promote_delay, "topology_lag": topology_lag, "dns_lag": dns_lag}, owner)
            cluster._start(template)
        except BaseException:
            cluster.down()
            raise
        with cluster.home.edit() as state:
            state["timings"] = {"template_s": round(after_template - begin, 3),
                                "up_s": round(time.monotonic() - begin, 3)}
        return cluster

    def _plan(self, dice, name, count, flavour, domain, tls, seed, share_domain_of, options, owner) -> None:
        """Decide names, addresses and domain, and write the state file."""
        run = base_directory() / "runs" / secrets.token_hex(6)
        write_file(run, json.dumps({"home": str(self.home.path), "starter": os.getpid(),
                                    "owner": os.getpid() if owner else 0}))
        self.home.write({"run": str(run), "flavour": flavour, "instances": [], "domain_directory": "", "packets": {},
                         "later": []})
        ids = identity.random_ids(dice, name, count)
        fresh_domain = identity.random_domain(dice)
        addresses, port = identity.free_addresses(dice, count)
        if share_domain_of:
            other = Home(share_domain_of).read()
            if name == other["name"]:
                raise ClusterError(f"The domain has a cluster named {name} already; give another --name.")
            directory, name_server, domain = Domain(other["domain_directory"]), other["dns_address"], other["domain"]
        else:
            directory, name_server = Domain.create(dice)
        domain = domain or fresh_domain
        instances = [
            {"id": i, "number": n, "endpoint": f"{i}.{domain}", "address": a, "port": port,
             "cpu": round(dice.uniform(1, 40), 1), "lag_ms": dice.randint(8, 30), "seen_at": None,
             "session_id": f"{dice.getrandbits(32):08x}-{dice.getrandbits(16):04x}-{dice.getrandbits(48):012x}"}
            for n, (i, a) in enumerate(zip(ids, addresses), 1)]
        self.home.write({
            "name": name, "flavour": flavour, "domain": domain, "port": port, "seed": seed, "moves": 0,
            "writer": ids[0], "last_number": count,
            "instances": sorted(instances, key=lambda i: i["id"]), "diverged": [], "packets": {}, "later": [],
            "domain_directory": str(directory.directory), "dns_address": name_server, "options": options, "tls": tls,
            "network": namespaces.network_id(), "run": str(run), "timings": {}})

    def _start(self, template: Path) -> None:
        state = self.home.read()
        hosts = self.hosts()
        if state["tls"]:
            certificates.make_authority(self.home.path / "tls")
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda host: self.create_host(host, template, state), hosts))
        telling.tell(hosts, state)
        writer = self.host(state["writer"])
        readers = [host for host in hosts if host.id != writer.id]
        writer.launch(None)
        for reader in readers:
            reader.launch(writer)
        for host in [writer, *readers]:
            host.wait_ready()
        if readers:
            if not writer.wait_followed_by(readers, 15):
                raise ClusterError("Not all readers followed the writer within 15 s.")
            writer.set_waiting(True)

    def create_host(self, host: Host, template: Path, state: dict) -> None:
        """Make the files of a host that is not started."""
        host.create(template, state["flavour"], state["tls"])
        if state["tls"]:
            names = [host.endpoint, telling.cluster_endpoint(state), telling.reader_endpoint(state)]
            certificates.make_server(self.home.path / "tls", host.directory, host.id, names, host.address)

    def down(self) -> dict:
        """End every process and remove every file, socket, rule and DNS record of this cluster. May be called twice."""
        begin = time.monotonic()
        if not self.home.exists:
            return {"home": str(self.home.path), "down_s": 0.0}
        state = self.home.read()
        for pid in state["later"]:
            if processes.is_ours(pid, str(self.home.path)):
                processes.signal_one(pid, 9)
        for host in self.hosts():
            host.kill()
        for pid in processes.find_programs(f"{self.home.path}/"):
            processes.wait_gone(processes.kill_family(pid), 5)
        if state["packets"] and state.get("network") == namespaces.network_id():
            packets.heal([host.address for host in self.hosts()])
        if state["domain_directory"]:
            Domain(state["domain_directory"]).leave(state.get("name", ""))
        shutil.rmtree(self.home.path, ignore_errors=True)
        Path(state["run"]).unlink(missing_ok=True)
        return {"home": str(self.home.path), "down_s": round(time.monotonic() - begin, 3)}

    @staticmethod
    def gc() -> dict:
        """End and remove what dead runs left: their owner has ended, or none of their processes lives."""
        from local_cluster import leftovers
        return leftovers.collect(Cluster)

    # --- looking ---------------------------------------------------------------------------------------------------

    @staticmethod
    def instance_in(state: dict, instance: str) -> dict:
        for candidate in state["instances"]:
            if instance in (candidate["id"], candidate["endpoint"]):
                return candidate
        known = ", ".join(i["id"] for i in state["instances"])
        raise ClusterError(f"There is no instance {instance} in this cluster; there are {known}.")

    def host(self, instance: str) -> Host:
        """A host by id or endpoint; `writer` and `reader` (some reader) are understood too."""
        state = self.home.read()
        if instance == "writer":
            instance = state["writer"]
        elif instance == "reader":
            instance = next((i["id"] for i in state["instances"] if i["id"] != state["writer"]), state["writer"])
        found = self.instance_in(state, instance)
        return engine_of(state["flavour"]).host(self.home.path / found["id"], found)

    def hosts(self) -> list[Host]:
        return self.hosts_of(self.home.read())

    def hosts_of(self, state: dict) -> list[Host]:
        host = engine_of(state["flavour"]).host
        return [host(self.home.path / i["id"], i) for i in state["instances"]]

    @property
    def writer(self) -> str:
        """The id of the true writer at this moment."""
        return self.home.read()["writer"]

    @property
    def readers(self) -> list[str]:
        state = self.home.read()
        return [i["id"] for i in state["instances"] if i["id"] != state["writer"]]

    def describe(self) -> dict:
        """Everything a client needs to know; the JSON that `up` prints."""
        state = self.home.read()
        directory = Path(state["domain_directory"])
        files = [str(directory / "resolv.conf"), str(directory / "nsswitch.conf")]
        has_dns = bool(state["dns_address"])
        return {
            "home": str(self.home.path), "name": state["name"], "flavour": state["flavour"], "domain": state["domain"],
            "host_pattern": f"?.{state['domain']}", "port": state["port"], "seed": state["seed"],
            "user": accounts.USER, "password": accounts.PASSWORD, "database": accounts.DATABASE,
            "cleartext_user": accounts.CLEARTEXT_USER, "cleartext_password": accounts.CLEARTEXT_PASSWORD,
            "cluster_endpoint": telling.cluster_endpoint(state), "reader_endpoint": telling.reader_endpoint(state),
            "writer": state["writer"], "instance_ids": [i["id"] for i in state["instances"]],
            "instances": [
                {"id": i["id"], "endpoint": i["endpoint"], "address": i["address"], "port": i["port"],
                 "role": "writer" if i["id"] == state["writer"] else "reader",
                 "socket_dir": str(self.home.path / i["id"]), "log": str(self.home.path / i["id"] / "log")}
                for i in state["instances"]],
            "dns": {"address": state["dns_address"], "port": 53, "resolv_conf": files[0], "nsswitch_conf": files[1],
                    "query_log": str(directory / "queries.jsonl")} if has_dns else None,
            "exec_prefix": namespaces.exec_prefix(*files) if has_dns else None,
            "tls": {"ca": str(self.home.path / "tls" / "ca.crt")} if state["tls"] else None,
            "options": state["options"], "timings": state["timings"]}

    def status(self) -> dict:
        """`describe` and, per instance, its condition, packet fault, own view of its role, and what it tells."""
        result = self.describe()
        faults = self.home.read()["packets"]
        for instance in result["instances"]:
            host = self.host(instance["id"])
            instance["condition"] = host.condition()
            instance["packets"] = faults.get(host.id, "normal")
            instance["told"] = telling.told_by(host)
            instance["in_recovery"] = None
            if instance["condition"] == "running":
                try:
                    instance["in_recovery"] = host.is_reader(timeout=1)
                except ClusterError as error:
                    instance["error"] = str(error)
        return result

    # --- what happens to it ----------------------------------------------------------------------------------------

    def _delays(self, **given) -> dict:
        options = self.home.read()["options"]
        return {key: options[key] if value is None else value for key, value in given.items()}

    def failover(self, mode: str = "planned", to: str | None = None, rejoin_after: float | None = 0.0,
                 wait: bool = True, promote_delay=None, topology_lag=None, dns_lag=None) -> dict:
        """Move the writer's role. mode: planned, crash, freeze or blackhole (what happens to the old writer).

        rejoin_after: seconds after the fault at which the old writer comes back as a reader; None = never.
        wait: False returns as soon as the readers follow; the rejoin then goes on in a process of its own.
        Returns mode, old_writer, new_writer and the timed steps; the first step is the fault.
        """
        if mode not in failover.MODES:
            raise ClusterError(f"There is no mode {mode}; known are {', '.join(failover.MODES)}.")
        delays = self._delays(promote_delay=promote_delay, topology_lag=topology_lag, dns_lag=dns_lag)
        with self.home.alone("this failover"):
            return failover.run(self, mode, self.host(to).id if to else None, rejoin_after, wait, delays)

    def stop_waiting_for(self, lost: str) -> None:
        """Before the last running reader goes: commits must not wait for nobody."""
        state = self.home.read()
        writer = self.host(state["writer"])
        others = [h for h in self.hosts() if h.id not in (lost, writer.id) and h.condition() == "running"]
        if lost != writer.id and not others and writer.condition() == "running":
            writer.set_waiting(False)

    def crash(self, instance: str) -> dict:
        """kill -9 of all processes of one host; nothing is promoted."""
        host = self.host(instance)
        self.stop_waiting_for(host.id)
        with self.home.edit() as state:
            self.instance_in(state, host.id)["seen_at"] = time.time()
            steps = failover.Steps()
            failover.strike(host, "crash", steps, state)
            telling.tell(self.hosts(), state)
        return {"instance": host.id, "condition": host.condition(), "steps": list(steps)}

    def start(self, instance: str, after: float = 0.0, topology_lag=None, dns_lag=None) -> dict:
        """Start a stopped host: the writer as it is (crash recovery), any other as a reader of the writer."""
        time.sleep(after)
        host = self.host(instance)
        steps = failover.Steps()
        with self.home.alone("this start"):
            steps.add("begin", instance=host.id)
            state = self.home.read()
            if host.condition() == "running" and host.id == state["writer"]:
                raise ClusterError(f"Host {host.id} runs already.")
            if host.id == state["writer"]:
                self._restart_writer(host)
                steps.add("restarted", instance=host.id)
            else:
                delays = self._delays(topology_lag=topology_lag, dns_lag=dns_lag)
                failover.bring_back(self, host.id, host.id in state["diverged"], steps, delays)
        return {"instance": host.id, "condition": host.condition(), "steps": list(steps)}

    def _restart_writer(self, host: Host) -> None:
        host.kill()
        host.launch(None)
        host.wait_ready()
        readers = [h for h in self.hosts() if h.id != host.id and h.condition() == "running"]
        for reader in readers:
            reader.follow(host)
        if readers and host.wait_followed_by(readers, 10):
            host.set_waiting(True)
        with self.home.edit() as state:
            self.instance_in(state, host.id)["seen_at"] = None
            telling.tell(self.hosts(), state)

    def freeze(self, instance: str) -> dict:
        """SIGSTOP of all processes of one host: it accepts connections (the kernel does) and says nothing."""
        host = self.host(instance)
        self.stop_waiting_for(host.id)
        host.freeze()
        return {"instance": host.id, "condition": host.condition()}

    def thaw(self, instance: str) -> dict:
        host = self.host(instance)
        host.thaw()
        writer = self.host("writer")
        if host.id != writer.id and writer.condition() == "running" and writer.wait_followed_by([host], 2):
            writer.set_waiting(True)
        return {"instance": host.id, "condition": host.condition()}

    def blackhole(self, instance: str) -> dict:
        """Drop every packet from and to one host's address. Own network namespace only."""
        return self._packets(instance, "blackhole")

    def refuse(self, instance: str) -> dict:
        """Answer every TCP packet to one host's address with a reset. Own network namespace only."""
        return self._packets(instance, "refuse")

    def heal(self, instance: str) -> dict:
        return self._packets(instance, "")

    def _packets(self, instance: str, kind: str) -> dict:
        host = self.host(instance)
        if self.home.read()["network"] != namespaces.network_id():
            raise ClusterError("This cluster runs in another network namespace; call this from inside that one.")
        if kind:
            packets.apply(kind, host.address)
        else:
            packets.heal([host.address])
        with self.home.edit() as state:
            state["packets"].pop(host.id, None)
            if kind:
                state["packets"][host.id] = kind
        return {"instance": host.id, "packets": kind or "normal"}

    def add(self, topology_lag=None, dns_lag=None) -> dict:
        """A new reader joins: it copies the writer's data, then hosts and DNS tell of it. Returns its id."""
        with self.home.alone("this addition"):
            return membership.add(self, self._delays(topology_lag=topology_lag, dns_lag=dns_lag))

    def remove(self, instance: str, topology_lag=None, dns_lag=None) -> dict:
        """A reader leaves for good; hosts and DNS tell so."""
        with self.home.alone("this removal"):
            return membership.remove(self, instance, self._delays(topology_lag=topology_lag, dns_lag=dns_lag))

    def do_to_all(self, verb: str) -> dict:
        """`crash`, `start`, `freeze`, `thaw`, `blackhole`, `refuse` or `heal` of every host; readers first, but the
        writer starts first: readers need one to follow.
        """
        readers, writer = self.readers, [self.writer]
        order = [*writer, *readers] if verb in ("start", "thaw") else [*readers, *writer]
        return {"verb": verb, "instances": [getattr(self, verb)(instance) for instance in order]}

    # --- what it says ----------------------------------------------------------------------------------------------

    def topology(self, instance: str) -> dict:
        """What one host tells at this moment."""
        host = self.host(instance)
        return {"instance": host.id, "told": telling.told_by(host), "override": "override" in telling.read_facts(host)}

    def set_topology(self, instance: str, rows: list[dict] | None) -> dict:
        """Make one host tell `rows` (server_id, writer, cpu, lag_ms, age_s, ...); None: the truth again."""
        telling.override(self.host(instance), rows)
        return self.topology(instance)

    def keep_topology(self, instance: str) -> dict:
        """Let one host go on telling what it tells now, whatever happens: a stale topology."""
        host = self.host(instance)
        host.write_facts(telling.read_facts(host)["told"], telling.told_by(host))
        return self.topology(instance)

    def full_name(self, name: str) -> str:
        """`cluster`, `reader`, an instance id or a full name -> the DNS name."""
        state = self.home.read()
        short = {"cluster": telling.cluster_endpoint(state), "reader": telling.reader_endpoint(state),
                 **{i["id"]: i["endpoint"] for i in state["instances"]}}
        return short.get(name, name).lower()

    def dns(self, name: str, fault: str | None = None, address: str = "") -> dict:
        """Change what DNS says of one name. fault: set (with address), servfail, silent, nxdomain; None = the truth."""
        state = self.home.read()
        full = self.full_name(name)
        domain = Domain(state["domain_directory"])
        domain.require_server()
        if full not in domain.knows(state["name"])["names"]:
            raise ClusterError(f"{full} is not a name of this cluster.")
        if fault == "set":
            try:
                address = self.host(address).address
            except ClusterError:
                pass
            if len(address.split(".")) != 4 or not all(p.isdigit() and int(p) < 256 for p in address.split(".")):
                raise ClusterError(f"{address} is neither an IPv4 address nor an instance of this cluster.")
        domain.edit_zone(state["name"], fault=(full, {"kind": fault, "address": address} if fault else None))
        return {"name": full, "fault": fault, "address": address or None}

    def dns_queries(self, name: str = "") -> list[dict]:
        """Questions asked so far, of one name or of all: time, name, type, code, address, fault."""
        return Domain(self.home.read()["domain_directory"]).queries(self.full_name(name) if name else "")

    # --- clients ---------------------------------------------------------------------------------------------------

    def exec_prefix(self) -> list[str]:
        """Words to put before a command so that it resolves this cluster's names."""
        Domain(self.home.read()["domain_directory"]).require_server()
        return self.describe()["exec_prefix"]

    def run(self, command: list[str], **options) -> subprocess.CompletedProcess:
        """subprocess.run of `command` seeing the cluster's names."""
        return subprocess.run([*self.exec_prefix(), *command], **options)

    def mount_names(self) -> None:
        """Let this process resolve the names itself; only in an own mount namespace. Undo with `unmount_names`."""
        Domain(self.home.read()["domain_directory"]).require_server()
        dns = self.describe()["dns"]
        namespaces.mount_names(dns["resolv_conf"], dns["nsswitch_conf"])

    @staticmethod
    def unmount_names() -> None:
        namespaces.unmount_names()
