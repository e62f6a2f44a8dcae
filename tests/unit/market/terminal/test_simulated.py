import json
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from tests.support.terminals import EURUSD, MINUTE, START, USDJPY, TableFeed, clock_at, minute, order, rising
from tradewatch.facts import Direction
from tradewatch.market.bars import Bar, Timeframe
from tradewatch.market.clock import SimulatedClock
from tradewatch.market.terminal import Faults, Outages, SimulatedTerminal, Terminal, TerminalLost, TerminalRefused
from tradewatch.market.terminal.chance import chance


def connected(bars: list[Bar], clock: SimulatedClock, faults: Faults | None = None, seed: int = 7) -> SimulatedTerminal:
    terminal = SimulatedTerminal(TableFeed(bars), clock, seed=seed, faults=faults or Faults())
    terminal.connect()
    return terminal


def test_it_is_a_terminal() -> None:
    terminal: Terminal = connected([], clock_at(0))
    assert terminal.account().is_demo


def test_a_quote_lies_half_a_spread_around_the_newest_close() -> None:
    quote = connected([minute(1, 1.1), minute(2, 1.2, spread=0.0004), minute(3)], clock_at(2.5)).quote(EURUSD)
    assert quote is not None
    assert quote.time == START + MINUTE * 2
    assert quote[2:] == pytest.approx((1.1998, 1.2002))
    assert quote.mid == pytest.approx(1.2)


def test_nothing_of_the_future_is_seen() -> None:
    clock = clock_at(1)
    terminal = connected(rising(10), clock)
    assert [bar.time for bar in terminal.bars(EURUSD, Timeframe.M1, START)] == [START + MINUTE]
    clock.wait_until(START + MINUTE * 3)
    assert [bar.time for bar in terminal.bars(EURUSD, Timeframe.M1, START + MINUTE)] == [
        START + MINUTE * 2,
        START + MINUTE * 3,
    ]


def test_no_quote_before_the_first_bar() -> None:
    assert connected([], clock_at(0)).quote(EURUSD) is None


def test_five_minutes_make_a_longer_bar() -> None:
    bars = [minute(number, 1.1 + number / 100) for number in range(1, 8)]
    (five,) = connected(bars, clock_at(7)).bars(EURUSD, Timeframe.M5, START)
    assert five[:3] == (EURUSD, START + MINUTE * 5, 300)
    assert five[3:] == pytest.approx((1.11, 1.151, 1.109, 1.15, 25.0, 0.0002, 35))


def test_a_longer_bar_whose_last_minute_is_missing_is_closed_by_the_next() -> None:
    bars = [minute(1, 1.11), minute(4, 1.14), minute(6, 1.16)]
    clock = clock_at(5)
    terminal = connected(bars, clock)
    assert terminal.bars(EURUSD, Timeframe.M5, START) == []
    clock.wait_until(START + MINUTE * 6)
    (five,) = terminal.bars(EURUSD, Timeframe.M5, START)
    assert (five.time, five.close, five.ticks) == (START + MINUTE * 5, 1.14, 14)


def test_history_is_what_closed_last() -> None:
    terminal = connected(rising(700), clock_at(700))
    assert [bar.time for bar in terminal.history(EURUSD, Timeframe.M1, 2)] == [
        START + MINUTE * 699,
        START + MINUTE * 700,
    ]
    assert len(terminal.history(EURUSD, Timeframe.M1, 1000)) == 600
    assert len(terminal.history(EURUSD, Timeframe.H1, 1000)) == 11
    assert terminal.history(EURUSD, Timeframe.M1, 0) == []


def test_nothing_is_answered_during_an_outage_nor_before_connecting_again() -> None:
    clock = clock_at(1)
    outages = Outages(scheduled=((START + MINUTE * 2, START + MINUTE * 4),))
    terminal = SimulatedTerminal(TableFeed(rising(10)), clock, seed=1, outages=outages)
    with pytest.raises(TerminalLost, match="not connected"):
        terminal.quote(EURUSD)
    terminal.connect()
    assert terminal.quote(EURUSD)
    clock.wait_until(START + MINUTE * 2)
    for call in (terminal.connect, terminal.account, terminal.positions, terminal.symbols):
        with pytest.raises(TerminalLost, match="outage"):
            call()
    clock.wait_until(START + MINUTE * 4)
    with pytest.raises(TerminalLost, match="not connected"):
        terminal.account()
    terminal.connect()
    assert len(terminal.bars(EURUSD, Timeframe.M1, START + MINUTE)) == 3


