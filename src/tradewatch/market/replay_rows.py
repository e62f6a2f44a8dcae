"""Rows of a file of prices as bars or ticks; bad ones are refused and counted, never mended."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple, TypeVar

from tradewatch.market.bars import Bar
from tradewatch.market.replay_columns import Layout
from tradewatch.market.replay_values import Refusal, amount, moment, price

UNTOLD = -1.0
"""The spread of a bar where no column tells it."""

Value = TypeVar("Value")
_PRICES = ("open", "high", "low", "close")


class Reading(NamedTuple):
    """How rows are to be read. ``asset``: where no column says it; ``zone``: of times without one."""

    layout: Layout
    asset: str
    zone: tzinfo | None


def told(rows: Iterable[Sequence[object]], reading: Reading, refused: Counter[Refusal]) -> Iterator[Bar]:
    """Yield what the rows say, in order of time: bars at their row's time without an interval, or ticks.

    A spread that no column tells is `UNTOLD`.
    """
    newest = datetime.min.replace(tzinfo=UTC)
    for row in rows:
        if all(cell is None or not str(cell).strip() for cell in row):
            continue
        try:
            bar = _read(row, reading)
            _check(bar.time >= newest, Refusal.BACK_IN_TIME)
        except _RefusedError as error:
            refused[error.reason] += 1
            continue
        newest = bar.time
        yield bar


def in_order(bars: Iterable[Bar], refused: Counter[Refusal]) -> Iterator[Bar]:
    """Yield bars that begin where their asset's last one ended or later."""
    newest: dict[str, Bar] = {}
    for bar in bars:
        last = newest.get(bar.asset)
        if last is not None and bar.time - timedelta(seconds=bar.interval) < last.time:
            refused[Refusal.DUPLICATE if bar.time == last.time else Refusal.OVERLAPPING] += 1
            continue
        newest[bar.asset] = bar
        yield bar


class _RefusedError(Exception):
    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


def _taken(value: Value | Refusal) -> Value:
    if isinstance(value, Refusal):
        raise _RefusedError(value)
    return value


def _check(holds: bool, reason: Refusal) -> None:  # noqa: FBT001 - what must hold
    if not holds:
        raise _RefusedError(reason)


def _read(row: Sequence[object], reading: Reading) -> Bar:
    at = reading.layout.positions
    _check(len(row) == reading.layout.width, Refusal.WRONG_LENGTH)
    time = _taken(moment(row[at["time"]], reading.zone))
    asset = str(row[at["asset"]] or "").strip() if "asset" in at else reading.asset
    _check(bool(asset), Refusal.NO_ASSET)
    return (_tick if reading.layout.has_ticks else _bar)(asset, time, row, at)


def _bar(asset: str, time: datetime, row: Sequence[object], at: Mapping[str, int]) -> Bar:
    opened, high, low, close = (_taken(price(row[at[name]])) for name in _PRICES)
    _check(high >= low, Refusal.HIGH_BELOW_LOW)
    _check(low <= opened <= high and low <= close <= high, Refusal.OUTSIDE_RANGE)
    volume = _taken(amount(row[at["volume"]])) if "volume" in at else 0.0
    spread = _taken(amount(row[at["spread"]])) if "spread" in at else UNTOLD
    return Bar(asset, time, 0.0, opened, high, low, close, volume, spread)


def _tick(asset: str, time: datetime, row: Sequence[object], at: Mapping[str, int]) -> Bar:
    bid, ask = _taken(price(row[at["bid"]])), _taken(price(row[at["ask"]]))
    _check(bid <= ask, Refusal.CROSSED)
    volume = _taken(amount(row[at["volume"]])) if "volume" in at else 1.0
    mid = (bid + ask) / 2
    return Bar(asset, time, 0.0, mid, mid, mid, mid, volume, ask - bid, 1)
