"""What a page says about its ledger, and about itself."""

import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.books import ledger_of
from tests.support.definitions import checks
from tests.support.facts import MIDNIGHT, at, closed, opened, started
from tests.support.pages import Series, parsed, sample
from tests.support.patience import SECONDS
from tradewatch.book import Moment, ProfitSource
from tradewatch.catalog import Metric, concepts
from tradewatch.exporter import AsOf, Format, Service
from tradewatch.exporter.page import About, Page
from tradewatch.facts import (
    ErrorOccurred,
    FactsDropped,
    FactsRefused,
    Heartbeat,
    Mode,
    RunEnded,
    RunStarted,
    Severity,
    TradeCorrected,
)
from tradewatch.stack.waiting import wait_until


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


@pytest.mark.parametrize(("currency", "is_told"), [("USD", True), ("EUR", False), (None, False)])
def test_a_name_that_says_a_currency_is_told_for_an_account_in_it(
    tmp_path: Path, currency: str | None, *, is_told: bool
) -> None:
    ledger = ledger_of(tmp_path / "hydra.db", [at(0, started(1000.0, currency)), at(1, closed("a", pnl=5.0))], "hydra")
    series = page(Service(ledger))
    names = {name for name, _ in series if "_usd" in name}
    assert ("hydra_account_balance_usd" in names) is is_told
    assert bool(names) is is_told
    assert sample(series, "hydra_pnl_total_percent") == 0.5


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


