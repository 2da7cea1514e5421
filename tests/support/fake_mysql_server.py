#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A server that speaks the MySQL protocol where no real server does: to misbehave, and MySQL 8's logins.

Comes in: tests/clients/mysql_connect_test.cpp, mysql_login_test.cpp. One behaviour per run. Prints "PORT n",
then for each connection what the client sent after the interesting moment ("RECEIVED hex", empty when nothing
came). Ends when its standard input is closed.
"""
import argparse
import base64
import contextlib
import hashlib
import os
import pathlib
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading

PROTOCOL_41, CONNECT_WITH_DB, SSL, SECURE, PLUGIN_AUTH = 0x200, 0x8, 0x800, 0x8000, 0x80000
CONNECT_ATTRIBUTES, LENGTH_ENCODED, SESSION_TRACK, DEPRECATE_EOF = 0x100000, 0x200000, 0x800000, 0x1000000
BASE = 0x1 | 0x2 | 0x4 | CONNECT_WITH_DB | PROTOCOL_41 | 0x2000 | SECURE | 0x20000 | 0x40000 | PLUGIN_AUTH
MYSQL_8 = BASE | 0x80 | CONNECT_ATTRIBUTES | LENGTH_ENCODED | SESSION_TRACK | DEPRECATE_EOF
NONCE = b"12345678abcdefghijkl"
OTHER_NONCE = b"ABCDEFGHIJKLMNOPQRST"
DENIED = b"\xff" + struct.pack("<H", 1045) + b"#28000Access denied for user 'app'"
OK = b"\x00\x00\x00\x02\x00\x00\x00"
EOF = b"\xfe\x00\x00\x02\x00"
COLUMN = (b"\x03def\x00\x00\x00\x01c\x00\x0c" + struct.pack("<HIBHB", 45, 400, 253, 0, 0) + b"\x00\x00")


class Link:
    """Packets of one connection."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.number = 0

    def send(self, payload: bytes) -> None:
        self.connection.sendall(struct.pack("<I", len(payload))[:3] + bytes([self.number]) + payload)
        self.number = (self.number + 1) % 256

    def exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            piece = self.connection.recv(count - len(data))
            if not piece:
                raise ConnectionError
            data += piece
        return data

    def receive(self) -> bytes:
        head = self.exactly(4)
        self.number = (head[3] + 1) % 256
        return self.exactly(int.from_bytes(head[:3], "little"))

    def greet(self, with_tls: bool, plugin: bytes = b"mysql_native_password", version: bytes = b"8.0.0-fake",
              capabilities: int = BASE) -> None:
        capabilities |= SSL if with_tls else 0
        self.send(b"\x0a" + version + b"\x00" + struct.pack("<I", 7) + NONCE[:8] + b"\x00"
                  + struct.pack("<HBHH", capabilities & 0xffff, 45, 2, capabilities >> 16) + bytes([21]) + bytes(10)
                  + NONCE[8:] + b"\x00" + plugin + b"\x00")

    def silence(self, seconds: float) -> bytes:
        """What still comes within `seconds`."""
        self.connection.settimeout(seconds)
        data = b""
        with contextlib.suppress(OSError):
            while piece := self.connection.recv(4096):
                data += piece
        return data


