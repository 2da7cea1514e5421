# SPDX-License-Identifier: Apache-2.0
"""What bench/run and bench/failover need before they measure: programs, drivers, a private driver manager."""
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
RESULTS = ROOT / "build/bench"
DRIVER = ROOT / "build/release/libaurodbc.so"



def peer_of(engine):
    """Where Debian puts the driver that the engine has already."""
    return pathlib.Path("/usr/lib/x86_64-linux-gnu/odbc") / engine.peer_library


class Stop(Exception):
    """One sentence for the user; nothing was or will be measured."""


def find_programs(chosen, *names):
    """The directory that holds the measured programs `names`."""
    for place in [chosen] if chosen else [ROOT / "build/release/bench", ROOT / "build/bench-only"]:
        if all((place / name).exists() for name in names):
            return place
    raise Stop(f"The measured programs {' and '.join(names)} are not built; bench/README.md tells how.")


def require_driver(path, wanted):
    if wanted and not path.exists():
        raise Stop(f"There is no driver at {path}: build it, name it with --driver, or say --without-aurodbc.")


def private_driver_manager(home, drivers):
    """Writes an odbcinst.ini with `drivers` (name -> path) into `home`.

    Gives the environment that makes unixODBC use it, and only it: the system's files are neither read nor touched.
    """
    sections = "".join(f"[{name}]\nDriver = {path.resolve()}\nThreading = 0\n" for name, path in drivers.items())
    (home / "odbcinst.ini").write_text(sections, encoding="utf-8")
    (home / "odbc.ini").write_text("", encoding="utf-8")
    # psqlODBC leaves a log in the temporary directory at each disconnect.
    scratch = home / "tmp"
    scratch.mkdir(exist_ok=True)
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    return keep | {"ODBCSYSINI": str(home), "ODBCINSTINI": "odbcinst.ini", "ODBCINI": str(home / "odbc.ini"),
                   "TMPDIR": str(scratch), "LC_ALL": "C.UTF-8"}
