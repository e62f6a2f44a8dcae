"""Reading a socket until a moment, however little comes meanwhile."""

import io
import socket
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class DeadlineReader(io.RawIOBase):
    """The bytes of a connection; reading raises `TimeoutError` once ``seconds`` have passed since the last `renew`.

    A socket's own timeout begins anew with every byte, so that a client that sends one now and then is waited for
    without end. The timeout for writing is not touched.
    """

    def __init__(self, connection: socket.socket, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._connection = connection
        self._seconds = seconds
        self._clock = clock
        self._until = clock() + seconds

    def renew(self) -> None:
        """Allow all of the seconds again."""
        self._until = self._clock() + self._seconds

    def readable(self) -> bool:
        """Return True: it is there to be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill the buffer with what has come, waiting for one byte at least; 0 at the end."""
        left = self._until - self._clock()
        if left <= 0:
            message = "the request did not come in time"
            raise TimeoutError(message)
        timeout = self._connection.gettimeout()
        self._connection.settimeout(left)
        try:
            return self._connection.recv_into(buffer)
        finally:
            self._connection.settimeout(timeout)
