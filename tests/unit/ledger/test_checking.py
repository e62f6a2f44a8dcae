"""What is checked many at a time becomes exactly what it would have become one by one."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.facts import MIDNIGHT, closed, opened
from tradewatch.facts import (
    KIND_OF,
    BarClosed,
    Canonical,
    Entry,
    EquityMarked,
    Fact,
    Heartbeat,
    Objection,
    Stance,
    Vote,
    VotesCast,
    canonical,
)
from tradewatch.ledger import SqliteAppender, SqliteReader, entry_of, to_microseconds
from tradewatch.ledger.checking import AT_A_TIME, FactRow, rows_to_append

BAR = BarClosed(asset="BTC-USD", interval=60.0, open=2.0, high=3.0, low=1.0, close=2.0, indicators={"adx": 20.0})


def votes(reason: str) -> VotesCast:
    cast = Vote(engine="A", stance=Stance.BUY, confidence=0.5, weight=25.0, reason=reason)
    return VotesCast(round_id="1", asset="BTC-USD", votes=(cast,), decision=Stance.HOLD)


def untyped(**fields: Any) -> EquityMarked:  # Any: what untyped bots pass
    return EquityMarked(**{"equity": 100.0, "balance": 100.0, **fields})


facts = st.one_of(
    st.builds(votes, st.text(max_size=5)),
    st.builds(Heartbeat, interval=st.floats(1e-3, 1e6)),
    st.builds(untyped, equity=st.floats() | st.integers() | st.decimals() | st.text(max_size=2)),
    st.builds(untyped, unrealised=st.dictionaries(st.text(max_size=3), st.floats())),
    st.sampled_from([BAR, votes("\u2028\n"), closed("1")]),
)
times = st.one_of(
    st.just(MIDNIGHT),
    st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7))])),
    st.datetimes(),
)


def one_by_one(entries: list[Entry]) -> tuple[list[FactRow], list[Objection]]:
    rows, refused = [], []
    for entry in entries:
        match canonical(entry):
            case Canonical((time, fact_id, fact), body):
                rows.append(("bot", to_microseconds(time), KIND_OF[type(fact)], fact_id, body.decode()))
            case Objection() as objection:
                refused.append(objection)
    return rows, refused


def together(entries: list[Entry]) -> tuple[list[FactRow], list[Objection]]:
    refused: list[Objection] = []
    return [row for rows in rows_to_append(entries, "bot", refused) for row in rows], refused


@given(st.lists(st.tuples(times, facts), max_size=6))
def test_together_as_one_by_one(told: list[tuple[datetime, Fact]]) -> None:
    entries = [Entry(time, str(number), fact) for number, (time, fact) in enumerate(told)]
    assert together(entries) == one_by_one(entries)


@pytest.mark.parametrize(
    "odd",
    [
        BAR,
        votes("two\nlines, \u2028 and \u0085"),
        untyped(equity=Decimal("1.50")),
        untyped(equity=7, balance=True),
        untyped(equity=float("nan")),
        untyped(unrealised={"BTC-USD": float("inf")}),
        BarClosed(asset="BTC-USD", interval=60.0, open=2.0, high=3.0, low=1.0, close=3.5),
        closed("1", opened_at=MIDNIGHT + timedelta(days=9)),
        closed("1", direction="BUY"),
        closed("1", pnl=float("nan")),
        untyped(equity="much"),
    ],
)
@pytest.mark.parametrize("time", [MIDNIGHT, MIDNIGHT.replace(year=1969), MIDNIGHT.replace(tzinfo=None), "today"])
def test_an_odd_one_among_plain_ones(odd: Fact, time: Any) -> None:  # Any: what untyped bots pass
    plain = [Entry(MIDNIGHT, str(number), votes("")) for number in range(AT_A_TIME)]
    entries = [*plain[:3], Entry(time, "odd", odd), *plain[3:]]
    assert together(entries) == one_by_one(entries)


def test_every_fact_of_many_is_written_in_order(tmp_path: Path) -> None:
    entries = [Entry(MIDNIGHT, str(number), opened(f"{number}")) for number in range(2 * AT_A_TIME + 3)]
    appender = SqliteAppender(tmp_path / "ledger.db")
    assert appender.append(entries[5:9], "bot").new == 4
    told = appender.append([*entries, Entry(MIDNIGHT, "7", BAR)], "bot")
    assert (told.new, told.repeated, told.conflicting) == (len(entries) - 4, 4, ["7"])
    appender.close()
    reader = SqliteReader(tmp_path / "ledger.db")
    assert [entry_of(row) for row in reader.all_rows("bot")] == entries[5:9] + entries[:5] + entries[9:]
    reader.close()
