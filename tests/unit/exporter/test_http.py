"""The exporter's HTTP, over real sockets on loopback."""

import http.client
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.books import ledger_of
from tests.support.facts import at, closed, started
from tradewatch.errors import ConfigurationError
from tradewatch.exporter import Address, Format, MetricsServer, Service
from tradewatch.exporter.landing import landing_page


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
def server(ledger: Path) -> Iterator[MetricsServer]:
    ledger_of(ledger, [at(0, started()), at(1, closed("a", pnl=1.0, asset="<script>alert(1)</script>"))])
    service = Service(ledger)
    with MetricsServer(Address("127.0.0.1", 0), service) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
    service.close()


def ask(
    server: MetricsServer, path: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
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


def test_an_unknown_page_is_not_found_and_other_methods_are_refused(server: MetricsServer) -> None:
    assert ask(server, "/nothing")[0].status == 404
    assert ask(server, "/metrics", "POST")[0].status == 501


def test_health_and_readiness(server: MetricsServer) -> None:
    assert ask(server, "/-/healthy")[0].status == 200
    assert ask(server, "/-/ready")[0].status == 200


def test_not_ready_says_why(tmp_path: Path) -> None:
    service = Service(tmp_path / "missing.db")
    with MetricsServer(Address("127.0.0.1", 0), service) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        response, body = ask(server, "/-/ready")
        assert ask(server, "/")[0].status == 200
        server.shutdown()
        thread.join()
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
    assert Address.parse(text) == address


@pytest.mark.parametrize("text", ["9102", ":9102", "127.0.0.1", "127.0.0.1:99999", "a:b", "127.0.0.1:9102x", "::1:80"])
def test_anything_else_is_no_address(text: str) -> None:
    with pytest.raises(ConfigurationError, match="--listen"):
        Address.parse(text)
