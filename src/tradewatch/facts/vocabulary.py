"""The closed sets of words that facts use."""

from enum import StrEnum


class Direction(StrEnum):
    """The side of a trade.

    >>> Direction.SELL.sign
    -1
    """

    BUY = "BUY"
    SELL = "SELL"

    @property
    def sign(self) -> int:
        """+1 when a rising price makes money, -1 when a falling one does."""
        return 1 if self is Direction.BUY else -1


class Stance(StrEnum):
    """What a vote or signal asks for."""

    BUY = "BUY"
    SELL = "SELL"
    HOLD = "HOLD"

    __hash__ = str.__hash__  # equal texts are equal keys; an enumeration's own asks its name, and is slow


class Outcome(StrEnum):
    """How a closed trade ended; a scratch is neither a win nor a loss."""

    WIN = "win"
    LOSS = "loss"
    SCRATCH = "scratch"


class Mode(StrEnum):
    """How real the money and the market of a run are."""

    LIVE = "live"
    PAPER = "paper"
    REPLAY = "replay"
    SIMULATED = "simulated"
    IMPORTED = "imported"


class Calendar(StrEnum):
    """Which days count when returns are taken by the day."""

    EVERY_DAY = "every_day"
    """All days of the week, 365 a year: for markets that never close."""

    WEEKDAYS = "weekdays"
    """Monday to Friday, 261 a year; what a weekend brings is part of Monday."""

    @property
    def days_a_year(self) -> int:
        """How many days of a year count."""
        return 365 if self is Calendar.EVERY_DAY else 261


class Severity(StrEnum):
    """How bad an error is."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class RiskAction(StrEnum):
    """What a guardian or risk manager did."""

    HALT = "halt"
    RESUME = "resume"
    KILL_SWITCH_ON = "kill_switch_on"
    KILL_SWITCH_OFF = "kill_switch_off"
    EMERGENCY_ON = "emergency_on"
    EMERGENCY_OFF = "emergency_off"
    REDUCE_SIZE = "reduce_size"
    RESTORE_SIZE = "restore_size"
    WARN = "warn"
    WARNING_OVER = "warning_over"


VIRTUAL = "virtual"
"""The ``mode`` of a trade that was only imagined: it moves no money and is never counted among the others."""