class FakeServer:
    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.context: ssl.SSLContext | None = None
        if arguments.certificate and not arguments.rsa_only:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(arguments.certificate, arguments.key)

    def serve(self, connection: socket.socket) -> None:
        received = b""
        with contextlib.suppress(OSError, ConnectionError):
            received = getattr(self, self.arguments.behaviour.replace("-", "_"))(Link(connection)) or b""
        connection.close()
        print("RECEIVED", received.hex(), flush=True)

    def log_in(self, link: Link, *greeting: object) -> bytes:
        """The login packet."""
        link.greet(self.context is not None, *greeting)
        login = link.receive()
        if self.context is not None and len(login) == 32:
            link.connection = self.context.wrap_socket(link.connection, server_side=True)
            login = link.receive()
        return login

    # Behaviours
    def garbage(self, link: Link) -> None:
        link.connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        link.silence(0.2)

    def closing(self, _: Link) -> None:
        return

    def silent(self, link: Link) -> None:
        link.silence(30)

    def silent_in_tls(self, link: Link) -> None:
        link.greet(True)
        link.receive()
        link.silence(30)

    def silent_after_login(self, link: Link) -> None:
        self.log_in(link)
        link.silence(30)

    def greeting_without_tls(self, link: Link) -> bytes:
        link.greet(False)
        return link.silence(1)

    def half_an_answer(self, link: Link) -> None:
        self.log_in(link)
        link.send(OK)
        link.receive()
        link.connection.sendall(b"\x20\x00\x00")
        link.silence(30)

    def clear_password(self, link: Link) -> bytes:
        self.log_in(link)
        link.send(b"\xfemysql_clear_password\x00")
        return self.reaction(link)

    def dialog(self, link: Link) -> bytes:
        self.log_in(link)
        link.send(b"\xfedialog\x00\x05Password: ")
        return self.reaction(link)

    def reaction(self, link: Link) -> bytes:
        link.connection.settimeout(1)
        answer = link.receive()
        link.send(OK)
        link.silence(1)
        return answer

    def wants_a_file(self, link: Link) -> bytes:
        self.log_in(link)
        link.send(OK)
        link.receive()
        link.send(b"\xfb/etc/hostname")
        return link.silence(0.5)

    # MySQL 8's logins. Each gives what came after the first answer to the nonce.
    def begin_mysql_8(self, link: Link, plugin: bytes) -> bytes:
        """What the login packet holds for `plugin`."""
        login = self.log_in(link, plugin, self.arguments.version.encode(), MYSQL_8)
        assert not struct.unpack_from("<I", login)[0] & DEPRECATE_EOF, "libmariadb takes the end of rows by EOF packets"
        user_end = login.index(b"\x00", 32)
        return login[user_end + 2:user_end + 2 + login[user_end + 1]]

    def is_scramble(self, answer: bytes, nonce: bytes) -> bool:
        once = hashlib.sha256(self.arguments.password.encode()).digest()
        mask = hashlib.sha256(hashlib.sha256(once).digest() + nonce).digest()
        return answer == bytes(a ^ b for a, b in zip(once, mask))

    def decrypted(self, packet: bytes, nonce: bytes) -> bytes:
        mixed = subprocess.run(["openssl", "pkeyutl", "-decrypt", "-inkey", self.arguments.key, "-pkeyopt",
                                "rsa_padding_mode:oaep"], input=packet, capture_output=True, check=True).stdout
        return bytes(byte ^ nonce[i % len(nonce)] for i, byte in enumerate(mixed))

    def whole_password(self, link: Link, nonce: bytes, key_request: bytes) -> tuple[bytes, bytes]:
        """What came on the wire, and the password in it."""
        packet = link.receive()
        if isinstance(link.connection, ssl.SSLSocket):
            return packet, packet
        asked = packet == key_request
        if asked:
            public = subprocess.run(["openssl", "pkey", "-in", self.arguments.key, "-pubout"], capture_output=True, check=True)
            link.send(b"\x01" + public.stdout)
            packet = link.receive()
        password = self.decrypted(packet, nonce)
        return (b"key? " if asked else b"") + password, password

    def verdict(self, link: Link, right: bool) -> None:
        link.send(OK if right else DENIED)
        if right:
            self.answer_queries(link)

    def answer_queries(self, link: Link) -> None:
        """Every SELECT is the version."""
        while (command := link.receive())[0] != 1:
            if command[0] != 3 or not command[1:].upper().startswith(b"SELECT"):
                link.send(OK)
                continue
            version = self.arguments.version.encode()
            for packet in (b"\x01", COLUMN, EOF, bytes([len(version)]) + version, EOF):
                link.send(packet)

    def sha2_cached(self, link: Link) -> bytes:
        answer = self.begin_mysql_8(link, b"caching_sha2_password")
        right = self.is_scramble(answer, NONCE)
        if right:
            link.send(b"\x01\x03")
        with contextlib.suppress(ConnectionError):
            self.verdict(link, right)
        return b"scramble" if right else answer

    def sha2_full(self, link: Link, nonce: bytes = NONCE) -> bytes:
        if nonce == NONCE:
            self.begin_mysql_8(link, b"caching_sha2_password")
        link.send(b"\x01\x04")
        return self.finish(link, nonce, b"\x02")

    def finish(self, link: Link, nonce: bytes, key_request: bytes) -> bytes:
        received = b""
        with contextlib.suppress(ConnectionError):
            received, password = self.whole_password(link, nonce, key_request)
            self.verdict(link, password == self.arguments.password.encode() + b"\x00")
        return received

    def sha2_by_switch(self, link: Link) -> bytes:
        self.begin_mysql_8(link, b"mysql_native_password")
        link.send(b"\xfecaching_sha2_password\x00" + OTHER_NONCE + b"\x00")
        if not self.is_scramble(link.receive(), OTHER_NONCE):
            link.send(DENIED)
            return b"wrong scramble"
        return self.sha2_full(link, OTHER_NONCE)

    def sha2_wrong_key(self, link: Link) -> bytes:
        self.begin_mysql_8(link, b"caching_sha2_password")
        link.send(b"\x01\x04")
        link.receive()
        link.send(b"\x01-----BEGIN NONSENSE-----\n")
        return link.silence(1)

    def sha256(self, link: Link) -> bytes:
        self.begin_mysql_8(link, b"mysql_native_password")
        link.send(b"\xfesha256_password\x00" + OTHER_NONCE + b"\x00")
        return self.finish(link, OTHER_NONCE, b"\x01")

    def empty_password(self, link: Link) -> bytes:
        answer = self.begin_mysql_8(link, b"caching_sha2_password")
        self.verdict(link, answer in (b"", b"\x00"))
        return b"empty" if answer in (b"", b"\x00") else answer

    def unknown_plugin(self, link: Link) -> bytes:
        self.begin_mysql_8(link, b"mysql_native_password")
        link.send(b"\xfeauthentication_made_up\x00" + OTHER_NONCE + b"\x00")
        return link.silence(1)

    def plugin_with_path(self, link: Link) -> bytes:
        self.begin_mysql_8(link, b"mysql_native_password")
        link.send(b"\xfe../../../../tmp/evil\x00" + OTHER_NONCE + b"\x00")
        return link.silence(1)

    def ed25519(self, link: Link) -> bytes:
        """The public key of the password "secret", as MariaDB's documentation prints it."""
        public_key = base64.b64decode("ZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be6HPjYWR4YJY=")
        nonce = bytes(range(1, 33))
        self.begin_mysql_8(link, b"mysql_native_password")
        link.send(b"\xfeclient_ed25519\x00" + nonce)
        signature = link.receive()
        with tempfile.TemporaryDirectory() as directory:
            files = {"key": bytes.fromhex("302a300506032b6570032100") + public_key, "signature": signature, "nonce": nonce}
            for name, content in files.items():
                pathlib.Path(directory, name).write_bytes(content)
            right = subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key",
                                    "-sigfile", "signature", "-in", "nonce"], cwd=directory, capture_output=True).returncode == 0
        self.verdict(link, right)
        return b"signed" if right else b"not signed"

    def old_password(self, link: Link) -> bytes:
        self.begin_mysql_8(link, b"mysql_native_password")
        link.send(b"\xfe")
        return link.silence(1)

    def greeting_in_clear(self, link: Link) -> bytes:
        """The greeting itself names mysql_clear_password: the password comes in the login packet."""
        login = self.log_in(link, b"mysql_clear_password", self.arguments.version.encode(), MYSQL_8)
        found = self.arguments.password.encode() in login
        self.verdict(link, found)
        return b"found" if found else b""

    def shows_login(self, link: Link) -> bytes:
        """The login packet as it came, capabilities and connection attributes in it."""
        login = self.log_in(link, b"mysql_native_password", self.arguments.version.encode(), MYSQL_8)
        with contextlib.suppress(ConnectionError):
            self.verdict(link, True)
        return login

    def lying_row(self, link: Link) -> None:
        """A binary row whose only cell claims to be 2 GB long."""
        self.log_in(link)
        link.send(OK)
        while True:
            command = link.receive()
            if command[0] == 0x16:
                link.send(b"\x00" + struct.pack("<IHHBH", 1, 1, 0, 0, 0))
                link.send(COLUMN)
                link.send(EOF)
            elif command[0] == 0x17:
                link.send(b"\x01")
                link.send(COLUMN)
                link.send(EOF)
                link.send(b"\x00\x00\xfe" + struct.pack("<Q", 0x7fffff00) + b"x" * 8)
                link.send(EOF)
            else:
                link.send(OK)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("behaviour")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--rsa-only", action="store_true", help="the key is for passwords, there is no TLS")
    parser.add_argument("--password", default="")
    parser.add_argument("--version", default="8.0.36")
    server = FakeServer(parser.parse_args())
    listener = socket.create_server(("127.0.0.1", 0))
    print("PORT", listener.getsockname()[1], flush=True)

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=server.serve, args=(connection,), daemon=True).start()
    threading.Thread(target=accept, daemon=True).start()
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
