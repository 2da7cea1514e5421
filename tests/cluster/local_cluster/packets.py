# SPDX-License-Identifier: Apache-2.0
"""Packet faults by nftables: drop (blackhole) or reset (refuse) what goes to an address; own network namespace only.

Input hook: dropping in the output hook gives EPERM to senders. A refused address has no rule for its own packets,
because the reset comes from it. Unix sockets are untouched, so a blackholed host can still be managed.
"""
import subprocess

from local_cluster import namespaces
from local_cluster.errors import ClusterError

TABLE = "aurodbc_cluster"
SETS = {"blackhole": "blackholed", "refuse": "refused"}
# Idempotent as a whole: tables, sets and chains are added only once, and the chain is filled anew.
RULES = f"""
add table ip {TABLE}
add set ip {TABLE} blackholed {{ type ipv4_addr; }}
add set ip {TABLE} refused {{ type ipv4_addr; }}
add chain ip {TABLE} input {{ type filter hook input priority -10; policy accept; }}
flush chain ip {TABLE} input
add rule ip {TABLE} input ip daddr @blackholed drop
add rule ip {TABLE} input ip saddr @blackholed drop
add rule ip {TABLE} input ip daddr @refused meta l4proto tcp reject with tcp reset
"""


def _nft(text: str) -> None:
    """One transaction: all of it or nothing."""
    done = subprocess.run(["nft", "-f", "-"], input=text, capture_output=True, text=True)
    if done.returncode:
        raise ClusterError(f"nftables refused the rules: {(done.stderr.strip() or 'no message').splitlines()[0]}")


def _without(address: str) -> str:
    # Deleting what is not there is an error, so it is added first.
    return "".join(f"{word} element ip {TABLE} {name} {{ {address} }}\n"
                   for name in SETS.values() for word in ("add", "delete"))


def apply(kind: str, address: str) -> None:
    """`kind` is blackhole or refuse; an address has at most one of them."""
    if not namespaces.in_own_network():
        raise ClusterError("Packet rules are only made in an own network namespace; run all under `unshare -n -m`.")
    _nft(RULES + _without(address) + f"add element ip {TABLE} {SETS[kind]} {{ {address} }}\n")


def heal(addresses: list[str]) -> None:
    """Let packets of `addresses` through again; the table goes with its last address."""
    if not namespaces.in_own_network():
        return
    _nft(RULES + "".join(_without(address) for address in addresses))
    listed = subprocess.run(["nft", "list", "table", "ip", TABLE], capture_output=True, text=True)
    if "elements" not in listed.stdout:
        _nft(f"delete table ip {TABLE}\n")
