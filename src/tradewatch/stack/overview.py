"""What a person is told about a running stack: where it answers, and how each process is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tradewatch.stack import loopback, processes, prometheus
from tradewatch.stack.records import Member, Stack, State

EXAMPLE_QUERIES = {
    "hydra": "hydra_account_balance_usd",
    "velocitytrader": "velocitytrader_pnl_total",
    "bot": "bot_trades_total",
}
EXPORTER = "-exporter"
PROMETHEUS_PAGES = "Prometheus"

IN_WORDS = {True: "yes", False: "no", None: "-"}

Row = Sequence[str]


def addresses(stack: Stack) -> Sequence[Row]:
    """Return a label and an address for every page of ``stack`` that answers now."""
    return [page for page in _pages(stack) if loopback.answers(page[1])]


def _pages(stack: Stack) -> Iterator[tuple[str, str]]:
    names = [member.name for member in stack.members]
    systems = [name.removesuffix(EXPORTER) for name in names if name.endswith(EXPORTER)]
    if "viewer" in names:
        yield "dashboards", f"{stack.ports.address('viewer')}/"
    yield PROMETHEUS_PAGES, f"{stack.ports.address('prometheus')}/"
    yield (
        "scrape targets",
        _first_that_answers(
            f"{stack.ports.address('prometheus')}{path}" for path in ("/classic/targets", "/targets", "/api/v1/targets")
        ),
    )
    yield "alerts now", f"{stack.ports.address('alertmanager')}/api/v2/alerts"
    yield "alerts told", f"{stack.ports.address('journal')}/"
    for system in systems:
        yield f"metrics of {system}", f"{stack.ports.address(system)}/metrics"
    for system in systems[:1]:
        query = EXAMPLE_QUERIES.get(system, "up")
        yield "example query", prometheus.query_address(stack.ports.prometheus, query)


def remarks(stack: Stack, rows: Sequence[Row]) -> Sequence[str]:
    """Return what a person who misses one of the addresses should know."""
    said = [
        f"{member.name} {member.remark or 'is not ready yet'}; `make status` tells how far it is."
        for member in stack.members
        if member.state not in {State.READY, State.FAILED}
        and not member.name.endswith(("-history", "-last-day", EXPORTER))
    ]
    said += [
        f"{member.name} failed, and is not tried again: {member.remark}"
        for member in stack.members
        if member.state is State.FAILED
    ]
    if not any(label == PROMETHEUS_PAGES for label, _ in rows):
        said.append("Prometheus shows its own pages only where its package is installed; its API answers without.")
    return said


def _first_that_answers(pages: Iterable[str]) -> str:
    """Return the first page that answers, the last of them if none does."""
    page = ""
    for page in pages:
        if loopback.answers(page):
            break
    return page


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How a process of the stack is now; ``answers`` is None for one that listens nowhere."""

    member: Member
    runs: bool
    answers: bool | None

    @property
    def is_good(self) -> bool:
        """Whether it runs and answers, as far as it is its turn and it has not done its work."""
        if self.member.state in {State.DONE, State.FAILED}:
            return self.member.state is State.DONE
        if self.member.process is None:
            return self.member.restarts == 0
        return self.runs and (self.answers is not False or self.member.state is State.STARTING)


def conditions(stack: Stack) -> Sequence[Condition]:
    """Ask every process of ``stack`` how it is."""
    return [_condition(member) for member in stack.members]


def _condition(member: Member) -> Condition:
    runs = member.process is not None and processes.is_alive(member.process)
    listens = runs and member.health is not None
    answers = loopback.answers(member.health) if listens and member.health is not None else None
    return Condition(member=member, runs=runs, answers=answers)


def condition_table(conditions: Sequence[Condition]) -> Sequence[Row]:
    """Return a heading and a row for each condition."""
    return [("process", "pid", "state", "address", "answers", "restarts", ""), *map(_row, conditions)]


def _row(condition: Condition) -> Row:
    member = condition.member
    return (
        member.name,
        "-" if member.process is None else str(member.process.pid),
        str(member.state) if condition.runs or member.process is None else "gone",
        member.health or "-",
        IN_WORDS[condition.answers],
        str(member.restarts),
        "; ".join(filter(None, (member.remark, f"last {member.ended}" if member.ended else ""))),
    )


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
