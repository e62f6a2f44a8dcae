"""A book that follows a ledger always equals one folded from scratch."""

import math
import os
import pickle
import shutil
import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import KEPT, book_of, ledger_of, reading
from tests.support.definitions import checks
from tests.support.facts import MIDNIGHT, at, closed, opened, started
from tradewatch.book import Book, Follower, Snapshots
from tradewatch.catalog import Concept, concepts
from tradewatch.errors import ConfigurationError, SourceError
from tradewatch.facts import CashFlowed, Entry, Fact, TradeCorrected, TradeVoided
from tradewatch.ledger import SqliteAppender

READ = (
    concepts.CLOSED_TRADES,
    concepts.WIN_RATE,
    concepts.NET_PROFIT,
    concepts.PROFIT_FACTOR,
    concepts.BALANCE,
    concepts.EQUITY,
    concepts.MAXIMUM_DRAWDOWN,
    concepts.OPEN_TRADES,
    concepts.TRADES_CORRECTED,
)


def follower(path: Path, system: str | None = None) -> Follower:
    return Follower(path, system, lambda amendments: Book(KEPT, amendments))


def readings(book: Book) -> dict[Concept, float | None]:
    return {concept: reading(book, concept) for concept in READ}


def append(path: Path, *entries: Entry) -> None:
    ledger_of(path, entries)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return ledger_of(tmp_path / "bot.db", [at(0, started(1000.0)), at(10, closed("a", pnl=10.0))])


def test_new_facts_are_folded_onto_the_old_ones(path: Path) -> None:
    following = follower(path)
    following.catch_up()
    append(path, at(20, closed("b", pnl=-5.0)))
    following.catch_up()
    assert reading(following.book, concepts.NET_PROFIT) == 5.0
    assert following.refolds == 0


def test_a_late_fact_counts_at_its_event_time(path: Path) -> None:
    following = follower(path)
    following.catch_up()
    append(path, at(5, closed("late", pnl=-500.0)))
    following.catch_up()
    assert following.refolds == 1
    assert reading(following.book, concepts.MAXIMUM_DRAWDOWN) == 0.5
    assert readings(following.book) == readings(
        book_of(at(0, started(1000.0)), at(5, closed("late", pnl=-500.0)), at(10, closed("a", pnl=10.0)))
    )


def test_a_fact_of_the_newest_instant_is_not_late(path: Path) -> None:
    following = follower(path)
    following.catch_up()
    append(path, at(10, closed("b", pnl=-10.0)))
    following.catch_up()
    assert following.refolds == 0
    assert reading(following.book, concepts.MAXIMUM_DRAWDOWN) == 0.0


@checks(concepts.TRADES_TOLD_BY_OUTCOME, concepts.TRADES_CORRECTED, within="exact")
def test_a_correction_moves_the_gauges_and_no_counter(path: Path) -> None:
    following = follower(path)
    append(path, at(20, TradeCorrected(trade_id="a", revision=1, replacement=closed("a", pnl=-7.0))))
    following.catch_up()
    book = following.book
    assert (reading(book, concepts.NET_PROFIT), reading(book, concepts.BALANCE)) == (-7.0, 993.0)
    assert reading(book, concepts.TRADES_TOLD_BY_OUTCOME, "win", labels=("outcome",)) == 1
    assert reading(book, concepts.TRADES_CORRECTED) == 1


def test_the_highest_revision_wins_whatever_the_order(path: Path) -> None:
    for seconds, revision, pnl in ((20, 2, 3.0), (21, 1, 999.0)):
        append(path, at(seconds, TradeCorrected(trade_id="a", revision=revision, replacement=closed("a", pnl=pnl))))
    following = follower(path)
    following.catch_up()
    assert reading(following.book, concepts.NET_PROFIT) == 3.0


@checks(concepts.TRADES_TOLD_BY_OUTCOME, concepts.TRADES_VOIDED, within="exact")
def test_a_voided_trade_is_gone_from_the_gauges_and_stays_in_the_counters(path: Path) -> None:
    following = follower(path)
    following.catch_up()
    append(path, at(20, TradeVoided(trade_id="a")))
    following.catch_up()
    book = following.book
    assert (reading(book, concepts.CLOSED_TRADES), reading(book, concepts.BALANCE)) == (0, 1000.0)
    assert reading(book, concepts.TRADES_TOLD_BY_OUTCOME, "win", labels=("outcome",)) == 1
    assert reading(book, concepts.TRADES_VOIDED) == 1


