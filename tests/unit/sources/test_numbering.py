from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tradewatch.facts import Direction, TradeClosed, TradeFact, TradeOpened
from tradewatch.sources.numbering import numbered
from tradewatch.sources.source import BadRow, Reason, Trade
from tradewatch.sources.telling import Told

START = datetime(2024, 1, 31, tzinfo=UTC)


def told(closes: int | None, price: float = 1.0, *, trade_id: str = "a", own: bool = False) -> Told:
    terms = {"asset": "EURUSD", "direction": Direction.BUY, "quantity": 1.0, "entry_price": 1.0}
    if closes is None:
        return Told(1, trade_id, own, START, None, TradeOpened(trade_id=trade_id, **terms))  # type: ignore[arg-type]
    fact = TradeClosed(trade_id=trade_id, exit_price=price, **terms)  # type: ignore[arg-type]  # mixed values
    return Told(1, trade_id, own, START, START + timedelta(hours=closes), fact)


def rows(tellings: Iterable[Told | BadRow]) -> Sequence[Trade | BadRow]:
    held = tuple(tellings)
    return list(numbered(lambda: held, "trades.csv", {"trade_id": "Ticket"}))


def ids(*tellings: Told) -> list[tuple[str, int | None]]:
    """Return each trade's id and the hour of its closing."""
    found = []
    for row in rows(tellings):
        assert isinstance(row, Trade)
        newest = row.entries[-1]
        assert isinstance(newest.fact, TradeFact)
        found.append((newest.fact.trade_id, row.closing.time.hour if row.closing else None))
    return found


def test_a_trade_that_is_alone_has_no_number() -> None:
    assert ids(told(2), told(3, trade_id="b")) == [("a", 2), ("b", 3)]


def test_trades_that_open_alike_are_numbered_by_their_closing_and_open_ones_last() -> None:
    assert ids(told(None), told(9), told(2)) == [("a", 2), ("a:2", 9), ("a:3", None)]


def test_both_facts_of_a_trade_have_its_number() -> None:
    _, second = rows([told(2), told(3)])
    assert isinstance(second, Trade)
    assert [entry.id for entry in second.entries] == ["a:2/opened", "a:2/closed"]


def test_ids_of_the_file_are_never_numbered() -> None:
    assert ids(told(2, own=True), told(2, own=True)) == [("a", 2), ("a", 2)]


def test_the_same_id_for_another_trade_is_a_bad_row() -> None:
    first, second = rows([told(2, own=True), told(2, price=5.0, own=True)])
    assert isinstance(first, Trade)
    assert second == BadRow("trades.csv", 1, "Ticket", "a", Reason.TRADE_ID_USED_TWICE)


def test_a_log_may_tell_a_trade_when_it_opens_and_again_when_it_closes() -> None:
    assert ids(told(None, own=True), told(2, own=True)) == [("a", 2)]


def test_an_id_of_the_file_does_not_meet_one_that_is_made() -> None:
    assert ids(told(2, own=True), told(3)) == [("a", 2), ("a", 3)]


def test_bad_rows_pass() -> None:
    bad = BadRow("trades.csv", 7, "asset", "", Reason.MISSING)
    assert rows([bad]) == [bad]


@given(closings=st.lists(st.tuples(st.integers(0, 5), st.sampled_from([1.0, 2.0])), max_size=8), random=st.randoms())
def test_numbers_do_not_depend_on_the_order_of_the_rows(closings: list[tuple[int, float]], random: object) -> None:
    tellings = [told(hour, price) for hour, price in closings]
    shuffled = list(tellings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    assert rows(shuffled) == rows(tellings)


@given(hours=st.lists(st.integers(0, 9), min_size=1, max_size=8), later=st.lists(st.integers(10, 19), max_size=4))
def test_numbers_stay_when_later_closings_join(hours: list[int], later: list[int]) -> None:
    before = rows([told(hour) for hour in hours])
    after = rows([told(hour) for hour in [*later, *hours]])
    assert after[: len(before)] == before
