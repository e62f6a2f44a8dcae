from datetime import UTC, datetime, timedelta

import pytest

from tests.support.terminals import EURUSD, MINUTE, START, USDJPY
from tradewatch.market.terminal import TerminalLost
from tradewatch.market.terminal.server_time import ServerTime

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def on_server(moment: datetime, ahead: timedelta) -> float:
    return (moment + ahead).timestamp()


@pytest.mark.parametrize("ahead", [HOUR * 3, HOUR * 0, HOUR * -5, HOUR * 5.75, HOUR * 14])
def test_the_offset_is_found_from_a_tick_that_moves(ahead: timedelta) -> None:
    times = ServerTime(None)
    times.observe(EURUSD, on_server(START - SECOND * 30, ahead), START)
    with pytest.raises(TerminalLost):
        times.to_server(START)
    times.observe(EURUSD, on_server(START - SECOND, ahead), START)
    assert times.to_utc(on_server(START, ahead)) == START
    assert times.to_server(START) == on_server(START, ahead)
    assert times.to_utc(on_server(START, ahead)).tzinfo is UTC


def test_the_last_tick_before_a_weekend_tells_nothing() -> None:
    times = ServerTime(None)
    for now in (START, START + SECOND, START + HOUR):
        times.observe(EURUSD, on_server(START - HOUR * 45, HOUR * 2), now)  # 45 hours old: its minutes fit
    with pytest.raises(TerminalLost, match="wait for the market to open, or set the server's offset"):
        times.to_utc(0)


def is_known(times: ServerTime) -> bool:
    try:
        times.to_server(START)
    except TerminalLost:
        return False
    return True


def test_a_tick_tells_nothing_unless_it_came_since_a_recent_look() -> None:
    times = ServerTime(None)
    times.observe(EURUSD, on_server(START - MINUTE * 20, HOUR * 2), START - MINUTE * 20)
    # Friday's last tick, looked at on Saturday: it is news, and by chance its minutes fit.
    saturday = START + HOUR * 15
    times.observe(EURUSD, on_server(START, HOUR * 2), saturday)
    times.observe(EURUSD, on_server(START, HOUR * 2), saturday + MINUTE)
    assert not is_known(times)
    times.observe(EURUSD, on_server(saturday + HOUR, HOUR * 2), saturday + HOUR)
    assert not is_known(times)
    times.observe(
        EURUSD, on_server(saturday + HOUR + SECOND, HOUR * 2), saturday + HOUR + MINUTE * 6
    )  # late, and no matter
    assert times.to_utc(on_server(START, HOUR * 2)) == START


def test_a_symbol_is_news_only_to_itself() -> None:
    times = ServerTime(None)
    times.observe(EURUSD, on_server(START - HOUR * 3, HOUR), START - MINUTE)
    times.observe(USDJPY, on_server(START - HOUR * 2, HOUR), START)  # newer than the other one's, and old
    assert not is_known(times)


def test_a_change_of_clocks_is_followed() -> None:
    times = ServerTime(None)
    for minutes, ahead in ((0, HOUR * 2), (5, HOUR * 2), (10, HOUR * 3)):
        times.observe(EURUSD, on_server(START + MINUTE * minutes, ahead), START + MINUTE * minutes)
    assert times.to_utc(on_server(START, HOUR * 3)) == START


def test_an_offset_that_is_set_stays() -> None:
    times = ServerTime(HOUR * 2)
    for number in range(5):
        times.observe(EURUSD, on_server(START + SECOND * number, HOUR * 3), START + SECOND * number)
    assert times.to_utc(on_server(START, HOUR * 2)) == START
