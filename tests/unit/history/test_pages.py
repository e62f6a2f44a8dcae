"""Pages of the past are a fold from the very first fact, with what was known at each moment and nothing later."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.support.books import ledger_of
from tests.support.eventful import as_told, eventful
from tests.support.facts import MIDNIGHT, at, closed, opened, started
from tests.support.pages import Series, parsed
from tests.support.past import OF_THE_PROCESS, compared, differences, facts_of, folded
from tradewatch.book import moment_of
from tradewatch.catalog import servers
from tradewatch.exporter import Format, metrics
from tradewatch.exporter.as_of import instant
from tradewatch.exporter.page import Page
from tradewatch.exporter.wire import Renderer
from tradewatch.facts import Entry, TradeCorrected, TradeVoided
from tradewatch.history.checkpoints import DayCheckpoints
from tradewatch.history.order import Opened, Order
from tradewatch.history.order import opened as open_ledger
from tradewatch.history.pages import Pages
from tradewatch.ledger import SqliteAppender, SqliteReader
from tradewatch.systems import SYSTEMS
from tradewatch.systems.bot.metrics import BOT

NIGHT = int(MIDNIGHT.timestamp())
STEP = 60


def pages(source: Opened, folder: Path, moments: Sequence[int]) -> Mapping[int, Series]:
    """Return pages of growing moments, from checkpoints of days where there are any."""
    checkpoints = DayCheckpoints(folder, "test", source, facts_apart=50)
    list(checkpoints.remember_days(source.past(checkpoints.before), STEP))
    of_past = Pages(source.past(checkpoints.before), source.system, "a ledger")
    return {
        seconds: compared(parsed(Renderer().render(of_past.at(seconds), Format.TEXT), Format.TEXT))
        for seconds in moments
    }


def assert_as_known(ledger: Path, folder: Path, moments: Sequence[int]) -> None:
    with closing(SqliteReader(ledger)) as reader:
        source = open_ledger(Order(ledger=ledger, url="", step=STEP), reader)
        found = pages(source, folder, moments)
    assert differences(found, folded(facts_of(ledger, "bot"), "bot", moments)) == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_page_is_a_fold_of_what_was_known_then(seed: int, tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path / "bot.db", as_told(eventful(hours=60, seed=seed), seed))
    chance = Random(seed)  # noqa: S311 - a choice of moments
    moments = sorted(NIGHT + chance.randrange(-STEP, 62 * 3_600) for _ in range(15))
    assert_as_known(ledger, tmp_path / "days", moments)


AMENDED = [
    at(0, started()),
    at(10, closed("first", 5.0)),
    at(100, opened("open", fees=1.0)),
    at(100_000, closed("second", 7.0)),
    at(100_010, TradeCorrected(trade_id="first", revision=1, replacement=closed("first", -5.0))),
    at(100_020, TradeVoided(trade_id="second")),
    at(100_030, TradeVoided(trade_id="open")),
    at(200_000, TradeCorrected(trade_id="first", revision=2, replacement=closed("first", 1.0))),
    at(200_010, TradeVoided(trade_id="never told")),
    at(200_020, TradeVoided(trade_id="third")),
    at(200_030, closed("third", 3.0)),
]


@pytest.mark.parametrize("told", [AMENDED, AMENDED[::-1]])
def test_an_amendment_counts_from_its_own_time_on(told: list[Entry], tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path / "bot.db", told)
    whole = [NIGHT + seconds for seconds in range(0, 200_060, 100)]
    around = [int((entry.time + timedelta(seconds=after)).timestamp()) for entry in AMENDED for after in (-1, 0, 1)]
    assert_as_known(ledger, tmp_path / "days", sorted({*whole[::100], *around}))


def test_a_checkpoint_that_a_late_fact_made_untrue_is_not_used(tmp_path: Path) -> None:
    facts = [entry for entry in eventful(hours=60) if not isinstance(entry.fact, TradeCorrected | TradeVoided)]
    ledger = ledger_of(tmp_path / "bot.db", facts)
    moments = [NIGHT + 55 * 3_600]
    assert_as_known(ledger, tmp_path / "days", moments)
    kept = list((tmp_path / "days").iterdir())
    with closing(SqliteAppender(ledger)) as appender:
        appender.append([at(1_000, closed("late", 100.0))], "bot")
    assert_as_known(ledger, tmp_path / "days", moments)
    assert len(kept) == 2


def test_history_has_all_that_an_exporter_says_of_itself_but_what_only_a_scrape_tells(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path / "bot.db", AMENDED)
    with closing(SqliteReader(ledger)) as reader:
        source = open_ledger(Order(ledger=ledger, url="", step=STEP), reader)
        page = Pages(source.past(lambda _: ()), source.system, "a ledger").at(NIGHT + 200)
    assert [family.metric.name for family in page if family.metric.concept.only_scraped] == []
    of_facts = {each.name for each in metrics.ALL if not each.concept.only_scraped}
    assert of_facts <= {family.metric.name for family in page}


def test_what_only_a_scrape_tells_is_declared() -> None:
    published = [each for system in SYSTEMS for each in system.metrics]
    declared = {each.name for each in (*metrics.ALL, *published) if each.concept.only_scraped}
    assert declared == OF_THE_PROCESS
    assert all(each.concept.only_scraped for each in servers.ALL)


def test_a_page_that_keeps_what_did_not_change_is_the_page_made_anew_at_every_step(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path / "bot.db", as_told(eventful(hours=40, seed=4), 4))
    with closing(SqliteReader(ledger)) as reader:
        source = open_ledger(Order(ledger=ledger, url="", step=STEP), reader)
        past, keeping = source.past(lambda _: ()), Page()
        seen: set[int] = set()
        kept = 0
        for seconds in range(NIGHT, NIGHT + 41 * 3_600, 450):
            now = datetime.fromtimestamp(seconds, UTC)
            book = past.at(now)
            moment = moment_of(book, instant(book, now))
            page = keeping.of_facts(moment, BOT.metrics, "a ledger")
            assert list(page) == list(Page().of_facts(moment, BOT.metrics, "a ledger"))
            kept += len(seen & set(map(id, page)))
            seen = set(map(id, page))
    assert kept > 1_000
