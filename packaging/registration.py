# SPDX-License-Identifier: Apache-2.0
"""Adds or removes the entry [aurodbc] of the user's own ~/.odbcinst.ini, and touches no other line.

An entry of that name which this program did not write is somebody else's: it is left alone.
"""
import pathlib
import re
import sys

NAME = "aurodbc"
MARK = "; written by packaging/quickstart; packaging/quickstart --remove takes it away"
FILE = pathlib.Path.home() / ".odbcinst.ini"
SECTION = re.compile(rf"^\[{NAME}\]\n(?:(?!\[).*\n?)*", re.MULTILINE | re.IGNORECASE)


def without_own(text: str) -> str:
    """The text without our own section; somebody else's [aurodbc] ends the program."""
    found = SECTION.search(text)
    if found is None:
        return text
    if MARK not in found.group(0):
        sys.exit(f"quickstart: {FILE} already has an entry [{NAME}] that I did not write; I leave it alone. "
                 f"Rename or remove it, or use the DSN keyword Driver with the library's path.")
    return text[:found.start()] + text[found.end():]


def main(arguments: list[str]) -> None:
    text = without_own(FILE.read_text() if FILE.exists() else "")
    if arguments[:1] == ["add"]:
        if text and not text.endswith("\n"):
            text += "\n"
        text += f"[{NAME}]\n{MARK}\nDescription = ODBC driver for Aurora, RDS, PostgreSQL, MySQL and MariaDB\n" \
                f"Driver = {arguments[1]}\nThreading = 0\n"
        print(f"Registered the driver as [{NAME}] in {FILE}")
    else:
        print(f"Removed [{NAME}] from {FILE}")
    if text.strip():
        FILE.write_text(text)
    elif FILE.exists():
        FILE.unlink()


if __name__ == "__main__":
    main(sys.argv[1:])
