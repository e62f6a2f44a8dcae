"""How much to trade, so that a stop costs what it may cost."""

from math import floor, inf

from tradewatch.market.instruments import Instrument

_ROUNDING = 1e-9


def lots(  # noqa: PLR0913, PLR0917 - what a size follows from
    equity: float,
    risk_share: float,
    stop_distance: float,
    contract_value: float,
    instrument: Instrument,
    largest: float = inf,
) -> float:
    """Return the largest quantity that loses no more than ``risk_share`` of equity at the stop.

    ``stop_distance``: in price, above 0. ``contract_value``: account currency that one lot makes when the price rises
    by 1: contract size * account currency per quote currency. Rounded down to the lot step; at most the largest lot and
    ``largest``; 0 below the smallest one.

    >>> from tradewatch.market.instruments import METATRADER
    >>> lots(10_000.0, 0.01, 0.0030, 100_000.0, METATRADER["EURUSD+"])  # 100 / 300 = 0.333
    0.33
    """
    allowed = equity * risk_share / (stop_distance * contract_value)
    steps = floor(min(allowed, instrument.largest_lot, largest) / instrument.lot_step + _ROUNDING)
    quantity = round(steps * instrument.lot_step, 10)
    return quantity if quantity >= instrument.smallest_lot else 0.0
