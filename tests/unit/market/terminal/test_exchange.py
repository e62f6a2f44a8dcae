import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.exchange import BTC, ETH, HTML, PAIR_OF, SOL, Answer, Exchange, candle, exchange, said
from tests.support.terminals import MINUTE, START, clock_at, order
from tradewatch.errors import ConfigurationError
from tradewatch.facts import CallTimed, ConnectionChanged, ErrorOccurred, QuotesRefused
from tradewatch.market.bars import Timeframe
from tradewatch.market.clock import SimulatedClock, WallClock
from tradewatch.market.instruments import CRYPTO
from tradewatch.market.terminal import Gateway, Terminal, TerminalLost, TerminalRefused
from tradewatch.market.terminal.exchange import ExchangeTerminal, connected
from tradewatch.market.terminal.exchange_settings import ExchangeSettings
from tradewatch.market.terminal.exchange_wire import Wire

M1 = Timeframe.M1
ASSETS = (BTC, ETH, SOL)
SECOND = timedelta(seconds=1)
FIVE_SECONDS = 5 / 60
DEADLINE = timedelta(seconds=2)
QUICK = {"tokenBucket": {"refillRate": 1.0, "capacity": 1000.0, "delay": 0.001}, "rateLimit": 1}
"""A rate limit that a test has time for."""


class Desk:
    """A connected terminal, the exchange that it asks, and the clock, five seconds after `START`."""

    def __init__(self, market: Exchange, address: str, clock: SimulatedClock) -> None:
        self.market = market
        self.clock = clock
        self.given = QUICK | {"urls": {"api": {"public": address}}}
        self.seconds = 0.0
        self.terminal = self.another()

    def another(self, *assets: str, **settings: Any) -> ExchangeTerminal:
        told: dict[str, Any] = {"deadline": DEADLINE, "given": self.given} | settings
        chosen = ExchangeSettings(exchange="kraken", assets=assets or ASSETS, **told)
        return ExchangeTerminal(self.clock, chosen, lambda: self.seconds + time.monotonic())

    def ends(self, asset: str, after: float = 0.0) -> list[float]:
        """Return the minutes since `START` at which the new bars of an asset ended."""
        bars = self.terminal.bars(asset, M1, START + MINUTE * after)
        return [(bar.time - START) / MINUTE for bar in bars]

    def refusal(self, asset: str, after: float = 0.0) -> str:
        with pytest.raises(TerminalRefused) as caught:
            self.ends(asset, after)
        return caught.value.code

    def wait(self, minutes: float) -> None:
        self.clock.wait_until(self.clock.now() + MINUTE * minutes)


@pytest.fixture
def desk() -> Iterator[Desk]:
    clock = clock_at(FIVE_SECONDS)
    with exchange(clock) as (market, address):
        desk = Desk(market, address, clock)
        desk.terminal.connect()
        market.asked.clear()
        yield desk
        desk.terminal.disconnect()


def test_it_is_a_terminal_with_an_account_on_paper(desk: Desk) -> None:
    terminal: Terminal = desk.terminal
    account = terminal.account()
    assert (account.currency, account.balance, account.is_demo) == ("USD", 10_000, True)
    assert not desk.market.asked


def test_orders_are_refused_and_never_sent(desk: Desk) -> None:
    for question in (lambda: desk.terminal.send(order()), lambda: desk.terminal.close("t-1"), desk.terminal.positions):
        with pytest.raises(TerminalRefused, match=r"no order ever goes there, trade on paper \(read_only\)"):
            question()
    assert not desk.market.asked


def test_terms_are_the_exchanges_and_our_own_where_it_says_nothing(desk: Desk) -> None:
    bitcoin = desk.terminal.symbols()[BTC]
    assert (bitcoin.digits, bitcoin.contract_size, bitcoin.commission_rate) == (1, 1, 0.004)
    assert (bitcoin.lot_step, bitcoin.smallest_lot, bitcoin.price) == (1e-8, 0.0001, 50_000)
    assert bitcoin.spread == pytest.approx(10)
    ours = CRYPTO[BTC]
    share = ours.slippage_points * ours.point / ours.price
    assert bitcoin.slippage_points * bitcoin.point / bitcoin.price == pytest.approx(share)


