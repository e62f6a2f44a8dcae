"""A small exchange on a free loopback port, which answers what Kraken's public addresses answer."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from tradewatch.market.clock import Clock

MINUTE = timedelta(minutes=1)
HTML = b"<html><body>checking your browser</body></html>"

PAIRS = {
    "XXBTZUSD": ("XXBT", "ZUSD", 1, 50_000.0),
    "XETHZUSD": ("XETH", "ZUSD", 2, 2_500.0),
    "SOLUSDT": ("SOL", "USDT", 3, 100.0),
    "ADAEUR": ("ADA", "ZEUR", 6, 0.4),
}
BTC, ETH, SOL = "BTC-USD", "ETH-USD", "SOL-USD"
PAIR_OF = {BTC: "XXBTZUSD", ETH: "XETHZUSD", SOL: "SOLUSDT"}


class Answer(NamedTuple):
    """What is answered in place of the truth. ``never``: nothing, until the exchange closes."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: Sequence[tuple[str, str]] = ()
    never: bool = False
    hang_up: bool = False
    length: int | None = None


def said(result: Any, *errors: str) -> Answer:
    """Return an answer as Kraken writes one."""
    return Answer(body=json.dumps({"error": list(errors), "result": result}).encode())


class Exchange:
    """``clock``: whose time it has, but for ``offset``. ``wrong``: of a pair or an address, what it answers instead.

    ``rows``: of a pair, candles in place of the made ones. ``most``: candles that it has; ``page``: those of an answer,
    the oldest first. ``asked``: how often each was asked for.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.offset = timedelta()
        self.wrong: dict[str, Answer] = {}
        self.rows: dict[str, list[Any]] = {}
        self.missing: set[datetime] = set()
        self.most = 720
        self.page: int | None = None
        self.asked: Counter[str] = Counter()
        self.since: dict[str, list[int]] = defaultdict(list)
        self.closing = Event()

    def now(self) -> datetime:
        return self.clock.now() + self.offset

    def answer(self, path: str, query: dict[str, list[str]]) -> Answer:
        name = path.rpartition("/")[2]
        pair = query.get("pair", [name])[0]
        self.asked[name] += 1
        self.asked[pair] += pair != name
        wrong = self.wrong.get(name) or self.wrong.get(pair)
        return wrong or said(getattr(self, f"_{name.lower()}")(pair, query))

    def _time(self, _pair: str, _query: object) -> Any:
        return {"unixtime": self.now().timestamp()}

    def _assets(self, _pair: str, _query: object) -> Any:
        names = {name for base, quote, *_ in PAIRS.values() for name in (base, quote)}
        return {
            name: {"aclass": "currency", "altname": name[-3:], "decimals": 10, "status": "enabled"} for name in names
        }

    def _assetpairs(self, _pair: str, _query: object) -> Any:
        return {
            name: {
                "altname": name,
                "wsname": name,
                "base": base,
                "quote": quote,
                "pair_decimals": digits,
                "lot_decimals": 8,
                "cost_decimals": 5,
                "leverage_buy": [],
                "leverage_sell": [],
                "fees": [[0, 0.4], [10_000, 0.35]],
                "fees_maker": [[0, 0.25]],
                "ordermin": "0.0001",
                "tick_size": f"{10**-digits:.{digits}f}",
                "status": "online",
            }
            for name, (base, quote, digits, _) in PAIRS.items()
        }

    def _ticker(self, pairs: str, _query: object) -> Any:
        return {pair: self._prices_of(pair) for pair in pairs.split(",")}

    def _prices_of(self, pair: str) -> Any:
        price = PAIRS[pair][3]
        bid, ask, last = f"{price * 0.9999:.6f}", f"{price * 1.0001:.6f}", f"{price:.6f}"
        volumes = ["1", "2"]
        return {
            "a": [ask, "1", "1"],
            "b": [bid, "1", "1"],
            "c": [last, "1"],
            "v": volumes,
            "p": volumes,
            "h": volumes,
            "l": volumes,
            "o": last,
            "t": [1, 2],
        }

    def _ohlc(self, pair: str, query: dict[str, list[str]]) -> Any:
        since = int(query.get("since", ["0"])[0])
        self.since[pair].append(since)
        rows = self.rows.get(pair)
        return {pair: self._made(pair, since, int(query["interval"][0])) if rows is None else rows, "last": since}

    def _made(self, pair: str, since: int, minutes: int) -> list[Any]:
        """Return the newest candles, the last of which is not over."""
        step = minutes * 60
        newest = int(self.now().timestamp()) // step * step
        begins = range(newest - (self.most - 1) * step, newest + 1, step)
        gaps = {int(each.timestamp()) for each in self.missing}
        wanted = [begin for begin in begins if begin > since and begin not in gaps]
        return [candle(PAIRS[pair][3], begin) for begin in wanted[: self.page]]


def candle(price: float, begin: int) -> list[Any]:
    """Return a row of Kraken: time, open, high, low, close, average, volume, trades."""
    close = price * (1 + begin // 60 % 10 / 1000)
    return [begin, str(price), str(price * 1.02), str(price * 0.98), str(close), str(price), "12.5", 7]


@contextmanager
def exchange(clock: Clock) -> Iterator[tuple[Exchange, str]]:
    """Yield an exchange that answers, and its address."""
    market = Exchange(clock)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(market))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield market, f"http://127.0.0.1:{server.server_port}"
    finally:
        market.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(market: Exchange) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            answer = market.answer(address.path, parse_qs(address.query))
            if answer.never:
                market.closing.wait()
            if answer.never or answer.hang_up:
                self.close_connection = True
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
            for name, value in answer.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)
            self.close_connection = answer.length is not None

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the base class
            pass

    return Handler
