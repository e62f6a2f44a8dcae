"""Which simulated symbols move together, and by how much."""

import math
from functools import lru_cache
from random import Random
from typing import NamedTuple

from tradewatch.market.instruments import Instrument
from tradewatch.market.made_daily import MINUTES

FIAT = frozenset(
    (
        "AUD",
        "CAD",
        "CHF",
        "CNH",
        "CZK",
        "DKK",
        "EUR",
        "GBP",
        "HKD",
        "HUF",
        "JPY",
        "MXN",
        "NOK",
        "NZD",
        "PLN",
        "SEK",
        "SGD",
        "TRY",
        "USD",
        "ZAR",
    )
)
METALS = frozenset(("XAU", "XAG", "XPD", "XPT"))


class Group(NamedTuple):
    """A factor's name, the share of a symbol's variance that it explains, its sign, and how much the day shapes both.

    ``rollover``: how many times wider the spread is when the day rolls over, at 22:00 UTC.
    """

    name: str
    share: float
    sign: float
    day_height: float
    rollover: float

    @property
    def loading(self) -> float:
        """By how much a shock of the factor counts."""
        return self.sign * math.sqrt(self.share)

    @property
    def own_loading(self) -> float:
        """By how much the symbol's own shock counts."""
        return math.sqrt(1 - self.share)


def group_of(instrument: Instrument) -> Group:
    """Return the group of a symbol: the dollar's pairs and metals, indices, coins; crosses stand alone."""
    base, quote = instrument.base_currency, instrument.quote_currency
    if not base:
        return Group("indices", 0.6, 1.0, 0.35, 4.0)
    if base in METALS:
        return Group("dollar", 0.25, -1.0, 0.35, 4.0)
    if base not in FIAT:
        return Group("coins", 0.96, 1.0, 0.15, 1.5)
    if "USD" not in {base, quote}:
        return Group("crosses", 0.0, 1.0, 0.35, 5.0)
    return Group("dollar", 0.55, 1.0 if base == "USD" else -1.0, 0.35, 5.0)


@lru_cache(maxsize=64)
def factor(seed: int, name: str, day: int) -> tuple[float, ...]:
    """Return a group's standard normal shocks of each minute of a day, counted since 1970."""
    random = Random(f"{seed}/{name}/{day}")  # noqa: S311 - a simulated market
    return tuple(random.gauss(0.0, 1.0) for _ in range(MINUTES))
