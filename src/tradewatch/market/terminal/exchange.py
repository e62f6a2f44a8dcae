"""Live prices of an exchange through ``ccxt``, for trading on paper: no keys are used and no order is ever sent."""

import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from tradewatch.errors import ConfigurationError
from tradewatch.market.bars import Bar, Timeframe
from tradewatch.market.clock import Clock, next_boundary
from tradewatch.market.instruments import Instruments
from tradewatch.market.orders import Order
from tradewatch.market.quotes import Quote
from tradewatch.market.terminal.exchange_candles import SETTLING, Asked, Candle, closed_bars, number, time_of
from tradewatch.market.terminal.exchange_line import Line, Question
from tradewatch.market.terminal.exchange_markets import Market, Ticker, instrument, markets_of, spread_of, tell
from tradewatch.market.terminal.exchange_package import Failure, kind_of_exchange, package_for
from tradewatch.market.terminal.exchange_rounds import Rounds
from tradewatch.market.terminal.exchange_settings import ExchangeSettings, given_of, timeframes_of
from tradewatch.market.terminal.exchange_wire import Wire
from tradewatch.market.terminal.telling import Timing
from tradewatch.market.terminal.terminal import (
    Position,
    Receipt,
    TerminalAccount,
    TerminalLost,
    TerminalRefused,
)

_log = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")

_SECOND = timedelta(seconds=1)
_NOTICEABLE = timedelta(seconds=5)
"""By which two clocks may differ without a word."""

_READ_ONLY, _NO_ORDERS = "read_only", "prices come from the exchange and no order ever goes there, trade on paper"


