# SPDX-License-Identifier: Apache-2.0
"""The name server of one domain: a program, started with a bound UDP socket and the domain's directory.

It reads zones/*.json whenever they change (names.py writes them), answers CNAME chains as AWS does, obeys faults per
name, and appends one line per question to queries.jsonl. Entries are dated: a record changes when its time has come.
"""
import json
import os
import random
import socket
import struct
import sys
import time
from pathlib import Path

A, CNAME, AAAA = 1, 5, 28
KINDS = {A: "A", CNAME: "CNAME", AAAA: "AAAA"}
NOERROR, SERVFAIL, NXDOMAIN = 0, 2, 3


class Zones:
    """All zones of the domain, merged; read anew when a file changes."""

    def __init__(self, directory: Path):
        self._directory = directory
        self._seen = None
        self.names, self.faults = {}, {}

    def refresh(self) -> None:
        files = sorted(self._directory.glob("*.json"))
        stamps = [(str(f), f.stat().st_mtime_ns, f.stat().st_ino) for f in files]
        if stamps == self._seen:
            return
        names, faults = {}, {}
        for file in files:
            zone = json.loads(file.read_text())
            names.update(zone["names"])
            faults.update(zone["faults"])
        self._seen, self.names, self.faults = stamps, names, faults

    def record(self, name: str):
        """The entry of `name` in force now; None when there is no such name."""
        now = time.time()
        dated = [entry for entry in self.names.get(name, []) if entry["from"] <= now]
        return max(dated, key=lambda entry: entry["from"]) if dated else None


def encode_name(name: str) -> bytes:
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def read_question(packet: bytes) -> tuple[str, int, bytes]:
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1 : at + 1 + packet[at]].decode("ascii", "replace"))
        at += packet[at] + 1
    return ".".join(labels).lower(), struct.unpack("!H", packet[at + 1 : at + 3])[0], packet[12 : at + 5]


def resolve(zones: Zones, name: str, kind: int) -> tuple[int, list, str]:
    """Result code, answer records (name, type, ttl, data) and a fault's name for the log."""
    answers = []
    for _ in range(8):
        fault = zones.faults.get(name)
        if fault and fault["kind"] != "set":
            return {"servfail": SERVFAIL, "nxdomain": NXDOMAIN}.get(fault["kind"], -1), [], fault["kind"]
        entry = {"a": fault["address"], "ttl": 5} if fault else zones.record(name)
        if not entry or "gone" in entry:
            return (NOERROR if answers else NXDOMAIN), answers, ""
        if "a" in entry:
            if kind == A:
                answers.append((name, A, entry["ttl"], socket.inet_aton(entry["a"])))
            return NOERROR, answers, ""
        target = random.choice(entry["cname"])
        answers.append((name, CNAME, entry["ttl"], encode_name(target)))
        if kind == CNAME:
            return NOERROR, answers, ""
        name = target
    return SERVFAIL, [], "loop"


def build(packet: bytes, question: bytes, code: int, answers: list) -> bytes:
    recursion = struct.unpack("!H", packet[2:4])[0] & 0x0100
    head = struct.pack("!HHHHHH", struct.unpack("!H", packet[:2])[0], 0x8480 | recursion | code, 1, len(answers), 0, 0)
    body = b"".join(
        encode_name(name) + struct.pack("!HHIH", kind, 1, ttl, len(data)) + data for name, kind, ttl, data in answers)
    return head + question + body


def last_address(answers: list) -> str:
    return socket.inet_ntoa(answers[-1][3]) if answers and answers[-1][1] == A else ""


def become(account: list[int]) -> None:
    """Give root up. Only now: the interpreter may be one that only root can execute."""
    if account:
        os.setgroups([])
        os.setgid(account[1])
        os.setuid(account[0])


def serve(server: socket.socket, directory: Path, account: list[int]) -> None:
    zones = Zones(directory / "zones")
    with open(directory / "queries.jsonl", "a", buffering=1) as log:
        become(account)
        while True:
            packet, client = server.recvfrom(4096)
            try:
                name, kind, question = read_question(packet)
                zones.refresh()
                code, answers, fault = resolve(zones, name, kind)
            except (IndexError, struct.error, OSError, ValueError):
                continue
            log.write(json.dumps({"time": time.time(), "name": name, "type": KINDS.get(kind, str(kind)), "code": code,
                                  "address": last_address(answers), "fault": fault}) + "\n")
            if code >= 0:
                server.sendto(build(packet, question, code, answers), client)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[2])), Path(sys.argv[1]), [int(n) for n in sys.argv[3:]])
