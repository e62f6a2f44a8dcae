"""The exporter's HTTP: metrics, a landing page, health and readiness, on loopback unless told otherwise."""

import errno
import gzip
import re
import socket
import socketserver
import sys
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from tradewatch import __version__
from tradewatch.errors import ConfigurationError
from tradewatch.exporter.landing import landing_page
from tradewatch.exporter.service import Service
from tradewatch.exporter.wire import Format

_IDLE_SECONDS = 30
"""A connection that says nothing for this long is closed."""

_FASTEST = 1
"""gzip's level: nearly the size of level 9 at a tenth of its time."""


class Answer(NamedTuple):
    """A status, a content type and a body."""

    status: HTTPStatus
    content_type: str
    body: bytes


class Address(NamedTuple):
    """Where to listen. Port 0 takes a free one."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Return the address of ``HOST:PORT`` or ``[IPV6]:PORT``; raises `ConfigurationError`."""
        found = re.fullmatch(r"(?:\[(?P<v6>[^]]+)]|(?P<host>[^:]+)):(?P<port>[0-9]{1,5})", text)
        if found is None or int(found["port"]) > _HIGHEST_PORT:
            message = f"--listen {text} is not an address: give HOST:PORT, such as 127.0.0.1:9102"
            raise ConfigurationError(message)
        return cls(found["v6"] or found["host"], int(found["port"]))


_HIGHEST_PORT = 65535


class MetricsServer(ThreadingHTTPServer):
    """Serves one `Service`; a thread a connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: Address, service: Service) -> None:
        """Listen; raises `ConfigurationError` when the address cannot be had."""
        self.service = service
        self.address_family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        try:
            super().__init__(address, _Handler)
        except OSError as error:
            raise ConfigurationError(_why_not(address, error)) from error
        except (UnicodeError, TypeError) as error:
            message = f"--listen {address.host}:{address.port}: {address.host} is no host's name"
            raise ConfigurationError(message) from error

    def server_bind(self) -> None:
        """Bind without looking the host up in the DNS, as the base class does."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

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
    if error.errno == errno.EADDRINUSE:
        return f"port {address.port} on {address.host} is in use: stop its owner, or choose another with --listen"
    return f"cannot listen on {address.host}:{address.port} ({error.strerror}): choose another address with --listen"


class _Handler(BaseHTTPRequestHandler):
    server: MetricsServer
    protocol_version = "HTTP/1.1"
    server_version = f"tradewatch/{__version__}"
    sys_version = ""
    timeout = _IDLE_SECONDS

    def do_GET(self) -> None:
        route = _ROUTES.get(self.path.partition("?")[0])
        if route is None:
            self._send(Answer(HTTPStatus.NOT_FOUND, _PLAIN, b"not found: try / or /metrics\n"))
        else:
            self._send(route(self.server.service, self.headers.get("Accept", "")))

    do_HEAD = do_GET  # noqa: N815 - the name the base class calls

    def _send(self, answer: Answer) -> None:
        body = answer.body
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Vary", "Accept, Accept-Encoding")
        self.send_header("X-Content-Type-Options", "nosniff")
        if _accepts_gzip(self.headers.get("Accept-Encoding", "")):
            body = gzip.compress(body, _FASTEST)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay quiet: a line for each scrape says nothing."""


_PLAIN = "text/plain; charset=utf-8"
_HTML = "text/html; charset=utf-8"


def _metrics(service: Service, accept: str) -> Answer:
    wire_format = Format.OPENMETRICS if "application/openmetrics-text" in accept else Format.TEXT
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


def _accepts_gzip(accepted: str) -> bool:
    for coding in accepted.split(","):
        name, _, weight = coding.strip().partition(";")
        if name.strip() in {"gzip", "*"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0"}
    return False
