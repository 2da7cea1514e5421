# SPDX-License-Identifier: Apache-2.0
"""Processes by pid: is it alive, who are its children, stop all of them at once, end all of them.

A pid is only trusted together with a marker (a path) that its command line must hold: pids are reused.
"""
import ctypes
import os
import signal
import subprocess
import time
from pathlib import Path

from local_cluster.errors import ClusterError


PROGRAMS = ("postgres", "pg_rewind", "pg_basebackup", "mariadbd")
LAUNCH = '"$@" >>"$0" 2>&1 </dev/null & echo $!'


def launch(command: list[str], log: Path, **options) -> int:
    """Start a program in a session of its own that outlives us, its output appended to `log`. Returns its pid.

    The shell between makes init its parent, so that nobody here has to wait for it.
    """
    done = subprocess.run(["/bin/sh", "-c", LAUNCH, str(log), *command], start_new_session=True, capture_output=True,
                          text=True, cwd="/", **options)
    if done.returncode or not done.stdout.strip():
        raise ClusterError(f"{command[0]} could not be started: {done.stderr.strip()}")
    pid = int(done.stdout)
    # Until the shell's child has executed the program, its command line is still the shell's.
    end = time.monotonic() + 1
    while is_ours(pid, LAUNCH) and time.monotonic() < end:
        time.sleep(0.0005)
    return pid


def state_of(pid: int) -> str:
    """The state letter of /proc (R, S, T stopped, ...); "" when the process is gone or a zombie."""
    try:
        letter = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return ""
    return "" if letter in "ZX" else letter


def is_ours(pid: int, marker: str) -> bool:
    """True when `pid` lives and its command line holds `marker`."""
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return bool(state_of(pid)) and marker.encode() in line


def children_of(pid: int) -> list[int]:
    try:
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        pass
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid:
                found.append(int(entry.name))
    return found


def signal_one(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def freeze_family(pid: int) -> list[int]:
    """SIGSTOP to `pid` first, so that it forks no more, then to its children. Returns all of them."""
    signal_one(pid, signal.SIGSTOP)
    while state_of(pid) not in ("T", "t", ""):
        time.sleep(0.0002)
    children = children_of(pid)
    for child in children:
        signal_one(child, signal.SIGSTOP)
    return [pid, *children]


def thaw_family(pid: int) -> None:
    for one in [*children_of(pid), pid]:
        signal_one(one, signal.SIGCONT)


def kill_family(pid: int) -> list[int]:
    """kill -9 to `pid` and all its children; each backend leads its own session, so killpg would miss them."""
    family = freeze_family(pid)
    for one in family:
        signal_one(one, signal.SIGKILL)
    return family


def wait_gone(pids: list[int], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while any(state_of(pid) for pid in pids):
        if time.monotonic() > end:
            return False
        time.sleep(0.001)
    reap(pids)
    return True


def reap(pids: list[int]) -> None:
    """Collect those that happen to be our own children."""
    for pid in pids:
        try:
            os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            pass


def find_programs(marker: str, programs: tuple = PROGRAMS) -> list[int]:
    """Living processes of those programs whose command line holds `marker`; never a client that merely names a file."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if os.path.basename(words[0].decode(errors="replace")) in programs and is_ours(int(entry.name), marker):
            found.append(int(entry.name))
    return found


def remove_shared_memory(segment: int) -> None:
    """Remove the System V segment that a killed postmaster leaves behind."""
    ctypes.CDLL(None).shmctl(segment, 0, None)
