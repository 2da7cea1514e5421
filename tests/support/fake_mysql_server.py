#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A server that speaks just enough of the MySQL protocol to misbehave: one behaviour per run.

Comes in: tests/clients/mysql_login_test.cpp. Prints "PORT n", then for each connection what the
client sent after the interesting moment ("RECEIVED hex", empty when nothing came). Ends when its
standard input is closed.
"""
import argparse
import contextlib
import os
import socket
import ssl
import struct
import sys
import threading

PROTOCOL_41, CONNECT_WITH_DB, SSL, SECURE, PLUGIN_AUTH = 0x200, 0x8, 0x800, 0x8000, 0x80000
BASE = 0x1 | 0x2 | 0x4 | CONNECT_WITH_DB | PROTOCOL_41 | 0x2000 | SECURE | 0x20000 | 0x40000 | PLUGIN_AUTH
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

    def greet(self, with_tls: bool) -> None:
        capabilities = BASE | (SSL if with_tls else 0)
        self.send(b"\x0a8.0.0-fake\x00" + struct.pack("<I", 7) + b"12345678\x00"
                  + struct.pack("<HBHH", capabilities & 0xffff, 45, 2, capabilities >> 16) + bytes([21]) + bytes(10)
                  + b"abcdefghijkl\x00" + b"mysql_native_password\x00")

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
        if arguments.certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(arguments.certificate, arguments.key)

    def serve(self, connection: socket.socket) -> None:
        received = b""
        with contextlib.suppress(OSError, ConnectionError):
            received = getattr(self, self.arguments.behaviour.replace("-", "_"))(Link(connection)) or b""
        connection.close()
        print("RECEIVED", received.hex(), flush=True)

    def log_in(self, link: Link) -> None:
        link.greet(self.context is not None)
        login = link.receive()
        if self.context is not None and len(login) == 32:
            link.connection = self.context.wrap_socket(link.connection, server_side=True)
            link.receive()

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
