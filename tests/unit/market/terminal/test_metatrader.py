import sys
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tests.support.metatrader import FakeMetaTrader5, SymbolInfo, TerminalInfo, Tick, TradePosition
from tests.support.terminals import EURUSD, MINUTE, START, clock_at, order
from tradewatch.errors import ConfigurationError
from tradewatch.facts import Direction
from tradewatch.market.bars import Timeframe
from tradewatch.market.clock import SimulatedClock
from tradewatch.market.terminal import Gateway, Terminal, TerminalLost, TerminalRefused
from tradewatch.market.terminal.metatrader import MetaTraderSettings, MetaTraderTerminal
from tradewatch.market.terminal.metatrader_orders import comment_of
from tradewatch.market.terminal.metatrader_prices import instrument

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


class Desk:
    """A terminal, the package it stands on, and the clock; connected, three hours behind the server."""

    def __init__(self, minutes: float = 0.0, **settings: Any) -> None:
        self.clock: SimulatedClock = clock_at(minutes)
        self.package = FakeMetaTrader5(self.clock)
        given: dict[str, Any] = {"symbols": (EURUSD,), "server_offset": HOUR * 3} | settings
        self.terminal = MetaTraderTerminal(self.clock, MetaTraderSettings(**given), self.package)
        self.terminal.connect()

    def refusal(self, **account: Any) -> str:
        self.package.account = self.package.account._replace(**account)
        with pytest.raises(TerminalRefused) as caught:
            self.terminal.send(order())
        return str(caught.value)


def test_it_is_a_terminal() -> None:
    terminal: Terminal = Desk().terminal
    assert terminal.account().login == 4711


def test_the_account_is_told() -> None:
    account = Desk().terminal.account()
    assert (account.currency, account.balance, account.equity, account.leverage) == ("USD", 10_000, 10_050, 500)
    assert account.is_demo
    real = Desk()
    real.package.account = real.package.account._replace(trade_mode=2)
    assert not real.terminal.account().is_demo


def test_a_missing_package_is_one_sentence_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "MetaTrader5", None)
    with pytest.raises(ConfigurationError, match=r"MetaTrader5.*pip install MetaTrader5.*Windows only.*simulated"):
        MetaTraderTerminal(clock_at(0), MetaTraderSettings())


def test_the_package_is_imported_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = clock_at(0)
    monkeypatch.setitem(sys.modules, "MetaTrader5", FakeMetaTrader5(clock))
    MetaTraderTerminal(clock, MetaTraderSettings(server_offset=HOUR * 3)).connect()


def test_connecting_logs_in_where_it_is_told_to() -> None:
    desk = Desk(path="C:/terminal64.exe", login=12, password="secret", server="Broker-Demo")  # noqa: S106 - a test
    assert desk.package.calls[:2] == [
        ("initialize", "C:/terminal64.exe", 10_000),
        ("login", 12, "secret", "Broker-Demo", 10_000),
    ]
    assert "secret" not in repr(MetaTraderSettings(password="secret"))  # noqa: S106 - a test
    assert "login" not in {call[0] for call in Desk().package.calls}


def test_nothing_is_asked_before_connecting_and_after_letting_go() -> None:
    desk = Desk()
    desk.terminal.disconnect()
    assert desk.package.calls[-1] == ("shutdown",)
    asked = len(desk.package.calls)
    for call in (
        desk.terminal.account,
        desk.terminal.symbols,
        desk.terminal.positions,
        lambda: desk.terminal.quote(EURUSD),
        lambda: desk.terminal.bars(EURUSD, Timeframe.M1, START),
        lambda: desk.terminal.history(EURUSD, Timeframe.M1, 1),
        lambda: desk.terminal.send(order()),
        lambda: desk.terminal.close("t-1"),
    ):
        with pytest.raises(TerminalLost, match="connect first"):
            call()
    assert len(desk.package.calls) == asked


@pytest.mark.parametrize(
    ("code", "kind", "sentence"),
    [
        (-10_004, TerminalLost, "there is no running terminal; it says 'No IPC connection' (-10004)"),
        (-10_005, TerminalLost, "the terminal did not answer in time; it says 'No IPC connection' (-10005)"),
        (-6, TerminalRefused, "the terminal could not log in: check login, password and server; it says"),
        (-2, TerminalRefused, "the terminal does not accept what it was asked; it says 'No IPC connection' (-2)"),
        (-99, TerminalRefused, "the terminal failed, and the code is not a known one; it says"),
    ],
)
def test_a_call_that_fails_is_a_lost_connection_or_a_refusal(code: int, kind: type[Exception], sentence: str) -> None:
    desk = Desk()
    desk.package.error = (code, "No IPC connection")
    for call in (
        desk.terminal.connect,
        desk.terminal.account,
        desk.terminal.positions,
        lambda: desk.terminal.quote(EURUSD),
        lambda: desk.terminal.bars(EURUSD, Timeframe.M1, START),
        lambda: desk.terminal.history(EURUSD, Timeframe.M1, 1),
        lambda: desk.terminal.send(order()),
        lambda: desk.terminal.close("t-1"),
    ):
        with pytest.raises(kind) as caught:
            call()
        assert str(caught.value).startswith(sentence)
        desk.terminal._connected = True  # noqa: SLF001 - each call is asked, also after the first one failed


