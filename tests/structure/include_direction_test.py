#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks which room may include what: odbc -> core and the two registries, plugins -> core, dialects
-> core, core -> nothing above it; and that each third-party library stays in its room.

Comes in: ctest, or by hand from anywhere. `--self-test` shows that every rule can fail.
"""
import argparse
import pathlib
import re
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ("core", "odbc", "plugins", "dialects")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')

# Headers a room may include of another one (regular expressions over the included path).
MAY_INCLUDE = {
    "core": [r"core/"],
    "dialects": [r"core/", r"dialects/"],
    "plugins": [r"core/"],
    "odbc": [r"core/", r"odbc/", r"plugins/registry\.h$", r"dialects/registry\.h$"],
}

# The composition root names the clients it is made of; nothing else may.
CLIENTS_ARE_NAMED_IN = re.compile(r"^(core/client/|odbc/driver\.cpp$)")
CLIENT_HEADER = re.compile(r"^core/client/(pg|mysql)_")

# library, its headers, the files that may include them
THIRD_PARTY = [
    ("ODBC", r"(sql|sqlext|sqltypes|sqlucode|odbcinst|odbcinstext)\.h$", r"odbc/"),
    ("libpq", r"(libpq-fe|libpq-events|pg_config|postgres_ext)[^/]*\.h$|libpq/|postgresql/", r"core/client/pg_"),
    ("libmariadb", r"mysql\.h$|mysql/|mariadb/|errmsg\.h$|mysqld_error\.h$|ma_compress\.h$",
     r"core/client/(mysql_|mariadb_headers/)"),
    ("Asio", r"boost/", r"core/(background[a-z_]*|resolver|workers|watchdog|[a-z_]*monitor[a-z_]*)\."),
    ("curl", r"curl/", r"core/http"),
    ("spdlog", r"spdlog/", r"core/log\.cpp$"),
    # Wiping and hashing, and libpq's own TLS session for what it hides.
    ("OpenSSL", r"openssl/", r"core/"),
    ("fmt", r"fmt/", r""),
]
SYSTEM = re.compile(r"^([a-z0-9_]+|(sys|netinet|arpa|linux|net)/[a-z0-9_]+\.h|[a-z0-9_]+\.h)$")


def own_header(path: str, included: str) -> bool:
    """plugins/x.cpp -> plugins/x.h, and files of one plugin's own folder among themselves."""
    folder = path.split("/")[:-1]
    return (pathlib.PurePosixPath(path).stem == pathlib.PurePosixPath(included).stem
            or (len(folder) > 1 and included.split("/")[:-1] == folder))


def finding(path: str, kind: str, included: str) -> str | None:
    """Why this include is not allowed, or None."""
    for library, headers, rooms in THIRD_PARTY:
        if re.match(headers, included):
            return None if re.match(rooms, path) else f"{library} may be included in {rooms} only"
    if kind == "<":
        return None if SYSTEM.match(included) else "a library without a room; add one to THIRD_PARTY"
    room = path.split("/")[0]
    if "/" not in included:
        return "write the path from the root of the source"
    if room == "plugins" and included.startswith("plugins/"):
        is_registry = path == "plugins/registry.cpp"
        return None if is_registry or own_header(path, included) else "no plugin includes another"
    if not any(re.match(allowed, included) for allowed in MAY_INCLUDE[room]):
        return f"{room} may include " + ", ".join(MAY_INCLUDE[room]) + " only"
    if CLIENT_HEADER.match(included) and not CLIENTS_ARE_NAMED_IN.match(path):
        return "the clients are known to the composition root only; use core/client.h"
    return None


def findings(root: pathlib.Path) -> list[str]:
    result = []
    for room in ROOMS:
        for file in sorted((root / room).rglob("*")):
            if file.suffix not in (".h", ".cpp", ".c"):
                continue
            path = file.relative_to(root).as_posix()
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                match = INCLUDE.match(line)
                why = match and finding(path, match[1], match[2])
                if why:
                    result.append(f"{path}:{number}: {line.strip()}: {why}")
    return result


VIOLATIONS = [
    ("core/a.cpp", '#include "odbc/entry.h"'),
    ("core/a.cpp", '#include "plugins/registry.h"'),
    ("core/a.cpp", '#include "dialects/registry.h"'),
    ("core/a.cpp", "#include <sql.h>"),
    ("core/a.cpp", "#include <libpq-fe.h>"),
    ("core/client/pg_client.cpp", "#include <mysql.h>"),
    ("core/client/wait.cpp", "#include <boost/asio/post.hpp>"),
    ("core/session.cpp", "#include <spdlog/spdlog.h>"),
    ("core/session.cpp", "#include <curl/curl.h>"),
    ("core/session.cpp", '#include "core/client/pg_client.h"'),
    ("core/session.cpp", '#include "session.h"'),
    ("core/session.cpp", "#include <nlohmann/json.hpp>"),
    ("dialects/pg.h", '#include "plugins/registry.h"'),
    ("plugins/a.cpp", '#include "plugins/b.h"'),
    ("plugins/a.cpp", '#include "dialects/pg.h"'),
    ("odbc/a.cpp", '#include "plugins/failover.h"'),
    ("odbc/a.cpp", '#include "dialects/postgres.h"'),
    ("odbc/a.cpp", "#  include   <openssl/ssl.h>"),
]
SOUND = [
    ("core/a.cpp", '#include <vector>\n#include <sys/socket.h>\n#include "core/b.h"\n#include <fmt/format.h>'),
    ("core/client/pg_a.h", "#include <libpq-fe.h>"),
    ("plugins/a.cpp", '#include "plugins/a.h"\n#include "core/plugin.h"'),
    ("plugins/blue_green/a.cpp", '#include "plugins/blue_green/b.h"'),
    ("plugins/registry.cpp", '#include "plugins/a.h"'),
    ("odbc/driver.cpp", '#include <sql.h>\n#include "core/client/pg_client.h"\n#include "plugins/registry.h"'),
]


def self_test() -> list[str]:
    result = []
    for expected, cases in ((1, VIOLATIONS), (0, SOUND)):
        for path, text in cases:
            with tempfile.TemporaryDirectory() as folder:
                file = pathlib.Path(folder) / path
                file.parent.mkdir(parents=True)
                file.write_text(text + "\n", encoding="utf-8")
                if len(findings(pathlib.Path(folder))) != expected:
                    result.append(f"self-test: {path} with {text!r} should give {expected} findings")
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=pathlib.Path, default=SOURCE)
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    result = self_test() if arguments.self_test else findings(arguments.source)
    print("\n".join(result) or "include direction: sound")
    return 1 if result else 0


if __name__ == "__main__":
    sys.exit(main())
