#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that no committed text names a place of the machine it was written on: home directories and
checkouts. Only the system's own places (/etc, /usr, /tmp, /proc, ...) mean the same everywhere.

Comes in: ctest, or by hand. `--self-test` shows that it can fail.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
# Written in pieces, so that this file does not name them itself.
PLACES = ["/" + "work", "/" + "root", "/" + "home", "/" + "Users", "/" + "workspace", "/" + "mnt/data"]
NAMED = re.compile(r"(?<![\w./$}~-])(" + "|".join(PLACES) + r")/[\w.]")
# file, text of the line, why it is no place of one machine
ALLOWED: list[tuple[str, str, str]] = []


def committed(root: pathlib.Path) -> list[pathlib.Path]:
    """What git tracks, and everything where there is no git (a source archive, the self-test)."""
    answer = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True)
    if answer.returncode == 0 and (root / ".git").exists():
        return [root / name for name in answer.stdout.decode().split("\0") if name]
    return [file for file in sorted(root.rglob("*")) if file.is_file() and "build" not in file.parts]


def findings(root: pathlib.Path) -> list[str]:
    result = []
    for file in committed(root):
        if not file.is_file():
            continue
        content = file.read_bytes()
        if b"\0" in content[:8000]:
            continue
        path = file.relative_to(root).as_posix()
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            match = NAMED.search(line)
            if match and not any(path == f and re.search(t, line) for f, t, _ in ALLOWED):
                result.append(f"{path}:{number}: '{match[1]}/...' is a place of one machine: {line.strip()[:100]}")
    return result


def self_test() -> list[str]:
    result = []
    cases = [(f"see {place}/x/file.txt", True) for place in PLACES]
    cases += [(f'path = "{PLACES[0]}/x"', True), ("see /etc/odbcinst.ini", False),
              ("https://example.com" + PLACES[2] + "/page", False), ("src" + PLACES[0] + "/x", False),
              ("${X}" + PLACES[2] + "/y", False), ("a " + PLACES[1] + " b", False)]
    for line, expected in cases:
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "x.txt").write_text(line + "\n", encoding="utf-8")
            if bool(findings(pathlib.Path(folder))) != expected:
                result.append(f"self-test: {line!r} should {'' if expected else 'not '}be found")
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=pathlib.Path, default=SOURCE)
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    result = self_test() if arguments.self_test else findings(arguments.source)
    print("\n".join(result) or "no machine paths: sound")
    return 1 if result else 0


if __name__ == "__main__":
    sys.exit(main())
