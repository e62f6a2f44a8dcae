"""Closed trades by their labels: which groups there are, how many at most, and what stays out of them."""

from tests.support.books import reading
from tests.support.definitions import checks
from tests.support.facts import MIDNIGHT, at, closed, opened, started
from tradewatch.book import Book, Wanted, moment_of, read, wanted
from tradewatch.book.groups import LARGEST
from tradewatch.catalog import Concept, Population, concepts
from tradewatch.facts import VIRTUAL, Entry, Mode, RunEnded, RunStarted, TradePartlyClosed

LABELS = [
    (concept, labels)
    for concept in (concepts.NET_PROFIT, concepts.TRADES_TOLD, concepts.WINS_TOLD, concepts.LOSSES_TOLD)
    for labels in ((), ("asset",), ("asset", "direction"))
]
KEPT: Wanted = wanted([*LABELS, (concepts.MEAN_CONFIDENCE, ("agent",)), (concepts.OPEN_TRADES, ("agent",))])


def book_of(*entries: Entry) -> Book:
    book = Book(KEPT, kept_virtual=KEPT)
    for entry in entries:
        book.fold(entry)
    return book


@checks(concepts.TRADES_TOLD, concepts.WINS_TOLD, concepts.LOSSES_TOLD, within="exact")
def test_closings_are_counted_as_they_were_told() -> None:
    book = book_of(at(0, started()), *[at(n, closed(str(n), pnl=pnl)) for n, pnl in enumerate((5.0, -1.0, 0.0, 2.0))])
    assert reading(book, concepts.TRADES_TOLD) == 4
    assert reading(book, concepts.WINS_TOLD) == 2
    assert reading(book, concepts.LOSSES_TOLD, "BTC", labels=("asset",)) == 1


@checks(concepts.MEAN_CONFIDENCE, within="exact")
def test_the_mean_confidence_is_over_trades_that_have_one() -> None:
    book = book_of(
        at(0, closed("a", agent="sniper", confidence=0.5)),
        at(1, closed("b", agent="sniper", confidence=0.75)),
        at(2, closed("c", agent="sniper")),
        at(3, closed("d", agent="berserker")),
    )
    assert reading(book, concepts.MEAN_CONFIDENCE, "sniper", labels=("agent",)) == 0.625
    assert reading(book, concepts.MEAN_CONFIDENCE, "berserker", labels=("agent",)) is None


@checks(concepts.UPTIME, within="exact")
def test_uptime_begins_anew_with_each_run_and_ends_with_the_last() -> None:
    assert reading(book_of(at(0, closed("a"))), concepts.UPTIME) is None
    book = book_of(at(0, started()), at(50, started(run_id="second")), at(60, closed("a")))
    assert reading(book, concepts.UPTIME) == 10.0
    for run in ("run", "second"):
        book.fold(at(70, RunEnded(run_id=run)))
    assert reading(book, concepts.UPTIME) is None


def run(*assets: str) -> Entry:
    return at(0, RunStarted(run_id="run", mode=Mode.PAPER, starting_equity=1000.0, assets=assets))


def test_the_assets_a_run_names_are_counted_from_nothing() -> None:
    book = book_of(run("BTC", "ETH"))
    assert readings(book, concepts.TRADES_TOLD, "asset") == {("BTC",): 0, ("ETH",): 0}
    assert readings(book, concepts.TRADES_TOLD, "asset", "direction") == {
        ("BTC", "BUY"): 0,
        ("BTC", "SELL"): 0,
        ("ETH", "BUY"): 0,
        ("ETH", "SELL"): 0,
    }
    assert readings(book, concepts.MEAN_CONFIDENCE, "agent") == {}
    book.fold(at(1, closed("a", pnl=5.0)))
    assert readings(book, concepts.NET_PROFIT, "asset") == {("BTC",): 5.0, ("ETH",): 0.0}


