"""The exporter's HTTP, over real sockets on loopback."""

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.books import ledger_of
from tests.support.exporters import serving
from tests.support.facts import at, closed, started
from tests.support.patience import SECONDS
from tradewatch.errors import ConfigurationError
from tradewatch.exporter import Address, Format, MetricsServer, Service
from tradewatch.exporter.landing import landing_page


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
def server(ledger: Path) -> Iterator[MetricsServer]:
    ledger_of(ledger, [at(0, started()), at(1, closed("a", pnl=1.0, asset="<script>alert(1)</script>"))])
    with serving(Service(ledger)) as server:
        yield server


def ask(
    server: MetricsServer, path: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=SECONDS)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def test_metrics_are_served_as_text(server: MetricsServer) -> None:
    response, body = ask(server, "/metrics")
    assert (response.status, response.headers["Content-Type"]) == (200, Format.TEXT.value)
    assert b"\nbot_pnl 1\n" in body


def test_openmetrics_is_served_to_those_who_ask(server: MetricsServer) -> None:
    accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
    response, body = ask(server, "/metrics", Accept=accept)
    assert response.headers["Content-Type"] == Format.OPENMETRICS.value
    assert body.endswith(b"# EOF\n")


@pytest.mark.parametrize(
    ("accepted", "packed"), [("gzip", True), ("br, gzip;q=0.8", True), ("gzip;q=0", False), ("identity", False)]
)
def test_gzip_is_used_where_it_is_accepted(server: MetricsServer, accepted: str, packed: bool) -> None:  # noqa: FBT001 - a table
    response, body = ask(server, "/metrics", Accept_Encoding=accepted)
    assert (response.headers["Content-Encoding"] == "gzip") == packed
    assert body.startswith(b"\x1f\x8b") == packed


def test_a_query_does_not_hide_the_page(server: MetricsServer) -> None:
    assert ask(server, "/metrics?x=1")[0].status == 200


def test_head_has_the_headers_and_no_body(server: MetricsServer) -> None:
    response, body = ask(server, "/metrics", "HEAD")
    assert (response.status, body) == (200, b"")
    assert int(response.headers["Content-Length"]) > 0


def test_what_is_accepted_may_be_said_in_several_lines(server: MetricsServer) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=SECONDS)) as connection:
        connection.putrequest("GET", "/metrics")
        connection.putheader("Accept", "text/plain;q=0.5")
        connection.putheader("Accept", "application/openmetrics-text")
        connection.endheaders()
        assert connection.getresponse().headers["Content-Type"] == Format.OPENMETRICS.value


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("http://127.0.0.1:9102/metrics", 200),
        ("HTTP://bot.example/metrics?x=1", 200),
        ("https://[::1]:9102/-/healthy", 200),
        ("http://127.0.0.1:9102", 200),
        ("http://127.0.0.1:9102?x=/metrics", 200),
        ("http://metrics/nothing", 404),
        ("http:///metrics", 200),
        ("ftp://127.0.0.1/metrics", 404),
    ],
)
def test_a_target_may_be_a_whole_address(server: MetricsServer, target: str, status: int) -> None:
    response, body = ask(server, target)
    assert response.status == status
    assert (b"bot_pnl" in body) == ("/metrics" in target.partition("?")[0] and status == 200)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_an_unknown_page_is_not_found(server: MetricsServer, method: str) -> None:
    assert ask(server, "/nothing", method)[0].status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_a_page_can_only_be_read(server: MetricsServer, method: str) -> None:
    response, _ = ask(server, "/metrics", method)
    assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD")


def test_a_method_that_nobody_knows_is_not_implemented(server: MetricsServer) -> None:
    assert ask(server, "/metrics", "BREW")[0].status == 501