def test_an_asset_may_be_traded_in_a_stable_coin_and_keeps_its_name(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    terminal = desk.another(SOL)
    terminal.connect()
    assert terminal.bars(SOL, M1, START - MINUTE)[0].asset == SOL
    assert "SOL-USD is SOL/USDT on kraken, counted as if it were dollars" in caplog.text
    terminal.disconnect()
    with pytest.raises(TerminalRefused, match="no market for SOL-USD: it has SOL-USDT"):
        desk.another(SOL, dollars=("USD",)).connect()


def test_an_unknown_asset_is_named_with_some_that_exist(desk: Desk) -> None:
    with pytest.raises(TerminalRefused, match="kraken has no market for BTX-USD: it has BTC-USD"):
        desk.another(BTC, "BTX-USD").connect()
    with pytest.raises(TerminalRefused, match="DOGE-USD is not one of the assets: BTC-USD, ETH-USD, SOL-USD"):
        desk.terminal.quote("DOGE-USD")


def test_an_unknown_exchange_is_named_with_some_that_exist() -> None:
    with pytest.raises(ConfigurationError, match=r"there is no exchange krakken: there are kraken.* in all"):
        ExchangeTerminal(clock_at(0), ExchangeSettings(exchange="krakken", assets=ASSETS))


def test_without_ccxt_there_is_one_sentence_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ccxt.async_support", None)
    with pytest.raises(
        ConfigurationError, match=r"--feed ccxt:kraken needs ccxt, .*: run pip install 'tradewatch\[ccxt\]'"
    ):
        ExchangeTerminal(clock_at(0), ExchangeSettings(exchange="kraken", assets=ASSETS))


def test_ccxt_is_imported_only_where_an_exchange_is_asked_for() -> None:
    program = "import sys, tradewatch.market.terminal.exchange; sys.exit('ccxt' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_candle_that_ccxt_cannot_read_has_no_values() -> None:
    def unreadable(row: Any, _: Any) -> Any:
        return [float(each) for each in row]

    stub = SimpleNamespace(fetch=None, on_rest_response=None, parse_ohlcv=unreadable)
    Wire("kraken", time.monotonic).attach(stub)
    assert stub.parse_ohlcvs([["1"], None, ["x"]], {}, "1m") == [[1.0], [None] * 6, [None] * 6]


def test_it_runs_on_the_walls_clock() -> None:
    clock = WallClock()
    with exchange(clock) as (_, address):
        given = QUICK | {"urls": {"api": {"public": address}}}
        terminal = connected(ExchangeSettings(exchange="kraken", assets=ASSETS, given=given), clock)
        gateway = Gateway(terminal, clock, name="kraken")
        assert gateway.poll()
        warm = gateway.warm_up(BTC, M1, 5)
        assert warm is not None
        assert len(warm) >= 4
        assert clock.now() - warm[-1].time < timedelta(minutes=2, seconds=10)
        assert gateway.quotes([BTC])[BTC].mid == 50_000
        terminal.disconnect()


def test_bars_are_named_by_their_end_and_the_unfinished_one_is_not_seen(desk: Desk) -> None:
    bars = desk.terminal.bars(BTC, M1, START - MINUTE * 2)
    assert [bar.time for bar in bars] == [START - MINUTE, START]
    newest = bars[-1]
    assert (newest.open, newest.high, newest.low, newest.volume, newest.interval) == (50_000, 51_000, 49_000, 12.5, 60)
    assert newest.spread == pytest.approx(newest.close * 0.0002, rel=0.01)


def test_all_assets_are_asked_at_once_and_each_answer_is_given_once(desk: Desk) -> None:
    desk.wait(1)
    assert [desk.ends(asset) for asset in ASSETS] == [[1], [1], [1]]
    assert desk.market.asked["OHLC"] == 3
    desk.wait(2)
    assert [desk.ends(asset, after=1) for asset in ASSETS] == [[2, 3], [2, 3], [2, 3]]
    assert desk.market.asked["OHLC"] == 6


def test_an_asset_that_is_behind_the_others_loses_nothing(desk: Desk) -> None:
    desk.wait(4)
    assert [desk.ends(BTC, 3), desk.ends(ETH, 1), desk.ends(SOL, 3)] == [[4], [2, 3, 4], [4]]


def test_an_answer_that_nobody_asked_for_in_time_is_asked_for_again(desk: Desk) -> None:
    desk.wait(1)
    assert desk.ends(BTC) == [1]
    desk.wait(1)
    assert desk.ends(ETH) == [1, 2]


def test_many_pages_are_asked_for_where_an_answer_is_short(desk: Desk) -> None:
    desk.market.page = 100
    desk.wait(700)
    assert desk.ends(BTC) == list(range(1, 701))
    assert len(desk.terminal.history(ETH, M1, 500)) == 500


def test_gaps_stay_gaps(desk: Desk) -> None:
    desk.market.missing = {START + MINUTE}
    desk.wait(3)
    assert desk.ends(BTC) == [1, 3]


def test_a_bar_is_over_only_when_it_had_time_to_settle(desk: Desk) -> None:
    rows = [candle(50_000, int(START.timestamp()))]
    desk.market.rows[PAIR_OF[BTC]] = rows
    desk.clock.wait_until(START + MINUTE)
    assert desk.ends(BTC) == [1]
    assert desk.clock.now() == START + MINUTE + SECOND * 2


def test_history_has_the_newest_closed_bars_page_by_page(desk: Desk) -> None:
    history = desk.terminal.history(BTC, M1, 30)
    assert [bar.time for bar in history] == [START - MINUTE * back for back in range(29, -1, -1)]
    assert desk.terminal.history(BTC, M1, 0) == []
    longer = desk.terminal.history(BTC, Timeframe.H1, 3)
    assert [bar.time.hour for bar in longer] == [8, 9, 10]


def test_a_quote_is_the_newest_bid_and_ask(desk: Desk) -> None:
    quote = desk.terminal.quote(BTC)
    assert quote is not None
    assert (quote.bid, quote.ask, quote.time) == (49_995, 50_005, desk.clock.now())


ODD_ANSWERS = {
    "never answers": (Answer(never=True), "timeout"),
    "closes the connection": (Answer(hang_up=True), "not_available"),
    "breaks off": (Answer(body=b'{"error": [], "res', length=500), "not_available"),
    "too many requests": (Answer(429, b'{"error": ["EAPI:Rate limit exceeded"]}'), "rate_limit"),
    "rate limit in an answer": (said({}, "EAPI:Rate limit exceeded"), "rate_limit"),
    "a server's error": (Answer(500, b"oops", "text/plain"), "not_available"),
    "a page of a server's error": (Answer(503, HTML, "text/html"), "not_available"),
    "a page": (Answer(200, HTML, "text/html"), "bad_answer"),
    "nothing": (Answer(200, b""), "bad_answer"),
    "half of it": (Answer(200, b'{"error": [], "result": {"XXBTZUSD": [[17'), "bad_answer"),
    "a number": (Answer(200, b"7"), "bad_answer"),
    "not its characters": (Answer(200, b"\xff\xfe\x00"), "bad_answer"),
    "an error of its own": (said({}, "EGeneral:Invalid arguments"), "exchange_error"),
    "busy": (said({}, "EService:Unavailable"), "not_available"),
}


@pytest.mark.parametrize(("answer", "code"), ODD_ANSWERS.values(), ids=ODD_ANSWERS.keys())
def test_a_slow_or_failing_asset_is_one_refusal_and_does_not_stop_the_others(
    desk: Desk, answer: Answer, code: str
) -> None:
    desk.market.wrong[PAIR_OF[ETH]] = answer
    desk.wait(1)
    begin = time.monotonic()
    assert desk.ends(BTC) == [1]
    assert desk.refusal(ETH) == code
    assert desk.ends(SOL) == [1]
    assert time.monotonic() - begin < DEADLINE.total_seconds() + 1
    desk.market.wrong.clear()
    desk.wait(1)
    assert [desk.ends(BTC, 1), desk.ends(ETH), desk.ends(SOL, 1)] == [[2], [1, 2], [2]]


def test_an_exchange_that_is_too_slow_for_all_assets_serves_them_in_turn(desk: Desk) -> None:
    slow = {"tokenBucket": {"refillRate": 0.001, "capacity": 5.0, "tokens": 4.0, "delay": 0.001}}
    desk.terminal.disconnect()
    desk.terminal = desk.another(deadline=timedelta(seconds=2.2), given=desk.given | slow)
    desk.terminal.connect()  # four requests, and then one in 1.2 s
    desk.wait(1)
    assert [desk.ends(BTC), desk.ends(ETH), desk.refusal(SOL)] == [[1], [1], "timeout"]
    desk.wait(1)
    assert desk.ends(SOL) == [1, 2]


def test_an_answer_without_candles_is_a_minute_without_trades(desk: Desk) -> None:
    desk.market.wrong[PAIR_OF[ETH]] = said({"last": 0})
    desk.wait(1)
    assert [desk.ends(asset) for asset in ASSETS] == [[1], [], [1]]
    desk.market.wrong.clear()
    desk.wait(1)
    assert desk.ends(ETH) == [1, 2]


def test_an_exchange_that_is_out_of_reach_for_every_asset_is_lost(desk: Desk) -> None:
    desk.market.wrong["OHLC"] = Answer(500)
    with pytest.raises(TerminalLost, match="kraken is not available"):
        desk.ends(BTC)


def test_an_exchange_that_wants_to_be_left_alone_is_not_asked_before(desk: Desk) -> None:
    desk.market.wrong[PAIR_OF[ETH]] = Answer(429, b"{}", headers=[("Retry-After", "30")])
    desk.wait(1)
    assert desk.ends(BTC) == [1]
    desk.market.wrong.clear()
    asked = desk.market.asked["OHLC"]
    desk.wait(1)
    with pytest.raises(TerminalLost, match="wants to be left alone for"):
        desk.ends(BTC, 1)
    assert desk.market.asked["OHLC"] == asked
    desk.seconds += 31
    assert desk.ends(BTC, 1) == [2]


def test_odd_rows_are_counted_and_the_rest_is_used(desk: Desk) -> None:
    gateway = Gateway(desk.terminal, desk.clock, name="kraken")
    gateway.poll()
    desk.wait(8)
    begin = int(START.timestamp())
    good = [candle(50_000, begin + 60 * minute) for minute in range(8)]
    upside_down = [begin + 60, "1", "0.5", "2", "1", "1", "3", 1]
    odd: list[Any] = [None, "text", [], {}, [None, "1", "1", "1", "1", "1", "1"], [begin + 120, "NaN", None, "1", "x"]]
    negative = [begin + 180, "-1", "-1", "-1", "-1", "-1", "-1", 1]
    far = [candle(50_000, begin + 10**9 + step) for step in (0, 60)]
    desk.market.rows[PAIR_OF[BTC]] = [good[7], *odd, upside_down, negative, good[4], good[4], good[0], good[5], *far]
    assert [received.bar.time for received in gateway.new_bars(BTC, M1)] == [
        START + MINUTE * end for end in (1, 5, 6, 8)
    ]
    refused = {
        entry.fact.reason: entry.fact.count for entry in gateway.take_entries() if isinstance(entry.fact, QuotesRefused)
    }
    assert refused == {"not_finite": 6, "out_of_order": 1, "not_positive": 1, "duplicate": 1, "from_the_future": 1}


@pytest.mark.parametrize(("offset", "said"), [(120, "120 s ahead of"), (-120, "120 s behind")])
def test_an_exchange_whose_clock_is_another_is_told_and_its_bars_are_used(
    desk: Desk, caplog: pytest.LogCaptureFixture, offset: float, said: str
) -> None:
    desk.market.offset = SECOND * offset
    desk.terminal.connect()
    assert said in caplog.text
    gateway = Gateway(desk.terminal, desk.clock)
    gateway.poll()
    desk.wait(5)
    ends = [(received.bar.time - START) / MINUTE for received in gateway.new_bars(BTC, M1)]
    assert ends == ([1, 2, 3, 4, 5] if offset > 0 else [1, 2, 3])
    caplog.clear()


def test_requests_are_timed_one_by_one_with_what_went_wrong(desk: Desk) -> None:
    gateway = Gateway(desk.terminal, desk.clock, stopwatch=time.monotonic, name="kraken")
    gateway.poll()
    gateway.take_entries()
    desk.market.wrong[PAIR_OF[ETH]] = Answer(never=True)
    desk.wait(1)
    for asset in ASSETS:
        gateway.new_bars(asset, M1)
    entries = gateway.take_entries()
    calls = [each.fact for each in entries if isinstance(each.fact, CallTimed)]
    assert {(call.api, call.endpoint, call.error): len(call.all_seconds) for call in calls} == {
        ("kraken", "ohlcv", None): 2,
        ("kraken", "ohlcv", "timeout"): 1,
    }
    assert all((seconds > 1) == (call.error is not None) for call in calls for seconds in call.all_seconds)
    errors = [each.fact for each in entries if isinstance(each.fact, ErrorOccurred)]
    assert [(error.component, error.type) for error in errors] == [("kraken", "bars_refused")]
    assert all(each.id.startswith("kraken/") for each in entries)


def test_a_gateway_comes_back_when_the_exchange_does_and_brings_what_was_missed(desk: Desk) -> None:
    gateway = Gateway(desk.terminal, desk.clock, name="kraken")
    assert gateway.poll()
    desk.market.wrong = {"OHLC": Answer(hang_up=True), "Time": Answer(502, HTML, "text/html")}
    desk.wait(1)
    assert gateway.new_bars(BTC, M1) == []
    assert not gateway.poll()
    desk.market.wrong.clear()
    desk.wait(2)
    assert gateway.poll()
    received = gateway.new_bars(BTC, M1)
    assert [((each.bar.time - START) / MINUTE, each.is_old) for each in received] == [(1, True), (2, True), (3, False)]
    changes = [each.fact.connected for each in gateway.take_entries() if isinstance(each.fact, ConnectionChanged)]
    assert changes == [True, False, False, True]


def test_markets_are_asked_for_once(desk: Desk) -> None:
    desk.terminal.connect()
    assert desk.market.asked == {"Time": 1}
    assert desk.ends(BTC, -1) == [0]


def test_threads_end_with_the_connection(desk: Desk) -> None:
    before = threading.active_count()
    for _ in range(3):
        desk.terminal.connect()
        desk.ends(BTC, -1)
    desk.terminal.disconnect()
    assert not [each for each in threading.enumerate() if each.name.startswith("exchange")]
    assert threading.active_count() <= before
    with pytest.raises(TerminalLost, match="connect first"):
        desk.terminal.quote(BTC)


def test_a_stop_breaks_off_the_wait(desk: Desk) -> None:
    desk.market.wrong["OHLC"] = Answer(never=True)
    desk.wait(1)
    stopper = threading.Timer(0.2, desk.clock.stop)
    stopper.start()
    begin = time.monotonic()
    assert desk.ends(BTC) == []
    assert time.monotonic() - begin < DEADLINE.total_seconds()
    stopper.join()


def test_connecting_is_tried_for_a_while_and_then_given_up_in_one_sentence(desk: Desk) -> None:
    settings = ExchangeSettings(exchange="kraken", assets=ASSETS, deadline=DEADLINE, given=desk.given)
    terminal = connected(settings, desk.clock)
    assert set(terminal.symbols()) == set(ASSETS)
    terminal.disconnect()
    desk.market.wrong["AssetPairs"] = Answer(503, HTML, "text/html")
    desk.market.asked.clear()
    with pytest.raises(
        ConfigurationError, match=r"--feed ccxt:kraken cannot be used: kraken is not available.*network"
    ):
        connected(settings, desk.clock, patience=SECOND * 2)
    assert desk.market.asked["AssetPairs"] == 3
    desk.market.wrong.clear()
    with pytest.raises(ConfigurationError, match=r"no market for FOO-USD.*give other assets"):
        connected(ExchangeSettings(exchange="kraken", assets=("FOO-USD",), given=desk.given), WallClock())


def test_nothing_is_asked_of_an_exchange_without_bars_of_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    with pytest.raises(ConfigurationError, match="no bars of a minute"):
        ExchangeTerminal(clock_at(0), ExchangeSettings(exchange="independentreserve", assets=ASSETS))
