# SPDX-License-Identifier: Apache-2.0
"""The command line of `cluster`: each verb is one call of the class Cluster; JSON on stdout, errors on stderr."""
import argparse
import json
import os
import sys
from pathlib import Path

from local_cluster.engines import FLAVOURS
from local_cluster.errors import ClusterError
from local_cluster.failover import MODES
from local_cluster.home import STATE_FILE, base_directory

FOR_ALL = ("crash", "start", "freeze", "thaw", "blackhole", "refuse", "heal")


def the_home(given: str | None) -> Path:
    """--home, else the only cluster under the base directory."""
    if given:
        return Path(given)
    homes = [p.parent for p in base_directory().glob(f"*/{STATE_FILE}")]
    if len(homes) != 1:
        raise ClusterError("Say which cluster with --home; there are: " + (", ".join(map(str, homes)) or "none") + ".")
    return homes[0]


def seconds_or_never(text: str) -> float | None:
    return None if text == "never" else float(text)


def add_lags(verb: argparse.ArgumentParser, default: float | None) -> None:
    verb.add_argument("--topology-lag", type=float, default=default, metavar="S", help="promotion to hosts telling it")
    verb.add_argument("--dns-lag", type=float, default=default, metavar="S", help="promotion to DNS saying it")


def new_verb(verbs, name: str, text: str, instance: bool = False) -> argparse.ArgumentParser:
    added = verbs.add_parser(name, help=text, description=text)
    added.add_argument("--home", metavar="DIR", help="the cluster's directory")
    if instance:
        added.add_argument("instance", help="an instance id, an endpoint, or: writer, reader; all, where that makes sense")
    return added


def add_life_verbs(verbs) -> None:
    up = new_verb(verbs, "up", "start a cluster and print how to reach it")
    up.add_argument("--name", default="")
    up.add_argument("--hosts", type=int, default=3)
    up.add_argument("--flavour", default="aurora-pg", help="one of " + ", ".join(FLAVOURS))
    up.add_argument("--domain", default="", help="<xyz>.<region>.rds.amazonaws.com; random by default")
    up.add_argument("--promote-delay", type=float, default=0.0, metavar="S", help="fault to promotion")
    add_lags(up, 0.0)
    up.add_argument("--tls", action="store_true", help="a certificate for every host")
    up.add_argument("--seed", help="repeat ids, domain and the choice of readers")
    up.add_argument("--share-domain-of", metavar="HOME", help="join the DNS domain of another cluster")
    new_verb(verbs, "down", "end the cluster and remove all of it")
    new_verb(verbs, "status", "what runs, who is writer, what each host tells")
    new_verb(verbs, "gc", "remove what dead runs left")
    run = new_verb(verbs, "exec", "run a command that resolves the cluster's names: exec --home DIR -- cmd ...")
    run.add_argument("command", nargs=argparse.REMAINDER)


def add_fault_verbs(verbs) -> None:
    move = new_verb(verbs, "failover", "make a reader the writer")
    move.add_argument("--mode", choices=MODES, default="planned")
    move.add_argument("--to", metavar="INSTANCE")
    move.add_argument("--rejoin-after", type=seconds_or_never, default=0.0, metavar="S|never")
    move.add_argument("--no-wait", action="store_true", help="return before the old writer is back")
    move.add_argument("--promote-delay", type=float, metavar="S", help="fault to promotion")
    add_lags(move, None)
    for name, text in (("crash", "kill -9 all processes of a host"), ("freeze", "SIGSTOP all processes of a host"),
                       ("thaw", "SIGCONT them"), ("blackhole", "drop a host's packets (own network namespace)"),
                       ("refuse", "reset a host's connections (own network namespace)"),
                       ("heal", "let packets through again")):
        new_verb(verbs, name, text, instance=True)
    add_lags(new_verb(verbs, "add", "a new reader joins the cluster"), None)
    add_lags(new_verb(verbs, "remove", "a reader leaves for good", instance=True), None)
    start = new_verb(verbs, "start", "start a stopped host", instance=True)
    start.add_argument("--after", type=float, default=0.0, metavar="S")
    add_lags(start, None)


