"""What can be traded: how each symbol is priced, and what trading it costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A symbol's terms.

    ``digits``: decimals of its price; ``point``: the smallest step, 10 ** -digits. ``contract_size``: units of the base
    in one lot. ``quote_currency``: of its price, and so of its profit. ``spread_points``: usual ask - bid.
    ``commission_rate``: share of the value traded, per side; ``commission_per_lot``: account currency, per side.
    ``swap_long_points``, ``swap_short_points``: booked per lot and day held, in points; negative is a cost.
    ``slippage_points``: by which a market order is usually filled worse than the quote.
    ``volatility``: usual standard deviation of a year's log returns, a ratio; simulations use it.
    ``price``: a plausible level to start a simulation from.
    """

    symbol: str
    digits: int
    contract_size: float
    quote_currency: str
    spread_points: float
    price: float
    volatility: float
    base_currency: str = ""
    commission_rate: float = 0.0
    commission_per_lot: float = 0.0
    swap_long_points: float = 0.0
    swap_short_points: float = 0.0
    slippage_points: float = 0.0
    smallest_lot: float = 0.01
    lot_step: float = 0.01
    largest_lot: float = 100.0
    point: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compute the smallest step of the price."""
        object.__setattr__(self, "point", 10.0**-self.digits)

    @property
    def spread(self) -> float:
        """The usual ask - bid, in price."""
        return self.spread_points * self.point

    def rounded(self, price: float) -> float:
        """Return a price with the symbol's digits."""
        return round(price, self.digits)


Instruments = Mapping[str, Instrument]
"""Symbol to its terms."""


def _forex(symbol: str, price: float, spread: float, swaps: tuple[float, float], volatility: float) -> Instrument:
    digits = 3 if symbol[3:6] == "JPY" else 5
    return Instrument(
        symbol=symbol,
        digits=digits,
        contract_size=100_000.0,
        base_currency=symbol[:3],
        quote_currency=symbol[3:6],
        spread_points=spread,
        price=price,
        volatility=volatility,
        commission_per_lot=3.0,
        swap_long_points=swaps[0],
        swap_short_points=swaps[1],
        slippage_points=1.0,
    )


def _coin(symbol: str, price: float, spread: float, volatility: float) -> Instrument:
    return Instrument(
        symbol=symbol,
        digits=2,
        contract_size=1.0,
        base_currency=symbol[:3],
        quote_currency="USD",
        spread_points=spread,
        price=price,
        volatility=volatility,
        commission_rate=0.0002,
        swap_long_points=-price * 100 * 0.0002,
        swap_short_points=-price * 100 * 0.0001,
        slippage_points=spread / 4,
        smallest_lot=0.01,
    )


METATRADER: Instruments = {
    each.symbol: each
    for each in (
        _forex("EURUSD+", 1.0850, 8.0, (-6.5, 2.1), 0.075),
        _forex("GBPUSD+", 1.2700, 11.0, (-3.2, -1.4), 0.085),
        _forex("USDJPY+", 148.50, 9.0, (9.5, -17.0), 0.095),
        _forex("AUDUSD+", 0.6600, 9.0, (-2.1, -0.9), 0.100),
        Instrument(
            symbol="XAUUSD+",
            digits=2,
            contract_size=100.0,
            base_currency="XAU",
            quote_currency="USD",
            spread_points=18.0,
            price=2_400.0,
            volatility=0.15,
            commission_per_lot=3.0,
            swap_long_points=-38.0,
            swap_short_points=15.0,
            slippage_points=3.0,
        ),
        Instrument(
            symbol="US500",
            digits=2,
            contract_size=1.0,
            quote_currency="USD",
            spread_points=45.0,
            price=5_300.0,
            volatility=0.16,
            swap_long_points=-95.0,
            swap_short_points=20.0,
            slippage_points=10.0,
            smallest_lot=0.1,
            lot_step=0.1,
        ),
        _coin("BTCUSD", 64_000.0, 1_500.0, 0.55),
        _coin("ETHUSD", 3_200.0, 150.0, 0.70),
    )
}
"""VelocityPTrader's symbols unless told otherwise, under MetaTrader's names; terms as brokers print them."""


def _spot(base: str, price: float, digits: int, spread: float, volatility: float) -> Instrument:
    """Return a coin against the dollar, by the unit; ``spread`` in basis points of the price.

    A side costs 5 basis points, as a taker pays on large exchanges; one bought pays 3 a day, about the usual funding,
    and one sold gets nothing for it.
    """
    points_per_basis_point = price * 10**digits / 10_000
    return Instrument(
        symbol=f"{base}-USD",
        digits=digits,
        contract_size=1.0,
        base_currency=base,
        quote_currency="USD",
        spread_points=round(spread * points_per_basis_point, 1),
        price=price,
        volatility=volatility,
        commission_rate=0.0005,
        swap_long_points=round(-3 * points_per_basis_point, 1),
        slippage_points=round(spread / 4 * points_per_basis_point, 1),
        smallest_lot=10.0**-_LOT_DIGITS,
        lot_step=10.0**-_LOT_DIGITS,
        largest_lot=1e9,
    )


_LOT_DIGITS = 4
"""Decimals of a quantity: a coin can be divided."""

CRYPTO: Instruments = {
    each.symbol: each
    for each in (
        _spot("BTC", 64_000.0, 2, 1.0, 0.55),
        _spot("ETH", 3_200.0, 2, 1.5, 0.70),
        _spot("SOL", 150.0, 3, 2.0, 0.90),
        _spot("LTC", 80.0, 3, 3.0, 0.75),
        _spot("XRP", 0.55, 5, 3.0, 0.85),
        _spot("ADA", 0.45, 5, 3.0, 0.85),
        _spot("LINK", 14.0, 4, 3.0, 0.85),
        _spot("DOT", 6.5, 4, 3.0, 0.85),
    )
}
"""HYDRA's assets unless told otherwise: spot prices as exchanges write them; terms as large ones have them."""
