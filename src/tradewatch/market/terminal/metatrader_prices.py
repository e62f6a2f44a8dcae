"""MetaTrader's symbols, ticks and bars as ours."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tradewatch.market.bars import Bar, Timeframe
from tradewatch.market.instruments import METATRADER, Instrument
from tradewatch.market.quotes import Quote
from tradewatch.market.terminal.metatrader_package import Record
from tradewatch.market.terminal.server_time import ServerTime

_SETTLING = timedelta(seconds=2)
"""After its end a newest bar may still be waiting for its last tick, for two clocks are never the same."""

_DAYS_OF_INTEREST = 360
_SWAP_IN_POINTS, _SWAP_IN_BASE_CURRENCY, _SWAP_AS_INTEREST = 1, 2, (5, 6)


def instrument(info: Record) -> Instrument:
    """Return a symbol's terms; what MetaTrader does not tell, such as commission, is as for our own symbols, or 0."""
    known = METATRADER.get(info.name)
    told = Instrument(
        symbol=info.name,
        digits=info.digits,
        contract_size=info.trade_contract_size,
        base_currency=info.currency_base,
        quote_currency=info.currency_profit,
        spread_points=float(info.spread),
        price=info.bid,
        volatility=0.0,
        swap_long_points=_swap_points(info, info.swap_long),
        swap_short_points=_swap_points(info, info.swap_short),
        smallest_lot=info.volume_min,
        lot_step=info.volume_step,
        largest_lot=info.volume_max,
    )
    if known is None:
        return told
    return replace(
        told,
        volatility=known.volatility,
        commission_rate=known.commission_rate,
        commission_per_lot=known.commission_per_lot,
        slippage_points=known.slippage_points,
    )


def _swap_points(info: Record, value: float) -> float:
    """Return a swap per lot and day in points; 0 where it is counted in a way that points do not say.

    https://www.mql5.com/en/docs/constants/environment_state/marketinfoconstants#enum_symbol_swap_mode
    """
    if info.swap_mode == _SWAP_IN_POINTS:
        return float(value)
    if info.swap_mode == _SWAP_IN_BASE_CURRENCY:
        return float(value * info.bid / (info.trade_contract_size * info.point))
    if info.swap_mode in _SWAP_AS_INTEREST:
        return float(value / 100 / _DAYS_OF_INTEREST * info.bid / info.point)
    return 0.0


def quote(symbol: str, tick: Record, times: ServerTime, now: datetime) -> Quote | None:
    """Return a tick as a quote; None before the first tick of a symbol."""
    seconds = seconds_of(tick)
    if not seconds:
        return None
    times.observe(symbol, seconds, now)
    return Quote(symbol, times.to_utc(seconds), float(tick.bid), float(tick.ask))


def seconds_of(tick: Record) -> float:
    """Return the server's time of a tick; 0 where there was none yet."""
    return tick.time_msc / 1000 or float(tick.time)


def closed_bars(
    rates: Sequence[Record], instrument: Instrument, timeframe: Timeframe, times: ServerTime, now: datetime
) -> Iterator[Bar]:
    """Yield the bars that are over; theirs are made of bids and named by their beginning.

    The newest one is over when a later one was begun, or when its end lies far enough back.
    """
    for position, row in enumerate(rates, start=1):
        end = times.to_utc(float(row["time"])) + timeframe.length
        if end <= now and (position < len(rates) or end + _SETTLING <= now):
            yield _bar(row, instrument, timeframe, end)


def _bar(row: Record, instrument: Instrument, timeframe: Timeframe, end: datetime) -> Bar:
    spread = float(row["spread"]) * instrument.point
    prices = {name: float(row[name]) + spread / 2 for name in ("open", "high", "low", "close")}
    ticks = int(row["tick_volume"])
    volume = float(row["real_volume"]) or float(ticks)
    return Bar(instrument.symbol, end, timeframe.seconds, **prices, volume=volume, spread=spread, ticks=ticks)