def add_telling_verbs(verbs) -> None:
    topology = new_verb(verbs, "topology", "show or change what one host tells", instance=True)
    what = topology.add_mutually_exclusive_group()
    what.add_argument("--set", metavar="JSON", help='rows: [{"server_id": "a", "writer": true}, ...]')
    what.add_argument("--keep", action="store_true", help="go on telling what it tells now")
    what.add_argument("--reset", action="store_true")
    dns = new_verb(verbs, "dns", "show the questions asked for a name, or change what DNS says of it")
    dns.add_argument("name", help="cluster, reader, an instance id or a full name")
    what = dns.add_mutually_exclusive_group()
    what.add_argument("--set", metavar="ADDR", help="an IPv4 address or an instance")
    for fault in ("servfail", "silent", "nxdomain"):
        what.add_argument(f"--{fault}", dest="fault", action="store_const", const=fault)
    what.add_argument("--reset", action="store_true")


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cluster", description="A real local cluster that looks like Aurora.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    add_life_verbs(verbs)
    add_fault_verbs(verbs)
    add_telling_verbs(verbs)
    return parser


def execute(cluster, words: list[str]) -> None:
    command = words[1:] if words[:1] == ["--"] else words
    if not command:
        raise ClusterError("exec needs a command after `--`.")
    full = [*cluster.exec_prefix(), *command]
    sys.stdout.flush()
    try:
        os.execvp(full[0], full)
    except OSError as error:
        raise ClusterError(f"{full[0]} could not be run: {error.strerror}.") from error


def change_topology(cluster, options) -> dict:
    if options.set is not None:
        try:
            rows = json.loads(options.set)
        except ValueError as error:
            raise ClusterError(f"--set is not JSON: {error}.") from error
        if not isinstance(rows, list):
            raise ClusterError("--set wants a JSON list of rows.")
        return cluster.set_topology(options.instance, rows)
    if options.keep:
        return cluster.keep_topology(options.instance)
    return cluster.set_topology(options.instance, None) if options.reset else cluster.topology(options.instance)


def change_dns(cluster, options) -> dict:
    if options.set:
        return cluster.dns(options.name, "set", options.set)
    if options.fault or options.reset:
        return cluster.dns(options.name, options.fault)
    return {"name": cluster.full_name(options.name), "queries": cluster.dns_queries(options.name)}


def perform(cluster_class, options) -> dict | None:
    if options.verb == "gc":
        return cluster_class.gc()
    if options.verb == "up":
        return cluster_class.up(
            options.home, options.name, options.hosts, options.flavour, options.domain, options.promote_delay,
            options.topology_lag, options.dns_lag, options.tls, options.seed, options.share_domain_of,
            owner=False).describe()
    cluster = cluster_class(the_home(options.home))
    if options.verb == "exec":
        return execute(cluster, options.command)
    if options.verb == "failover":
        return cluster.failover(options.mode, options.to, options.rejoin_after, not options.no_wait,
                                options.promote_delay, options.topology_lag, options.dns_lag)
    if options.verb == "add":
        return cluster.add(options.topology_lag, options.dns_lag)
    if options.verb == "remove":
        return cluster.remove(options.instance, options.topology_lag, options.dns_lag)
    if options.verb in FOR_ALL and options.instance == "all":
        return cluster.do_to_all(options.verb)
    if options.verb == "start":
        return cluster.start(options.instance, options.after, options.topology_lag, options.dns_lag)
    if options.verb == "topology":
        return change_topology(cluster, options)
    if options.verb == "dns":
        return change_dns(cluster, options)
    if options.verb in ("down", "status"):
        if not cluster.home.exists:
            raise ClusterError(f"There is no cluster in {cluster.home.path}.")
        return getattr(cluster, options.verb)()
    return getattr(cluster, options.verb)(options.instance)


def main(cluster_class) -> int:
    options = build_parser().parse_args()
    try:
        print(json.dumps(perform(cluster_class, options), indent=1), flush=True)
    except ClusterError as error:
        print(f"cluster: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"cluster: {error.filename or 'The system'}: {error.strerror or error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("cluster: Interrupted.", file=sys.stderr)
        return 130
    return 0
