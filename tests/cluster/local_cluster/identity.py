# SPDX-License-Identifier: Apache-2.0
"""What a cluster is called: random names in the form AWS gives them, free addresses of 127/8, a free port.

A seed repeats ids, domain and the reader that is promoted; addresses too, unless something listens there.
"""
import base64
import hashlib
import random
import socket
import string

from local_cluster.errors import ClusterError

REGIONS = ("us-east-1", "us-west-2", "eu-central-1", "eu-west-3", "ap-northeast-1", "sa-east-1", "ca-central-1")
WORDS = string.ascii_lowercase + string.digits


def random_domain(dice: random.Random) -> str:
    unique = dice.choice(string.ascii_lowercase) + "".join(dice.choices(WORDS, k=11))
    return f"{unique}.{dice.choice(REGIONS)}.rds.amazonaws.com"


def random_ids(dice: random.Random, name: str, count: int) -> list[str]:
    ids = set()
    while len(ids) < count:
        ids.add(f"{name}-{''.join(dice.choices(WORDS, k=6))}")
    ids = sorted(ids)
    dice.shuffle(ids)
    return ids


def resource_id(instance: str) -> str:
    """RDS's own id of an instance: another one than its name, and always the same."""
    return "db-" + base64.b32encode(hashlib.sha256(instance.encode()).digest())[:26].decode()


def _is_free(address: str, port: int, kind: int = socket.SOCK_STREAM) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def free_addresses(dice: random.Random, count: int) -> tuple[list[str], int]:
    """`count` addresses and one port, below the ephemeral range, that is free on all of them."""
    for _ in range(100):
        prefix = f"127.{dice.randint(16, 250)}.{dice.randint(0, 255)}"
        addresses = [f"{prefix}.{last}" for last in dice.sample(range(1, 255), count)]
        port = dice.randint(10000, 28000)
        if all(_is_free(address, port) for address in addresses):
            return addresses, port
    raise ClusterError("No free address and port was found on 127.0.0.0/8; is the loopback interface up?")


def free_address_beside(dice: random.Random, taken: list[str], port: int) -> str:
    """One more address of the same network with that port free."""
    prefix = taken[0].rpartition(".")[0]
    for last in dice.sample(range(1, 255), 254):
        address = f"{prefix}.{last}"
        if address not in taken and _is_free(address, port):
            return address
    raise ClusterError(f"No address of {prefix}.0/24 has port {port} free.")


def bind_name_server(dice: random.Random) -> socket.socket | None:
    """A UDP socket on port 53 of some 127.0.x.y; None where port 53 may not be bound (no root, no namespace)."""
    for _ in range(100):
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            server.bind((f"127.0.{dice.randint(10, 250)}.{dice.randint(2, 254)}", 53))
            return server
        except PermissionError:
            server.close()
            return None
        except OSError:
            server.close()
    raise ClusterError("No address of 127.0.0.0/16 has a free port 53 for the name server.")
