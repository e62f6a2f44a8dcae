"""What the paper broker knows of the market: the newest price and spread of each symbol, and rates of conversion."""

from collections.abc import Mapping
from typing import NamedTuple

from tradewatch.market.bars import Bar
from tradewatch.market.conversion import Conversion
from tradewatch.market.instruments import Instrument, Instruments


class Seen(NamedTuple):
    """A symbol's newest mid price, and its ask - bid."""

    mid: float
    spread: float


class Prices:
    """The newest price of every symbol, and what a move of it is worth in account currency."""

    def __init__(self, instruments: Instruments, currency: str) -> None:
        self._conversion = Conversion(instruments, currency)
        self._newest: dict[str, Seen] = {}

    def see(self, bar: Bar) -> None:
        """Take a bar's close."""
        self._newest[bar.asset] = Seen(bar.close, bar.spread)
        self._conversion.see(bar.asset, bar.close)

    def newest(self, asset: str) -> Seen:
        """Return an asset's newest price; raises KeyError before there is one."""
        return self._newest[asset]

    def rate(self, instrument: Instrument, mid: float) -> float | None:
        """Return account currency per unit of the quote currency; None before a price was seen that tells it."""
        return self._conversion.rate(instrument, mid)

    def contract_value(self, instrument: Instrument, mid: float) -> float:
        """Return account currency per lot when the price moves by 1; raises LookupError while no rate is known."""
        rate = self._conversion.rate(instrument, mid)
        if rate is None:
            raise LookupError(instrument.quote_currency)
        return instrument.contract_size * rate

    def state(self) -> tuple[dict[str, Seen], dict[str, float]]:
        """Return what `restore` needs: what was seen, and rates of conversion."""
        return dict(self._newest), self._conversion.state()

    def restore(self, newest: Mapping[str, Seen], rates: Mapping[str, float]) -> None:
        """Go on with what was seen."""
        self._newest = dict(newest)
        self._conversion.restore(rates)
