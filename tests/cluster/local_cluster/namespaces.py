# SPDX-License-Identifier: Apache-2.0
"""Namespaces: is this network our own, make it usable, let a process see the cluster's name server.

Names reach unmodified clients through a resolv.conf and an nsswitch.conf that are bind-mounted in a private mount
namespace. Nothing here touches the machine's own files or interfaces.
"""
import ctypes
import fcntl
import os
import socket
import struct
import subprocess
from pathlib import Path

from local_cluster.errors import ClusterError

SIOCGIFFLAGS = 0x8913
VETH = ("cluster0", "cluster1")
# Runs with $0 and $1 = the two files, then the command. A missing nsswitch.conf is glibc's default: files, dns.
MOUNT_AND_RUN = (
    'mount --bind "$0" /etc/resolv.conf && { [ ! -e /etc/nsswitch.conf ] || mount --bind "$1" /etc/nsswitch.conf; }'
    ' && shift && exec "$@"'
)


def network_id() -> str:
    return os.readlink("/proc/self/ns/net")


def _differs_from_an_ancestor(kind: str) -> bool:
    mine, pid = os.readlink(f"/proc/self/ns/{kind}"), os.getppid()
    while pid > 0:
        try:
            if os.readlink(f"/proc/{pid}/ns/{kind}") != mine:
                return True
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            return False
    return False


def _interfaces() -> set[str]:
    return {line.split(":")[0].strip() for line in Path("/proc/self/net/dev").read_text().splitlines()[2:]}


def in_own_network() -> bool:
    """True when this network namespace belongs to a test: no way out, or not the one our ancestors have."""
    return not _interfaces() - {"lo", *VETH} or _differs_from_an_ancestor("net")


def in_own_mounts() -> bool:
    """True when mounting here changes nothing for those who started us, as far as can be seen.

    Inside a user namespace ancestors cannot be looked at; there the kernel refuses what is not our own.
    """
    return _differs_from_an_ancestor("mnt") or Path("/proc/self/uid_map").read_text().split()[2] != "4294967295"


def prepare_network() -> None:
    """Bring lo up and add a veth pair, in an own namespace only.

    With nothing but lo, AI_ADDRCONFIG with AF_INET finds no address family and look-ups fail with EAI_NONAME.
    """
    if not in_own_network():
        return
    interfaces = _interfaces()
    commands = []
    if not _is_up("lo"):
        commands.append("ip link set lo up")
    if interfaces == {"lo"}:
        commands += [
            f"ip link add {VETH[0]} type veth peer name {VETH[1]}",
            f"ip addr add 10.255.255.1/30 dev {VETH[0]}",
            f"ip link set {VETH[0]} up",
            f"ip link set {VETH[1]} up",
        ]
    for command in commands:
        done = subprocess.run(command.split(), capture_output=True, text=True)
        if done.returncode and command.endswith("lo up"):
            raise ClusterError(f"The loopback interface is down and cannot be brought up: {done.stderr.strip()}")


def _is_up(interface: str) -> bool:
    # Not from /sys: it goes on showing the network namespace it was mounted in.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        answer = fcntl.ioctl(any_socket, SIOCGIFFLAGS, struct.pack("16sH14x", interface.encode(), 0))
    return bool(struct.unpack("16sH14x", answer)[1] & 1)


def exec_prefix(resolv_conf: str, nsswitch_conf: str) -> list[str]:
    """The words to put before a command so that it sees the cluster's names."""
    prefix = ["unshare", "--mount"]
    if os.geteuid() != 0:
        prefix = ["unshare", "--user", "--map-current-user", "--keep-caps", "--mount"]
    return [*prefix, "sh", "-c", MOUNT_AND_RUN, resolv_conf, nsswitch_conf]


def mount_names(resolv_conf: str, nsswitch_conf: str) -> None:
    """Make this very process, and all that shares its mount namespace, see the cluster's names."""
    if not in_own_mounts():
        raise ClusterError("Names are only mounted in an own mount namespace; run this under `unshare -n -m`.")
    libc = ctypes.CDLL(None, use_errno=True)
    for source, target in ((resolv_conf, "/etc/resolv.conf"), (nsswitch_conf, "/etc/nsswitch.conf")):
        if not os.path.exists(target):
            continue
        if libc.mount(source.encode(), target.encode(), None, 4096, None):
            raise ClusterError(f"{target} could not be mounted over: {os.strerror(ctypes.get_errno())}.")


def unmount_names() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    for target in ("/etc/resolv.conf", "/etc/nsswitch.conf"):
        libc.umount2(target.encode(), 2)
