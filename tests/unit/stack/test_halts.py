import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.support.servers import free_port
from tradewatch.stack.halts import halts
from tradewatch.stack.places import Places
from tradewatch.stack.ports import LOOPBACK, Ports
from tradewatch.stack.records import Member, Stack

HALTED = """\
# HELP velocitytrader_trading_allowed 1 while nothing halts all trading, else 0
velocitytrader_trading_allowed 0
velocitytrader_current_drawdown 30.42
"""


@pytest.fixture
def page() -> list[str]:
    return [HALTED]


@pytest.fixture
def port(page: list[str]) -> Iterator[int]:
    """Yield the port of a server that answers with the newest page."""

    class Exporter(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(page[-1].encode())

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    with HTTPServer((LOOPBACK, 0), Exporter) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def stack_of(port: int, *names: str) -> Stack:
    ports = Ports(velocitytrader=port, hydra=free_port())
    return Stack(subject="x", ports=ports, members=tuple(Member(name=name) for name in names))


def test_a_halt_is_told_with_its_drawdown_and_what_ends_it(places: Places, port: int) -> None:
    found = halts(stack_of(port, "velocitytrader", "hydra"), places)
    assert len(found) == 1
    assert found[0].startswith(
        "velocitytrader runs, but its own limits have halted its trading, 30.4 % below its peak. "
    )
    assert f"`tradewatch guardian reset --ledger {places.trading_logs}`" in found[0]


@pytest.mark.parametrize("other", [HALTED.replace("allowed 0", "allowed 1"), "", "tradewatch_ready 0\n"])
def test_nothing_is_told_of_a_system_that_trades_or_does_not_say(
    places: Places, page: list[str], port: int, other: str
) -> None:
    page.append(other)
    assert halts(stack_of(port, "velocitytrader"), places) == []


def test_an_account_that_is_not_known_is_halted_all_the_same(places: Places, page: list[str], port: int) -> None:
    page.append("velocitytrader_trading_allowed 0\n")
    assert "halted its trading. A halt" in halts(stack_of(port, "velocitytrader"), places)[0]


def test_only_the_demos_own_systems_are_asked(places: Places, port: int) -> None:
    assert halts(stack_of(port, "bot-exporter"), places) == []
