"""What the paper broker knows of the market."""

from collections.abc import Mapping

from tradewatch.market.bars import Bar
from tradewatch.market.conversion import Conversion
from tradewatch.market.instruments import Instrument, Instruments


class Prices:
    """The newest bar of every symbol, and what a move of its price is worth in account currency."""

    def __init__(self, instruments: Instruments, currency: str) -> None:
        self.newest: dict[str, Bar] = {}
        self._conversion = Conversion(instruments, currency, self.newest)

    def rate(self, instrument: Instrument, mid: float) -> float | None:
        """Return account currency per unit of the quote currency; None before a price was seen that tells it."""
        return self._conversion.rate(instrument, mid)

    def contract_value(self, instrument: Instrument, mid: float) -> float:
        """Return account currency per lot when the price moves by 1; raises LookupError while no rate is known."""
        rate = self._conversion.rate(instrument, mid)
        if rate is None:
            raise LookupError(instrument.quote_currency)
        return instrument.contract_size * rate

    def restore(self, newest: Mapping[str, Bar]) -> None:
        """Go on with what was seen."""
        self.newest.clear()
        self.newest.update(newest)
