# SPDX-License-Identifier: Apache-2.0
"""Directories baked once per flavour, which each host copies: the cache of them.

The cache key holds everything the result depends on, so that a change of any ingredient bakes anew.
"""
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from local_cluster.home import base_directory, give_to_server, locked


def baked_once(flavour: str, ingredients: list[bytes], bake: Callable[[Path], None]) -> Path:
    """The directory that `bake` has filled, now or before. Safe among parallel runs."""
    templates = base_directory() / "templates"
    wanted = templates / f"{flavour}-{hashlib.sha256(bytes(0).join(ingredients)).hexdigest()[:12]}"
    if wanted.exists():
        return wanted
    with locked(templates / ".lock", 60.0):
        if not wanted.exists():
            draft = templates / f".baking-{flavour}"
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(mode=0o700)
            give_to_server(draft)
            bake(draft)
            for old in templates.glob(f"{flavour}-*"):
                shutil.rmtree(old, ignore_errors=True)
            draft.rename(wanted)
    return wanted
