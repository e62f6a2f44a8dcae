"""A server that takes remote write and remembers what it was told, and fails where it is asked to.

It unpacks requests by itself: Arrow's snappy, and protobuf read by its wire format.
"""

import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyarrow as pa  # type: ignore[import-untyped]

from tradewatch.stack.ports import LOOPBACK

Labels = tuple[tuple[str, str], ...]
Samples = list[tuple[int, int]]
"""Milliseconds, and the bits of the value."""

VARINT, DELIMITED = 0, 2

STALE = 0x7FF0000000000002
"""The bits that say that a series is gone."""


def number(bits: int) -> float:
    """Return the number of these bits."""
    found: float = struct.unpack("<d", bits.to_bytes(8, "little"))[0]
    return found


@dataclass
class Receiver:
    """What a server was told, request by request. ``answers``: what it says to the next ones, then 204.

    ``retry_after``: how long to wait, which goes with every answer.
    """

    url: str = ""
    requests: list[dict[Labels, Samples]] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    retry_after: str = "0"

    @property
    def series(self) -> dict[Labels, Samples]:
        """All samples of each series, in the order in which they came."""
        found: dict[Labels, Samples] = {}
        for request in self.requests:
            for labels, samples in request.items():
                found.setdefault(labels, []).extend(samples)
        return found


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Yield a receiver that listens meanwhile."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, words = receiver.answers.pop(0) if receiver.answers else (204, "")
            if status == 204:
                receiver.requests.append(decoded(body))
            self._say(status, words)

        def do_GET(self) -> None:
            self._say(404, "not found")

        def _say(self, status: int, words: str) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(words)))
            self.send_header("Retry-After", receiver.retry_after)
            self.end_headers()
            self.wfile.write(words.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer((LOOPBACK, 0), Handler) as server:
        receiver.url = f"http://{LOOPBACK}:{server.server_address[1]}/api/v1/write"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


def decoded(body: bytes) -> dict[Labels, Samples]:
    """Return the series of a request's body."""
    size, _ = _varint(body, 0)
    message = pa.decompress(body, decompressed_size=size, codec="snappy", asbytes=True)
    return dict(_series(content) for _, content in _fields(message))


def _series(message: bytes) -> tuple[Labels, Samples]:
    parts = list(_fields(message))
    labels = [tuple(content.decode() for _, content in _fields(part)) for number, part in parts if number == 1]
    samples = [_sample(part) for number, part in parts if number == 2]
    return tuple((name, value) for name, value in labels), samples


def _sample(message: bytes) -> tuple[int, int]:
    found = dict(_fields(message))
    return int.from_bytes(found[2], "little"), int.from_bytes(found[1], "little")


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the content of each field; a varint's as eight bytes."""
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        kind = key & 7
        if kind == VARINT:
            number, place = _varint(message, place)
            yield key >> 3, struct.pack("<Q", number)
            continue
        size = 8
        if kind == DELIMITED:
            size, place = _varint(message, place)
        yield key >> 3, message[place : place + size]
        place += size


def _varint(message: Sequence[int], place: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = message[place]
        place += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return number, place
