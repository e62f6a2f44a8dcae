"""What a trade costs, and whether the price has the energy to pay for it."""

from math import sqrt
from typing import NamedTuple

from tradewatch.facts import Direction
from tradewatch.indicators import Physics
from tradewatch.market.instruments import Instrument
from tradewatch.systems.velocitytrader.features import SLOW_FREQUENCY
from tradewatch.systems.velocitytrader.situation import Friction, Situation


class Terms(NamedTuple):
    """What the costs of a round trip depend on, besides the instrument.

    ``price``: mid, in the quote currency. ``spread``: ask - bid, in price. ``quantity``: lots. ``days``: that the trade
    is expected to be held. ``conversion``: account currency per quote currency.
    """

    price: float
    spread: float
    quantity: float = 0.0
    days: float = 0.0
    conversion: float = 1.0


def friction(instrument: Instrument, terms: Terms) -> Friction:
    """Return what buying and selling cost, from opening to closing, as shares of the price.

    The spread is paid once (half at each end), commission, slippage and market impact at both ends, swap for the days
    held. A swap that is earned lowers the costs, but not below 0.
    """
    both = terms.spread / terms.price + 2 * (
        commission(instrument, terms) + slippage(instrument, terms) + impact(instrument, terms)
    )
    return Friction(
        buy=max(0.0, both + swap(instrument, terms, Direction.BUY)),
        sell=max(0.0, both + swap(instrument, terms, Direction.SELL)),
    )


def commission(instrument: Instrument, terms: Terms) -> float:
    """Return the commission of one side, as a share of the value traded."""
    value = instrument.contract_size * terms.price * terms.conversion
    return instrument.commission_rate + instrument.commission_per_lot / value


def slippage(instrument: Instrument, terms: Terms) -> float:
    """Return how much worse than the quote one side is filled, as a share of the price."""
    return instrument.slippage_points * instrument.point / terms.price


def impact(instrument: Instrument, terms: Terms) -> float:
    """Return how far one side moves the price against itself, as a share of the price.

    It grows with the square root of the size (Torre 1997; Tóth and others 2011, "Anomalous price impact"): half the
    spread for the largest lot.
    """
    return terms.spread / 2 / terms.price * sqrt(terms.quantity / instrument.largest_lot)


def swap(instrument: Instrument, terms: Terms, direction: Direction) -> float:
    """Return what holding costs, as a share of the price; negative if it earns."""
    points = instrument.swap_long_points if direction is Direction.BUY else instrument.swap_short_points
    return -points * instrument.point * terms.days / terms.price


def overcomes_friction(situation: Situation, direction: Direction) -> bool:
    """Whether the price has more energy than the costs of a trade take.

    A swing of amplitude A holds the energy m ω² A² / 2. Divided by ω² that is m A² / 2, in deviations²: it must exceed
    c² / 2, with c the costs in deviations: a swing that is no longer than the costs cannot pay for them.
    """
    physics = situation.physics
    cost = situation.friction.toward(direction) / physics.deviation
    return swing_energy(physics) > cost * cost / 2


def swing_energy(physics: Physics) -> float:
    """Return the energy by which the price swings around its equilibrium, in deviations².

    Energy / natural frequency². Without a frequency, that of a random walk's displacement stands in.
    """
    frequency = physics.natural_frequency or SLOW_FREQUENCY
    return physics.energy / (frequency * frequency)