def test_a_replaced_ledger_is_folded_anew(path: Path, tmp_path: Path) -> None:
    following = follower(path)
    following.catch_up()
    other = ledger_of(tmp_path / "other.db", [at(0, started(5.0)), at(1, closed("z", pnl=1.0))])
    other.replace(path)
    following.catch_up()
    assert reading(following.book, concepts.BALANCE) == 6.0


def test_a_ledger_that_vanishes_keeps_what_is_known(path: Path) -> None:
    following = follower(path)
    following.catch_up()
    path.unlink()
    with pytest.raises(SourceError, match="no ledger at"):
        following.catch_up()
    assert reading(following.book, concepts.NET_PROFIT) == 10.0


def test_facts_from_the_future_wait_for_their_time(path: Path) -> None:
    following = follower(path)
    append(path, at(100, closed("tomorrow", pnl=1.0)))
    following.catch_up(MIDNIGHT + timedelta(seconds=99))
    assert reading(following.book, concepts.CLOSED_TRADES) == 1
    following.catch_up(MIDNIGHT + timedelta(seconds=100))
    assert reading(following.book, concepts.CLOSED_TRADES) == 2


def test_several_systems_need_a_choice(path: Path) -> None:
    ledger_of(path, [at(0, started(1.0)), at(1, closed("a"))], system="other")
    with pytest.raises(ConfigurationError, match="bot, other: choose one with --system"):
        follower(path).catch_up()
    chosen = follower(path, "other")
    chosen.catch_up()
    assert reading(chosen.book, concepts.STARTING_EQUITY) == 1.0


def test_a_row_that_is_no_known_fact_is_counted_and_passed_over(path: Path) -> None:
    connection = sqlite3.connect(path)
    for kind, body in (("from_the_future", '{"kind":"from_the_future"}'), ("trade_closed", "not json")):
        connection.execute(
            "INSERT INTO facts (system, time, kind, id, body) VALUES ('bot', 1767225700000000, ?, ?, ?)",
            (kind, kind, body),
        )
    connection.commit()
    connection.close()
    following = follower(path)
    following.catch_up()
    assert dict(following.book.intake.refused) == {
        ("unknown", "undecodable"): 1,
        ("trade_closed", "undecodable"): 1,
    }
    assert reading(following.book, concepts.CLOSED_TRADES) == 1


seconds = st.integers(0, 12)
some_facts = st.one_of(
    st.builds(lambda number, pnl: closed(str(number), pnl=pnl), st.integers(0, 9), st.floats(-50, 50)),
    st.builds(lambda number: opened(str(number)), st.integers(0, 9)),
    st.builds(lambda number: TradeVoided(trade_id=str(number)), st.integers(0, 9)),
    st.builds(
        lambda number, revision, pnl: TradeCorrected(
            trade_id=str(number), revision=revision, replacement=closed(str(number), pnl=pnl)
        ),
        st.integers(0, 9),
        st.integers(1, 3),
        st.floats(-50, 50),
    ),
    st.builds(lambda amount: CashFlowed(amount=amount), st.floats(-20, 20)),
)


class Follow(NamedTuple):
    """How a ledger is followed: the fewest facts between snapshots, seconds at a time, whether it starts anew."""

    apart: int
    seconds: float
    restarts: bool


@given(
    commits=st.lists(st.lists(st.tuples(seconds, some_facts), max_size=4), max_size=6),
    how=st.builds(Follow, st.sampled_from([1, 3, 20_000]), st.sampled_from([0.0, math.inf]), st.booleans()),
)
def test_following_in_any_portions_equals_folding_from_scratch(
    tmp_path_factory: pytest.TempPathFactory, commits: Sequence[Sequence[tuple[int, object]]], how: Follow
) -> None:
    path = tmp_path_factory.mktemp("ledger") / "bot.db"
    ledger_of(path, [at(0, started(1000.0))])
    following = followed(path, Snapshots(how.apart), how.seconds)
    appender = SqliteAppender(path)
    for commit in commits:
        appender.append([at(when, fact) for when, fact in commit], "bot")  # type: ignore[arg-type]  # facts, by strategy
        if how.restarts:
            following.remember()
            following.close()
            following = followed(path, Snapshots.decoded(following.snapshots.encoded()), how.seconds)
        while not following.catch_up(seconds=how.seconds):
            pass
    appender.close()
    fresh = follower(path)
    fresh.catch_up()
    assert readings(following.book) == readings(fresh.book)
    following.close()
    fresh.close()


