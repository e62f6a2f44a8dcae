"""What an exchange is asked: its markets, its clock, candles and tickers. Nothing that needs a key."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from tradewatch.market.bars import Timeframe
from tradewatch.market.terminal.exchange_candles import Candle, candles, number, time_of
from tradewatch.market.terminal.exchange_markets import Market, Ticker
from tradewatch.market.terminal.exchange_package import Exchange, Failure, Package, failure_of
from tradewatch.market.terminal.exchange_wire import ENDPOINT, LATE, Wire
from tradewatch.market.terminal.exchange_worker import Late, Worker, side_by_side
from tradewatch.market.terminal.terminal import TerminalLost, TerminalRefused

Answer = TypeVar("Answer")
Question = Callable[[], Coroutine[Any, Any, Answer]]

TIMEFRAMES: Mapping[Timeframe, str] = {
    Timeframe.M1: "1m",
    Timeframe.M5: "5m",
    Timeframe.M15: "15m",
    Timeframe.H1: "1h",
}
"""As ccxt writes them."""

_MOST_PAGES = 10
"""Of candles that one question may take."""


class Line:
    """A connection to an exchange: one object of ccxt, and the thread on which it asks.

    ``kind``: ccxt's class; ``given``: settings for it. ``markets``: those of an earlier line, which are not asked for
    again. ``deadline``: of any question.
    """

    def __init__(  # noqa: PLR0913 - what a connection needs
        self,
        kind: Package,
        given: Mapping[str, Any],
        wire: Wire,
        *,
        deadline: timedelta,
        is_stopped: Callable[[], bool],
        markets: Mapping[str, Market] | None = None,
    ) -> None:
        self._seconds = deadline.total_seconds()
        self._is_stopped = is_stopped
        self._exchange: Exchange = kind(dict(given))
        self.name: str = self._exchange.id
        self._wire = wire
        wire.attach(self._exchange)
        if markets is not None:
            self._exchange.set_markets(dict(markets))
        self._worker = Worker(self.name, is_stopped)

    @property
    def markets(self) -> Mapping[str, Market]:
        """The exchange's markets, once `open` has asked for them."""
        return self._exchange.markets or {}

    @property
    def precision_mode(self) -> int:
        """How the markets' precisions are written."""
        return int(self._exchange.precisionMode)

    def open(self) -> None:
        """Ask for the markets; raises `TerminalLost` where the exchange is out of reach."""
        self._alone("markets", self._exchange.load_markets)

    def close(self) -> None:
        """End the thread and what it asks."""
        self._worker.close(self._exchange.close())

    def time(self) -> datetime | None:
        """Return what time it is at the exchange; None where it does not say."""
        if not self._exchange.has.get("fetchTime"):
            return None
        return time_of(number(self._alone("time", self._exchange.fetch_time)))

    def tickers(self, symbols: Mapping[str, str]) -> dict[str, Ticker | Failure]:
        """Return asset to its newest ticker, of asset to symbol: in one request where the exchange can."""
        if not self._exchange.has.get("fetchTickers"):
            return self.each({asset: self.ticker(symbol) for asset, symbol in symbols.items()})
        found = self._alone("ticker", lambda: self._exchange.fetch_tickers(list(symbols.values())))
        return {asset: found.get(symbol) or {} for asset, symbol in symbols.items()}

    def ticker(self, symbol: str) -> Question[Ticker]:
        """Return the question for the newest ticker."""
        return lambda: _about("ticker", self._exchange.fetch_ticker(symbol))

    def candles(self, symbol: str, timeframe: Timeframe, since: datetime, now: datetime) -> Question[list[Candle]]:
        """Return the question for the candles that began at ``since`` or later, those that are not over included."""
        return lambda: _about("ohlcv", self._pages(symbol, timeframe, since, now))

    def each(self, questions: Mapping[str, Question[Answer]]) -> dict[str, Answer | Failure]:
        """Return the answer to each question, or why it has none; none of them waits for another one."""
        if self._wire.wait:
            return dict.fromkeys(questions, self._held_back())
        answers = self._ask(side_by_side(questions, self._seconds), self._seconds + 1)
        return {name: self._judged(answer) for name, answer in answers.items()}

    def _alone(self, endpoint: str, question: Question[Answer]) -> Answer:
        answer = self.each({endpoint: lambda: _about(endpoint, question())})[endpoint]
        if not isinstance(answer, Failure):
            return answer
        if answer.is_network:
            raise TerminalLost(answer.sentence)
        raise TerminalRefused(answer.code, answer.sentence)

    def _ask(self, question: Coroutine[Any, Any, Answer], seconds: float) -> Answer:
        try:
            return self._worker.ask(question, seconds)
        except Late as error:
            raise TerminalLost(self._late().sentence) from error

    def _judged(self, answer: Answer | BaseException) -> Answer | Failure:
        if isinstance(answer, Late):
            return self._late()
        return failure_of(self.name, answer) if isinstance(answer, BaseException) else answer

    def _late(self) -> Failure:
        return Failure(LATE, f"{self.name} did not answer within {self._seconds:g} s", is_network=True)

    def _held_back(self) -> Failure:
        sentence = f"{self.name} was asked too often and wants to be left alone for {self._wire.wait:.0f} s more"
        return Failure("rate_limit", sentence, is_network=True)

    async def _pages(self, symbol: str, timeframe: Timeframe, since: datetime, now: datetime) -> list[Candle]:
        """Ask on from the newest candle until it is the present one, or no newer one comes."""
        found: list[Candle] = []
        for _ in range(_MOST_PAGES):
            rows = await self._exchange.fetch_ohlcv(
                symbol,
                TIMEFRAMES[timeframe],
                int(since.timestamp() * 1000),
                **self._limit(symbol, timeframe, since, now),
            )
            page = [each for each in candles(rows) if each.begin is None or each.begin >= since]
            found += page
            begun = [each.begin for each in page if each.begin is not None]
            if not begun or max(begun) + timeframe.length * 2 > now:
                break
            since = max(begun) + timeframe.length
        return found

    def _limit(self, symbol: str, timeframe: Timeframe, since: datetime, now: datetime) -> dict[str, int]:
        """Return how many to ask for where the exchange's most is known: its own choice may be few."""
        most = self._exchange.feature_value(symbol, "fetchOHLCV", "limit")
        if not isinstance(most, int):
            return {}
        return {"limit": max(1, min(most, (now - since) // timeframe.length + 2))}


async def _about(endpoint: str, question: Coroutine[Any, Any, Answer]) -> Answer:
    ENDPOINT.set(endpoint)
    return await asyncio.ensure_future(question)
