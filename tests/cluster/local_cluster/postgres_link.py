# SPDX-License-Identifier: Apache-2.0
"""A very small PostgreSQL client for administration over Unix sockets: peer authentication, simple queries, text.

The cluster keeps such a link open while it promotes a host, because starting psql costs more than a promotion.
"""
import socket
import struct

from local_cluster.link import Link, SqlError


class PostgresLink(Link):
    """One link to a PostgreSQL server."""

    def __init__(self, path: str, user: str, database: str, timeout: float = 5.0):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(timeout)
        self._buffer = b""
        try:
            self._socket.connect(path)
            body = struct.pack("!i", 196608)
            for word in ("user", user, "database", database, "application_name", "cluster admin", ""):
                body += word.encode() + b"\0"
            self._socket.sendall(struct.pack("!i", len(body) + 4) + body)
            self._read_until_ready()
        except OSError as error:
            self.close()
            raise SqlError("", str(error)) from error
        except SqlError:
            self.close()
            raise

    def query(self, sql: str) -> list[tuple]:
        """Run one text; rows of the last statement as tuples of str or None."""
        body = sql.encode() + b"\0"
        try:
            self._socket.sendall(b"Q" + struct.pack("!i", len(body) + 4) + body)
            return self._read_until_ready()
        except OSError as error:
            raise SqlError("", str(error)) from error

    def _message(self) -> tuple[bytes, bytes]:
        while True:
            if len(self._buffer) >= 5:
                size = struct.unpack("!i", self._buffer[1:5])[0] + 1
                if len(self._buffer) >= size:
                    message = self._buffer[:size]
                    self._buffer = self._buffer[size:]
                    return message[:1], message[5:]
            more = self._socket.recv(65536)
            if not more:
                raise SqlError("", "the server closed the link")
            self._buffer += more

    def _read_until_ready(self) -> list[tuple]:
        rows, error = [], None
        while True:
            kind, body = self._message()
            if kind == b"T":
                rows = []
            elif kind == b"D":
                rows.append(self._row(body))
            elif kind == b"E":
                fields = {part[:1]: part[1:].decode() for part in body.split(b"\0") if part}
                error = SqlError(fields.get(b"C", ""), fields.get(b"M", ""))
                if fields.get(b"S") in ("FATAL", "PANIC"):
                    raise error
            elif kind == b"R" and struct.unpack("!i", body[:4])[0] != 0:
                raise SqlError("28000", "the server wants a password from the administrator")
            elif kind == b"Z":
                if error:
                    raise error
                return rows

    @staticmethod
    def _row(body: bytes) -> tuple:
        values, at = [], 2
        for _ in range(struct.unpack("!h", body[:2])[0]):
            size = struct.unpack("!i", body[at : at + 4])[0]
            at += 4
            values.append(None if size < 0 else body[at : at + size].decode())
            at += max(size, 0)
        return tuple(values)
