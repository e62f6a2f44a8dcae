"""What a source of trades is, and what it gives: trades, and rows that are none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from tradewatch.facts import Entry


class Reason(StrEnum):
    """Why a row is not imported; ``mend`` says what to do about it."""

    mend: str

    def __new__(cls, value: str, mend: str) -> Self:
        """Make the word with its mend."""
        reason = str.__new__(cls, value)
        reason._value_ = value
        reason.mend = mend
        return reason

    MISSING = "missing", "fill in the column"
    NOT_A_NUMBER = "not_a_number", "write a plain number such as 1234.5"
    DECIMAL_COMMA = "decimal_comma", "write numbers with a decimal point and no thousands separators: 1234.5"
    OUT_OF_BOUNDS = (
        "out_of_bounds",
        "prices and quantities are above 0, a confidence is 0 to 1, a text has at most 2000 characters",
    )
    NOT_A_TEXT = "not_a_text", "write a text"
    NOT_TRUE_OR_FALSE = "not_true_or_false", "write true or false"
    NOT_A_DIRECTION = "not_a_direction", "write BUY, SELL, long or short"
    NOT_A_TIME = "not_a_time", "write times as in 2024-01-31T17:30:00Z"
    TIME_WITHOUT_ZONE = "time_without_zone", "say with --timezone in which zone the times are, for example UTC"
    IN_THE_FUTURE = "in_the_future", "check the clock, and whether the time is in seconds"
    AMBIGUOUS_TIME = "ambiguous_time", "clocks were changed then: write the offset, as in 2024-10-27T02:30:00+01:00"
    CLOSED_BEFORE_OPENED = "closed_before_opened", "check which time is the opening and which the closing"
    TRADE_ID_USED_TWICE = "trade_id_used_twice", "give every trade an id of its own"
    WRONG_NUMBER_OF_CELLS = "wrong_number_of_cells", "quote cells that contain the delimiter"
    UNPAIRED_DEAL = "unpaired_deal", "export the report, whose table of positions says which deal closes which"
    UNREADABLE = "unreadable", "look at the row in a text editor"


WHOLE_ROW = "row"
"""The column of a bad row in which no single column is wrong."""


class BadRow(NamedTuple):
    """A row that is not imported. ``row``: line of a text file, counted from 1, or index of a list, from 0."""

    file: str
    row: int
    column: str
    found: str
    reason: Reason


class Trade(NamedTuple):
    """A trade's facts; an open one has no closing, and one whose opening time is unknown no opening."""

    opening: Entry | None
    closing: Entry | None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Its facts in event order."""
        return tuple(entry for entry in self if entry is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a person says about a file.

    ``strategy``: which one's trades, where a file holds several. ``timezone``: the zone of times without one.
    ``columns``: our name of a column to the file's.
    """

    strategy: str | None = None
    timezone: tzinfo | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a file holds: its trades, read while they are iterated, and what it says about the account.

    ``cash_flows``: money that was deposited or withdrawn, under ids of the file's own.
    ``remarks``: what was assumed, and what it says about the account that cannot be taken, a sentence each.
    """

    trades: Iterator[Trade | BadRow]
    cash_flows: tuple[Entry, ...] = ()
    starting_equity: float | None = None
    currency: str | None = None
    ignored_columns: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


class Source(Protocol):
    """A kind of file with trades. The cards in ``tests/contract/test_sources.py`` say what one must do."""

    @property
    def name(self) -> str:
        """What ``--format`` calls it."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Endings of file names, in lower case, that are enough to know the format."""

    @property
    def uses(self) -> frozenset[str]:
        """Names of the `Options` that it takes; the others would do nothing."""

    def read(self, path: Path, options: Options) -> Contents:
        """Open a file; raises `SourceError` or `ConfigurationError`, also while its trades are iterated."""
