"""The ledger's side of following a database: what its rows say now is told, as far as it was not told before."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from tradewatch.facts import (
    Entry,
    FactsRefused,
    Mode,
    RunEnded,
    RunStarted,
    TradeClosed,
    TradeCorrected,
    TradeOpened,
    TradeVoided,
)
from tradewatch.ledger import Row, SqliteAppender, SqliteReader, entry_of, from_microseconds
from tradewatch.sources.gathering import Account
from tradewatch.sources.source import Reason, Trade
from tradewatch.sources.telling import Fault
from tradewatch.sources.velocityptrader import FORMAT
from tradewatch.sources.velocityptrader.amending import Standing, amended, standing_of
from tradewatch.sources.velocityptrader.database import ErrorRow, TradeRow
from tradewatch.sources.velocityptrader.rows import error_id, error_of, trade_of
from tradewatch.sources.velocityptrader.tally import Tally

_TIME = attrgetter("time")
_AHEAD = timedelta(days=1)
"""How far ahead of this machine's clock another one may be."""

_OTHER_NAMES: Mapping[str, str] = {}


class Wanted(NamedTuple):
    """The row of a trade, and the one that closes it where that is another; ``row`` None: there is no such trade.

    ``may_be_closed_later``: the row that closes an open one may not have been seen yet.
    """

    row: TradeRow | None
    closing: TradeRow | None = None
    may_be_closed_later: bool = False


class Copy:
    """One system of a ledger, to which the trades and errors of a database are told. Use it from one thread."""

    def __init__(  # noqa: PLR0913 - the ledger, whose it is, and what is said of rows that are not told
        self,
        ledger: Path,
        system: str,
        account: Account,
        file: str,
        *,
        clock: Callable[[], datetime],
        tells_refused: bool,
    ) -> None:
        self.tally = Tally()
        self.newest: datetime | None = None
        self._refused: list[Entry] = []
        self._system = system
        self._account = account
        self._file = file
        self._clock = clock
        self._tells_refused = tells_refused
        self._appender = SqliteAppender(ledger)
        try:
            self.reader = SqliteReader(ledger)
        except BaseException:
            self._appender.close()
            raise
        self._was_empty = not self.reader.tail(system, 0, 1)

    def begin(self, kind: str, first: TradeRow | None, time: datetime) -> None:
        """Tell that a run of a kind began, unless the ledger holds one of the same account."""
        if any(self._is_ours(entry_of(row).fact) for row in self._runs(kind)):
            return
        content = (first and (first.id, first.timestamp, first.instrument), self._account)
        digest = blake2b(repr(content).encode(errors="replace"), digest_size=8).hexdigest()
        fact = RunStarted(
            run_id=f"{kind}-{digest}",
            mode=Mode.IMPORTED,
            starting_equity=self._account.starting_equity,
            currency=self._account.currency,
            label=FORMAT,
        )
        self._appender.append([Entry(time, fact.identity, fact)], self._system)

    def end(self, kind: str) -> None:
        """Tell that the runs of a kind ended with the newest fact."""
        ids = {row.id for row in self._runs(kind)}
        for started in sorted(row_id for row_id in ids if row_id.endswith("/started")):
            fact = RunEnded(run_id=started.removesuffix("/started"))
            if fact.identity not in ids and self.newest is not None:
                self._appender.append([Entry(self.newest, fact.identity, fact)], self._system)

    def tell(self, wanted: Mapping[int, Wanted], never_told: Collection[int] = ()) -> list[int]:
        """Tell what differs from the ledger, in one transaction; return the open rows that the ledger holds as closed.

        ``never_told``: rows of which the ledger may know nothing, for sure when it was empty at first.
        """
        entries: list[Entry] = []
        closed_by_another = []
        for row_id, each in wanted.items():
            is_new = self._was_empty and row_id in never_told
            standing = Standing(row_id) if is_new else standing_of(self.reader, self._system, row_id)
            if _is_left(each, standing):
                closed_by_another.append(row_id)
            else:
                entries += self._told(each, standing)
        entries += self._refused
        self._refused = []
        entries.sort(key=_TIME)
        if entries:
            self._appender.append(entries, self._system)
        return closed_by_another

    def tell_errors(self, rows: Sequence[ErrorRow]) -> None:
        """Tell errors; those that were told before stay as they are."""
        if not rows or self.holds(error_id(rows[-1].id)):
            return
        found = [error_of(row) for row in rows]
        entries = [entry for entry in found if entry is not None]
        self.tally.errors += self._appender.append(entries, self._system).new

    def holds(self, fact_id: str) -> bool:
        """Whether the ledger has a fact of this id."""
        return bool(self.reader.with_ids(self._system, fact_id, f"{fact_id}\0"))

    def close(self) -> None:
        """Release the ledger."""
        self.reader.close()
        self._appender.close()

    def _told(self, wanted: Wanted, standing: Standing) -> list[Entry]:
        trade = self._trade(wanted, standing)
        for entry in trade.entries if trade else ():
            self.newest = max(self.newest or entry.time, entry.time)
        entries = amended(standing, trade)
        self._count(entries, is_there=trade is not None)
        return entries

    def _trade(self, wanted: Wanted, standing: Standing) -> Trade | None:
        if wanted.row is None:
            return None
        found = trade_of(wanted.row, wanted.closing, standing.openings)
        if isinstance(found, Trade) and any(entry.time > self._clock() + _AHEAD for entry in found.entries):
            found = Fault("timestamp", wanted.row.timestamp, Reason.IN_THE_FUTURE)
        if isinstance(found, Fault):
            self._refuse(wanted.row, found)
            self.tally.bad_rows.take(found.at(self._file, wanted.row.id, _OTHER_NAMES))
            return None
        return found

    def _refuse(self, row: TradeRow, fault: Fault) -> None:
        """Tell that a row is no trade, once, where the ledger goes on as of now."""
        if self._tells_refused:
            fact = FactsRefused(
                fact_kind="trade_closed", reason=fault.reason.value, count=1, example=f"row {row.id}, {fault.column}"
            )
            # With the newest fact: a later time would be a day without trades.
            newest = self.reader.newest_time(self._system)
            time = self._clock() if newest is None else from_microseconds(newest)
            self._refused.append(Entry(time, f"row-{row.id}/refused", fact))

    def _count(self, entries: Iterable[Entry], *, is_there: bool) -> None:
        kinds = {type(entry.fact) for entry in entries}
        told = kinds & {TradeOpened, TradeClosed}
        self.tally.new += bool(told)
        self.tally.still_open += told == {TradeOpened}
        self.tally.corrected += TradeCorrected in kinds
        self.tally.voided += TradeVoided in kinds
        self.tally.repeated += is_there and not kinds

    def _runs(self, kind: str) -> Sequence[Row]:
        return self.reader.with_ids(self._system, f"{kind}-", f"{kind}.")

    def _is_ours(self, fact: object) -> bool:
        return (
            isinstance(fact, RunStarted)
            and Account(starting_equity=fact.starting_equity, currency=fact.currency) == self._account
        )


def _is_left(wanted: Wanted, standing: Standing) -> bool:
    """Whether an open row may well be the one that another row closed, so that nothing is told before that is known."""
    return wanted.may_be_closed_later and standing.stands and standing.closing is not None
