"""What is asked for, and the ledger that it is asked of."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from tradewatch.book import Amendments, Book, Past, ProfitSource, only_system
from tradewatch.book.past import Remembered
from tradewatch.errors import ConfigurationError
from tradewatch.history.days import DAY
from tradewatch.history.pages import ALL
from tradewatch.ledger import SqliteReader
from tradewatch.systems import System, system_of

LONGEST_STEP = 300
"""Seconds after which Prometheus takes a series for gone: its look-back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A history to be written. ``step``: seconds. ``begin``, ``end``: None for all there is.

    ``metrics``: a pattern of names. ``job``, ``instance``: labels, None as the server scrapes the ledger. ``blocks``:
    the folder of data of a Prometheus here, where all but the last hours is put as blocks; None to send everything.
    """

    ledger: Path
    url: str
    step: int
    system: str | None = None
    begin: datetime | None = None
    end: datetime | None = None
    metrics: str = ALL
    profit: ProfitSource = ProfitSource.REPORTED
    job: str | None = None
    instance: str | None = None
    blocks: Path | None = None

    def __post_init__(self) -> None:
        """Raise `ConfigurationError` for what cannot be written."""
        if not 0 < self.step < LONGEST_STEP:
            message = (
                f"--step {self.step}s cannot be drawn, a series without a sample for {LONGEST_STEP} s counts as gone: "
                "give one from 1s to 299s, such as 60s"
            )
            raise ConfigurationError(message)
        if self.begin is not None and self.end is not None and self.begin > self.end:
            message = f"--from {self.begin:%Y-%m-%d %H:%M:%S} is after --to {self.end:%Y-%m-%d %H:%M:%S}: exchange them"
            raise ConfigurationError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A ledger that is read: its system, and how far. ``oldest``, ``newest``: of its facts, Unix seconds."""

    reader: SqliteReader
    identity: str
    name: str
    system: System
    profit: ProfitSource
    last: int
    oldest: float
    newest: float

    @property
    def days(self) -> int:
        """How many UTC days it touches."""
        return int(self.newest // DAY - self.oldest // DAY) + 1

    def past(self, remembered: Remembered) -> Past:
        """Return the book of its moments, from the beginning or from what is remembered."""
        make = partial(_book, self.system, self.profit)
        return Past(self.reader, self.name, self.last, make, remembered)


def opened(order: Order, reader: SqliteReader) -> Opened:
    """Return the ledger of an order; raises `ConfigurationError` where it has no such facts."""
    name = order.system or only_system(reader, order.ledger)
    last = reader.last_sequence()
    oldest, newest = (None, None) if name is None else (reader.oldest_time(name), reader.newest_time(name))
    if name is None or oldest is None or newest is None:
        of = "" if order.system is None else f" of the system {order.system}"
        message = f"the ledger {order.ledger} has no facts{of}, and so no history: check --ledger and --system"
        raise ConfigurationError(message)
    return Opened(
        reader=reader,
        identity=reader.identity(),
        name=name,
        system=system_of(name),
        profit=order.profit,
        last=last,
        oldest=oldest / 1e6,
        newest=newest / 1e6,
    )


def _book(system: System, profit: ProfitSource, amendments: Amendments) -> Book:
    return Book(system.kept, amendments, profit, system.kept_virtual)
