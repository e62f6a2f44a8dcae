from datetime import UTC, datetime, timedelta

import pytest

from tests.support.terminals import START
from tradewatch.market.terminal import TerminalLost
from tradewatch.market.terminal.server_time import ServerTime

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def on_server(moment: datetime, ahead: timedelta) -> float:
    return (moment + ahead).timestamp()


@pytest.mark.parametrize("ahead", [HOUR * 3, HOUR * 0, HOUR * -5, HOUR * 5.75, HOUR * 14])
def test_the_offset_is_found_from_a_tick_that_moves(ahead: timedelta) -> None:
    times = ServerTime(None)
    times.observe(on_server(START - SECOND * 30, ahead), START)
    with pytest.raises(TerminalLost):
        times.to_server(START)
    times.observe(on_server(START - SECOND, ahead), START)
    assert times.to_utc(on_server(START, ahead)) == START
    assert times.to_server(START) == on_server(START, ahead)
    assert times.to_utc(on_server(START, ahead)).tzinfo is UTC


def test_the_last_tick_before_a_weekend_tells_nothing() -> None:
    times = ServerTime(None)
    for now in (START, START + SECOND, START + HOUR):
        times.observe(on_server(START - HOUR * 45, HOUR * 2), now)  # 45 hours old: its minutes fit
    with pytest.raises(TerminalLost, match="wait for the market to open, or set the server's offset"):
        times.to_utc(0)


def test_a_tick_that_arrives_late_tells_nothing() -> None:
    times = ServerTime(None)
    times.observe(on_server(START - SECOND * 400, HOUR), START - SECOND * 400)
    times.observe(on_server(START - SECOND * 300, HOUR), START)
    assert not times.is_known


def test_a_change_of_clocks_is_followed() -> None:
    times = ServerTime(None)
    for hours, ahead in ((0, HOUR * 2), (1, HOUR * 2), (2, HOUR * 3)):
        times.observe(on_server(START + HOUR * hours, ahead), START + HOUR * hours)
    assert times.to_utc(on_server(START, HOUR * 3)) == START


def test_an_offset_that_is_set_stays() -> None:
    times = ServerTime(HOUR * 2)
    for number in range(5):
        times.observe(on_server(START + SECOND * number, HOUR * 3), START + SECOND * number)
    assert times.to_utc(on_server(START, HOUR * 2)) == START
