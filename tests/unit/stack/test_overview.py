import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.support.servers import free_port
from tradewatch.stack import processes
from tradewatch.stack.overview import addresses, condition_table, conditions, remarks
from tradewatch.stack.ports import LOOPBACK, Ports
from tradewatch.stack.processes import Process
from tradewatch.stack.records import Member, Stack


class BrokenFrontPage(BaseHTTPRequestHandler):
    """Answers 200 everywhere but on the front page."""

    def do_GET(self) -> None:
        self.send_response(500 if self.path == "/" else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def server() -> Iterator[int]:
    """Yield the port of a server that answers everywhere but on its front page."""
    with HTTPServer((LOOPBACK, 0), BrokenFrontPage) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def this_process() -> Process:
    return Process(pid=os.getpid(), birth=processes.birth_of(os.getpid()) or "")


def test_only_addresses_that_answer_are_shown(server: int) -> None:
    stack = Stack(subject="x", ports=Ports(exporter=free_port(), prometheus=server))
    assert addresses(stack) == [
        ("scrape targets", f"http://127.0.0.1:{server}/api/v1/targets"),
        ("example query", f"http://127.0.0.1:{server}/api/v1/query?query=bot_trades_total"),
    ]


def test_a_prometheus_without_pages_is_explained() -> None:
    assert "only where its package is installed" in " ".join(remarks([("metrics", "x")]))
    assert remarks([("Prometheus", "x")]) == ()


def test_the_table_says_what_runs_and_answers(server: int) -> None:
    health = f"http://127.0.0.1:{server}/-/ready"
    members = (
        Member(name="sample", process=this_process(), health=None),
        Member(name="exporter", process=this_process(), health=health),
        Member(name="prometheus", process=Process(pid=1, birth="other"), health="http://127.0.0.1:1/"),
    )
    found = conditions(Stack(subject="x", ports=Ports(), members=members))
    assert [condition.is_good for condition in found] == [True, True, False]
    pid = str(os.getpid())
    assert condition_table(found) == [
        ("process", "pid", "runs", "address", "answers"),
        ("sample", pid, "yes", "-", "-"),
        ("exporter", pid, "yes", health, "yes"),
        ("prometheus", "1", "no", "http://127.0.0.1:1/", "no"),
    ]
