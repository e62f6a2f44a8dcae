"""Quantities on a symbol's lot step."""

from math import floor

from tradewatch.market.instruments import Instrument

_DUST = 1e-6
"""Share of a lot step that is the rounding of floats, not a quantity."""

_DECIMALS = 12


def lots(instrument: Instrument, quantity: float) -> float:
    """Return the largest quantity that may be ordered and is not above this one; 0 below the smallest lot.

    >>> from tradewatch.market.instruments import METATRADER
    >>> lots(METATRADER["EURUSD+"], 0.29), lots(METATRADER["EURUSD+"], 0.299), lots(METATRADER["EURUSD+"], 0.009)
    (0.29, 0.29, 0.0)
    """
    if not quantity > 0:  # not a number is none either
        return 0.0
    capped = min(quantity, instrument.largest_lot)
    down = round(floor(capped / instrument.lot_step + _DUST) * instrument.lot_step, _DECIMALS)
    return down if is_enough(instrument, down) else 0.0


def is_enough(instrument: Instrument, quantity: float) -> bool:
    """Whether a quantity is not below the smallest lot."""
    return quantity >= instrument.smallest_lot - _DUST * instrument.lot_step


def is_too_much(instrument: Instrument, quantity: float) -> bool:
    """Whether a quantity is above the largest lot."""
    return quantity > instrument.largest_lot + _DUST * instrument.lot_step


def is_on_step(instrument: Instrument, quantity: float) -> bool:
    """Whether a quantity is a whole number of lot steps."""
    return abs(quantity - on_step(instrument, quantity)) <= _DUST * instrument.lot_step


def on_step(instrument: Instrument, quantity: float) -> float:
    """Return the nearest whole number of lot steps, as a person writes it.

    >>> from tradewatch.market.instruments import METATRADER
    >>> on_step(METATRADER["EURUSD+"], 0.3 - 0.1)
    0.2
    """
    return round(round(quantity / instrument.lot_step) * instrument.lot_step, _DECIMALS)