class ExchangeTerminal:
    """An exchange's public prices behind an account on paper.

    The first question of a cycle is asked for every asset at once, and the others are answered from what came: a slow
    or failing asset does not hold up the rest. ``stopwatch``: seconds that only go up. Raises `ConfigurationError`
    where ccxt is not installed, or has no such exchange, or no bars of a minute from it.
    """

    def __init__(
        self, clock: Clock, settings: ExchangeSettings, stopwatch: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._settings = settings
        self._kind = kind_of_exchange(package_for(settings.feed), settings.exchange)
        described = self._kind()
        self._timeframes = timeframes_of(settings, described)
        self._given = given_of(settings, described)
        self._wire = Wire(settings.exchange, stopwatch)
        self._line: Line | None = None
        self._all_markets: Mapping[str, Market] | None = None
        self._markets: Mapping[str, str] = {}
        self._instruments: Instruments = {}
        self._spreads: dict[str, float] = {}
        self._behind = timedelta()
        self._seen: dict[tuple[str, Timeframe], datetime] = {}
        self._failed: set[str] = set()
        self._bars: Rounds[list[Bar]] = Rounds(clock)
        self._tickers: Rounds[Ticker] = Rounds(clock)

    @property
    def timeframes(self) -> tuple[Timeframe, ...]:
        """Those that the exchange has bars for."""
        return self._timeframes

    def connect(self) -> None:
        """Ask for the exchange's time; the first time also for its markets and what they trade at."""
        self.disconnect()
        settings = self._settings
        self._line = Line(
            self._kind,
            self._given,
            self._wire,
            deadline=settings.deadline,
            is_stopped=self._is_stopped,
            markets=self._all_markets,
        )
        try:
            self._learn(self._line)
        except BaseException:
            self.disconnect()
            raise

    def disconnect(self) -> None:
        """End the thread that asks, and what it is asking."""
        line, self._line = self._line, None
        self._bars.forget()
        self._tickers.forget()
        if line is not None:
            line.close()

    def account(self) -> TerminalAccount:
        """Return an account on paper, which no order of this terminal changes; asks nobody."""
        self._connected()
        balance = self._settings.balance
        return TerminalAccount(login=0, currency="USD", balance=balance, equity=balance, leverage=1, is_demo=True)

    def symbols(self) -> Instruments:
        """Return the terms of the assets, as they were at the first connection."""
        self._connected()
        return self._instruments

    def quote(self, symbol: str) -> Quote | None:
        """Return the newest bid and ask; at the time of asking where the exchange does not say which it was."""
        self._require(symbol)
        now = self._clock.now()
        ticker = self._tickers.answer("ticker", symbol, dict.fromkeys(self._instruments, now), self._ask_tickers)
        self._learn_spread(symbol, ticker)
        bid, ask = number(ticker.get("bid")), number(ticker.get("ask"))
        if math.isnan(bid) and math.isnan(ask):
            return None
        return Quote(symbol, time_of(number(ticker.get("timestamp"))) or now, bid, ask)

    def bars(self, symbol: str, timeframe: Timeframe, after: datetime) -> Sequence[Bar]:
        """Return the closed bars that ended later than ``after``; waits for those of this moment to settle.

        A bar's spread is what was learned last: at the first connection, or with a quote.
        """
        self._require(symbol, timeframe)
        since = {asset: self._seen.get((asset, timeframe), after) for asset in self._instruments} | {symbol: after}
        found = self._bars.answer(timeframe, symbol, since, lambda: self._ask_bars(timeframe, since, self._settled()))
        past = (bar.time for bar in found if bar.time <= self._clock.now())
        self._seen[symbol, timeframe] = max(past, default=after)
        return [bar for bar in found if bar.time > after]

    def history(self, symbol: str, timeframe: Timeframe, count: int) -> Sequence[Bar]:
        """Return the closed bars of so many intervals; fewer where nothing was traded in some of them."""
        self._require(symbol, timeframe)
        now = self._clock.now()
        since = dict.fromkeys(self._instruments, now - timeframe.length * (count + 1))
        about = ("history", timeframe, count)
        found = self._bars.answer(about, symbol, since, lambda: self._ask_bars(timeframe, since, now))
        return found[-count:] if count else []

    def send(self, order: Order) -> Receipt:
        """Refuse."""
        raise TerminalRefused(_READ_ONLY, f"the order {order.id} is not sent: {_NO_ORDERS}")

    def close(self, trade_id: str) -> Receipt:
        """Refuse."""
        raise TerminalRefused(_READ_ONLY, f"the position of {trade_id} is not closed: {_NO_ORDERS}")

    def positions(self) -> Sequence[Position]:
        """Refuse: there are none that this terminal could know of."""
        raise TerminalRefused(_READ_ONLY, f"there are no positions to tell: {_NO_ORDERS}")

    def take_timings(self) -> Sequence[Timing]:
        """Return what each request took, from its sending to what ccxt read in its answer."""
        return self._wire.take_timings()

    def _learn(self, line: Line) -> None:
        if self._all_markets is None or not self._instruments:
            line.open()
            settings = self._settings
            markets = markets_of(settings.exchange, settings.assets, line.markets, settings.dollars)
            self._markets = {asset: market["symbol"] for asset, market in markets.items()}
            self._learn_terms(line, markets)
            tell(settings.exchange, markets)
            self._all_markets = line.markets
        self._learn_time(line)

    def _learn_terms(self, line: Line, markets: Mapping[str, Market]) -> None:
        tickers = line.tickers(self._markets)
        known = {asset: {} if isinstance(ticker, Failure) else ticker for asset, ticker in tickers.items()}
        mode = line.precision_mode
        self._instruments = {asset: instrument(asset, market, known[asset], mode) for asset, market in markets.items()}
        self._spreads = {asset: each.spread / each.price for asset, each in self._instruments.items()}

    def _learn_spread(self, asset: str, ticker: Ticker) -> None:
        spread = spread_of(ticker)
        if spread is not None:
            self._spreads[asset] = spread / number(ticker.get("ask"))

    def _learn_time(self, line: Line) -> None:
        """Compare the exchange's clock with ours, as it was when it was asked."""
        before = self._clock.now()
        there = line.time()
        if there is None:
            return
        self._behind = max(timedelta(), before - there)
        if abs(there - before) > _NOTICEABLE + (self._clock.now() - before):
            apart = (there - before).total_seconds()
            _log.warning(
                "the clock of %s is %.0f s %s this machine's: set this machine's clock",
                self._settings.exchange,
                abs(apart),
                "ahead of" if apart > 0 else "behind",
            )

    def _settled(self) -> datetime:
        """Return the time once the bars that have just ended are settled, after waiting for it."""
        now = self._clock.now()
        ended = next_boundary(now, Timeframe.M1.length) - Timeframe.M1.length
        self._clock.wait_until(ended + SETTLING + min(self._behind, _NOTICEABLE))
        return max(now, self._clock.now())

    def _ask_bars(
        self, timeframe: Timeframe, since: Mapping[str, datetime], now: datetime
    ) -> dict[str, list[Bar] | Failure]:
        line, step = self._connected(), timeframe.length
        answers = self._all(
            {
                asset: line.candles(market, timeframe, next_boundary(since[asset], step) - step, now)
                for asset, market in self._markets.items()
            },
            nothing=list[Candle](),
        )
        return {
            asset: answer
            if isinstance(answer, Failure)
            else closed_bars(answer, Asked(asset, timeframe, since[asset], now, self._behind, self._spreads[asset]))
            for asset, answer in answers.items()
        }

    def _ask_tickers(self) -> dict[str, Ticker | Failure]:
        line = self._connected()
        return self._all({asset: line.ticker(market) for asset, market in self._markets.items()}, nothing={})

    def _all(self, questions: Mapping[str, Question[_Answer]], nothing: _Answer) -> dict[str, _Answer | Failure]:
        """Return the answers, those asked for first that failed the last time; ``nothing`` where the run was stopped.

        Raises `TerminalLost` where the exchange is out of reach for every asset.
        """
        first = sorted(questions, key=lambda asset: asset not in self._failed)
        try:
            answers = self._connected().each({asset: questions[asset] for asset in first})
        except TerminalLost:
            if not self._is_stopped():
                raise
            return dict.fromkeys(questions, nothing)
        failures = {asset: answer for asset, answer in answers.items() if isinstance(answer, Failure)}
        self._failed = set(failures)
        if len(failures) == len(answers) and all(failure.is_network for failure in failures.values()):
            raise TerminalLost(next(iter(failures.values())).sentence)
        return answers

    def _connected(self) -> Line:
        if self._line is None:
            message = "the exchange is not connected: connect first"
            raise TerminalLost(message)
        return self._line

    def _require(self, symbol: str, timeframe: Timeframe | None = None) -> None:
        self._connected()
        if symbol not in self._instruments:
            code = "unknown_symbol"
            raise TerminalRefused(code, f"{symbol} is not one of the assets: {', '.join(self._instruments)}")
        if timeframe is not None and timeframe not in self._timeframes:
            code = "not_supported"
            raise TerminalRefused(code, f"{self._settings.exchange} has no {timeframe.name} bars")

    def _is_stopped(self) -> bool:
        return not self._clock.wait_until(self._clock.now())


def connected(
    settings: ExchangeSettings, clock: Clock, patience: timedelta = timedelta(seconds=30)
) -> ExchangeTerminal:
    """Return a terminal that is connected; raises `ConfigurationError` if that does not succeed in time.

    An exchange that is out of reach is tried again every second, for as long as ``patience``.
    """
    terminal = ExchangeTerminal(clock, settings)
    give_up = clock.now() + patience
    while True:
        try:
            terminal.connect()
        except TerminalRefused as error:
            raise ConfigurationError(_cannot(settings, error, "give other assets or another exchange")) from error
        except TerminalLost as error:
            if clock.now() >= give_up or not clock.wait_until(clock.now() + _SECOND):
                mend = "check the network, or give another exchange"
                raise ConfigurationError(_cannot(settings, error, mend)) from error
        else:
            return terminal


def _cannot(settings: ExchangeSettings, error: Exception, mend: str) -> str:
    return f"{settings.feed} cannot be used: {error}; {mend}"
