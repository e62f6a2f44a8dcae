"""A broker that is restored goes on as if nothing had happened."""

import msgspec
import pytest

from tests.support.busy_trader import chance, trade
from tests.support.trading import SYMBOLS, ask_to_close, bar, closed, facts, opened, order
from tradewatch.errors import ConfigurationError
from tradewatch.facts import Direction
from tradewatch.market.broker import PaperBroker
from tradewatch.market.broker_state import BrokerState

LENGTH = 250


@pytest.mark.parametrize("stops_at", [1, 57, 58, 200])
def test_a_restart_in_the_middle_changes_nothing(stops_at: int) -> None:
    straight, randomness = PaperBroker(SYMBOLS), chance(7)
    expected = [trade(straight, randomness, minute) for minute in range(LENGTH)]
    broker, randomness = PaperBroker(SYMBOLS), chance(7)
    told = [trade(broker, randomness, minute) for minute in range(stops_at)]
    saved = msgspec.msgpack.encode(broker.state())
    again = PaperBroker(SYMBOLS, balance=77.0)
    again.restore(msgspec.msgpack.decode(saved))
    assert msgspec.msgpack.encode(again.state()) == saved
    told += [trade(again, randomness, minute) for minute in range(stops_at, LENGTH)]
    assert msgspec.json.encode(told) == msgspec.json.encode(expected)
    kinds = {type(entry.fact).__name__ for entries in expected for entry in entries}
    assert len(kinds) == 6, kinds


def test_what_is_saved_does_not_change_when_the_broker_goes_on() -> None:
    broker = PaperBroker(SYMBOLS)
    opened(broker, order("1", "XAUUSD", Direction.BUY, 0.1, 2_400.0), bar("XAUUSD", 1, 2_400.0))
    state = broker.state()
    saved = msgspec.msgpack.encode(state)
    broker.submit(order("2", "XAUUSD", Direction.BUY, 0.1, 2_400.0))
    ask_to_close(broker, "1", 1)
    facts(broker, bar("XAUUSD", 2, 2_300.0))
    assert msgspec.msgpack.encode(state) == saved


def test_nothing_is_left_of_what_is_over() -> None:
    broker = PaperBroker(SYMBOLS)
    opened(broker, order("1", "XAUUSD", Direction.BUY, 0.1, 2_400.0, stop=2_390.0), bar("XAUUSD", 1, 2_400.0))
    closed(broker, bar("XAUUSD", 2, 2_380.0))
    assert len(broker.settlements) == 1
    assert msgspec.convert(broker.state(), BrokerState).desks == []
    facts(broker, bar("BTCUSD", 3, 50_000.0))
    assert broker.settlements == ()


def test_every_fact_has_an_id_of_its_own() -> None:
    broker, randomness = PaperBroker(SYMBOLS), chance(7)
    ids = [entry.id for minute in range(LENGTH) for entry in trade(broker, randomness, minute)]
    assert len(ids) == len(set(ids))
    assert all(ids)


def test_a_state_with_an_asset_that_is_gone_is_a_mistake_of_the_configuration() -> None:
    broker = PaperBroker(SYMBOLS)
    broker.submit(order("1", "XAUUSD", Direction.BUY, 0.1, 2_400.0))
    with pytest.raises(ConfigurationError, match="the saved state trades XAUUSD, which is not among the instruments"):
        PaperBroker({"BTCUSD": SYMBOLS["BTCUSD"]}).restore(broker.state())
