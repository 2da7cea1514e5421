#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the symbols the library exports with tests/structure/exports.txt: the SQL* functions and
the setup entry points, nothing else. A symbol too many could hide one of another library in the
application's process; one missing is a function the driver manager does not find.

Comes in: ctest with --library. `--write` brings the file up to date after a wanted change.
"""
import argparse
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
LIST = HERE / "exports.txt"
LEGAL = re.compile(r"^(SQL[A-Z][A-Za-z]+|Config(DSN|Driver)|ODBCINSTGetProperties)$")
LOADER_NAMES = HERE.parent.parent / "odbc" / "loader_names.ld"
LOADER_PREFIX = "libaurodbc_LTX_"
LOADER_HEAD = """/* unixODBC asks for every function through libltdl, which looks for libaurodbc_LTX_<name> first: a miss that searches
   all libraries under the driver and formats an error text, again for the A and W names, at every connect. These
   aliases are found at once and take a third off a connect's instructions. exports_test.py writes and checks them. */
"""
HEAD = "# What libaurodbc.so exports, sorted; checked by exports_test.py, which can also write it.\n"


def exported(library: pathlib.Path) -> list[str]:
    output = subprocess.run(["nm", "-D", "--defined-only", "--format=posix", str(library)],
                            check=True, capture_output=True, text=True).stdout
    names = [line.split()[0].split("@")[0] for line in output.splitlines() if line.strip()]
    return [name for name in names if not name.startswith(LOADER_PREFIX)]


def listed(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def loader_names(exports: list[str]) -> str:
    """The text of odbc/loader_names.ld: for each function the names by which libltdl looks for it first. The
    driver manager asks for A and W forms of what has a W form; A and the plain form are the same function."""
    names = set(exports)
    lines = []
    for name in sorted(name for name in names if name.startswith("SQL")):
        if name.endswith("W") and name[:-1] in names:
            continue
        lines.append(f"{LOADER_PREFIX}{name} = {name};")
        if name + "W" in names:
            lines += [f"{LOADER_PREFIX}{name}A = {name};", f"{LOADER_PREFIX}{name}W = {name}W;"]
    return LOADER_HEAD + "\n".join(lines) + "\n"


def differences(actual: list[str], wanted: list[str]) -> list[str]:
    result = [f"{name}: exported, but no function of ODBC; hide it in odbc/exports.map"
              for name in sorted(set(actual)) if not LEGAL.match(name)]
    result += [f"{name}: exported, but not in exports.txt" for name in sorted(set(actual) - set(wanted))
               if LEGAL.match(name)]
    result += [f"{name}: in exports.txt, but not exported" for name in sorted(set(wanted) - set(actual))]
    if wanted != sorted(set(wanted)):
        result.append("exports.txt: not sorted, or a name stands twice")
    if not wanted:
        result.append("exports.txt: empty")
    return result


def self_test() -> list[str]:
    result = []
    cases = [
        (["SQLConnect"], ["SQLConnect"], 0),
        (["SQLConnect", "SQLFetch"], ["SQLConnect"], 1),
        (["SQLConnect"], ["SQLConnect", "SQLFetch"], 1),
        (["SQLConnect", "_ZN4core5ErrorD1Ev"], ["SQLConnect"], 1),
        (["SQLConnect", "PQconnectdb"], ["SQLConnect"], 1),
        (["SQLConnect", "SQLFetch"], ["SQLFetch", "SQLConnect"], 1),
        ([], [], 1),
    ]
    for actual, wanted, count in cases:
        if len(differences(actual, wanted)) != count:
            result.append(f"self-test: {actual} against {wanted} should give {count} differences")
    aliases = loader_names(["SQLFetch", "SQLTables", "SQLTablesW", "ConfigDSN"]).removeprefix(LOADER_HEAD).split(";\n")
    if [line.split(" = ")[-1] for line in aliases] != ["SQLFetch", "SQLTables", "SQLTables", "SQLTablesW", ""]:
        result.append(f"self-test: {aliases} are not the aliases of three functions")
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", type=pathlib.Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.self_test:
        result = self_test()
    elif arguments.library is None:
        parser.error("--library is needed")
    elif arguments.write:
        names = sorted({name for name in exported(arguments.library) if LEGAL.match(name)})
        LIST.write_text(HEAD + "\n".join(names) + "\n", encoding="utf-8")
        LOADER_NAMES.write_text(loader_names(names), encoding="utf-8")
        result = []
    else:
        wanted = listed(LIST.read_text(encoding="utf-8"))
        result = differences(exported(arguments.library), wanted)
        if LOADER_NAMES.read_text(encoding="utf-8") != loader_names(wanted):
            result.append("odbc/loader_names.ld: not what exports.txt says; run exports_test.py --library ... --write")
    print("\n".join(result) or "exports: sound")
    return 1 if result else 0


if __name__ == "__main__":
    sys.exit(main())