def test_a_feed_that_fails_is_a_lost_connection() -> None:
    feed, clock = TableFeed(rising(3)), clock_at(1)
    terminal = SimulatedTerminal(feed, clock, seed=1)
    terminal.connect()
    feed.breaks = True
    clock.wait_until(START + MINUTE * 2)
    with pytest.raises(TerminalLost, match="the table is gone"):
        terminal.account()
    feed.breaks = False
    with pytest.raises(TerminalLost, match="not connected"):
        terminal.account()


def covered(outages: Outages, seed: int, days: int) -> list[datetime]:
    return [now for now in (START + MINUTE * number for number in range(days * 1440)) if outages.covers(now, seed)]


def test_outages_by_chance_follow_from_the_seed_and_are_as_many_as_asked_for() -> None:
    outages = Outages(per_day=2.0, shortest=MINUTE * 3, longest=MINUTE * 9)
    minutes = covered(outages, 1, 60)
    assert minutes == covered(outages, 1, 60) != covered(outages, 2, 60)
    begins = [now for now in minutes if now - MINUTE not in minutes]
    assert 80 <= len(begins) <= 160
    lengths = [sum(begin <= now < begin + MINUTE * 10 for now in minutes) for begin in begins]
    assert min(lengths) in {2, 3, 4}
    assert max(lengths) >= 8
    assert not Outages().covers(minutes[0], 1)


def quotes_of(faults: Faults, seed: int = 3, minutes: int = 2000) -> list[tuple[timedelta, float]]:
    clock = clock_at(0)
    terminal = connected(rising(minutes), clock, faults, seed)
    found = []
    for number in range(1, minutes + 1):
        clock.wait_until(START + MINUTE * number)
        quote = terminal.quote(EURUSD)
        assert quote == terminal.quote(EURUSD)
        assert quote is not None
        found.append((clock.now() - quote.time, quote.spread))
    return found


def test_quotes_are_sound_unless_faults_are_asked_for() -> None:
    assert all(age == timedelta(0) and spread > 0 for age, spread in quotes_of(Faults()))


def test_quotes_are_locked_and_crossed_as_often_as_asked_for() -> None:
    spreads = [spread for _, spread in quotes_of(Faults(locked=0.1, crossed=0.05))]
    assert 150 <= sum(spread == 0 for spread in spreads) <= 250
    assert 70 <= sum(spread < 0 for spread in spreads) <= 130


def test_a_stalled_quote_grows_old_and_then_moves_on() -> None:
    ages = [age for age, _ in quotes_of(Faults(stall=0.01, stall_minutes=4))]
    assert max(ages) >= MINUTE * 4
    for before, after in pairwise(ages):
        assert after in {before + MINUTE, timedelta(0)}
    assert 20 * 3 <= sum(age > timedelta(0) for age in ages) <= 30 * 4


def test_a_quote_that_began_to_stall_stands_still_for_some_minutes_of_the_next_hour_too() -> None:
    faults = Faults(stall=0.2, stall_minutes=3)
    moments = [START + timedelta(seconds=17) + MINUTE * minute for minute in range(1500)]
    begins = [chance(7, "stall", "EURUSD+", moment) < faults.stall for moment in moments]
    stands = [faults.stalls("EURUSD+", moment, 7) for moment in moments]
    assert stands[2:] == [any(begins[minute - 2 : minute + 1]) for minute in range(2, 1500)]
    first_of_an_hour = [minute for minute in range(2, 1500) if moments[minute].minute == 0]
    assert any(begins[minute - 1] and not begins[minute] for minute in first_of_an_hour)


def test_faults_follow_from_the_seed() -> None:
    faults = Faults(stall=0.01, locked=0.1, crossed=0.05)
    assert quotes_of(faults, 3, 300) == quotes_of(faults, 3, 300) != quotes_of(faults, 4, 300)


def test_buying_pays_the_ask_and_selling_gets_the_bid() -> None:
    clock = clock_at(1)
    terminal = connected([minute(1, 1.1), minute(2, 1.2)], clock)
    bought = terminal.send(order("long"))
    sold = terminal.send(order("short", Direction.SELL, 2.0))
    assert [bought.price, sold.price] == pytest.approx([1.1001, 1.0999])
    assert terminal.account().equity == pytest.approx(10_000 - 3 * 20)  # 2 pips on 3 lots of 100,000
    clock.wait_until(START + MINUTE * 2)
    assert terminal.close("long").price == pytest.approx(1.1999)
    assert terminal.account().balance == pytest.approx(10_000 + (1.1999 - 1.1001) * 100_000)
    (left,) = terminal.positions()
    assert (left.trade_id, left.ticket, left.opened_at) == ("short", 2, START + MINUTE)
    assert left.unrealised == pytest.approx((1.0999 - 1.2001) * 200_000)


