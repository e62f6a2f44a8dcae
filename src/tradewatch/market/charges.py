"""What a broker charges for a trade: commission per side, swap per night. A cost is positive.

``contract_value``: account currency per lot when the price moves by 1.
"""

from tradewatch.market.instruments import Instrument


def commission(instrument: Instrument, quantity: float, price: float, contract_value: float) -> float:
    """Return the commission of one side, account currency.

    >>> from tradewatch.market.instruments import METATRADER
    >>> commission(METATRADER["EURUSD+"], 0.5, 1.085, 100_000.0), commission(METATRADER["BTCUSD"], 2.0, 50_000.0, 1.0)
    (1.5, 20.0)
    """
    value = quantity * price * contract_value
    return instrument.commission_per_lot * quantity + instrument.commission_rate * value


def swap(instrument: Instrument, sign: int, nights: int, quantity: float, contract_value: float) -> float:
    """Return what holding costs, account currency; negative when it earns. ``sign``: +1 for a bought position.

    >>> from tradewatch.market.instruments import METATRADER
    >>> [round(swap(METATRADER["EURUSD+"], sign, 2, 0.5, 100_000.0), 6) for sign in (1, -1)]
    [6.5, -2.1]
    """
    points = instrument.swap_long_points if sign > 0 else instrument.swap_short_points
    return -points * instrument.point * nights * quantity * contract_value
