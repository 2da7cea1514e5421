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
RULES = f"""
table ip {TABLE} {{
  set blackholed {{ type ipv4_addr; }}
  set refused {{ type ipv4_addr; }}
  chain input {{
    type filter hook input priority -10; policy accept;
    ip daddr @blackholed drop
    ip saddr @blackholed drop
    ip daddr @refused meta l4proto tcp reject with tcp reset
  }}
}}
"""


def _nft(text: str) -> subprocess.CompletedProcess:
    return subprocess.run(["nft", "-f", "-"], input=text, capture_output=True, text=True)


def _exists() -> bool:
    return subprocess.run(["nft", "list", "table", "ip", TABLE], capture_output=True).returncode == 0


def apply(kind: str, address: str) -> None:
    """`kind` is blackhole or refuse; an address has at most one of them."""
    if not namespaces.in_own_network():
        raise ClusterError("Packet rules are only made in an own network namespace; run all under `unshare -n -m`.")
    if not _exists():
        done = _nft(RULES)
        if done.returncode:
            raise ClusterError(f"nftables refused the rules: {done.stderr.strip().splitlines()[0]}")
    heal(address)
    done = _nft(f"add element ip {TABLE} {SETS[kind]} {{ {address} }}\n")
    if done.returncode:
        raise ClusterError(f"nftables refused the rule for {address}: {done.stderr.strip()}")


def heal(address: str) -> None:
    for name in SETS.values():
        _nft(f"delete element ip {TABLE} {name} {{ {address} }}\n")


def remove_table_if_empty() -> None:
    listed = subprocess.run(["nft", "list", "table", "ip", TABLE], capture_output=True, text=True)
    if listed.returncode == 0 and "elements" not in listed.stdout:
        _nft(f"delete table ip {TABLE}\n")