def test_a_terminal_without_its_server_is_lost() -> None:
    desk = Desk()
    desk.package.terminal = TerminalInfo(connected=False)
    for call in (desk.terminal.account, desk.terminal.connect):
        with pytest.raises(TerminalLost, match="no connection to its server"):
            call()


def test_symbols_come_with_their_terms() -> None:
    desk = Desk(symbols=(EURUSD, "NOPE"))
    symbols = desk.terminal.symbols()
    assert list(symbols) == [EURUSD]
    terms = symbols[EURUSD]
    assert (terms.digits, terms.contract_size, terms.spread_points) == (5, 100_000, 12)
    assert (terms.base_currency, terms.quote_currency) == ("EUR", "USD")
    assert (terms.swap_long_points, terms.swap_short_points) == (-7.5, 2.5)
    assert (terms.smallest_lot, terms.lot_step, terms.largest_lot) == (0.01, 0.01, 50)
    assert terms.commission_per_lot == 3.0  # MetaTrader tells it after the deal only


def test_without_symbols_those_of_the_market_watch_are_used() -> None:
    clock = clock_at(0)
    package = FakeMetaTrader5(clock)
    package.infos["GBPUSD+"] = SymbolInfo("GBPUSD+", visible=False)
    terminal = MetaTraderTerminal(clock, MetaTraderSettings(server_offset=HOUR), package)
    terminal.connect()
    assert list(terminal.symbols()) == [EURUSD]


def test_a_broker_with_none_of_the_symbols_refuses() -> None:
    with pytest.raises(TerminalRefused, match=r"the broker has none of the symbols NOPE, NADA \(unknown_symbol\)"):
        Desk(symbols=("NOPE", "NADA"))


@pytest.mark.parametrize(
    ("mode", "value", "points"),
    [(0, -7.5, 0.0), (1, -7.5, -7.5), (2, -5.0, -5.5), (5, -3.6, -11.0), (6, -3.6, -11.0), (4, -7.5, 0.0)],
)
def test_swap_is_told_in_points(mode: int, value: float, points: float) -> None:
    # base currency: -5 EUR a lot are -5.5 USD, 5.5 points of 1 USD; interest: 3.6 % of 1.1 are 0.00011 a day, 11 points
    info = SymbolInfo("EURUSD", swap_mode=mode, swap_long=value, swap_short=-value)
    assert instrument(info).swap_long_points == pytest.approx(points)
    assert instrument(info).swap_short_points == pytest.approx(-points)


def test_a_quote_has_the_time_of_its_tick_in_utc() -> None:
    desk = Desk()
    desk.package.tick(1.2, 1.2003)
    quote = desk.terminal.quote(EURUSD)
    assert quote == (EURUSD, START + timedelta(milliseconds=250), 1.2, 1.2003)
    desk.package.ticks[EURUSD] = Tick(0, 0.0, 0.0, 0)
    assert desk.terminal.quote(EURUSD) is None


def test_the_servers_offset_is_found_once_a_price_moves() -> None:
    clock = clock_at(0)
    package = FakeMetaTrader5(clock, ahead=HOUR * 2)
    terminal = MetaTraderTerminal(clock, MetaTraderSettings(symbols=(EURUSD,)), package)
    with pytest.raises(TerminalLost, match="time zone is not known"):
        terminal.connect()
    clock.wait_until(START + SECOND)
    package.tick()
    terminal.connect()
    package.minutes(2)
    clock.wait_until(START + MINUTE * 2)
    package.tick()
    bars = terminal.bars(EURUSD, Timeframe.M1, START)
    assert [bar.time for bar in bars] == [START + MINUTE]


def test_bars_are_mid_prices_named_by_their_end() -> None:
    desk = Desk(3)
    desk.package.minutes(4)
    bars = desk.terminal.bars(EURUSD, Timeframe.M1, START + MINUTE)
    assert [bar.time for bar in bars] == [START + MINUTE * 2, START + MINUTE * 3]
    assert bars[0][3:7] == pytest.approx((1.1001, 1.2001, 1.0001, 1.1002))  # half of 20 points above the bid
    assert bars[0][7:] == pytest.approx((41.0, 0.0002, 41))
    assert (bars[0].asset, bars[0].interval) == (EURUSD, 60)
    assert all(type(number) is float for number in bars[0][3:9])
    assert type(bars[0].ticks) is int


