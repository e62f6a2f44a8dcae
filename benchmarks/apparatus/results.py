"""A measured row: ours beside its peer and its floor, all of one run; and the table of all rows."""

from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from typing import NamedTuple


def duration(seconds: float) -> str:
    """Return seconds in the unit a person would choose.

    >>> duration(2.5), duration(0.0028), duration(0.0000124), duration(2.4e-9)
    ('2.50 s', '2.80 ms', '12.40 µs', '2.40 ns')
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.2f} {unit}"
    return f"{seconds * 1e9:.2f} ns"


def megabytes(size: float) -> str:
    """Return bytes as megabytes.

    >>> megabytes(36_440_000)
    '36.4 MB'
    """
    return f"{size / 1e6:.1f} MB"


def times(ratio: float) -> str:
    """Return a ratio with three digits or more.

    >>> times(2591.4), times(14.26), times(0.98765)
    ('2,591 x', '14.3 x', '0.988 x')
    """
    return f"{ratio:,.0f} x" if ratio >= 1_000 else f"{ratio:.3g} x"


class Beside(NamedTuple):
    """Somebody else's number of the same run."""

    who: str
    value: float


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; ``met`` is None where there is no target or nothing was measured."""

    what: str
    ours: str
    peer: str = ""
    ratio: str = ""
    floor: str = ""
    target: str = ""
    met: bool | None = None


def compared(  # noqa: PLR0913 - a row has so many parts
    what: str,
    ours: float,
    *,
    target: str = "",
    met: bool | None = None,
    peer: Beside | None = None,
    floor: Beside | None = None,
    shown: Callable[[float], str] = duration,
) -> Row:
    """Return the row of a number; the ratio is the peer's number divided by ours."""

    def beside(other: Beside | None) -> str:
        return f"{other.who} {shown(other.value)}" if other else ""

    ratio = f"{times(peer.value / ours)}" if peer else ""
    return Row(what, shown(ours), beside(peer), ratio, beside(floor), target, met)


def skipped(what: str, reason: str) -> Row:
    """Return the row of something that was not measured."""
    return Row(what, f"skipped: {reason}")


HEADINGS = ("what", "ours", "peer", "peer / ours", "floor", "target", "met")
_VERDICTS = {True: "yes", False: "no", None: ""}


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table whose columns stand in line."""
    lines = [HEADINGS, *((*astuple(row)[:-1], _VERDICTS[row.met]) for row in rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    padded = ["| " + " | ".join(f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)) for line in lines]
    padded.insert(1, "|-" + "-|-".join("-" * width for width in widths))
    return "".join(f"{line}{'-' if number == 1 else ' '}|\n" for number, line in enumerate(padded))
