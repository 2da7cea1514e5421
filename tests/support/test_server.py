# SPDX-License-Identifier: Apache-2.0
"""What every test server needs: a free port and throw-away certificates.

Comes in: postgres_server.py, mariadb_server.py.
"""
import pathlib
import socket
import subprocess


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_certificates(directory: pathlib.Path, server_name: str) -> None:
    """A throw-away authority and a server certificate for `server_name` and localhost (no IP address in it)."""
    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=directory)
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2",
            "-subj", "/CN=aurodbc test authority")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr",
            "-subj", f"/CN={server_name}")
    (directory / "server.ext").write_text(f"subjectAltName=DNS:{server_name},DNS:localhost\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "server.ext", "-out", "server.pem")
    (directory / "server.key").chmod(0o600)