def test_a_run_that_names_too_many_assets_has_no_more_groups_than_another() -> None:
    book = book_of(run(*[f"S{number}" for number in range(2 * LARGEST)]))
    assert len(readings(book, concepts.TRADES_TOLD, "asset")) == LARGEST
    assert len(readings(book, concepts.TRADES_TOLD, "asset", "direction")) == LARGEST


def readings(book: Book, concept: Concept, *labels: str) -> dict[tuple[str, ...], float]:
    assert book.time is not None
    return dict(read(moment_of(book, book.time), concept, labels))


def test_a_hundred_thousand_symbols_are_a_thousand_and_the_others() -> None:
    book = book_of(at(0, started()), *[at(n, closed(str(n), pnl=1.0, asset=f"S{n}")) for n in range(100_000)])
    profits = dict(read(moment_of(book, MIDNIGHT.replace(year=2027)), concepts.NET_PROFIT, ("asset",)))
    assert len(profits) == LARGEST + 1
    assert profits["S999",] == 1.0
    assert ("S1000",) not in profits
    assert profits["other",] == 100_000 - LARGEST
    assert sum(profits.values()) == reading(book, concepts.NET_PROFIT)
    assert book.trades.dropped(("asset",)) == 100_000 - LARGEST
    assert book.trades.dropped(()) == 0


def test_who_came_first_does_not_depend_on_when_one_looks() -> None:
    entries = [
        at(n, fact)
        for n in range(LARGEST + 50)
        for fact in (opened(f"o{n}", asset=f"O{n}"), closed(f"c{n}", pnl=1.0, asset=f"C{n}"))
    ]
    at_once, looked = book_of(*entries), Book(KEPT)
    for entry in entries:
        looked.fold(entry)
        assert looked.trades.whole.told.count >= 0  # looking takes what waits
    labels = ("asset",)
    assert list(at_once.trades.of(labels)) == list(looked.trades.of(labels))
    assert len(at_once.trades.of(labels)) == LARGEST + 1
    assert ("O499",) in at_once.trades.of(labels)


def test_among_the_others_directions_stay_apart() -> None:
    book = book_of(*[at(n, closed(str(n), pnl=1.0, asset=f"S{n}")) for n in range(LARGEST + 3)])
    assert reading(book, concepts.NET_PROFIT, "other", "BUY", labels=("asset", "direction")) == 3.0


def of_virtual(book: Book, concept: Concept) -> float:
    moment = moment_of(book, MIDNIGHT.replace(day=2))
    (found,) = read(moment, concept, (), Population.VIRTUAL)
    return found.value


def test_virtual_trades_count_for_nothing_but_themselves() -> None:
    book = book_of(
        at(0, started(1000.0)),
        at(1, opened("v", mode=VIRTUAL, fees=3.0)),
        at(2, TradePartlyClosed(trade_id="v", part=1, quantity=0.5, exit_price=110.0, pnl=5.0)),
        at(3, closed("v", pnl=70.0, mode=VIRTUAL)),
        at(4, closed("w", pnl=-20.0, mode=VIRTUAL)),
        at(5, closed("real", pnl=-1.0, mode="live")),
        at(6, opened("u", mode=VIRTUAL)),
    )
    assert reading(book, concepts.NET_PROFIT) == -1.0
    assert reading(book, concepts.BALANCE) == 999.0
    assert reading(book, concepts.EXPOSURE) == 0
    assert reading(book, concepts.OPEN_TRADES) == 0
    assert reading(book, concepts.TRADES_TOLD) == 1
    assert of_virtual(book, concepts.NET_PROFIT) == 50.0
    assert of_virtual(book, concepts.TRADES_TOLD) == 2


def test_open_trades_are_0_for_whoever_has_traded() -> None:
    book = book_of(at(0, opened("a", agent="sniper")), at(1, closed("b", agent="berserker")))
    assert reading(book, concepts.OPEN_TRADES, "sniper", labels=("agent",)) == 1
    assert reading(book, concepts.OPEN_TRADES, "berserker", labels=("agent",)) == 0
    assert reading(book, concepts.OPEN_TRADES) == 1
