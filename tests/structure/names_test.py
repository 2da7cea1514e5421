#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the names and sizes of files: snake_case, nothing called util, helper, common, misc,
manager or base, no source over 500 lines, and the licence in the first line.

Comes in: ctest, or by hand. `--self-test` shows that every rule can fail.
"""
import argparse
import pathlib
import re
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ("core", "odbc", "plugins", "dialects")
ALSO = ("tests", "bench", "packaging")
VAGUE = re.compile(r"(^|_)(util|utils|utility|helper|helpers|common|misc|manager|base)(_|$)")
SNAKE = re.compile(r"^[a-z][a-z0-9_]*$")
LONGEST = 500
LICENCE = "// SPDX-License-Identifier: Apache-2.0"
LICENCE_IN_C = "/* SPDX-License-Identifier: Apache-2.0 */"  # headers and sources that C compilers read


def is_source(file: pathlib.Path) -> bool:
    return file.suffix in (".h", ".cpp", ".c", ".py") and "build" not in file.parts


def check(root: pathlib.Path, file: pathlib.Path) -> list[str]:
    path = file.relative_to(root).as_posix()
    result = []
    for part in (*file.relative_to(root).parent.parts, file.stem):
        if VAGUE.search(part.lower()):
            result.append(f"{path}: '{part}' does not say what is inside; name the thing it is about")
    if not SNAKE.match(file.stem) and file.stem != "__init__":
        result.append(f"{path}: file names are snake_case")
    if file.suffix == ".py":
        return result
    lines = file.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0] not in (LICENCE, LICENCE_IN_C):
        result.append(f"{path}: the first line must be '{LICENCE}'")
    if path.split("/")[0] in ROOMS and len(lines) > LONGEST:
        result.append(f"{path}: {len(lines)} lines, the ceiling is {LONGEST}; split it")
    return result


def findings(root: pathlib.Path) -> list[str]:
    result = []
    for room in (*ROOMS, *ALSO):
        for file in sorted((root / room).rglob("*")):
            if file.is_file() and is_source(file.relative_to(root)):
                result += check(root, file)
    return result


VIOLATIONS = [
    ("core/string_utils.cpp", LICENCE), ("core/helper.h", LICENCE), ("odbc/common/x.h", LICENCE),
    ("plugins/misc.cpp", LICENCE), ("core/plugin_manager.cpp", LICENCE), ("core/base_client.h", LICENCE),
    ("core/PgClient.cpp", LICENCE), ("core/a.cpp", "int x;"), ("core/a.h", ""),
    ("core/long.cpp", LICENCE + "\n" * 501), ("tests/support/helpers.py", "x = 1"),
]
SOUND = [
    ("core/endpoint.cpp", LICENCE), ("core/database.cpp", LICENCE), ("odbc/based.cpp", LICENCE),
    ("tests/unit/core/long_test.cpp", LICENCE + "\n" * 600), ("tests/x.py", ""), ("tests/__init__.py", ""),
    ("core/commonly.h", LICENCE), ("packaging/x.c", LICENCE_IN_C),
]


def self_test() -> list[str]:
    result = []
    for expected, cases in ((True, VIOLATIONS), (False, SOUND)):
        for path, text in cases:
            with tempfile.TemporaryDirectory() as folder:
                file = pathlib.Path(folder) / path
                file.parent.mkdir(parents=True)
                file.write_text(text, encoding="utf-8")
                if bool(findings(pathlib.Path(folder))) != expected:
                    result.append(f"self-test: {path} should {'' if expected else 'not '}be found")
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=pathlib.Path, default=SOURCE)
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    result = self_test() if arguments.self_test else findings(arguments.source)
    print("\n".join(result) or "names: sound")
    return 1 if result else 0


if __name__ == "__main__":
    sys.exit(main())