def test_bars_of_exchanges_have_the_traded_volume() -> None:
    desk = Desk(3)
    desk.package.rates[EURUSD, 1] = [(desk.package.server(START), 1.1, 1.2, 1.0, 1.1, 40, 0, 7000)]
    (bar,) = desk.terminal.bars(EURUSD, Timeframe.M1, START)
    assert (bar.volume, bar.spread, bar.ticks) == (7000, 0, 40)


def test_a_bar_that_is_not_over_is_not_seen() -> None:
    desk = Desk(3)
    desk.package.minutes(3)  # the third one ends now, and may wait for its last tick
    assert [bar.time for bar in desk.terminal.bars(EURUSD, Timeframe.M1, START)] == [START + MINUTE, START + MINUTE * 2]
    desk.clock.wait_until(START + MINUTE * 3 + SECOND * 2)
    assert len(desk.terminal.bars(EURUSD, Timeframe.M1, START)) == 3
    desk.package.minutes(9)
    assert len(desk.terminal.bars(EURUSD, Timeframe.M1, START)) == 3


@pytest.mark.parametrize("minutes", [10, 10.5])
def test_history_has_as_many_closed_bars_as_asked_for(minutes: float) -> None:
    desk = Desk(minutes)
    desk.package.minutes(11 if minutes == 10.5 else 10)
    desk.clock.wait_until(desk.clock.now() + SECOND * 3)
    bars = desk.terminal.history(EURUSD, Timeframe.M1, 4)
    assert [bar.time for bar in bars] == [START + MINUTE * number for number in (7, 8, 9, 10)]
    assert desk.terminal.history(EURUSD, Timeframe.M1, 0) == []


def test_longer_bars_are_asked_for_under_the_packages_names() -> None:
    desk = Desk(600)
    desk.package.minutes(9, timeframe=16385, length=3600)
    bars = desk.terminal.history(EURUSD, Timeframe.H1, 2)
    assert [(bar.time, bar.interval) for bar in bars] == [(START + HOUR * 8, 3600), (START + HOUR * 9, 3600)]


def test_no_bars_and_no_error_are_no_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(3)
    monkeypatch.setattr(desk.package, "copy_rates_range", lambda *_: None)
    assert desk.terminal.bars(EURUSD, Timeframe.M1, START) == []
    with pytest.raises(TerminalRefused, match="no symbol EURUSD "):
        desk.terminal.bars("EURUSD", Timeframe.M1, START)


def test_an_order_is_sent_as_a_deal_at_the_market() -> None:
    desk = Desk()
    wanted = order("t-1", Direction.BUY, 0.5)
    receipt = desk.terminal.send(wanted)
    assert desk.package.requests == [
        {
            "action": 1,
            "symbol": EURUSD,
            "volume": 0.5,
            "type": 0,
            "price": 1.10012,
            "deviation": 20,
            "magic": 20_260_101,
            "comment": "t-1",
            "type_time": 0,
            "type_filling": 1,
        }
    ]
    assert (receipt.trade_id, receipt.ticket, receipt.price, receipt.quantity) == ("t-1", 5001, 1.10012, 0.5)
    assert receipt.time == START


def test_a_sale_is_sent_at_the_bid_with_its_levels() -> None:
    desk = Desk()
    desk.terminal.send(replace(order("t-2", Direction.SELL), stop=1.2))
    (request,) = desk.package.requests
    assert (request["type"], request["price"], request["sl"]) == (1, 1.1, 1.2)
    assert "tp" not in request


@pytest.mark.parametrize(("allowed", "filling"), [(1, 0), (2, 1), (3, 0), (0, 2)])
def test_an_order_is_filled_in_a_way_that_the_symbol_allows(allowed: int, filling: int) -> None:
    desk = Desk()
    desk.package.infos[EURUSD] = SymbolInfo(EURUSD, filling_mode=allowed)
    desk.terminal.send(order())
    assert desk.package.requests[0]["type_filling"] == filling


def test_the_price_is_the_deals_where_the_result_has_none() -> None:
    desk = Desk()
    desk.package.price_in_result = False
    assert desk.terminal.send(order()).price == 1.10012


def test_an_order_sent_again_is_not_executed_again_also_by_another_run() -> None:
    desk = Desk()
    first = desk.terminal.send(order())
    again = MetaTraderTerminal(desk.clock, MetaTraderSettings(symbols=(EURUSD,), server_offset=HOUR * 3), desk.package)
    again.connect()
    assert again.send(order()) == first
    desk.terminal.close("t-1")
    assert again.send(order()) == first
    assert len(desk.package.requests) == 2  # one opening, one closing


