# SPDX-License-Identifier: Apache-2.0
"""Adds or removes the entries [aurodbc] and [aurodbc MySQL] of the user's own ~/.odbcinst.ini, and touches no other byte.

An entry of these names which this program did not write is somebody else's: it is left alone.
    registration.py check | add LIBRARY | remove
"""
import pathlib
import re
import sys

ENTRIES = {"aurodbc": "", "aurodbc MySQL": "engine = mysql\n"}
NAMES = "|".join(ENTRIES)
SHOWN = " and ".join(f"[{name}]" for name in ENTRIES)
MARK = "; written by packaging/quickstart; packaging/quickstart --remove takes it away"
FILE = pathlib.Path.home() / ".odbcinst.ini"
ANY_SECTION = re.compile(rf"^[ \t]*\[[ \t]*(?:{NAMES})[ \t]*\]", re.MULTILINE | re.IGNORECASE)
OWN_SECTION = re.compile(rf"^\[(?:{NAMES})\]\r?\n{re.escape(MARK)}\r?\n(?:[ \t]*\w+[ \t]*=.*(?:\n|\Z))*", re.MULTILINE)


def read() -> str:
    """Latin-1 is no claim about the file: it keeps every byte of whatever encoding as it is."""
    return FILE.read_bytes().decode("latin-1") if FILE.exists() else ""


def write(text: str) -> None:
    if text.strip():
        FILE.write_bytes(text.encode("latin-1"))
    elif FILE.exists():
        FILE.unlink()


def without_own(text: str) -> str:
    """The text without our own sections; somebody else's of the same name ends the program."""
    rest = OWN_SECTION.sub("", text)
    if found := ANY_SECTION.search(rest):
        sys.exit(f"quickstart: {FILE} has an entry {found[0].strip()} that I did not write; I leave it alone and stop here. Rename or "
                 f"remove it, or do without an entry: DRIVER=/path/of/build/release/libaurodbc.so in a connection string.")
    return rest


def main(arguments: list[str]) -> None:
    text = read()
    rest = without_own(text)
    if arguments[0] == "add":
        library = str(pathlib.Path(arguments[1])).encode().decode("latin-1")
        if rest and not rest.endswith("\n"):
            rest += "\n"
        for name, more in ENTRIES.items():
            rest += (f"[{name}]\n{MARK}\nDescription = ODBC driver for Aurora, RDS, PostgreSQL, MySQL and MariaDB\n"
                     f"Driver = {library}\nThreading = 0\n{more}")
        write(rest)
        print(f"Registered the driver as {SHOWN} in {FILE}")
    elif arguments[0] == "remove":
        write(rest)
        print(f"Removed {SHOWN} from {FILE}" if rest != text else f"There is no entry of ours in {FILE}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as error:
        sys.exit(f"quickstart: {FILE} cannot be read or written: {error.strerror}")
