"""The runtime's answers are the page's numbers."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tradewatch.errors import SourceError
from tradewatch.facts import Calendar, Direction, Entry, Fact, Mode, RegimeEntered, RunStarted, TradeClosed, TradeOpened
from tradewatch.ledger import SqliteAppender
from tradewatch.systems.hydra.paper_trader import PaperTrader

START = datetime(2026, 1, 1, tzinfo=UTC)
RUN = RunStarted(run_id="r", mode=Mode.PAPER, starting_equity=10_000.0, currency="USD", calendar=Calendar.EVERY_DAY)


def opened(trade_id: str, asset: str) -> TradeOpened:
    return TradeOpened(trade_id=trade_id, asset=asset, direction=Direction.BUY, quantity=1.0, entry_price=100.0)


def closed(trade_id: str, asset: str, pnl: float) -> TradeClosed:
    return TradeClosed(
        trade_id=trade_id, asset=asset, direction=Direction.BUY, quantity=1.0, entry_price=100.0, pnl=pnl
    )


def told(path: Path, *facts: Fact, minute: int = 0) -> None:
    with closing(SqliteAppender(path)) as appender:
        times = [START + timedelta(minutes=minute + number) for number in range(len(facts))]
        appender.append(
            [Entry(time, fact.identity or f"{time}", fact) for time, fact in zip(times, facts, strict=True)], "hydra"
        )


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "h.db"
    told(
        path,
        RUN,
        RegimeEntered(asset="BTC-USD", regime="RANGING"),
        opened("1", "BTC-USD"),
        closed("1", "BTC-USD", 300.0),
        opened("2", "BTC-USD"),
        closed("2", "BTC-USD", -100.0),
        opened("3", "ETH-USD"),
        closed("3", "ETH-USD", -50.0),
    )
    return path


def test_assets_and_regimes_have_their_part_of_the_whole(ledger: Path) -> None:
    paper = PaperTrader(ledger)
    assert paper.get_stats_by_asset() == {
        "BTC-USD": {"pnl_percent": 2.0, "win_rate": 50.0, "trade_count": 2},
        "ETH-USD": {"pnl_percent": -0.5, "win_rate": 0.0, "trade_count": 1},
    }
    assert paper.get_stats_by_regime() == {
        "RANGING": {"pnl_percent": 2.0, "win_rate": 50.0, "trade_count": 2},
        "UNKNOWN": {"pnl_percent": -0.5, "win_rate": 0.0, "trade_count": 1},
    }


def test_the_whole_has_its_ratios_and_how_trades_are_spread(ledger: Path) -> None:
    found = PaperTrader(ledger).get_overall_stats()
    assert (found["pnl_total_percent"], found["closed_trades"], found["avg_risk_reward"]) == (1.5, 3, 4.0)
    assert found["profit_factor"] == 2.0
    assert "sharpe_ratio" not in found  # of one day
    assert {bound: count for bound, count in found["trade_distribution"].items() if count} == {
        "-100.0": 1,
        "-50.0": 1,
        "500.0": 1,
    }


def test_what_is_new_is_there_when_it_is_asked_again(ledger: Path) -> None:
    paper = PaperTrader(ledger)
    assert paper.get_stats_by_asset()["ETH-USD"]["trade_count"] == 1
    told(ledger, closed("4", "ETH-USD", 50.0), minute=30)
    assert paper.get_stats_by_asset()["ETH-USD"] == {"pnl_percent": 0.0, "win_rate": 50.0, "trade_count": 2}


def test_before_the_first_fact_there_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "h.db"
    told(path)
    paper = PaperTrader(path)
    assert (paper.get_stats_by_asset(), paper.get_stats_by_regime(), paper.get_overall_stats()) == ({}, {}, {})
    with pytest.raises(SourceError, match=r"gone\.db"):
        PaperTrader(tmp_path / "gone.db").get_stats_by_asset()
