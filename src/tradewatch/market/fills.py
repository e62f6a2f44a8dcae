"""At which price something is bought or sold, and when a bar sets off a stop or a take-profit.

A bar's prices are mid prices; one buys half a spread above and sells half a spread below. Fills are not rounded to the
symbol's digits: half spreads lie between them, and rounding would favour one side.
"""

from typing import NamedTuple

from tradewatch.market.bars import Bar
from tradewatch.market.instruments import Instrument

STOP_LOSS = "stop_loss"
TAKE_PROFIT = "take_profit"

_DUST = 1e-12
"""Share of a price by which it may miss a level because floats round."""


class Fill(NamedTuple):
    """A price that was paid or got, the mid price at that moment, and half of ask - bid."""

    price: float
    mid: float
    half_spread: float


class Trigger(NamedTuple):
    """A level that a bar reached: the fill, which level it was, its price, and whether the bar opened beyond it."""

    fill: Fill
    reason: str
    level: float
    is_gap: bool


def market_fill(instrument: Instrument, sign: int, mid: float, spread: float) -> Fill:
    """Return the fill of a market order: half the spread and the slippage worse than mid. ``sign``: +1 buys."""
    half = spread / 2
    slippage = instrument.slippage_points * instrument.point
    return Fill(max(mid + sign * (half + slippage), instrument.point), mid, half)


def trigger(instrument: Instrument, sign: int, stop: float | None, target: float | None, bar: Bar) -> Trigger | None:
    """Return the level that a bar sets off, looking at the side that closes: bid for a bought one, ask for a sold one.

    ``sign``: +1 for a bought position; ``target``: its take-profit.
    What the open is beyond comes first, because it is known to; of two levels inside the bar the stop is taken.
    A stop becomes a market order, at the open if that is beyond it. A take-profit waits in the book: it gets its price,
    or the open if that is better.
    """
    half, dust = bar.spread / 2, _DUST * bar.open
    adverse, favourable = (bar.low, bar.high) if sign > 0 else (bar.high, bar.low)
    is_stopped = stop is not None and (adverse - sign * half - stop) * sign <= dust
    is_won = target is not None and (favourable - sign * half - target) * sign >= -dust
    if target is not None and is_won:
        won = _take_profit(sign, target, bar)
        if won.is_gap or not is_stopped:
            return won
    return _stop_loss(instrument, sign, stop, bar) if stop is not None and is_stopped else None


def _stop_loss(instrument: Instrument, sign: int, stop: float, bar: Bar) -> Trigger:
    mid = stop + sign * bar.spread / 2
    is_gap = (bar.open - mid) * sign <= _DUST * bar.open
    fill = market_fill(instrument, -sign, bar.open if is_gap else mid, bar.spread)
    return Trigger(fill, STOP_LOSS, stop, is_gap)


def _take_profit(sign: int, target: float, bar: Bar) -> Trigger:
    half = bar.spread / 2
    mid = target + sign * half
    is_gap = (bar.open - mid) * sign >= -_DUST * bar.open
    fill = Fill(bar.open - sign * half, bar.open, half) if is_gap else Fill(target, mid, half)
    return Trigger(fill, TAKE_PROFIT, target, is_gap)


def mids_seen(found: Trigger | None, sign: int, bar: Bar) -> tuple[float, ...]:
    """Return the extreme mid prices of a bar that a position lived through for certain, or should be assumed to.

    Which extreme came first is unknown: one that ended inside the bar is taken to have seen the worse, not the better.
    """
    adverse, favourable = (bar.low, bar.high) if sign > 0 else (bar.high, bar.low)
    if found is None:
        return adverse, favourable
    if found.is_gap or found.reason == STOP_LOSS:
        return (bar.open,)
    return bar.open, adverse
