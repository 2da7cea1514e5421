# SPDX-License-Identifier: Apache-2.0
"""Server certificates for --tls: a throw-away authority per cluster and one certificate per host."""
import os
import subprocess
from pathlib import Path

from local_cluster.errors import ClusterError
from local_cluster.home import give_to_server

KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-batch"]


def _openssl(arguments: list[str]) -> None:
    done = subprocess.run(["openssl", "req", "-x509", *KEY, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise ClusterError(f"openssl failed: {done.stderr.strip().splitlines()[-1]}")


def make_authority(directory: Path) -> None:
    """ca.crt and ca.key in `directory`, readable as the certificate must be and the key must not."""
    directory.mkdir(exist_ok=True)
    _openssl(["-subj", "/CN=aurodbc throw-away CA", "-keyout", str(directory / "ca.key"), "-out",
              str(directory / "ca.crt"), "-addext", "keyUsage=critical,keyCertSign,cRLSign"])
    os.chmod(directory / "ca.key", 0o600)


def make_server(authority: Path, directory: Path, common_name: str, names: list[str], address: str) -> None:
    """server.crt and server.key in `directory`. The common name is at most 64 characters, so names go to the SAN."""
    san = ",".join([*(f"DNS:{name}" for name in names), f"IP:{address}"])
    key = directory / "server.key"
    _openssl(["-CA", str(authority / "ca.crt"), "-CAkey", str(authority / "ca.key"), "-subj",
              f"/CN={common_name[:64]}", "-keyout", str(key), "-out", str(directory / "server.crt"),
              "-addext", f"subjectAltName={san}", "-addext", "basicConstraints=critical,CA:FALSE",
              "-addext", "extendedKeyUsage=serverAuth"])
    os.chmod(key, 0o600)
    give_to_server(key)
