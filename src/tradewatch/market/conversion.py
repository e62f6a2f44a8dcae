"""What money in another currency is worth in the account's."""

from collections.abc import Iterable, Mapping

from tradewatch.errors import ConfigurationError
from tradewatch.market.instruments import Instrument, Instruments


class Conversion:
    """Converts at the newest mid price of the symbols that price a currency in the account's, or the other way round.

    A symbol whose base is the account's currency (USDJPY for USD) is converted at its own price of the moment.
    Raises `ConfigurationError` for an instrument whose quote currency no symbol converts.
    """

    def __init__(self, instruments: Instruments, currency: str) -> None:
        self.currency = currency
        self._rates = {currency: 1.0}  # account currency for one unit
        self._priced = dict(_priced(instruments.values(), currency))
        for instrument in instruments.values():
            self._require(instrument)

    def _require(self, instrument: Instrument) -> None:
        foreign = instrument.quote_currency
        if foreign != self.currency and foreign not in {priced for priced, _ in self._priced.values()}:
            message = (
                f"{instrument.symbol} is priced in {foreign}, which no symbol converts to {self.currency}: "
                f"add {self.currency}{foreign} or {foreign}{self.currency} to the instruments"
            )
            raise ConfigurationError(message)

    def see(self, symbol: str, mid: float) -> None:
        """Take a symbol's newest mid price."""
        if symbol in self._priced:
            priced, is_inverse = self._priced[symbol]
            self._rates[priced] = 1.0 / mid if is_inverse else mid

    def rate(self, instrument: Instrument, mid: float) -> float | None:
        """Return account currency per unit of the quote currency while the symbol is at ``mid``.

        None before a price was seen that tells it.
        """
        if instrument.quote_currency == self.currency:
            return 1.0
        if instrument.base_currency == self.currency:
            return 1.0 / mid if instrument.quote_currency in self._rates else None
        return self._rates.get(instrument.quote_currency)

    def state(self) -> dict[str, float]:
        """Return the rates, currency to account currency for one unit."""
        return dict(self._rates)

    def restore(self, rates: Mapping[str, float]) -> None:
        """Go on with these rates."""
        self._rates = dict(rates)


def _priced(instruments: Iterable[Instrument], currency: str) -> Iterable[tuple[str, tuple[str, bool]]]:
    """Yield the symbols that convert, with the currency that they price and whether their price is the inverse."""
    for instrument in instruments:
        if instrument.quote_currency == currency and instrument.base_currency:
            yield instrument.symbol, (instrument.base_currency, False)
        elif instrument.base_currency == currency:
            yield instrument.symbol, (instrument.quote_currency, True)
