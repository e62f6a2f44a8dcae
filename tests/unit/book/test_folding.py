"""Many entries at once are folded as one by one, and a book that was put away and restored goes on as if it had not."""

import random
from collections.abc import Sequence
from datetime import timedelta

import pytest

from tests.support.facts import MIDNIGHT, closed, opened, started
from tradewatch.book import PERFORMANCE, Book, Wanted, moment_of, read, wanted
from tradewatch.book.readings import SINGLE
from tradewatch.book.snapshots import Snapshots
from tradewatch.catalog import Population, concepts
from tradewatch.facts import VIRTUAL, BarClosed, CashFlowed, Entry, EquityMarked, Fact, RegimeEntered, TradePartlyClosed
from tradewatch.ledger import Mark, Place

LABELS = ((), ("asset",), ("agent",), ("regime",), ("asset", "direction"))
KEPT: Wanted = wanted((concept, labels) for labels in LABELS for concept in {*PERFORMANCE, concepts.TRADES_TOLD})
MARK = Mark("ledger", None)


def history(seed: int, trades_share: float) -> list[Entry]:
    """Return random facts in event order; many of them share their instant with others."""
    chance = random.Random(seed)  # noqa: S311 - chance, not a secret
    time = MIDNIGHT
    entries = [Entry(time, "start", started(chance.choice([None, 50.0, 1000.0])))]
    for number in range(chance.choice([5, 40, 160])):
        time += timedelta(seconds=chance.choice([0, 0, 1, 60, 30_000, 200_000]))
        fact = _closing(chance, number) if chance.random() < trades_share else _other(chance, number)
        entries.append(Entry(time, f"{number}", fact))
    return entries


def _closing(chance: random.Random, number: int) -> Fact:
    return closed(
        f"t{chance.randrange(number + 1)}.{number % 3}",
        pnl=chance.choice([0.0, round(chance.gauss(1, 20), 2), chance.gauss(0, 1e-3)]),
        asset=chance.choice("ABC"),
        agent=chance.choice([None, "UNKNOWN", "sniper"]),
        mode=chance.choice([None, None, None, "live", VIRTUAL]),
        currency=chance.choice([None] * 9 + ["EUR"]),
        stop=chance.choice([None, 90.0]),
        confidence=chance.choice([None, 0.3]),
    )


def _other(chance: random.Random, number: int) -> Fact:
    price = 100 + chance.random()
    return chance.choice(
        [
            opened(f"t{number}.0", asset=chance.choice("ABC"), fees=chance.choice([0.0, 1.0])),
            opened(f"t{number}.1", mode=VIRTUAL),
            TradePartlyClosed(trade_id=f"t{number // 2}.0", part=number, quantity=0.5, exit_price=100.0, pnl=3.0),
            EquityMarked(equity=round(chance.gauss(1000, 100), 2), unrealised=chance.choice([{}, {"t1.0": 3.0}])),
            EquityMarked(equity=900.0, balance=1000.0),
            CashFlowed(amount=chance.choice([100.0, -50.0, -1000.0])),
            RegimeEntered(asset="A", regime=chance.choice(["CALM", "WILD"])),
            BarClosed(asset="A", interval=60.0, open=price, high=price, low=price, close=price),
        ]
    )


def everything(book: Book) -> dict[object, float]:
    assert book.time is not None
    moment = moment_of(book, book.time)
    asked = [(concept, labels) for labels in LABELS for concept in {*PERFORMANCE, concepts.TRADES_TOLD}]
    asked += [(concept, ()) for concept in SINGLE]
    asked += [(concepts.RECONCILIATION_ERROR, ("check",)), (concepts.OPEN_TRADES, ("asset",))]
    return {
        (concept.name, population, labels, reading.labels): reading.value
        for concept, labels in asked
        for population in Population
        for reading in read(moment, concept, labels, population)
    }


def one_by_one(entries: Sequence[Entry]) -> dict[object, float]:
    book = Book(KEPT, kept_virtual=KEPT)
    for entry in entries:
        book.fold(entry)
    return everything(book)


@pytest.mark.parametrize("trades_share", [0.5, 0.8, 0.97])
@pytest.mark.parametrize("seed", range(40))
def test_many_at_once_are_folded_as_one_by_one(seed: int, trades_share: float) -> None:
    entries, chance = history(seed, trades_share), random.Random(seed)  # noqa: S311 - chance, not a secret
    book, begin = Book(KEPT, kept_virtual=KEPT), 0
    while begin < len(entries):
        end = begin + chance.choice([1, 3, 20, 500])
        book.fold_many(entries[begin:end])
        begin = end
        if chance.random() < 0.3:
            everything(book)  # looking changes nothing
        if chance.random() < 0.3:
            book = _restored(book)
    assert everything(book) == pytest.approx(one_by_one(entries), rel=1e-12, abs=1e-9)


def _restored(book: Book) -> Book:
    snapshots = Snapshots()
    snapshots.take(book, Place(0, 0), MARK)
    (snapshot,) = Snapshots.decoded(snapshots.encoded())
    restored = Book(KEPT, kept_virtual=KEPT)
    snapshot.restore(restored)
    return restored


def test_a_mark_that_waits_values_what_follows_it() -> None:
    entries = [
        Entry(MIDNIGHT + timedelta(seconds=second), f"{second}", fact)
        for second, fact in (
            (0, started(1000.0)),
            (10, EquityMarked(equity=900.0)),
            (20, closed("a", pnl=5.0)),
            (30, closed("b", pnl=5.0)),
        )
    ]
    book = Book(KEPT, kept_virtual=KEPT)
    book.fold_many(entries)
    assert everything(book)[concepts.EQUITY.name, Population.REAL, (), ()] == 1010.0
