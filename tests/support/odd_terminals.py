"""Terminals that are difficult with some of their symbols."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.support.runs import START
from tradewatch.market.bars import Bar, Timeframe
from tradewatch.market.instruments import Instruments
from tradewatch.market.terminal import SimulatedTerminal, TerminalRefused


def between(first: float, last: float) -> Callable[[datetime], bool]:
    """Return whether a moment lies in these minutes after `START`, both included."""
    return lambda moment: first <= (moment - START) / timedelta(minutes=1) <= last


class OddTerminal(SimulatedTerminal):
    """Refuses to tell of ``asset`` at some moments, hides it, forgets its bars, or changes them."""

    def __init__(
        self,
        *about: Any,
        asset: str,
        refuses: Callable[[datetime], bool] = lambda _: False,
        is_hidden: bool = False,
        changes: Callable[[Bar], Sequence[Bar]] = lambda bar: [bar],
        **more: Any,
    ) -> None:
        super().__init__(*about, **more)
        self._asset = asset
        self._refuses = refuses
        self._is_hidden = is_hidden
        self._changes = changes

    def symbols(self) -> Instruments:
        found = super().symbols()
        return {name: each for name, each in found.items() if not (self._is_hidden and name == self._asset)}

    def bars(self, symbol: str, timeframe: Timeframe, after: datetime) -> Sequence[Bar]:
        return self._told(symbol, super().bars(symbol, timeframe, after))

    def history(self, symbol: str, timeframe: Timeframe, count: int) -> Sequence[Bar]:
        return self._told(symbol, super().history(symbol, timeframe, count))

    def _told(self, symbol: str, bars: Sequence[Bar]) -> Sequence[Bar]:
        if symbol != self._asset:
            return bars
        if self._refuses(self._clock.now()):
            code, sentence = "busy", f"nothing is told of {symbol}"
            raise TerminalRefused(code, sentence)
        return [each for bar in bars for each in self._changes(bar)]
