import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.support.servers import free_port
from tradewatch.stack import processes
from tradewatch.stack.overview import addresses, condition_table, conditions, remarks
from tradewatch.stack.ports import LOOPBACK, Ports
from tradewatch.stack.processes import Process
from tradewatch.stack.records import Member, Stack, State


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
    exporter = Member(name="bot-exporter")
    ports = Ports(bot=free_port(), prometheus=server, alertmanager=free_port(), journal=free_port())
    assert addresses(Stack(subject="x", ports=ports, members=(exporter,))) == [
        ("scrape targets", f"http://127.0.0.1:{server}/classic/targets"),
        ("example query", f"http://127.0.0.1:{server}/api/v1/query?query=bot_trades_total"),
    ]


EMPTY = Stack(subject="x", ports=Ports())


def test_a_prometheus_without_pages_is_explained() -> None:
    assert "only where its package is installed" in " ".join(remarks(EMPTY, [("metrics", "x")]))
    assert remarks(EMPTY, [("Prometheus", "x")]) == []


def test_a_system_that_still_simulates_its_past_is_named() -> None:
    late = Member(name="hydra", state=State.STARTING, remark="simulates its past, 12.3 days to go")
    stack = replace(EMPTY, members=(late, Member(name="hydra-exporter", remark="waits for hydra")))
    assert remarks(stack, [("Prometheus", "x")]) == [
        "hydra simulates its past, 12.3 days to go; `make status` tells how far it is."
    ]


def test_a_task_that_failed_is_named_with_its_sentence() -> None:
    failed = Member(name="hydra-last-day", state=State.FAILED, remark="no room on the disk")
    assert remarks(replace(EMPTY, members=(failed,)), [("Prometheus", "x")]) == [
        "hydra-last-day failed, and is not tried again: no room on the disk"
    ]


def test_the_table_says_what_runs_and_answers(server: int) -> None:
    health = f"http://127.0.0.1:{server}/-/ready"
    gone = Process(pid=1, birth="other")
    members = (
        Member(name="sample", process=this_process(), state=State.READY),
        Member(name="exporter", process=this_process(), state=State.READY, health=health),
        Member(name="prometheus", process=gone, state=State.READY, health="http://127.0.0.1:1/"),
        Member(name="history", state=State.DONE),
        Member(name="late", remark="waits for sample"),
        Member(name="wrong", state=State.FAILED, ended="ended with status 2 at 12:00:00 UTC", remark="no such ledger"),
        Member(name="lost", restarts=3, ended="ended with status 1 at 12:00:00 UTC", remark="is started again"),
    )
    found = conditions(replace(EMPTY, members=members))
    assert [condition.is_good for condition in found] == [True, True, False, True, True, False, False]
    pid = str(os.getpid())
    assert condition_table(found) == [
        ("process", "pid", "state", "address", "answers", "restarts", ""),
        ("sample", pid, "ready", "-", "-", "0", ""),
        ("exporter", pid, "ready", health, "yes", "0", ""),
        ("prometheus", "1", "gone", "http://127.0.0.1:1/", "-", "0", ""),
        ("history", "-", "done", "-", "-", "0", ""),
        ("late", "-", "waiting", "-", "-", "0", "waits for sample"),
        ("wrong", "-", "failed", "-", "-", "0", "no such ledger; last ended with status 2 at 12:00:00 UTC"),
        ("lost", "-", "waiting", "-", "-", "3", "is started again; last ended with status 1 at 12:00:00 UTC"),
    ]


def test_one_that_begins_need_not_answer_yet(server: int) -> None:
    silent = f"http://127.0.0.1:{free_port()}/"
    members = [Member(name="x", process=this_process(), health=silent, state=state) for state in State]
    found = conditions(replace(EMPTY, members=tuple(members)))
    good = {condition.member.state for condition in found if condition.is_good}
    assert State.STARTING in good
    assert State.READY not in good
    assert server