def test_a_request_with_a_body_is_the_connections_last(server: MetricsServer) -> None:
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=SECONDS) as client:
        client.sendall(b"POST /metrics HTTP/1.1\r\nContent-Length: 25\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.count(b"HTTP/1.1") == 1
    assert b"\r\nConnection: close\r\n" in answer


def test_a_client_that_wants_its_connection_closed_is_told_that_it_will_be(server: MetricsServer) -> None:
    assert ask(server, "/metrics", Connection="close")[0].headers["Connection"] == "close"
    assert ask(server, "/metrics")[0].headers["Connection"] is None


def test_a_connection_is_kept_for_the_next_scrape(server: MetricsServer) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=SECONDS)) as connection:
        for _ in range(3):
            connection.request("GET", "/metrics")
            assert b"bot_pnl 1\n" in connection.getresponse().read()
            assert connection.sock is not None


def test_an_answer_does_not_wait_until_the_last_part_of_it_is_acknowledged(
    server: MetricsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted: list[socket.socket] = []
    accept = server.get_request

    def get_request() -> tuple[socket.socket, object]:
        connection, address = accept()
        accepted.append(connection.dup())
        return connection, address

    monkeypatch.setattr(server, "get_request", get_request)
    ask(server, "/metrics")
    (connection,) = accepted
    with connection:
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_health_and_readiness(server: MetricsServer) -> None:
    assert ask(server, "/-/healthy")[0].status == 200
    assert ask(server, "/-/ready")[0].status == 200


def test_not_ready_says_why(tmp_path: Path) -> None:
    with serving(Service(tmp_path / "missing.db")) as server:
        response, body = ask(server, "/-/ready")
        assert ask(server, "/")[0].status == 200
    assert response.status == 503
    assert b"no ledger at" in body


def test_the_landing_page_shows_the_numbers_and_escapes_what_it_shows(server: MetricsServer) -> None:
    response, body = ask(server, "/")
    assert response.headers["Content-Type"].startswith("text/html")
    assert b"net profit" in body
    assert b"<script>" not in body


def test_the_landing_page_of_a_missing_ledger_shows_no_numbers(tmp_path: Path) -> None:
    page = landing_page(Service(tmp_path / "missing.db"))
    assert "no ledger at" in page
    assert "<tr>" not in page


def test_the_landing_page_of_a_lost_ledger_shows_no_readings_of_now(ledger: Path) -> None:
    ledger_of(ledger, [at(0, started()), at(1, closed("a", pnl=1.0))])
    service = Service(ledger)
    assert "equity" in landing_page(service)
    ledger.unlink()
    page = landing_page(service)
    assert "net profit" in page
    assert "<th>equity" not in page


def test_a_ledger_named_like_markup_is_escaped(tmp_path: Path) -> None:
    page = landing_page(Service(tmp_path / "<b>.db"))
    assert "<b>.db" not in page
    assert json.dumps("&lt;b&gt;.db")[1:-1] in page


def test_it_listens_on_ipv6_too(ledger: Path) -> None:
    with MetricsServer(Address("::1", 0), Service(ledger)) as server:
        assert server.url == f"http://[::1]:{server.server_port}/"


def test_a_port_in_use_is_named_with_its_flag(server: MetricsServer, ledger: Path) -> None:
    with pytest.raises(ConfigurationError, match=rf"port {server.server_port} .* in use.*--listen"):
        MetricsServer(Address("127.0.0.1", server.server_port), Service(ledger))


@pytest.mark.parametrize(
    ("text", "address"),
    [("127.0.0.1:9102", ("127.0.0.1", 9102)), ("localhost:0", ("localhost", 0)), ("[::1]:80", ("::1", 80))],
)
def test_an_address_is_host_and_port(text: str, address: tuple[str, int]) -> None:
    assert Address.parse(text) == Address(*address)


@pytest.mark.parametrize("text", ["9102", ":9102", "127.0.0.1", "127.0.0.1:99999", "a:b", "127.0.0.1:9102x", "::1:80"])
def test_anything_else_is_no_address(text: str) -> None:
    with pytest.raises(ConfigurationError, match="--listen"):
        Address.parse(text)
