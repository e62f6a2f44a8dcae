"""What money in another currency is worth in the account's."""

from collections.abc import Iterable, Mapping

from tradewatch.errors import ConfigurationError
from tradewatch.market.bars import Bar
from tradewatch.market.instruments import Instrument, Instruments


class Conversion:
    """Converts at the newest mid price of a symbol that prices a currency in the account's, or the other way round.

    A symbol whose base is the account's currency (USDJPY for USD) is converted at its own price of the moment.
    ``newest``: symbol to its newest bar; who has it keeps it up to date.
    Raises `ConfigurationError` for an instrument whose quote currency no symbol converts.
    """

    def __init__(self, instruments: Instruments, currency: str, newest: Mapping[str, Bar]) -> None:
        self.currency = currency
        self._newest = newest
        self._symbols: dict[str, list[str]] = {}  # currency to the symbols that convert it
        for symbol, foreign in _converting(instruments.values(), currency):
            self._symbols.setdefault(foreign, []).append(symbol)
        self._inverse = {symbol for symbol, each in instruments.items() if each.base_currency == currency}
        for instrument in instruments.values():
            self._require(instrument)

    def _require(self, instrument: Instrument) -> None:
        foreign = instrument.quote_currency
        if foreign != self.currency and foreign not in self._symbols:
            message = (
                f"{instrument.symbol} is priced in {foreign}, which no symbol converts to {self.currency}: "
                f"add an instrument with base {foreign} and quote {self.currency}, or the other way round"
            )
            raise ConfigurationError(message)

    def rate(self, instrument: Instrument, mid: float) -> float | None:
        """Return account currency per unit of the quote currency while the symbol is at ``mid``.

        None before a price was seen that tells it. Of several symbols that tell it the newest does.
        """
        if instrument.quote_currency == self.currency:
            return 1.0
        bar = self._newest_of(instrument.quote_currency)
        if bar is None:
            return None
        if instrument.base_currency == self.currency:
            return 1.0 / mid
        return 1.0 / bar.close if bar.asset in self._inverse else bar.close

    def _newest_of(self, foreign: str) -> Bar | None:
        symbols = self._symbols[foreign]
        if len(symbols) == 1:
            return self._newest.get(symbols[0])
        bars = [self._newest[symbol] for symbol in symbols if symbol in self._newest]
        return max(bars, key=lambda bar: bar.time, default=None)


def _converting(instruments: Iterable[Instrument], currency: str) -> Iterable[tuple[str, str]]:
    """Yield the symbols that convert a currency to the account's, and that currency."""
    for instrument in instruments:
        if instrument.quote_currency == currency and instrument.base_currency:
            yield instrument.symbol, instrument.base_currency
        elif instrument.base_currency == currency:
            yield instrument.symbol, instrument.quote_currency
