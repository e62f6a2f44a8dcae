"""What clients that misbehave do to the exporter's others, over real sockets on loopback."""

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from tests.support.books import ledger_of
from tests.support.exporters import serving
from tests.support.facts import at, closed, started
from tests.support.patience import SECONDS
from tradewatch.exporter import Limits, MetricsServer, Service
from tradewatch.stack.waiting import wait_until

SHORT = Limits(connections=64, seconds=0.2)
FEW = Limits(connections=2, seconds=30.0)
"""Long enough for a machine that is busy with other tests."""


@pytest.fixture(autouse=True)
def _no_connections_of_earlier_tests() -> None:
    assert wait_until(lambda: handlers() == 0, seconds=SECONDS)


@pytest.fixture
def service(tmp_path: Path) -> Service:
    ledger = tmp_path / "bot.db"
    ledger_of(ledger, [at(0, started()), at(1, closed("a", pnl=1.0))])
    return Service(ledger)


@contextmanager
def connected(server: MetricsServer) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=SECONDS) as client:
        yield client


def healthy(server: MetricsServer) -> http.client.HTTPResponse:
    with closing(http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=SECONDS)) as connection:
        connection.request("GET", "/-/healthy")
        return connection.getresponse()


def handlers() -> int:
    """Return how many connections are being handled."""
    return sum("process_request_thread" in thread.name for thread in threading.enumerate())


def test_clients_that_say_nothing_or_half_of_it_stop_nobody_else(service: Service) -> None:
    with serving(service) as server, ExitStack() as clients:
        for words in (b"", b"GET", b"GET /metrics HTTP/1.1\r\nHost:"):
            clients.enter_context(connected(server)).sendall(words)
        assert wait_until(lambda: handlers() == 3, seconds=SECONDS)
        assert healthy(server).status == 200


@pytest.mark.parametrize("words", [b"", b"GET", b"GET /metrics HTTP/1.1\r\nHost:"])
def test_a_client_that_says_nothing_more_is_left(service: Service, words: bytes) -> None:
    with serving(service, SHORT) as server, connected(server) as client:
        client.sendall(words)
        assert client.recv(1) == b""
        assert wait_until(lambda: handlers() == 0, seconds=SECONDS)


def test_a_client_that_says_a_little_now_and_then_is_left_too(service: Service) -> None:
    with serving(service, SHORT) as server, connected(server) as client:
        client.sendall(b"GET /metrics HTTP/1.1\r\n")
        client.settimeout(SHORT.seconds / 10)
        with pytest.raises(ConnectionError):
            drip(client)
        assert wait_until(lambda: handlers() == 0, seconds=SECONDS)


def drip(client: socket.socket) -> None:
    """Send a byte of a header whenever the server has been silent for a moment; raises when it has gone."""
    for _ in range(1_000):
        client.sendall(b"x")
        try:
            if client.recv(1) == b"":
                raise ConnectionResetError
        except TimeoutError:
            continue


def test_a_client_that_never_reads_does_not_keep_its_thread(service: Service) -> None:
    with serving(service, SHORT) as server, socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(SECONDS)
        client.connect(("127.0.0.1", server.server_port))
        with pytest.raises(ConnectionError):
            ask_for_ever(client)
        assert wait_until(lambda: handlers() == 0, seconds=SECONDS)


def ask_for_ever(client: socket.socket) -> None:
    while True:
        client.sendall(b"GET /metrics HTTP/1.1\r\n\r\n" * 100)


def test_connections_that_find_no_room_wait_until_there_is_some(service: Service) -> None:
    with serving(service, FEW) as server, ExitStack() as others:
        first, _ = (others.enter_context(connected(server)) for _ in range(FEW.connections))
        assert wait_until(lambda: server.is_full, seconds=SECONDS)
        with connected(server) as late:
            late.sendall(b"GET /-/healthy HTTP/1.0\r\n\r\n")
            late.settimeout(0.1)
            with pytest.raises(TimeoutError):
                late.recv(1)
            assert handlers() == FEW.connections
            first.close()
            late.settimeout(SECONDS)
            assert late.recv(65536).startswith(b"HTTP/1.1 200")


def test_connections_are_kept_only_while_there_is_room_for_others(service: Service) -> None:
    with serving(service, FEW) as server:
        assert healthy(server).headers["Connection"] is None
        with connected(server):
            assert wait_until(lambda: handlers() == 1, seconds=SECONDS)
            assert healthy(server).headers["Connection"] == "close"


def test_a_server_that_is_full_can_be_stopped(service: Service) -> None:
    with ExitStack() as clients, serving(service, FEW) as server:
        for _ in range(FEW.connections + 1):
            clients.enter_context(connected(server))
        assert wait_until(lambda: server.is_full, seconds=SECONDS)


def test_room_is_given_back_after_every_connection(service: Service) -> None:
    with serving(service, FEW) as server:
        for _ in range(10 * FEW.connections):
            assert healthy(server).status == 200
        assert wait_until(lambda: handlers() == 0, seconds=SECONDS)
        assert not server.is_full
