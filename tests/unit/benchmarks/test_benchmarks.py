"""Every benchmark works, on next to nothing; how fast anything is, is no test's business."""

import importlib
import inspect
import re
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks import cold_start, feeds, history, hydra, indicators, record, render, scrape, trading, up
from benchmarks.__main__ import ALL
from benchmarks.apparatus import processes, ticking
from benchmarks.apparatus.histories import Histories, append
from benchmarks.apparatus.results import HEADINGS, Beside, Row, compared, skipped, table
from benchmarks.apparatus.timing import in_turns, share
from benchmarks.apparatus.trades import SPAN, START, TEN_THOUSAND_SERIES, THOUSAND_SERIES, Variety, closings
from tests.support.pages import sample
from tests.support.pages import scrape as scraped
from tradewatch.facts import Canonical, canonical

TRADES = 60
ROOT = Path(__file__).parents[3]


@pytest.fixture
def histories(tmp_path: Path) -> Histories:
    return Histories(tmp_path, TRADES)


@pytest.mark.parametrize("name", ALL)
def test_every_benchmark_yields_rows_and_says_what_it_measures(name: str) -> None:
    module = importlib.import_module(f"benchmarks.{name}")
    assert inspect.isgeneratorfunction(module.rows)
    assert f"| `{name}` |" in (ROOT / "docs/performance.md").read_text()
    assert module.__doc__


def test_the_page_names_no_benchmark_that_is_gone() -> None:
    named = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/performance.md").read_text(), flags=re.MULTILINE)
    assert tuple(named) == ALL


@pytest.mark.parametrize("variety", [THOUSAND_SERIES, TEN_THOUSAND_SERIES])
def test_trades_are_valid_the_same_each_time_and_fill_the_span_in_order(variety: Variety) -> None:
    entries = list(closings(TRADES, variety))
    assert entries == list(closings(TRADES, variety))
    assert all(isinstance(canonical(entry), Canonical) for entry in entries)
    assert all(before.time < after.time for before, after in pairwise(entries))
    assert (entries[0].time > START, entries[-1].time) == (True, START + SPAN)


def test_both_forms_of_a_history_say_the_same(histories: Histories) -> None:
    ledger, flat = histories.ledger(TRADES), histories.flat(TRADES)
    assert (histories.ledger(TRADES), histories.flat(TRADES)) == (ledger, flat)
    theirs = importlib.import_module("benchmarks.apparatus.pandas_page").page(flat).decode()  # slow to import
    told = re.findall(r'^bot_asset_pnl{asset="(.+?)"} (.+)$', theirs, re.MULTILINE)
    profits = {asset: float(pnl) for asset, pnl in told}
    ours = scraped(ledger)
    assert len(profits) == TRADES
    assert {asset: sample(ours, "bot_asset_pnl", asset=asset) for asset in profits} == pytest.approx(profits)
    assert cold_start.read_rows(ledger) == TRADES + 1


def test_a_history_may_be_appended_to(histories: Histories) -> None:
    ledger = histories.ledger(TRADES)
    append(ledger, list(closings(TRADES + 5, THOUSAND_SERIES))[-5:])
    assert cold_start.read_rows(ledger) == TRADES + 6


def test_a_real_exporter_is_scraped_and_an_option_it_does_not_know_is_told(histories: Histories) -> None:
    ledger = histories.ledger(TRADES)
    with processes.exporting(ledger) as exporter:
        assert b"bot_closed_trades 60\n" in exporter.get("/metrics")
        assert len(exporter.scrape()) < len(exporter.get("/metrics"))
        assert exporter.peak_bytes > 0 < exporter.ready_seconds
        few, many = scrape.with_a_new_trade([(exporter, ledger), (exporter, ledger)], 1)
        assert min(few, many) > 0
        assert b"bot_closed_trades 62\n" in exporter.get("/metrics")
    with pytest.raises(processes.RefusedToStartError, match="--no-such"), processes.exporting(ledger, "--no-such"):
        pass


def test_a_loop_ticks_beside_both_servers(histories: Histories) -> None:
    ledger = histories.ledger(TRADES)
    samples = {name: ticking.tick(server, 0.02, ledger).samples for name, server in ticking.SERVERS.items()}
    assert samples["alone"] == 0
    assert samples["client"] >= ticking.SERIES
    assert samples["tradewatch"] > TRADES


def test_small_benchmarks_run_through(histories: Histories) -> None:
    found = [
        *feeds.rows(histories, days=1, rounds=1),
        *render.rows(histories, series=10, turns=1),
        *history.rows(histories, days=(1,), busy=100, quiet=2, step="4m"),
        *hydra.rows(histories, days=1, rounds=1),
        *indicators.rows(histories, bars=600, rounds=1),
        *record.rows(histories, calls=3, acknowledged=1, waiting=10),
        *trading.rows(histories, days=0.01, rounds=1),
    ]
    assert [row.what for row in found if not row.ours] == []
    assert len(found) == 3 + 2 + 5 + 5 + 6 + 7 + 2


def test_a_row_tells_the_ratio_to_its_peer() -> None:
    row = compared("scrape", 0.002, peer=Beside("pandas", 5.0), target="<= 5 ms", met=True)
    assert row == Row("scrape", "2.00 ms", "pandas 5.00 s", "2,500 x", "", "<= 5 ms", met=True)


def test_the_table_stands_in_line_and_tells_what_was_skipped() -> None:
    rows = [compared("a", 1.0, target="<= 2 s", met=True), compared("b", 3.0, target="<= 2 s", met=False)]
    lines = table([*rows, skipped("c", "no such option")]).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert [cell.strip() for cell in lines[0].split("|")[1:-1]] == list(HEADINGS)
    assert [line.split("|")[-2].strip() for line in lines[2:]] == ["yes", "no", ""]
    assert "skipped: no such option" in lines[-1]


def test_works_take_turns() -> None:
    told: list[str] = []
    assert len(in_turns([lambda: told.append("a"), lambda: told.append("b")], 2)) == 2
    assert told == ["a", "b", "a", "b"]


def test_a_share_of_values_is_one_of_them() -> None:
    assert share([float(number) for number in range(100)], 0.99) == 99
    assert share([5.0], 0.99) == 5


def test_the_whole_stack_is_started_twice_and_its_processes_are_weighed(histories: Histories) -> None:
    rows = list(up.rows(histories, days=1, systems=("bot",)))
    what = [row.what.removeprefix("up, ") for row in rows]
    assert what[:3] == ["first start, 1 days", "until bot", "until all of the past is in Prometheus"]
    assert {"memory of everything", "memory of prometheus", "memory of bot-exporter", "memory of supervisor"} < {*what}
    assert what[-2:] == ["down", "second start"]
    assert all(row.ours[0].isdigit() for row in rows)
