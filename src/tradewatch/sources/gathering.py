"""Everything a file holds, as one run in event order, ready for a ledger."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from heapq import merge
from operator import attrgetter
from typing import NamedTuple

from msgspec.structs import replace

from tradewatch.facts import Entry, Fact, Mode, RunEnded, RunStarted, TradeClosed, TradeOpened
from tradewatch.sources.ordering import EventOrder, Step
from tradewatch.sources.source import BadRow, Reason, Trade

_EXAMPLES = 20
_ID_BYTES = 8
_TIME = attrgetter("time")


@dataclass(slots=True)
class BadRows:
    """How many rows were not imported and why, and the first of them."""

    by_reason: Counter[Reason] = field(default_factory=Counter)
    examples: list[BadRow] = field(default_factory=list)

    def take(self, row: BadRow) -> None:
        """Count a row."""
        self.by_reason[row.reason] += 1
        if len(self.examples) < _EXAMPLES:
            self.examples.append(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What is known of the account, apart from its trades."""

    starting_equity: float | None = None
    currency: str | None = None


class _Span(NamedTuple):
    first: datetime
    last: datetime


class Gathered:
    """The rows of a file, read to the end. Close it: much of it may lie on the disk."""

    def __init__(
        self, rows: Iterable[Trade | BadRow], *, cash_flows: Iterable[Entry] = (), with_reported_pnl: bool = True
    ) -> None:
        """Read all rows; without ``with_reported_pnl`` the P&L that the file reports is left out."""
        self.trades = 0
        self.bad_rows = BadRows()
        self._with_reported_pnl = with_reported_pnl
        self._order = EventOrder()
        self._steps = 0
        self._content = 0
        self._span: _Span | None = None
        self._flows = sorted(cash_flows, key=_TIME)
        for flow in self._flows:
            self._note(flow)
        for row in rows:
            if isinstance(row, BadRow):
                self.bad_rows.take(row)
            else:
                self._take(row)

    def run(self, account: Account, label: str) -> Iterator[tuple[Entry, bool]]:
        """Yield a run of all trades in event order; the flag tells each trade's newest fact. Nothing without trades.

        The run's id follows from the trades' ids and the account: the same content is the same run.
        """
        if self._span is None or not self.trades:
            return
        first, last = self._span
        run_id = self._run_id(account)
        start = RunStarted(
            run_id=run_id,
            mode=Mode.IMPORTED,
            starting_equity=account.starting_equity,
            currency=account.currency,
            label=label,
        )
        end = RunEnded(run_id=run_id)
        yield Entry(first, start.identity, start), False
        steps = ((step.entry, step.is_newest) for step in self._order)
        flows = ((flow, False) for flow in self._flows)
        yield from merge(flows, steps, key=lambda told: told[0].time)
        yield Entry(last, end.identity, end), False

    @property
    def facts(self) -> int:
        """How many facts `run` yields."""
        return self._steps + 2 if self.trades else 0

    def close(self) -> None:
        """Remove what lies on the disk."""
        self._order.close()

    def _take(self, trade: Trade) -> None:
        self.trades += 1
        *_, newest = trade.entries
        for entry in trade.entries:
            self._add(entry, is_newest=entry is newest)

    def _add(self, entry: Entry, *, is_newest: bool) -> None:
        self._order.add(Step(entry.time, is_newest, self._kept(entry.fact)))
        self._note(entry)

    def _note(self, entry: Entry) -> None:
        self._steps += 1
        first, last = self._span or (entry.time, entry.time)
        self._span = _Span(min(first, entry.time), max(last, entry.time))
        self._content += _digest(entry.id)  # a sum, so that the order of the rows does not matter

    def _kept(self, fact: Fact) -> TradeOpened | TradeClosed:
        match fact:
            case TradeClosed() if not self._with_reported_pnl:
                return replace(fact, pnl=None)
            case TradeClosed() | TradeOpened():
                return fact
        message = f"a source of trades yields openings and closings, not a {type(fact).__name__}"
        raise TypeError(message)

    def _run_id(self, account: Account) -> str:
        return f"import-{_digest(f'{self._content} {account.starting_equity} {account.currency}'):016x}"


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=_ID_BYTES).digest(), "big")
