"""The requests that ccxt makes for an exchange: each one is timed, and judged before ccxt reads meaning into it."""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from tradewatch.market.terminal.exchange_package import BadAnswer, Exchange, failure_of
from tradewatch.market.terminal.telling import Timing

ENDPOINT: ContextVar[str] = ContextVar("ENDPOINT")
"""What the requests of the present task are for."""

LATE = "timeout"
"""The code of what did not come before the deadline."""

_TOO_MANY = frozenset({418, 429, 503})
_LONGEST_WAIT = 86_400.0
_MOST_TIMINGS = 10_000
_NOTHING = [None] * 6


class Wire:
    """Stands between ccxt's reading of an exchange and the network.

    ccxt takes an answer that is no JSON for an empty one, loses a whole answer for one odd row, and does not tell
    how long it was asked to wait: all three are mended here. ``stopwatch``: seconds that only go up.
    """

    def __init__(self, name: str, stopwatch: Callable[[], float]) -> None:
        self._name = name
        self._stopwatch = stopwatch
        self._timings: deque[Timing] = deque(maxlen=_MOST_TIMINGS)
        self._resume_at = -math.inf

    @property
    def wait(self) -> float:
        """Seconds that the exchange asked us to leave it alone for, from now; 0 if it did not."""
        return max(0.0, self._resume_at - self._stopwatch())

    def attach(self, exchange: Exchange) -> None:
        """Take over the requests of an exchange's object."""
        fetch, respond = exchange.fetch, exchange.on_rest_response

        async def timed(*request: Any, **more: Any) -> Any:  # noqa: ANN401 - ccxt's
            return await self._timed(fetch, *request, **more)

        def heard(code: int, reason: str, url: str, method: str, headers: Mapping[str, str], *rest: Any) -> Any:  # noqa: ANN401 - ccxt's
            self._obey(code, headers)
            return respond(code, reason, url, method, headers, *rest)

        def rows(given: object, market: Any = None, *_: Any, **__: Any) -> list[Any]:  # noqa: ANN401 - ccxt's
            return _rows(exchange, given, market)

        exchange.fetch, exchange.on_rest_response, exchange.parse_ohlcvs = timed, heard, rows

    def take_timings(self) -> list[Timing]:
        """Return how long each request since the last call took."""
        return [self._timings.popleft() for _ in range(len(self._timings))]

    async def _timed(self, fetch: Callable[..., Any], *request: Any, **more: Any) -> Any:  # noqa: ANN401 - ccxt's
        begin = self._stopwatch()
        error: str | None = None
        try:
            return _judged(await fetch(*request, **more))
        except BaseException as why:
            error = LATE if isinstance(why, asyncio.CancelledError) else failure_of(self._name, why).code
            raise
        finally:
            self._timings.append(Timing(ENDPOINT.get("other"), max(0.0, self._stopwatch() - begin), error))

    def _obey(self, code: int, headers: Mapping[str, str]) -> None:
        """Note for how long an exchange that was asked too often wants to be left alone."""
        told = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
        if code in _TOO_MANY and told.isascii() and told.isdigit():
            wait = min(float(told), _LONGEST_WAIT)
            self._resume_at = max(self._resume_at, self._stopwatch() + wait)


def _judged(answer: object) -> object:
    if not isinstance(answer, dict | list):
        shown = f"begins with {str(answer)[:40]!r}" if answer else "is empty"
        message = f"the answer is no JSON: it {shown}"
        raise BadAnswer(message)
    return answer


def _rows(exchange: Exchange, given: object, market: Any) -> list[Any]:  # noqa: ANN401 - ccxt's
    """Return candles as ccxt reads them, each by itself; one that it cannot read has no values."""
    if not isinstance(given, list):
        message = "the candles are no list"
        raise BadAnswer(message)
    return [_row(exchange, each, market) for each in given]


def _row(exchange: Exchange, given: object, market: Any) -> Any:  # noqa: ANN401 - ccxt's
    try:
        return exchange.parse_ohlcv(given, market)
    except Exception:  # noqa: BLE001 - what ccxt's readers raise for what they do not expect is not declared
        return _NOTHING
