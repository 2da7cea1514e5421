# SPDX-License-Identifier: Apache-2.0
"""A very small MariaDB client for administration over Unix sockets: native passwords, single statements, text rows."""
import hashlib
import socket
import struct

from local_cluster.link import Link, SqlError

# LONG_PASSWORD, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, PLUGIN_AUTH
CAPABILITIES = 0x1 | 0x200 | 0x2000 | 0x8000 | 0x80000
UTF8MB4 = 45
OK, ERROR, END, QUERY = 0x00, 0xFF, 0xFE, b"\x03"


def scramble(password: str, challenge: bytes) -> bytes:
    """The proof that mysql_native_password wants."""
    once = hashlib.sha1(password.encode()).digest()
    mask = hashlib.sha1(challenge + hashlib.sha1(once).digest()).digest()
    return bytes(a ^ b for a, b in zip(once, mask))


def sized(data: bytes, at: int) -> tuple[int | None, int]:
    """A length-encoded integer (None: NULL) and where it ends."""
    first = data[at]
    if first < 0xFB:
        return first, at + 1
    if first == 0xFB:
        return None, at + 1
    width = {0xFC: 2, 0xFD: 3, 0xFE: 8}[first]
    return int.from_bytes(data[at + 1 : at + 1 + width], "little"), at + 1 + width


def texts(packet: bytes) -> tuple:
    """All length-encoded strings of a packet."""
    values, at = [], 0
    while at < len(packet):
        size, at = sized(packet, at)
        values.append(None if size is None else packet[at : at + size].decode(errors="replace"))
        at += size or 0
    return tuple(values)


class MariaDbLink(Link):
    """One link to a MariaDB server; `columns` are the names of the last rows."""

    def __init__(self, path: str, user: str, password: str, timeout: float = 5.0):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(timeout)
        self._buffer = b""
        self._number = 0
        self.columns: list[str] = []
        try:
            self._socket.connect(path)
            self._enter(user, password)
        except OSError as error:
            self.close()
            raise SqlError("", str(error)) from error
        except SqlError:
            self.close()
            raise

    def query(self, sql: str) -> list[tuple]:
        """Run one statement; its rows as tuples of str or None."""
        try:
            self._number = 0
            self._send(QUERY + sql.encode())
            return self._rows()
        except OSError as error:
            raise SqlError("", str(error)) from error

    def record(self, sql: str) -> dict:
        """The first row by column names; {} without a row."""
        rows = self.query(sql)
        return dict(zip(self.columns, rows[0])) if rows else {}

    def _enter(self, user: str, password: str) -> None:
        hello = self._packet()
        version_end = hello.index(b"\0", 1)
        first = hello[version_end + 5 : version_end + 13]
        # Behind the first 8 bytes: filler, capabilities, collation, status, capabilities, length, 10 reserved bytes.
        rest = hello[version_end + 32 : version_end + 44]
        head = struct.pack("<IIB23x", CAPABILITIES, 1 << 24, UTF8MB4)
        proof = scramble(password, first + rest) if password else b""
        self._send(head + user.encode() + b"\0" + bytes([len(proof)]) + proof + b"mysql_native_password\0")
        if self._packet()[0] != OK:
            raise SqlError("28000", "the server wants another proof from the administrator")

    def _send(self, body: bytes) -> None:
        self._socket.sendall(len(body).to_bytes(3, "little") + bytes([self._number]) + body)

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            more = self._socket.recv(65536)
            if not more:
                raise SqlError("", "the server closed the link")
            self._buffer += more
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def _packet(self) -> bytes:
        head = self._take(4)
        self._number = (head[3] + 1) % 256
        body = self._take(int.from_bytes(head[:3], "little"))
        if body[:1] == bytes([ERROR]):
            # Number, then '#' and the SQLSTATE; before authentication only the number.
            text = body[3:].decode(errors="replace")
            state, text = (text[1:6], text[6:]) if text.startswith("#") else ("", text)
            raise SqlError(state, f"({int.from_bytes(body[1:3], 'little')}) {text}")
        return body

    def _rows(self) -> list[tuple]:
        head = self._packet()
        self.columns = []
        if head[0] == OK:
            return []
        for _ in range(sized(head, 0)[0]):
            # Catalog, schema, table, original table, name, ...
            self.columns.append(texts(self._packet()[:-13])[4])
        self._packet()
        rows = []
        while True:
            packet = self._packet()
            if packet[0] == END and len(packet) < 9:
                return rows
            rows.append(texts(packet))
