"""What a person is told about a running stack: where it answers, and how each process is."""

from collections.abc import Sequence
from dataclasses import dataclass

from tradewatch.stack import loopback, processes, prometheus
from tradewatch.stack.ports import LOOPBACK
from tradewatch.stack.records import Member, Stack

EXAMPLE_QUERY = "bot_trades_total"
PROMETHEUS_PAGES = "Prometheus"

IN_WORDS = {True: "yes", False: "no", None: "-"}

Row = Sequence[str]


def addresses(stack: Stack) -> Sequence[Row]:
    """Return a label and an address for every page of ``stack`` that answers now."""
    exporter = f"http://{LOOPBACK}:{stack.ports.exporter}"
    server = f"http://{LOOPBACK}:{stack.ports.prometheus}"
    pages = (
        ("dashboards", f"http://{LOOPBACK}:{stack.ports.viewer}/"),
        ("metrics page", f"{exporter}/"),
        ("metrics", f"{exporter}/metrics"),
        (PROMETHEUS_PAGES, f"{server}/"),
        ("scrape targets", f"{server}/api/v1/targets"),
        ("example query", prometheus.query_address(stack.ports.prometheus, EXAMPLE_QUERY)),
    )
    return [page for page in pages if loopback.answers(page[1])]


def remarks(rows: Sequence[Row]) -> Sequence[str]:
    """Return what a person who misses one of the addresses should know."""
    if any(label == PROMETHEUS_PAGES for label, _ in rows):
        return ()
    return ["Prometheus shows its own pages only where its package is installed; its API answers without."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How a process of the stack is now; ``answers`` is None for one that listens nowhere."""

    member: Member
    runs: bool
    answers: bool | None

    @property
    def is_good(self) -> bool:
        """Whether it runs and, if it listens, answers."""
        return self.runs and self.answers is not False


def conditions(stack: Stack) -> Sequence[Condition]:
    """Ask every process of ``stack`` how it is."""
    return [
        Condition(
            member=member,
            runs=processes.is_alive(member.process),
            answers=None if member.health is None else loopback.answers(member.health),
        )
        for member in stack.members
    ]


def condition_table(conditions: Sequence[Condition]) -> Sequence[Row]:
    """Return a heading and a row for each condition."""
    rows = [
        (
            condition.member.name,
            str(condition.member.process.pid),
            IN_WORDS[condition.runs],
            condition.member.health or "-",
            IN_WORDS[condition.answers],
        )
        for condition in conditions
    ]
    return [("process", "pid", "runs", "address", "answers"), *rows]


def aligned(rows: Sequence[Row]) -> str:
    r"""Return ``rows`` as lines with their columns below each other.

    >>> print(aligned([("a", "long"), ("name", "x")]))
      a     long
      name  x
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
