# SPDX-License-Identifier: Apache-2.0
"""One DNS domain shared by one or more clusters: its directory, its name server process, its zones.

The first cluster starts the server, the last one that leaves ends it. Zone entries carry the time from which they hold.
"""
import json
import random
import secrets
import shutil
import sys
import time
from pathlib import Path

from local_cluster import processes
from local_cluster.errors import ClusterError
from local_cluster.home import base_directory, give_to_server, locked, server_account, write_file
from local_cluster.identity import bind_name_server

SERVER = Path(__file__).with_name("dns_server.py")
RECORD_TTL, READER_TTL = 5, 1


class Domain:
    def __init__(self, directory: Path):
        self.directory = Path(directory)

    @classmethod
    def create(cls, dice: random.Random) -> tuple["Domain", str]:
        """A new domain with its server; the address is "" where port 53 may not be bound."""
        domain = cls(base_directory() / "domains" / secrets.token_hex(5))
        (domain.directory / "zones").mkdir(parents=True)
        domain.directory.chmod(0o755)
        give_to_server(domain.directory)
        server = bind_name_server(dice)
        if server is None:
            return domain, ""
        with server:
            address = server.getsockname()[0]
            account = server_account()
            pid = processes.launch(
                [sys.executable, "-S", "-E", str(SERVER), str(domain.directory), str(server.fileno()),
                 *(str(account[k]) for k in ("user", "group") if account)],
                domain.directory / "server.log", pass_fds=[server.fileno()])
        write_file(domain.directory / "pid", str(pid))
        write_file(domain.directory / "resolv.conf", f"nameserver {address}\noptions timeout:1 attempts:2\n")
        write_file(domain.directory / "nsswitch.conf",
                   "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nservices: files\n")
        return domain, address

    def pid(self) -> int:
        try:
            pid = int((self.directory / "pid").read_text())
        except (OSError, ValueError):
            return 0
        return pid if processes.is_ours(pid, str(self.directory)) else 0

    def leave(self, cluster: str) -> None:
        """Take `cluster`'s zone away; the last one ends the server and removes the directory."""
        if not self.directory.exists():
            return
        (self.directory / "zones" / f"{cluster}.json").unlink(missing_ok=True)
        if not any((self.directory / "zones").glob("*.json")):
            self.destroy()

    def destroy(self) -> None:
        pid = self.pid()
        if pid:
            processes.signal_one(pid, 9)
            processes.wait_gone([pid], 5)
        shutil.rmtree(self.directory, ignore_errors=True)

    def edit_zone(self, cluster: str, names: dict | None = None, fault: tuple | None = None) -> None:
        """Add dated entries (name -> entry) and change the fault of one name (name, fault or None)."""
        with locked(self.directory / ".zones.lock"):
            path = self.directory / "zones" / f"{cluster}.json"
            zone = json.loads(path.read_text()) if path.exists() else {"names": {}, "faults": {}}
            for name, entry in (names or {}).items():
                zone["names"][name] = after_now(zone["names"].get(name, []), entry)
            if fault:
                zone["faults"].pop(fault[0], None)
                if fault[1]:
                    zone["faults"][fault[0]] = fault[1]
            write_file(path, json.dumps(zone))

    def knows(self, cluster: str) -> dict:
        path = self.directory / "zones" / f"{cluster}.json"
        return json.loads(path.read_text()) if path.exists() else {"names": {}, "faults": {}}

    def queries(self, name: str = "") -> list[dict]:
        """The questions that the server was asked, oldest first."""
        try:
            lines = (self.directory / "queries.jsonl").read_text().splitlines()
        except FileNotFoundError:
            return []
        asked = [json.loads(line) for line in lines if line.endswith("}")]
        return [q for q in asked if not name or q["name"] == name.lower()]

    def require_server(self) -> None:
        if not self.pid():
            raise ClusterError("This cluster has no name server: port 53 needs root or an own namespace "
                               "(`unshare --user --map-current-user --keep-caps -n -m`).")


def after_now(entries: list[dict], entry: dict) -> list[dict]:
    """`entries` without the outdated ones and without any later than `entry`, then `entry`."""
    now = time.time()
    current = [e for e in entries if e["from"] <= now]
    pending = [e for e in entries if now < e["from"] < entry["from"]]
    return [*([max(current, key=lambda e: e["from"])] if current else []), *pending, entry]
