"""Trades and their stories, from a ledger that grows, is corrected and is replaced."""

from pathlib import Path

from tests.support.facts import at, closed, opened
from tests.support.viewers import viewing
from tradewatch.facts import (
    Entry,
    RegimeEntered,
    SignalGiven,
    Stance,
    TradeCorrected,
    TradeVoided,
    Vote,
    VotesCast,
    VoteScore,
    VotesScored,
)
from tradewatch.ledger import SqliteAppender
from tradewatch.viewer.listing import listing
from tradewatch.viewer.story import story_of
from tradewatch.viewer.trades import LedgerTrades


def tell(path: Path, *entries: Entry, system: str = "bot") -> None:
    ledger = SqliteAppender(path)
    ledger.append(entries, system)
    ledger.close()


def test_open_trades_come_first_and_then_the_newest_of_the_closed(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    tell(
        path,
        at(1, opened("1")),
        at(2, opened("2")),
        at(3, opened("3")),
        at(4, closed("1", 5.0)),
        at(9, closed("2", -1.0)),
    )
    found = listing([LedgerTrades(path)], {}, 100)
    assert [(each.id, each.state, each.pnl) for each in found.trades] == [
        ("3", "open", None),
        ("2", "closed", -1.0),
        ("1", "closed", 5.0),
    ]
    assert found.choices["outcome"] == ["loss", "open", "win"]


def test_a_filter_keeps_what_fits_and_counts_all_of_it(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    tell(path, *(at(each, closed(str(each), float(each - 2))) for each in range(5)))
    found = listing([LedgerTrades(path)], {"outcome": "win"}, 1)
    assert ([each.id for each in found.trades], found.total) == (["4"], 2)


def test_what_is_told_later_is_seen_and_a_correction_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    tell(path, at(1, closed("1", 5.0)), at(2, closed("2", 3.0)))
    ledger = LedgerTrades(path)
    listing([ledger], {}, 10)
    corrected = TradeCorrected(trade_id="1", revision=1, replacement=closed("1", 7.0))
    tell(path, at(3, corrected), at(4, TradeVoided(trade_id="2", reason="twice")))
    by_id = {each.id: each for each in listing([ledger], {}, 10).trades}
    assert (by_id["1"].pnl, by_id["1"].corrected, by_id["1"].outcome) == (7.0, True, "win")
    assert by_id["2"].outcome == "voided"


def test_a_ledger_that_is_gone_is_named_and_what_was_read_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    tell(path, at(1, opened("1")))
    ledger = LedgerTrades(path)
    listing([ledger], {}, 10)
    for file in tmp_path.glob("a.db*"):
        file.unlink()
    found = listing([ledger], {}, 10)
    assert len(found.trades) == 1
    assert "no ledger at" in found.problems[0]
    tell(path, at(1, opened("9")))
    assert [each.id for each in listing([ledger], {}, 10).trades] == ["9"]


def test_the_story_of_a_voted_trade_has_votes_regime_costs_and_scores(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    votes = (
        Vote(engine="A", stance=Stance.BUY, confidence=0.9, reason="a trend"),
        Vote(engine="B", stance=Stance.HOLD, confidence=0.0),
    )
    tell(
        path,
        at(0, RegimeEntered(asset="BTC", regime="TRENDING_UP")),
        at(5, VotesCast(round_id="r", asset="BTC", votes=votes, decision=Stance.BUY, size_multiplier=1.0)),
        at(6, opened("1", round_id="r", entry_price=100.1, entry_reference_price=100.0, stop=99.1, fees=0.5)),
        at(7, RegimeEntered(asset="BTC", regime="CHOPPY")),
        at(8, closed("1", 2.0, entry_price=100.1, stop=99.1, fees=1.0, worst_unrealised=-0.5, best_unrealised=3.0)),
        at(8, VotesScored(round_id="r", trade_id="1", asset="BTC", scores=(VoteScore(engine="A", correct=True),))),
        system="hydra",
    )
    story = story_of(LedgerTrades(path).systems()["hydra"].trades["1"], "a.db")
    assert story is not None
    assert [each.kind for each in story.chapters] == ["votes", "opened", "closed"]
    assert [(vote.engine, vote.correct) for vote in story.chapters[0].votes] == [("A", True), ("B", None)]
    facts = {name: value for name, value, _ in story.facts}
    assert facts["Regime at entry"] == "TRENDING_UP"
    assert facts["Worst while open (MAE)"] == -0.5
    assert facts["Best while open (MFE)"] == 3.0
    assert facts["Result in R"] == 2.0
    assert facts["Fees"] == 1.0


def test_the_story_of_an_agents_trade_has_the_signal_before_it(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    signal = SignalGiven(asset="BTC", stance=Stance.BUY, taken=True, agent="sniper", timeframe="M5", reason="learned")
    passed_over = SignalGiven(asset="BTC", stance=Stance.SELL, taken=False, agent="sniper", timeframe="M5")
    tell(path, at(1, signal), at(2, passed_over), at(3, opened("1", agent="sniper", timeframe="M5", strategy=None)))
    story = story_of(LedgerTrades(path).systems()["bot"].trades["1"], "a.db")
    assert story is not None
    assert story.chapters[0].title == "sniper asked to BUY"


def test_the_page_asks_for_trades_and_stories(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    tell(path, at(1, opened("1")), at(2, closed("1", 5.0)))
    with viewing(tmp_path, ledgers=(path,)) as client:
        (trade,) = client.get("/viewer/trades", params={"asset": "BTC"}).json()["trades"]
        assert client.get("/viewer/trades", params={"asset": "ETH"}).json()["total"] == 0
        place = {name: trade[name] for name in ("ledger", "system", "id")}
        assert client.get("/viewer/story", params=place).json()["trade"]["pnl"] == 5.0
        assert client.get("/viewer/story", params=place | {"id": "none"}).status_code == 404
        for limit in ("0", "-1", "x", "99999999999999", "5001"):
            assert client.get("/viewer/trades", params={"limit": limit}).status_code == 400
