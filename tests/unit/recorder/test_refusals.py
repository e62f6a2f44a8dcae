"""Bad facts: none raises into the bot, none harms another, each is counted here and in the ledger."""

import logging
import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction
from numbers import Real
from pathlib import Path
from typing import Any

import pytest

from tests.support.ledgers import bodies, kinds, losses
from tradewatch import Recorder
from tradewatch.exporter import Format, Service
from tradewatch.facts import Fact, Heartbeat

TRADE: dict[str, Any] = {  # Any: fields of different types
    "trade_id": "1",
    "asset": "BTC-USD",
    "direction": "BUY",
    "quantity": 0.5,
    "entry_price": 100.0,
    "exit_price": 104.0,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
def record(path: Path) -> Iterator[Recorder]:
    with Recorder(path, mode="paper") as recorder:
        yield recorder


class Scalar:
    """What NumPy's numbers are: registered as real, no float."""

    def __init__(self, value: float) -> None:
        self._value = value

    def __float__(self) -> float:
        return self._value


Real.register(Scalar)


class Broken:
    """A number, a text and whatever else, and each of it raises."""

    def __float__(self) -> float:
        raise RuntimeError

    def __str__(self) -> str:
        raise RuntimeError

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    __hash__ = None  # type: ignore[assignment]  # not even that


Real.register(Broken)


class Unequal(float):
    """A float that cannot be compared."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    __hash__ = float.__hash__


class Unknown(tzinfo):
    """A zone that raises."""

    def utcoffset(self, _: datetime | None) -> timedelta:
        raise RuntimeError

    dst = utcoffset

    def tzname(self, _: datetime | None) -> str:
        raise RuntimeError


def _endless() -> dict[str, Any]:  # Any: it contains itself
    mapping: dict[str, Any] = {}
    mapping["itself"] = mapping
    return mapping


BAD_FIELDS: list[tuple[str, Any, str]] = [  # Any: what no type checker would let pass
    ("quantity", math.nan, "not_finite"),
    ("quantity", math.inf, "not_finite"),
    ("pnl", -math.inf, "not_finite"),
    ("quantity", Decimal("NaN"), "not_finite"),
    ("quantity", Decimal("sNaN"), "not_finite"),
    ("quantity", Decimal("Infinity"), "not_finite"),
    ("quantity", Scalar(math.nan), "not_finite"),
    ("quantity", 10**400, "not_finite"),
    ("quantity", "0.5", "wrong_type"),
    ("quantity", None, "missing_field"),
    ("quantity", True, "wrong_type"),
    ("quantity", 1j, "wrong_type"),
    ("quantity", [0.5], "wrong_type"),
    ("quantity", Broken(), "unwritable"),
    ("quantity", Unequal(0.5), "unwritable"),
    ("quantity", 0, "out_of_bounds"),
    ("quantity", -0.5, "out_of_bounds"),
    ("quantity", 1e300, "out_of_bounds"),
    ("asset", "", "out_of_bounds"),
    ("asset", "x" * 2_001, "out_of_bounds"),
    ("asset", "BTC\ud800USD", "wrong_type"),
    ("asset", 7, "wrong_type"),
    ("asset", _endless(), "wrong_type"),
    ("asset", Broken(), "unwritable"),
    ("trade_id", "\udfff", "wrong_type"),
    ("trade_id", 7, "wrong_type"),
    ("trade_id", Broken(), "wrong_type"),
    ("direction", "long", "wrong_type"),
    ("opened_at", datetime(2026, 1, 1), "wrong_type"),  # noqa: DTZ001 - no zone is what is tested
    ("opened_at", "yesterday", "wrong_type"),
    ("opened_at", datetime(2099, 1, 1, tzinfo=UTC), "closed_before_opened"),
]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    BAD_FIELDS,
    ids=[f"{field}, a {type(value).__name__}" for field, value, _ in BAD_FIELDS],
)
def test_a_bad_field_is_refused_alone(path: Path, record: Recorder, field: str, value: Any, reason: str) -> None:
    record.heartbeat(interval=1.0)
    record.trade_closed(**TRADE | {field: value})
    record.trade_closed(**TRADE | {"trade_id": "good"})
    assert record.flush()
    assert record.refused == losses(path, "facts_refused") == {("trade_closed", reason): 1}
    assert kinds(path) == ["run_started", "heartbeat", "trade_closed", "facts_refused"]
    assert record.dropped == {}


GOOD_FIELDS: list[tuple[str, Any, object]] = [  # Any: what no type checker knows for a number or a text
    ("quantity", Decimal("0.25"), 0.25),
    ("quantity", Fraction(1, 4), 0.25),
    ("quantity", Scalar(0.25), 0.25),
    ("quantity", 2, 2.0),
    ("asset", 'quote " backslash \\ newline \n', 'quote " backslash \\ newline \n'),
    ("asset", "\N{ROCKET} Ünïcödé \N{HEBREW LETTER ALEF}", "\N{ROCKET} Ünïcödé \N{HEBREW LETTER ALEF}"),
    ("asset", "NUL \0 inside", "NUL \0 inside"),
    ("trade_id", "'; DROP TABLE facts; --\0\n", "'; DROP TABLE facts; --\0\n"),
]


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    GOOD_FIELDS,
    ids=[f"{field}, a {type(value).__name__}" for field, value, _ in GOOD_FIELDS],
)
def test_unusual_values_that_mean_something_are_kept(
    path: Path, record: Recorder, field: str, value: Any, kept: object
) -> None:
    record.trade_closed(**TRADE | {field: value})
    assert record.flush()
    assert record.refused == {}
    assert bodies(path, "trade_closed")[0][field] == kept


def test_unusual_names_reach_the_page(path: Path, record: Recorder) -> None:
    record.trade_closed(**TRADE | {"asset": 'a "quoted"\nname\\'})
    assert record.flush()
    service = Service(path)
    assert 'asset="a \\"quoted\\"\\nname\\\\"' in service.page(Format.TEXT).decode()
    service.close()


_SCORED: dict[str, Any] = {"round_id": "1", "trade_id": "1", "asset": "BTC"}  # Any: see above
CALLS: list[tuple[str, Callable[[Any], None], tuple[str, str]]] = [  # Any: a recorder, called as no type checker allows
    ("a missing field", lambda record: record.trade_voided(), ("trade_voided", "missing_field")),
    ("an unknown field", lambda record: record.trade_voided(trade_id="1", x=2), ("trade_voided", "unknown_field")),
    ("a strange name", lambda record: record.trade_voided(**{"\ud800": 2}), ("trade_voided", "unknown_field")),
    ("a value without a name", lambda record: record.trade_voided("1"), ("trade_voided", "missing_field")),
    ("no fact", lambda record: record.tell("hello"), ("unknown", "not_a_fact")),
    ("nothing", lambda record: record.tell(None), ("unknown", "not_a_fact")),
    ("the class of facts", lambda record: record.tell(Fact()), ("unknown", "not_a_fact")),
    ("no container", lambda record: record.equity_marked(equity=1.0, unrealised=3), ("equity_marked", "wrong_type")),
    ("no votes", lambda record: record.votes_scored(**_SCORED, scores=None), ("votes_scored", "wrong_type")),
]


@pytest.mark.parametrize(("call", "cause"), [case[1:] for case in CALLS], ids=[case[0] for case in CALLS])
def test_a_bad_call_is_refused(
    path: Path, record: Recorder, call: Callable[[Any], None], cause: tuple[str, str]
) -> None:
    call(record)
    assert record.flush()
    assert record.refused == losses(path, "facts_refused") == {cause: 1}


BAD_TIMES: list[Any] = [  # Any: what no type checker would let pass
    datetime(2026, 1, 1),  # noqa: DTZ001 - no zone is what is tested
    datetime(2026, 1, 1, tzinfo=Unknown()),
    datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
    None,
    "2026-01-01T00:00:00Z",
    1_767_225_600,
]


@pytest.mark.parametrize("time", BAD_TIMES, ids=["no zone", "broken zone", "out of reach", "None", "text", "number"])
def test_a_time_that_is_none_is_refused_alone(path: Path, record: Recorder, time: Any) -> None:
    record.at(time).heartbeat(interval=1.0)
    record.at(datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))).heartbeat(interval=2.0)
    record.heartbeat(interval=3.0)
    assert record.flush()
    assert record.refused == losses(path, "facts_refused") == {("heartbeat", "time_without_zone"): 1}
    assert [body["interval"] for body in bodies(path, "heartbeat")] == [2.0, 3.0]


def test_a_clock_that_fails_later_costs_the_facts_of_that_moment_only(path: Path) -> None:
    times: list[Any] = [datetime(2026, 1, 1, tzinfo=UTC)]  # Any: whatever the clock gives
    with Recorder(path, clock=lambda: times[-1]) as record:
        times.append("broken")
        record.heartbeat(interval=1.0)
        times.append(datetime(2026, 1, 2, tzinfo=UTC))
        record.heartbeat(interval=2.0)
        assert record.flush()
        assert record.refused == losses(path, "facts_refused") == {("heartbeat", "time_without_zone"): 1}
        assert [body["interval"] for body in bodies(path, "heartbeat")] == [2.0]


def test_a_clock_that_goes_astray_does_not_make_news_of_news(path: Path) -> None:
    times = [datetime(2026, 1, 1, tzinfo=UTC)]
    with Recorder(path, clock=lambda: times[-1]) as record:
        assert record.flush()
        times.append(datetime(9999, 1, 1, tzinfo=UTC))
        record.heartbeat(interval=1.0)
        assert record.flush()
        assert record.flush()
        assert record.refused == {("heartbeat", "implausible_time"): 1}


def test_many_bad_facts_are_one_fact_with_their_number_and_an_example(path: Path, record: Recorder) -> None:
    for _ in range(1_000):
        record.heartbeat(interval=-1.0)
    assert record.flush()
    assert sum(body["count"] for body in bodies(path, "facts_refused")) == 1_000
    assert len(bodies(path, "facts_refused")) < 100
    assert "interval" in bodies(path, "facts_refused")[0]["example"]
    assert record.refused == {("heartbeat", "out_of_bounds"): 1_000}


def test_bad_facts_among_good_ones_in_one_commit_cost_nobody_else(path: Path, record: Recorder) -> None:
    bad: list[Any] = [Broken(), Unequal(1.0), math.nan, "1", Decimal("sNaN")]  # Any: see above
    for number in range(200):
        record.cash_flowed(amount=float(number))
        record.cash_flowed(amount=bad[number % len(bad)])
    assert record.flush()
    assert [body["amount"] for body in bodies(path, "cash_flowed")] == [float(number) for number in range(200)]
    assert sum(record.refused.values()) == sum(losses(path, "facts_refused").values()) == 200
    assert record.dropped == {}


def test_what_is_refused_is_on_the_page(path: Path, record: Recorder) -> None:
    record.tell(Heartbeat(interval=math.nan))
    assert record.flush()
    service = Service(path)
    page = service.page(Format.TEXT).decode()
    service.close()
    assert 'tradewatch_facts_rejected_total{kind="heartbeat",reason="not_finite"} 1' in page


def test_a_broken_logging_loses_its_message_only(path: Path, record: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> bool:
        raise RuntimeError

    monkeypatch.setattr(logging.getLogger("tradewatch.recorder"), "filters", [fail])
    record.heartbeat(interval=-1.0)
    record.heartbeat(interval=1.0)
    assert record.flush()
    assert losses(path, "facts_refused") == {("heartbeat", "out_of_bounds"): 1}
    assert len(bodies(path, "heartbeat")) == 1