def test_profit_in_another_currency_is_turned_into_the_accounts() -> None:
    clock = clock_at(1)
    terminal = connected([minute(1, 150.0, USDJPY), minute(2, 160.0, USDJPY)], clock)
    terminal.send(order("yen", asset=USDJPY))
    clock.wait_until(START + MINUTE * 2)
    terminal.close("yen")
    assert terminal.account().balance == pytest.approx(10_000 + (160 - 150 - 0.0002) * 100_000 / 160)


def test_an_order_sent_twice_is_executed_once() -> None:
    terminal = connected(rising(1), clock_at(1))
    assert terminal.send(order()) == terminal.send(order())
    assert len(terminal.positions()) == 1
    terminal.close("t-1")
    terminal.send(order())
    assert list(terminal.positions()) == []


def test_what_cannot_be_done_is_refused_with_a_code_and_a_sentence() -> None:
    terminal = connected(rising(1), clock_at(1), Faults(crossed=1.0))
    for call, sentence in (
        (lambda: terminal.quote("EURUSD"), "the terminal has no symbol EURUSD (unknown_symbol)"),
        (lambda: terminal.send(order()), "EURUSD+ has no prices to trade at (10021)"),
        (lambda: terminal.send(order(asset=USDJPY)), "USDJPY+ has no prices to trade at (10021)"),
        (lambda: terminal.close("t-9"), "there is no open position of the order t-9 (10036)"),
    ):
        with pytest.raises(TerminalRefused) as caught:
            call()
        assert str(caught.value) == sentence
    with pytest.raises(TerminalRefused, match=r"EURUSD\+ trades 0.01 to 100 lots, not 0.001 \(10014\)"):
        connected(rising(1), clock_at(1)).send(order(quantity=0.001))


def test_a_restored_terminal_goes_on_where_it_was() -> None:
    bars, clock = rising(40), clock_at(22)
    terminal = connected(bars, clock)
    terminal.send(order("kept"))
    terminal.send(order("gone"))
    terminal.close("gone")
    again = SimulatedTerminal(TableFeed(bars), clock, seed=7)
    again.restore(json.loads(json.dumps(terminal.state())))
    clock.wait_until(START + MINUTE * 40)
    assert again.account() == terminal.account()
    assert again.positions() == terminal.positions()
    assert again.send(order("gone")) == terminal.send(order("gone"))
    for timeframe in (Timeframe.M1, Timeframe.M15):
        assert again.bars(EURUSD, timeframe, START + MINUTE * 22) == terminal.bars(
            EURUSD, timeframe, START + MINUTE * 22
        )
    assert again.quote(EURUSD) == terminal.quote(EURUSD)


def test_bars_are_refused_as_often_as_asked_for_and_a_refusal_stands_for_its_minute() -> None:
    clock, refused = clock_at(0), 0
    terminal = connected(rising(2_000), clock, Faults(refused=0.01))
    for number in range(1, 2_001):
        clock.wait_until(START + MINUTE * number)
        answers = []
        for _ in range(2):
            try:
                answers.append(len(terminal.bars(EURUSD, Timeframe.M1, START + MINUTE * (number - 1))))
            except TerminalRefused:
                answers.append(-1)
        assert answers in ([1, 1], [-1, -1])
        refused += answers[0] < 0
    assert 12 <= refused <= 28


def test_bars_that_were_refused_are_told_later() -> None:
    clock, faults = clock_at(0), Faults(refused=1 / 60)  # once in every hour
    terminal = connected(rising(61), clock, faults)
    minutes = range(1, 61)
    (first,) = [each for each in minutes if faults.refuses(EURUSD, START + MINUTE * each, 7)][:1]
    clock.wait_until(START + MINUTE * first)
    with pytest.raises(TerminalRefused, match=r"asked too often about EURUSD\+ \(rate_limit\)"):
        terminal.bars(EURUSD, Timeframe.M1, START)
    assert len(terminal.history(EURUSD, Timeframe.M1, 100)) == first
    assert terminal.quote(EURUSD) is not None
    clock.wait_until(START + MINUTE * (first + 1))
    assert len(terminal.bars(EURUSD, Timeframe.M1, START)) == first + 1