def test_requests_that_arrive_together_share_one_rendering(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger_of(path, [at(0, started()), at(1, closed("a", pnl=1.0))])
    service, line, rendering, go_on = Service(path), Line(), threading.Event(), threading.Event()
    monkeypatch.setattr(service, "_lock", line)
    rendered = []
    render = Page.render

    def counted(page: Page, moment: Moment, published: Sequence[Metric], about: About, wire_format: Format) -> bytes:
        rendered.append(wire_format)
        rendering.set()
        assert go_on.wait(SECONDS)
        return render(page, moment, published, about, wire_format)

    monkeypatch.setattr(Page, "render", counted)
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(service.page, Format.TEXT)
        assert rendering.wait(SECONDS)
        later = [pool.submit(service.page, Format.TEXT) for _ in range(8)]
        assert wait_until(lambda: line.waiting == 8, seconds=SECONDS)
        go_on.set()
        shared = {request.result() for request in later}
    assert len(rendered) == 2
    assert len(shared) == 1
    assert first.result() not in shared  # it was begun before they arrived
    service.close()


class Line:
    """A lock that tells how many stand before it."""

    def __init__(self) -> None:
        self.waiting = 0
        self._lock = threading.Lock()
        self._counting = threading.Lock()

    def __enter__(self) -> None:
        self._count(1)
        self._lock.acquire()
        self._count(-1)

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def _count(self, change: int) -> None:
        with self._counting:
            self.waiting += change


def test_formats_are_not_mistaken_for_each_other_by_requests_that_wait(path: Path) -> None:
    ledger_of(path, [at(0, started())])
    service = Service(path)
    with ThreadPoolExecutor(8) as pool:
        formats = [Format.TEXT, Format.OPENMETRICS] * 20
        for wire_format, page_ in zip(formats, pool.map(service.page, formats), strict=True):
            assert page_.endswith(b"# EOF\n") is (wire_format is Format.OPENMETRICS)
    service.close()


def test_a_late_fact_and_a_correction_are_right_at_once(path: Path) -> None:
    ledger_of(path, [at(0, started(1000.0)), at(10, closed("a", pnl=10.0)), at(20, closed("b", pnl=-5.0))])
    service = Service(path)
    assert sample(page(service), "bot_pnl") == 5.0
    ledger_of(path, [at(5, closed("late", pnl=-100.0))])
    found = page(service)
    assert sample(found, "bot_pnl") == -95.0
    assert sample(found, "bot_max_drawdown_percent") == pytest.approx(10.0)
    assert (sample(found, "tradewatch_facts_late_total"), sample(found, "tradewatch_refolds_total")) == (1, 1)
    assert sample(found, "bot_largest_loss") == -100.0
    amended = closed("a", pnl=-10.0)
    ledger_of(path, [at(30, TradeCorrected(trade_id="a", revision=1, replacement=amended, reason="wrong"))])
    found = page(service)
    assert (sample(found, "bot_pnl"), sample(found, "tradewatch_refolds_total")) == (-115.0, 2)
    told = [sample(found, "bot_trades_total", outcome=outcome) for outcome in ("win", "loss")]
    assert told == [1, 2]
    assert sample(found, "bot_win_rate") == 0
    service.close()


def history(path: Path, count: int, pnl: float, asset: str) -> Path:
    return ledger_of(path, [at(0, started()), *[at(n, closed(f"{n}", pnl=pnl, asset=asset)) for n in range(1, count)]])


@pytest.fixture
def _tiny_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tradewatch.exporter.service._SLICE", 0.0)


@pytest.mark.usefixtures("_tiny_slices")
def test_while_a_long_past_is_folded_pages_say_so_and_show_nothing_of_it(path: Path) -> None:
    history(path, 1_600, 1.0, "BTC")
    service = Service(path)
    unready = 0
    while not sample(found := page(service), "tradewatch_ready"):
        unready += 1
        assert not [name for name, _ in found if name.startswith(("bot_", "tradewatch_facts"))]
        assert sample(found, "tradewatch_source_up", source=str(path)) == 1
    assert unready >= 1
    assert sample(found, "bot_pnl") == 1_599.0
    service.close()


@pytest.mark.usefixtures("_tiny_slices")
def test_a_ledger_in_anothers_place_is_not_shown_with_its_numbers(path: Path, tmp_path: Path) -> None:
    history(path, 1_600, 1.0, "BTC")
    service = Service(path)
    while not sample(page(service), "tradewatch_ready"):
        pass
    history(tmp_path / "other.db", 1_600, 7.0, "ETH").replace(path)
    unready = 0
    while not sample(found := page(service), "tradewatch_ready"):
        unready += 1
        assert not [name for name, _ in found if name.startswith("bot_")]
    assert unready >= 1
    assert sample(found, "bot_pnl") == 7 * 1_599.0
    assert sample(found, "bot_asset_pnl", asset="BTC") is None
    service.close()


@pytest.mark.usefixtures("_tiny_slices")
def test_a_ledger_that_took_anothers_place_and_goes_is_not_ready(path: Path, tmp_path: Path) -> None:
    history(path, 1_600, 1.0, "BTC")
    service = Service(path)
    while not sample(page(service), "tradewatch_ready"):
        pass
    history(tmp_path / "other.db", 1_600, 7.0, "ETH").replace(path)
    page(service)
    path.unlink()
    found = page(service)
    assert (sample(found, "tradewatch_ready"), sample(found, "tradewatch_source_up", source=str(path))) == (0, 0)
    assert not [name for name, _ in found if name.startswith("bot_")]
    service.close()


def test_a_damaged_ledger_in_anothers_place_is_not_shown_as_an_empty_one(path: Path, tmp_path: Path) -> None:
    history(path, 1_600, 1.0, "BTC")
    service = Service(path)
    while not service.refresh():
        assert service.problem is None
    assert sample(page(service), "bot_pnl") == 1_599.0
    other = history(tmp_path / "other.db", 1_600, 7.0, "ETH")
    with other.open("r+b") as file:
        file.seek(other.stat().st_size // 2)
        file.write(b"\xa5" * (other.stat().st_size // 4))
    other.replace(path)
    found = page(service)
    assert (sample(found, "tradewatch_ready"), sample(found, "tradewatch_source_up", source=str(path))) == (0, 0)
    assert not [name for name, _ in found if name.startswith("bot_")]
    service.close()


@pytest.mark.usefixtures("_tiny_slices")
@pytest.mark.parametrize("count", [1, 20_000])
def test_its_thread_folds_meanwhile_and_ends_with_it(path: Path, count: int) -> None:
    history(path, count, 1.0, "BTC")
    before = threading.enumerate()
    service = Service(path)
    service.start()
    if count == 1:
        assert wait_until(lambda: service.ready, seconds=SECONDS)
    service.close()
    assert threading.enumerate() == before


class Unforeseen:
    """A feed whose comparisons fail in a way that nobody thought of."""

    problem: str | None = None

    def __init__(self, ledger: Path) -> None:
        self._ledger = ledger
        self.sweeps = 0

    def look(self) -> Path | None:
        return self._ledger

    def sweep(self, seconds: float) -> bool:
        self.sweeps += 1
        message = f"{seconds}"
        raise LookupError(message)

    def close(self) -> None: ...


def test_its_thread_outlives_what_nobody_foresaw(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tradewatch.exporter.service._PAUSE", 0.01)
    ledger_of(path, [at(0, started()), at(1, closed("a", pnl=1.0))])
    feed = Unforeseen(path)
    service = Service(path, feed=feed)
    service.start()
    assert wait_until(lambda: feed.sweeps >= 3, seconds=SECONDS)
    assert sample(page(service), "bot_pnl") == 1.0
    service.close()
    assert [record.exc_info is not None for record in caplog.records if "LookupError" in str(record.exc_info)] == [True]


def test_a_ledger_of_another_system_in_its_place_is_read(path: Path, tmp_path: Path) -> None:
    ledger_of(path, [at(0, started()), at(1, closed("a", pnl=1.0))])
    service = Service(path)
    page(service)
    ledger_of(tmp_path / "other.db", [at(0, started()), at(1, closed("a", pnl=7.0))], "other").replace(path)
    assert sample(page(service), "bot_pnl") == 7.0
    service.close()