def test_an_order_that_was_filled_in_parts_is_executed_at_their_average() -> None:
    desk = Desk()
    desk.terminal.send(order())
    (deal,) = desk.package.deals
    desk.package.deals = [deal._replace(volume=0.25, price=1.2), deal._replace(volume=0.75, price=1.6)]
    again = desk.terminal.send(order())
    assert [again.quantity, again.price] == pytest.approx([1.0, 1.5])


def test_a_position_is_closed_under_the_id_of_its_order() -> None:
    desk = Desk()
    desk.terminal.send(order("t-1", Direction.SELL, 0.3))
    receipt = desk.terminal.close("t-1")
    request = desk.package.requests[-1]
    assert (request["position"], request["type"], request["volume"], request["price"]) == (5001, 0, 0.3, 1.10012)
    assert (receipt.trade_id, receipt.ticket) == ("t-1", 5001)
    assert desk.terminal.positions() == []
    with pytest.raises(TerminalRefused, match=r"there is no open position of the order t-1 \(10036\)"):
        desk.terminal.close("t-1")


def test_positions_are_told_oldest_first_and_those_of_others_have_no_id() -> None:
    desk = Desk()
    long_id = "run-2026-01-05/EURUSD+/M15/berserker/17"
    desk.terminal.send(order(long_id))
    strange = TradePosition(1, 0, 1, 0, 0.1, 1.3, 1.4, 1.2, 5.0, EURUSD, "by hand")
    desk.package.positions.append(strange)
    other, ours = desk.terminal.positions()
    assert (other.trade_id, other.direction, other.stop, other.take_profit) == (None, Direction.SELL, 1.4, 1.2)
    assert (ours.trade_id, ours.direction, ours.stop, ours.opened_at) == (long_id, Direction.BUY, None, START)
    assert ours.unrealised == -1.2
    with pytest.raises(TerminalRefused):
        desk.terminal.close("by hand")
    assert len(comment_of(long_id)) <= 27
    desk.terminal.close(long_id)
    assert [each.ticket for each in desk.terminal.positions()] == [1]


def test_orders_go_to_demo_accounts_unless_a_real_one_is_allowed() -> None:
    assert Desk().refusal(trade_mode=2).startswith("orders go to demo accounts only")
    assert Desk().refusal(trade_mode=1).startswith("orders go to demo accounts only")
    allowed = Desk(allow_real=True)
    allowed.package.account = allowed.package.account._replace(trade_mode=2)
    assert allowed.terminal.send(order()).quantity == 1.0
    closing = Desk()
    closing.package.account = closing.package.account._replace(trade_mode=2)
    with pytest.raises(TerminalRefused, match="real_account"):
        closing.terminal.close("t-1")


def test_an_account_that_nets_positions_is_not_traded() -> None:
    desk = Desk()
    assert "nets positions" in desk.refusal(margin_mode=0)
    assert desk.package.requests == []


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (10_018, "the market is closed; the server says 'as the server says' (10018)"),
        (10_019, "there is not enough money; the server says 'as the server says' (10019)"),
        (10_008, "the order waits to be executed; the server says 'as the server says' (10008)"),
        (19_999, "the order was not executed, and the code is not a known one; the server says"),
    ],
)
def test_an_order_that_is_not_executed_is_refused_with_a_sentence(code: int, sentence: str) -> None:
    desk = Desk()
    desk.package.retcode = code
    assert desk.refusal().startswith(sentence)


def test_an_order_that_found_no_server_is_a_lost_connection() -> None:
    desk = Desk()
    desk.package.retcode = 10_031
    with pytest.raises(TerminalLost, match=r"the terminal has no connection to its server \(10031\)"):
        desk.terminal.send(order())


def test_a_gateway_runs_on_it() -> None:
    clock = clock_at(1)
    package = FakeMetaTrader5(clock)
    terminal = MetaTraderTerminal(clock, MetaTraderSettings(symbols=(EURUSD,)), package)
    gateway = Gateway(terminal, clock, stopwatch=lambda: 0.0)
    assert not gateway.poll()  # no price has moved yet, so that the server's time is unknown
    for seconds in range(1, 300):
        clock.wait_until(START + MINUTE + SECOND * seconds)
        package.tick()
        package.minutes(1 + (60 + seconds) // 60)
        gateway.poll()
        gateway.new_bars(EURUSD, Timeframe.M1)
    assert gateway.poll()
    assert EURUSD in gateway.quotes([EURUSD])
    package.error = (-10_001, "IPC send failed")
    assert not gateway.poll()
    assert package.calls[-1] == ("shutdown",)
