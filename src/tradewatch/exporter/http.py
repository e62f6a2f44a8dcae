"""The exporter's HTTP: metrics, a landing page, health and readiness, on loopback unless told otherwise."""

import errno
import gzip
import io
import re
import socket
import socketserver
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from tradewatch import __version__
from tradewatch.errors import ConfigurationError
from tradewatch.exporter.deadline import DeadlineReader
from tradewatch.exporter.landing import landing_page
from tradewatch.exporter.negotiation import preferred_format, prefers_gzip
from tradewatch.exporter.service import Service

_ROOM_SECONDS = 0.5
"""How long the server waits for room before it looks whether it is to stop."""

_FASTEST = 1
"""gzip's level: nearly the size of level 9 at a tenth of its time."""


class Answer(NamedTuple):
    """A status, a content type and a body."""

    status: HTTPStatus
    content_type: str
    body: bytes


class Address(NamedTuple):
    """Where to listen, and the option that said so. Port 0 takes a free one."""

    host: str
    port: int
    option: str = "--listen"

    @classmethod
    def parse(cls, text: str, option: str = "--listen") -> "Address":
        """Return the address of ``HOST:PORT`` or ``[IPV6]:PORT``; raises `ConfigurationError`, naming the option."""
        found = re.fullmatch(r"(?:\[(?P<v6>[^]]+)]|(?P<host>[^:]+)):(?P<port>[0-9]{1,5})", text)
        if found is None or int(found["port"]) > _HIGHEST_PORT:
            message = f"{option} {text} is not an address: give HOST:PORT, such as 127.0.0.1:9102"
            raise ConfigurationError(message)
        return cls(found["v6"] or found["host"], int(found["port"]), option)


_HIGHEST_PORT = 65535


class Limits(NamedTuple):
    """What clients may take: connections at a time, and seconds for sending a request or for reading an answer."""

    connections: int = 64
    seconds: float = 30.0


LIMITS = Limits()
"""Room for every scraper that a ledger may have, and for a few that misbehave."""


class MetricsServer(ThreadingHTTPServer):
    """Serves one `Service`; a thread a connection. Connections that find no room wait until another one ends."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: Address, service: Service, limits: Limits = LIMITS) -> None:
        """Listen; raises `ConfigurationError` when the address cannot be had."""
        self.service = service
        self.limits = limits
        self._room = threading.Semaphore(limits.connections)
        self.address_family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        try:
            super().__init__((address.host, address.port), _Handler)
        except OSError as error:
            raise ConfigurationError(_why_not(address, error)) from error
        except (UnicodeError, TypeError) as error:
            message = f"{address.option} {address.host}:{address.port}: {address.host} is no host's name"
            raise ConfigurationError(message) from error

    def server_bind(self) -> None:
        """Bind without looking the host up in the DNS, as the base class does."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def get_request(self) -> tuple[socket.socket, object]:
        """Accept a connection when there is room for it; the base class tries again after an `OSError`."""
        if not self._room.acquire(timeout=_ROOM_SECONDS):
            message = "there is no room for another connection"
            raise TimeoutError(message)
        try:
            return super().get_request()
        except OSError:
            self._room.release()
            raise

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Close a connection: this is where each one that was accepted ends."""
        try:
            super().shutdown_request(request)
        finally:
            self._room.release()

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another connection now."""
        has_room = self._room.acquire(blocking=False)
        if has_room:
            self._room.release()
        return not has_room

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet about clients that go away; report anything else."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # handed on as it came

    @property
    def url(self) -> str:
        """Where the landing page is."""
        host = f"[{self.server_name}]" if self.address_family == socket.AF_INET6 else self.server_name
        return f"http://{host}:{self.server_port}/"


def _why_not(address: Address, error: OSError) -> str:
    host, port, option = address
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use: stop its owner, or choose another with {option}"
    return f"cannot listen on {host}:{port} ({error.strerror}): choose another address with {option}"


class _Handler(BaseHTTPRequestHandler):
    server: MetricsServer
    protocol_version = "HTTP/1.1"
    server_version = f"tradewatch/{__version__}"
    sys_version = ""
    disable_nagle_algorithm = True  # else an answer's body waits for the client to acknowledge its headers: 40 ms

    def setup(self) -> None:
        super().setup()
        seconds = self.server.limits.seconds
        self.connection.settimeout(seconds)
        self._deadline = DeadlineReader(self.connection, seconds)
        self.rfile = io.BufferedReader(self._deadline)

    def handle_one_request(self) -> None:
        self._deadline.renew()
        super().handle_one_request()

    def do_GET(self) -> None:
        route = _ROUTES.get(_path(self.path))
        self._send(_NOT_FOUND if route is None else route(self.server.service, self._accepted("Accept")))

    do_HEAD = do_GET  # noqa: N815 - the name the base class calls

    def do_POST(self) -> None:
        self._send(_REFUSED if _path(self.path) in _ROUTES else _NOT_FOUND)

    do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = do_CONNECT = do_POST  # noqa: N815 - see above

    def _accepted(self, header: str) -> str:
        """Return all of what a client says it accepts; it may say so in several lines."""
        return ",".join(self.headers.get_all(header, ()))

    def _send(self, answer: Answer) -> None:
        body = answer.body
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Vary", "Accept, Accept-Encoding")
        self.send_header("X-Content-Type-Options", "nosniff")
        if answer.status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        if self.close_connection or self.server.is_full or self._has_body():
            self.send_header("Connection", "close")
        if prefers_gzip(self._accepted("Accept-Encoding")):
            body = gzip.compress(body, _FASTEST)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _has_body(self) -> bool:
        """Return whether the request goes on: what is not read must not be taken for the next one."""
        return "Content-Length" in self.headers or "Transfer-Encoding" in self.headers

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay quiet: a line for each scrape says nothing."""


_PLAIN = "text/plain; charset=utf-8"
_HTML = "text/html; charset=utf-8"
_NOT_FOUND = Answer(HTTPStatus.NOT_FOUND, _PLAIN, b"not found: try / or /metrics\n")
_REFUSED = Answer(HTTPStatus.METHOD_NOT_ALLOWED, _PLAIN, b"there is nothing to change here: use GET\n")

_TARGET = re.compile(r"(?:https?://[^/?]*)?([^?]*)", re.IGNORECASE)
"""A request's target: a path, or an address as clients of a proxy send it; and a query, which nothing here has."""


def _path(target: str) -> str:
    found = _TARGET.match(target)
    return (found and found[1]) or "/"


def _metrics(service: Service, accept: str) -> Answer:
    wire_format = preferred_format(accept)
    return Answer(HTTPStatus.OK, wire_format.value, service.page(wire_format))


def _landing(service: Service, _accept: str) -> Answer:
    return Answer(HTTPStatus.OK, _HTML, landing_page(service).encode())


def _healthy(_service: Service, _accept: str) -> Answer:
    return Answer(HTTPStatus.OK, _PLAIN, b"healthy\n")


def _ready(service: Service, _accept: str) -> Answer:
    if service.refresh():
        return Answer(HTTPStatus.OK, _PLAIN, b"ready\n")
    return Answer(HTTPStatus.SERVICE_UNAVAILABLE, _PLAIN, f"not ready: {service.problem}\n".encode())


_ROUTES: dict[str, Callable[[Service, str], Answer]] = {
    "/": _landing,
    "/metrics": _metrics,
    "/-/healthy": _healthy,
    "/-/ready": _ready,
}
