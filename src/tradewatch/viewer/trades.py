"""The trades of a ledger, tailed: what is open, what was closed, and which facts belong to each."""

from bisect import bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TypeVar

import msgspec

from tradewatch.errors import SourceError
from tradewatch.facts import (
    Entry,
    Fact,
    RegimeEntered,
    SignalGiven,
    TradeClosed,
    TradeCorrected,
    TradeFact,
    TradeOpened,
    TradeTerms,
    TradeVoided,
    VotesCast,
    VotesScored,
)
from tradewatch.ledger import Row, SqliteReader, entry_of

Kind = TypeVar("Kind", bound=Fact)

_AT_A_TIME = 5_000
_ROUNDS_KEPT = 20_000
_TOLD = frozenset(
    {
        "trade_opened",
        "trade_partly_closed",
        "trade_closed",
        "trade_corrected",
        "trade_voided",
        "votes_cast",
        "votes_scored",
        "signal_given",
        "regime_entered",
    }
)
_NOTHING_DECIDED = '"decision":"HOLD"'
_NOT_TAKEN = '"taken":false'


class Told(msgspec.Struct, kw_only=True):
    """A trade and everything that was told of it. ``regime``: of its asset when it was opened."""

    system: str
    id: str
    entries: list[Entry] = []
    votes: Entry | None = None
    signal: Entry | None = None
    regime: str | None = None

    def newest(self, kind: type[Kind]) -> Kind | None:
        """Return the last fact of a kind that was told of it."""
        return next((each.fact for each in reversed(self.entries) if isinstance(each.fact, kind)), None)

    def time(self, kind: type[Fact]) -> datetime | None:
        """Return when the last fact of a kind happened."""
        return next((each.time for each in reversed(self.entries) if isinstance(each.fact, kind)), None)


class SystemTrades:
    """The trades of one system, from its facts in the global order."""

    def __init__(self, system: str) -> None:
        self._system = system
        self.trades: dict[str, Told] = {}
        self._rounds: OrderedDict[str, Entry] = OrderedDict()
        self._signals: dict[tuple[str, str | None, str | None], Entry] = {}
        self._regimes: dict[tuple[str, str | None], list[tuple[datetime, str]]] = defaultdict(list)

    def take(self, entry: Entry) -> None:
        """Take a fact in."""
        fact = entry.fact
        if isinstance(fact, TradeFact):
            self._of_trade(entry, fact)
        elif isinstance(fact, VotesScored):
            self._trade(fact.trade_id).entries.append(entry)
        elif isinstance(fact, VotesCast):
            self._of_round(entry, fact)
        elif isinstance(fact, SignalGiven):
            self._signals[fact.asset, fact.agent or fact.strategy, fact.timeframe] = entry
        elif isinstance(fact, RegimeEntered):
            self._regimes[fact.asset, fact.timeframe].append((entry.time, fact.regime))

    def _trade(self, trade_id: str) -> Told:
        return self.trades.setdefault(trade_id, Told(system=self._system, id=trade_id))

    def _of_trade(self, entry: Entry, fact: TradeFact) -> None:
        told = self._trade(fact.trade_id)
        told.entries.append(entry)
        if isinstance(fact, TradeOpened):
            told.votes = told.votes or self._rounds.get(fact.round_id or "")
            signal = self._signals.get((fact.asset, fact.agent or fact.strategy, fact.timeframe))
            told.signal = signal if signal is not None and signal.time <= entry.time else None
            told.regime = self._regime(fact, entry.time)

    def _of_round(self, entry: Entry, fact: VotesCast) -> None:
        if fact.trade_id is not None:
            self._trade(fact.trade_id).votes = entry
        self._rounds[fact.round_id] = entry
        if len(self._rounds) > _ROUNDS_KEPT:
            self._rounds.popitem(last=False)

    def _regime(self, fact: TradeTerms, at: datetime) -> str | None:
        for timeframe in (fact.timeframe, None, "M5"):
            known = self._regimes.get((fact.asset, timeframe))
            place = bisect_right(known, at, key=lambda each: each[0]) if known else 0
            if known and place:
                return known[place - 1][1]
        return None


class LedgerTrades:
    """The trades of a ledger's systems, brought up to date when they are asked for; safe to ask from several threads.

    ``problem``: one sentence while the ledger cannot be read; what was read before is kept.
    """

    def __init__(self, path: Path, open_ledger: Callable[[Path], SqliteReader] = SqliteReader) -> None:
        self.path = path
        self.problem: str | None = None
        self._open = open_ledger
        self._lock = Lock()
        self._identity: str | None = None
        self._read: dict[str, tuple[int, SystemTrades]] = {}

    def systems(self) -> Mapping[str, SystemTrades]:
        """Return each system's trades as the ledger tells them now."""
        with self._lock:
            try:
                self._follow()
                self.problem = None
            except SourceError as error:
                self.problem = str(error)
            return {name: trades for name, (_, trades) in self._read.items()}

    def _follow(self) -> None:
        reader = self._open(self.path)
        try:
            if reader.identity() != self._identity:
                self._identity, self._read = reader.identity(), {}
            for system in reader.systems():
                after, trades = self._read.get(system, (0, SystemTrades(system)))
                self._read[system] = (_brought(reader, system, after, trades), trades)
        finally:
            reader.close()


def _brought(reader: SqliteReader, system: str, after: int, trades: SystemTrades) -> int:
    """Bring a system's newest facts; return the sequence number of the last one."""
    while rows := reader.tail(system, after, _AT_A_TIME):
        for entry in _entries(rows):
            trades.take(entry)
        after = rows[-1].sequence
    return after


def _entries(rows: Iterable[Row]) -> Iterable[Entry]:
    """Yield what concerns trades; a row that is no known fact concerns none."""
    for row in rows:
        if row.kind not in _TOLD or _NOTHING_DECIDED in row.body or _NOT_TAKEN in row.body:
            continue
        try:
            yield entry_of(row)
        except (msgspec.DecodeError, OverflowError, TypeError):
            continue


def terms_of(told: Told) -> TradeTerms | None:
    """Return what is known of a trade: the last correction, else its closing, else its opening."""
    corrected = told.newest(TradeCorrected)
    return corrected.replacement if corrected else told.newest(TradeClosed) or told.newest(TradeOpened)


def closing_of(told: Told) -> TradeClosed | None:
    """Return how a trade ended as it stands now, None for one that is open."""
    corrected = told.newest(TradeCorrected)
    return corrected.replacement if corrected else told.newest(TradeClosed)


def state_of(told: Told) -> str:
    """Return ``open``, ``closed`` or ``voided``."""
    if told.newest(TradeVoided) is not None:
        return "voided"
    return "open" if closing_of(told) is None else "closed"
