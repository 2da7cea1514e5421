# SPDX-License-Identifier: Apache-2.0
"""Network, mount and process namespaces for a program with servers: nothing it starts survives it.

Comes in: tests/support/suite, packaging/tour.py. Goes on: the same program again, inside. There the
network is empty, /dev/shm and the temporary directory are its own, and the end of the program is the
end of every process it started.
"""
import ctypes
import os
import pathlib
import subprocess
import sys

INSIDE = "AURODBC_INSIDE_NAMESPACES"
SHARED_MEMORY = pathlib.Path("/dev/shm")


def _words() -> list[str]:
    """Without root the user keeps its own number: PostgreSQL and MariaDB refuse to be run by root."""
    user = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
    return ["unshare", *user, "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]


def are_allowed() -> bool:
    return subprocess.run([*_words(), "true"], capture_output=True).returncode == 0


def enter(refusal: str) -> None:
    """Runs this program again inside; ends it with `refusal` where the machine forbids that."""
    if os.environ.get(INSIDE) and os.getpid() == 1:
        _bring_up_network()
        _make_room()
        return
    if not are_allowed():
        sys.exit(refusal)
    words = [*_words(), sys.executable, *sys.argv]
    os.execvpe(words[0], words, dict(os.environ, **{INSIDE: "1"}))


def _bring_up_network() -> None:
    """Loopback, and an address beside it: with only lo, AI_ADDRCONFIG look-ups of IPv4 fail."""
    one, other = "cluster0", "cluster1"  # by these names tests/cluster knows that no way leads out of here
    for words in ("link set lo up", f"link add {one} type veth peer name {other}", f"address add 10.255.255.1/30 dev {one}",
                  f"link set {one} up", f"link set {other} up"):
        subprocess.run(["ip", *words.split()], check=True)


def _make_room() -> None:
    """An own /dev/shm with the temporary directory in it. By the system call: mount(8) wants user 0."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"tmpfs", os.fsencode(SHARED_MEMORY), b"tmpfs", 0, b"mode=1777") == 0:
        temporary = SHARED_MEMORY / "tmp"
        temporary.mkdir()
        temporary.chmod(0o1777)
        os.environ["TMPDIR"] = str(temporary)