def followed(path: Path, snapshots: Snapshots, seconds: float) -> Follower:
    following = Follower(path, None, lambda amendments: Book(KEPT, amendments), lambda *_: snapshots)
    while not following.catch_up(seconds=seconds):
        pass
    return following


def day_of_trades(path: Path, count: int) -> None:
    append(path, *[at(100 + number, closed(f"t{number}", pnl=number - 7.0)) for number in range(count)])


def test_a_late_fact_folds_from_the_snapshot_before_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    day_of_trades(path, 2_000)
    following = followed(path, Snapshots(fewest_apart=500), math.inf)
    folded: list[Fact] = []
    close = Book.close_many

    def counted(book: Book, times: Sequence[float], facts: Sequence[Fact]) -> bool:
        folded.extend(facts)
        return close(book, times, facts)

    monkeypatch.setattr(Book, "close_many", counted)
    append(path, at(2_000.5, closed("late", pnl=-500.0)))
    following.catch_up()
    assert (following.refolds, following.late) == (1, 1)
    assert 0 < len(folded) < 1_000
    assert reading(following.book, concepts.CLOSED_TRADES) == 2_002


def test_a_correction_of_an_old_trade_folds_from_before_it(path: Path) -> None:
    day_of_trades(path, 2_000)
    following = followed(path, Snapshots(fewest_apart=500), math.inf)
    append(path, at(9_000, TradeCorrected(trade_id="a", revision=1, replacement=closed("a", pnl=-10.0))))
    following.catch_up()
    assert reading(following.book, concepts.NET_PROFIT) == sum(range(2_000)) - 14_000.0 - 10.0
    assert following.late == 0


def test_a_snapshot_of_another_ledger_is_not_used(path: Path, tmp_path: Path) -> None:
    following = followed(path, Snapshots(), math.inf)
    following.remember()
    other = ledger_of(tmp_path / "other.db", [at(0, started(5.0)), at(10, closed("a", pnl=1.0))])
    assert reading(followed(other, following.snapshots, math.inf).book, concepts.BALANCE) == 6.0


def test_bytes_that_would_make_anything_else_make_no_book(path: Path) -> None:
    following = followed(path, Snapshots(), math.inf)
    following.remember()
    (snapshot,) = following.snapshots
    named = [(b"tradewatch.book.snapshots", b"pickle.Unpickler"), (b"tradewatch.book.follow", b"attrgetter")]
    named += [(b"tradewatch.book.follow", b"Path"), (b"builtins", b"eval"), (b"no.such.module", b"x")]
    crafted = [b"\x80\x04\x8c" + bytes([len(m)]) + m + b"\x8c" + bytes([len(n)]) + n + b"\x93." for m, n in named]
    plain = [pickle.dumps(os.system), pickle.dumps(Path("x")), b"nonsense", b"", pickle.dumps("text")]
    for content in (*plain, *crafted):
        with pytest.raises(ValueError, match="not a snapshot of this book"):
            snapshot._replace(content=content).restore(Book(KEPT))


def test_a_copy_that_went_another_way_is_folded_anew(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(path, copy)
    append(path, at(20, closed("here", pnl=100.0)))
    following = follower(path)
    following.catch_up()
    append(copy, at(20, closed("there", pnl=7.0)), at(30, closed("more", pnl=1.0)))
    copy.replace(path)
    following.catch_up()
    assert reading(following.book, concepts.NET_PROFIT) == 18.0
    following.close()


@pytest.mark.parametrize("time", [2**63 - 1, -(2**63), "abc"])
def test_a_row_whose_time_is_none_is_counted_and_passed_over(path: Path, time: object) -> None:
    connection = sqlite3.connect(path)
    connection.execute(
        "INSERT INTO facts (system, time, kind, id, body) VALUES ('bot', ?, 'heartbeat', 'x', ?)",
        (time, '{"kind":"heartbeat","interval":1.0}'),
    )
    connection.commit()
    connection.close()
    following = follower(path)
    following.catch_up()
    assert dict(following.book.intake.refused) == {("heartbeat", "undecodable"): 1}
    following.close()
