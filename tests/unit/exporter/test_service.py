"""What a page says about its ledger, and about itself."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.books import ledger_of
from tests.support.definitions import checks
from tests.support.facts import MIDNIGHT, at, closed, opened, started
from tests.support.pages import Series, parsed, sample
from tradewatch.book import ProfitSource
from tradewatch.catalog import concepts
from tradewatch.exporter import AsOf, Format, Service
from tradewatch.facts import ErrorOccurred, FactsDropped, FactsRefused, Heartbeat, Mode, RunEnded, RunStarted, Severity


class Clock:
    """A clock that tests set."""

    def __init__(self, seconds: float) -> None:
        self.now = MIDNIGHT + timedelta(seconds=seconds)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


def page(service: Service) -> Series:
    return parsed(service.page(Format.TEXT), Format.TEXT)


def test_percent_is_scaled_once_at_the_edge(path: Path) -> None:
    ledger_of(path, [at(0, started(1000.0)), at(1, closed("a", pnl=50.0)), at(2, closed("b", pnl=-105.0))])
    found = page(Service(path))
    assert sample(found, "bot_win_rate") == 50.0
    assert sample(found, "bot_max_drawdown_percent") == pytest.approx(10.0)
    assert sample(found, "bot_pnl_percent") == pytest.approx(-5.5)
    assert sample(found, "bot_pnl") == -55.0


def test_what_is_undefined_is_absent(path: Path) -> None:
    ledger_of(path, [at(0, started(None, None)), at(1, opened("a"))])
    found = page(Service(path))
    for name in ("bot_win_rate", "bot_profit_factor", "bot_expectancy", "bot_equity", "bot_system_status"):
        assert sample(found, name) is None
    assert sample(found, "bot_trades_total", outcome="win") == 0


def test_the_help_names_the_accounts_currency(path: Path) -> None:
    ledger_of(path, [at(0, started(1.0, "BTC"))])
    text = Service(path).page(Format.TEXT).decode()
    assert "# HELP bot_equity Balance + unrealised P&L at the last mark, in BTC\n" in text


def test_a_currency_with_braces_does_no_harm(path: Path) -> None:
    ledger_of(path, [at(0, started(1.0, "{0} {x}"))])
    assert sample(page(Service(path)), "bot_info", currency="{0} {x}", mode="paper", days_a_year="365") == 1


def test_a_missing_ledger_is_down_and_not_ready_and_found_later(path: Path) -> None:
    service = Service(path)
    before = page(service)
    assert (sample(before, "tradewatch_ready"), sample(before, "tradewatch_source_up", source=str(path))) == (0, 0)
    assert not [name for name, _ in before if name.startswith("bot_")]
    assert service.problem is not None
    assert str(path) in service.problem
    ledger_of(path, [at(0, started())])
    after = page(service)
    assert (sample(after, "tradewatch_ready"), sample(after, "tradewatch_source_up", source=str(path))) == (1, 1)


def test_when_the_ledger_goes_facts_stay_and_live_readings_disappear(path: Path) -> None:
    ledger_of(path, [at(0, started(1000.0)), at(1, closed("a", pnl=50.0))])
    service = Service(path)
    assert sample(page(service), "bot_equity") == 1050.0
    path.unlink()
    found = page(service)
    assert sample(found, "tradewatch_source_up", source=str(path)) == 0
    assert (sample(found, "bot_pnl"), sample(found, "bot_trades_total", outcome="win")) == (50.0, 1)
    for name in ("bot_equity", "bot_balance", "bot_drawdown_percent", "bot_open_trades"):
        assert sample(found, name) is None


def test_a_locked_ledger_is_read_all_the_same(path: Path) -> None:
    ledger_of(path, [at(0, started(1000.0))])
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    assert sample(page(Service(path)), "bot_equity") == 1000.0
    writer.close()


def test_a_ledger_that_becomes_garbage_is_down(path: Path) -> None:
    ledger_of(path, [at(0, started(1000.0))])
    service = Service(path)
    page(service)
    garbage = path.with_suffix(".new")
    garbage.write_bytes(b"no database " * 1000)
    garbage.replace(path)
    assert sample(page(service), "tradewatch_source_up", source=str(path)) == 0
    assert service.problem is not None
    assert "not a SQLite database" in service.problem


@checks(concepts.SYSTEM_STATUS, within="exact")
@pytest.mark.parametrize(("seconds", "status"), [(0, 1), (44, 1), (45, 0), (1000, 0)])
def test_a_system_is_alive_for_three_heartbeats(path: Path, seconds: float, status: int) -> None:
    ledger_of(path, [at(0, started()), at(0, Heartbeat(interval=15.0))])
    assert sample(page(Service(path, clock=Clock(seconds))), "bot_system_status") == status


def test_an_ended_run_is_not_alive_and_is_read_as_of_its_last_fact(path: Path) -> None:
    ledger_of(path, [at(0, started()), at(1, Heartbeat(interval=15.0)), at(2, RunEnded(run_id="run"))])
    assert sample(page(Service(path, clock=Clock(3))), "bot_system_status") == 0


def test_as_of_now_lets_the_future_wait(path: Path) -> None:
    ledger_of(path, [at(0, started()), at(60, closed("a"))])
    for as_of, count in ((AsOf.NOW, 0), (AsOf.LAST, 1), (AsOf.AUTO, 1)):
        assert sample(page(Service(path, as_of=as_of, clock=Clock(30))), "bot_closed_trades") == count


def test_recomputed_profit_is_a_choice(path: Path) -> None:
    ledger_of(path, [at(0, started()), at(1, closed("a", pnl=99.0, exit_price=107.0))])
    assert sample(page(Service(path, profit=ProfitSource.RECOMPUTED)), "bot_pnl") == 7.0


@checks(concepts.ERRORS, within="exact")
def test_what_was_refused_and_dropped_is_counted(path: Path) -> None:
    ledger_of(
        path,
        [
            at(0, started()),
            at(1, FactsRefused(fact_kind="trade_closed", reason="not_finite", count=2)),
            at(2, FactsDropped(fact_kind="heartbeat", reason="queue_full", count=5)),
            at(3, ErrorOccurred(component="feed", type="timeout", severity=Severity.HIGH)),
        ],
    )
    found = page(Service(path))
    assert sample(found, "tradewatch_facts_rejected_total", kind="trade_closed", reason="not_finite") == 2
    assert sample(found, "tradewatch_facts_dropped_total", kind="heartbeat", reason="queue_full") == 5
    assert sample(found, "tradewatch_facts_total", kind="error_occurred") == 1
    assert sample(found, "bot_errors_total", severity="high", component="feed") == 1


@pytest.mark.parametrize("symbol", ['quo"te', "back\\slash", "new\nline", "🚀", "{}", '"} 1\nfake{x="'])
def test_any_symbol_comes_through_unchanged(path: Path, symbol: str) -> None:
    ledger_of(path, [at(0, started()), at(1, closed("a", pnl=1.0, asset=symbol))])
    service = Service(path)
    for wire_format in Format:
        found = parsed(service.page(wire_format), wire_format)
        assert sample(found, "bot_asset_pnl", asset=symbol) == 1.0


def test_many_readers_at_once_see_whole_pages_while_facts_come_in(path: Path) -> None:
    ledger_of(path, [at(0, started())])
    service = Service(path)
    done = threading.Event()

    def write() -> None:
        for number in range(1, 150):
            ledger_of(path, [at(number, closed(str(number), pnl=1.0, asset=f"A{number}"))])
        done.set()

    def read_until_done() -> set[bool]:
        wholes = set()
        while not done.is_set():
            found = page(service)
            parts = [value for (name, _), value in found.items() if name == "bot_asset_pnl"]
            wholes.add(sum(parts) == sample(found, "bot_pnl"))
            assert service.overview().problem is None
        return wholes

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read_until_done) for _ in range(3)]
        pool.submit(write).result()
        assert [reader.result() for reader in readers] == [{True}] * 3


@checks(concepts.ACCOUNT, within="exact")
def test_the_mode_of_the_run_is_published(path: Path) -> None:
    simulated = RunStarted(run_id="r", mode=Mode.SIMULATED, starting_equity=1.0, currency="USD")
    ledger_of(path, [at(0, simulated)])
    assert sample(page(Service(path)), "bot_info", currency="USD", mode="simulated", days_a_year="365") == 1
