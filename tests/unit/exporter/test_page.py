"""A page that keeps what did not change is the page that is made anew."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.support.eventful import eventful
from tests.support.facts import MIDNIGHT, at, closed, opened, started
from tests.support.pages import parsed
from tradewatch.book import Book, Moment, moment_of
from tradewatch.exporter.page import About, Page
from tradewatch.exporter.wire import Format
from tradewatch.facts import VIRTUAL, Direction, Entry, Mode, RunStarted, TradeClosed
from tradewatch.systems import SYSTEMS, System

ABOUT = About(source="ledger", is_up=True, is_ready=True, seconds=0.0, refolds=0, late=0)
ASSETS = (*(f"A{number}" for number in range(6)), *(f"B{number}" for number in range(3)), "C")
ITS_OWN = ("process_", "tradewatch_scrape")


def series(page: Page, system: System, book: Book) -> list[tuple[object, float]]:
    """Return the series in the order in which they stand."""
    assert book.time is not None
    text = page.render(moment_of(book, book.time), system.metrics, ABOUT, Format.TEXT)
    return [(key, value) for key, value in parsed(text, Format.TEXT).items() if not key[0].startswith(ITS_OWN)]


def closing(chance: random.Random, name: str) -> TradeClosed:
    return closed(
        name,
        pnl=chance.choice([0.0, round(chance.gauss(1, 20), 2), 1e30, 1e-300, -1e-300]),
        asset=f"A{chance.randrange(6)}",
        agent=chance.choice([None, "sniper"]),
        strategy=chance.choice([None, "trend", "UNKNOWN"]),
        direction=chance.choice(list(Direction)),
        mode=chance.choice([None, None, None, VIRTUAL]),
    )


def history(chance: random.Random) -> Iterator[Entry]:
    yield at(0, started(chance.choice([None, 1000.0])))
    for number in range(1, 60):
        if number == 30 and chance.random() < 0.5:
            yield at(number, RunStarted(run_id="again", mode=Mode.PAPER, assets=ASSETS))
        if chance.random() < 0.2:
            yield at(number, opened(f"o{number}", asset=f"B{chance.randrange(3)}"))
        yield at(number, closing(chance, f"t{number}"))


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_of_groups_is_what_they_are(system: System, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tradewatch.book.groups.Groups.__init__.__defaults__", (4,))  # few: the others are `other`
    chance = random.Random(seed)  # noqa: S311 - chance, not a secret
    amendments = {"t3": None, "t7": closing(chance, "t7")}
    book, page = Book(system.kept, amendments, kept_virtual=system.kept_virtual), Page()
    for entry in history(chance):
        book.fold(entry)
        if chance.random() < 0.7:
            assert series(page, system, book) == series(Page(), system, book)


def test_the_page_of_another_fold_keeps_nothing_of_the_last_one() -> None:
    system, page = SYSTEMS[0], Page()
    for assets in ("AB", "C"):
        book = Book(system.kept, kept_virtual=system.kept_virtual)
        for number, asset in enumerate(assets):
            book.fold(at(number, closed(f"{number}", pnl=1.0, asset=asset)))
        assert series(page, system, book) == series(Page(), system, book)


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
@pytest.mark.parametrize("seed", range(2))
def test_a_kept_page_at_any_moment_is_the_page_of_an_account_that_is_settled_anew(system: System, seed: int) -> None:
    book, kept = Book(system.kept, {}, kept_virtual=system.kept_virtual), Page()
    told, chance, seconds = list(eventful(hours=30, seed=seed)), random.Random(seed), 0  # noqa: S311 - moments
    midnight = 86_400
    while seconds < 31 * 3_600:
        is_near = midnight - 600 < seconds < midnight + 600
        seconds += chance.choice([5, 10, 30] if is_near else [15, 60, 600, 1_800])
        now = MIDNIGHT + timedelta(seconds=seconds)
        while told and told[0].time <= now:
            book.fold(told.pop(0))
        anew = Moment(book, book.account.settled(book.time or now, now), now)
        assert list(kept.of_facts(moment_of(book, now), system.metrics, "x")) == list(
            Page().of_facts(anew, system.metrics, "x")
        ), now
