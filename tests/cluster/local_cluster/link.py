# SPDX-License-Identifier: Apache-2.0
"""What the administration links to both engines have in common."""
import abc
import socket
import time


class SqlError(Exception):
    """The server's error; `sqlstate` holds its code, "" when the link broke."""

    def __init__(self, sqlstate: str, text: str):
        super().__init__(f"{sqlstate} {text}".strip())
        self.sqlstate = sqlstate


class Link(abc.ABC):
    """One link over a Unix socket. Not for use by several threads at once."""

    _socket: socket.socket

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self) -> None:
        self._socket.close()

    @abc.abstractmethod
    def query(self, sql: str) -> list[tuple]:
        """Run one text; rows of the last statement as tuples of str or None. SqlError when it fails."""

    def value(self, sql: str):
        return self.query(sql)[0][0]

    def wait_for(self, sql: str, wanted: str, seconds: float, pause: float = 0.001) -> bool:
        """Ask until the first value is `wanted`; False when `seconds` have passed."""
        end = time.monotonic() + seconds
        while self.value(sql) != wanted:
            if time.monotonic() > end:
                return False
            time.sleep(pause)
        return True
