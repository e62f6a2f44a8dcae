"""What a bot sees of its recorder: facts in the ledger, in order, once; and what the arguments may be."""

import itertools
import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
import pytest

from tests.support.facts import MIDNIGHT, closed
from tests.support.ledgers import bodies, kinds, losses, rows
from tradewatch import Recorder
from tradewatch.errors import ConfigurationError
from tradewatch.facts import (
    FACTS,
    KIND_OF,
    Direction,
    Fact,
    Mode,
    RiskAction,
    Stance,
    Vote,
    VoteScore,
)
from tradewatch.ledger import Durability, entry_of, from_microseconds
from tradewatch.recorder.run import COPIES
from tradewatch.recorder.telling import Teller

TRADE: dict[str, Any] = {  # Any: fields of different types
    "trade_id": "1",
    "asset": "BTC-USD",
    "direction": Direction.BUY,
    "quantity": 0.5,
    "entry_price": 100.0,
}
EXAMPLES: dict[str, dict[str, Any]] = {  # Any: see above
    "trade_opened": TRADE,
    "trade_partly_closed": {"trade_id": "1", "part": 1, "quantity": 0.1, "exit_price": 101.0, "pnl": 0.1},
    "trade_closed": {**TRADE, "exit_price": 104.0},
    "trade_corrected": {"trade_id": "1", "revision": 1, "replacement": closed("1")},
    "trade_voided": {"trade_id": "1"},
    "equity_marked": {"equity": 1_000.0, "unrealised": {"1": 2.0}},
    "cash_flowed": {"amount": -50.0},
    "bar_closed": {"asset": "BTC-USD", "interval": 60.0, "open": 1.0, "high": 2.0, "low": 1.0, "close": 2.0},
    "quotes_refused": {"asset": "BTC-USD", "reason": "stale"},
    "regime_entered": {"asset": "BTC-USD", "regime": "trend"},
    "votes_cast": {
        "round_id": "r1",
        "asset": "BTC-USD",
        "votes": (Vote(engine="momentum", stance=Stance.BUY, confidence=0.7),),
        "decision": Stance.BUY,
    },
    "votes_scored": {
        "round_id": "r1",
        "trade_id": "1",
        "asset": "BTC-USD",
        "scores": (VoteScore(engine="momentum", correct=True),),
    },
    "signal_given": {"asset": "BTC-USD", "stance": Stance.SELL, "taken": False},
    "order_refused": {"asset": "BTC-USD", "reason": "no_money"},
    "risk_acted": {"action": RiskAction.HALT, "reason": "drawdown"},
    "learning_stepped": {"agent": "a", "experiences": 5, "episodes": 1, "buffer_size": 5, "exploration_rate": 0.1},
    "connection_changed": {"connection": "mt5", "connected": False},
    "call_timed": {"api": "mt5", "endpoint": "order_send", "seconds": 0.2},
    "error_occurred": {"component": "feed", "type": "timeout"},
    "heartbeat": {"interval": 60.0},
}
"""The fields of one fact of every kind that a bot tells."""

TOLD_BY_THE_RECORDER = {"run_started", "run_ended", "facts_dropped", "facts_refused"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
def record(path: Path) -> Iterator[Recorder]:
    with Recorder(path, mode="paper") as recorder:
        yield recorder


def test_there_is_a_method_for_every_kind_that_a_bot_tells() -> None:
    methods = {name for name, member in vars(Teller).items() if callable(member)} - {"tell", "refuse"}
    assert methods == set(KIND_OF.values()) - TOLD_BY_THE_RECORDER == EXAMPLES.keys()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_each_method_writes_its_fact(path: Path, record: Recorder, kind: str) -> None:
    getattr(record, kind)(**EXAMPLES[kind])
    assert record.flush()
    started, row = rows(path)
    assert (started.kind, row.kind) == ("run_started", kind)
    made: Callable[..., Fact] = next(fact for fact, name in KIND_OF.items() if name == kind)
    assert entry_of(row).fact == made(**EXAMPLES[kind])
    assert record.refused == record.dropped == {}


def test_a_fact_that_was_made_by_hand_is_told_like_any_other(path: Path, record: Recorder) -> None:
    record.tell(closed("by hand"))
    assert record.flush()
    assert rows(path)[-1].id == "by hand/closed"


def test_a_run_begins_and_ends_in_the_ledger(path: Path) -> None:
    with Recorder(path, mode="live", starting_equity=1_000, currency="USD", label="my bot", run_id="r") as record:
        record.heartbeat(interval=1.0)
    assert kinds(path) == ["run_started", "heartbeat", "run_ended"]
    (started,) = bodies(path, "run_started")
    assert started == {
        "kind": "run_started",
        "run_id": "r",
        "mode": "live",
        "starting_equity": 1000.0,
        "currency": "USD",
        "label": "my bot",
    }


def test_a_run_that_tells_nothing_is_in_the_ledger_too(path: Path) -> None:
    Recorder(path).close()
    assert kinds(path) == ["run_started", "run_ended"]


def test_facts_have_the_time_at_which_they_were_told(path: Path) -> None:
    times = (MIDNIGHT + timedelta(seconds=number) for number in itertools.count())
    with Recorder(path, clock=lambda: next(times)) as record:
        record.heartbeat(interval=1.0)
        record.heartbeat(interval=2.0)
        assert record.flush()
        first, second = (from_microseconds(row.time) for row in rows(path)[1:])
    assert second - first == timedelta(seconds=1)


def test_facts_may_be_told_for_another_time(path: Path, record: Recorder) -> None:
    record.at(datetime(2026, 1, 1, 12, tzinfo=UTC)).cash_flowed(amount=5.0)
    assert record.flush()
    (flow,) = (row for row in rows(path) if row.kind == "cash_flowed")
    assert from_microseconds(flow.time) == datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_facts_of_one_commit_are_in_event_order(path: Path, record: Recorder) -> None:
    assert record.flush()
    for second in (3, 1, 2):
        record.at(MIDNIGHT + timedelta(seconds=second)).cash_flowed(amount=float(second))
    assert record.flush()
    assert [body["amount"] for body in bodies(path, "cash_flowed")] == [1.0, 2.0, 3.0]


def test_facts_of_one_moment_stay_in_the_order_they_were_told(path: Path, record: Recorder) -> None:
    now = record.at(MIDNIGHT)
    for number in range(20):
        now.cash_flowed(amount=float(number)) if number % 2 else now.equity_marked(equity=float(number))
    assert record.flush()
    told = [msgspec.json.decode(row.body) for row in rows(path) if row.kind != "run_started"]
    assert [body.get("amount", body.get("equity")) for body in told] == list(range(20))


def test_a_trade_told_twice_is_there_once(path: Path, record: Recorder) -> None:
    moment = record.at(MIDNIGHT)
    for _ in range(2):
        moment.trade_closed(**EXAMPLES["trade_closed"])
    assert record.flush()
    assert kinds(path).count("trade_closed") == 1
    assert record.refused == {}


def test_another_telling_of_the_same_trade_is_refused_as_conflicting(path: Path, record: Recorder) -> None:
    for exit_price in (104.0, 105.0):
        record.trade_closed(**TRADE, exit_price=exit_price)
        assert record.flush()
    assert record.refused == losses(path, "facts_refused") == {("trade_closed", "conflicting"): 1}
    assert bodies(path, "trade_closed")[0]["exit_price"] == 104.0


def test_the_same_run_gives_the_same_ledger(tmp_path: Path) -> None:
    """With a clock and a run's name; however its facts fell into commits."""
    contents = []
    for attempt in range(2):
        seconds = itertools.count()
        path = tmp_path / f"{attempt}.db"
        with Recorder(path, run_id="r", clock=lambda: MIDNIGHT + timedelta(seconds=next(seconds))) as record:  # noqa: B023
            for number in range(50):
                record.heartbeat(interval=number + 1.0)
                if number % (attempt + 7) == 0:
                    record.flush()
        contents.append(rows(path))
    assert contents[0] == contents[1]


def test_containers_may_be_used_again_after_they_were_told(path: Path, record: Recorder) -> None:
    unrealised, votes = {"1": 2.0}, list(EXAMPLES["votes_cast"]["votes"])
    scores: list[object] = []
    record.equity_marked(equity=1.0, unrealised=unrealised)
    record.votes_cast(**EXAMPLES["votes_cast"] | {"votes": votes})
    record.votes_scored(**EXAMPLES["votes_scored"] | {"scores": scores})
    unrealised["1"] = 99.0
    votes.clear()
    scores.append("not a score")
    assert record.flush()
    assert bodies(path, "equity_marked")[0]["unrealised"] == {"1": 2.0}
    assert len(bodies(path, "votes_cast")[0]["votes"]) == 1
    assert bodies(path, "votes_scored")[0]["scores"] == []


def test_every_fact_with_a_container_that_a_bot_tells_is_copied() -> None:
    told = {fact for fact in FACTS if KIND_OF[fact] not in TOLD_BY_THE_RECORDER}
    assert {fact for fact in told if any(_is_container(each.type) for each in msgspec.structs.fields(fact))} == set(
        COPIES
    )


def _is_container(kind: Any) -> bool:  # Any: a type, as it is annotated
    origin = get_origin(kind)
    if origin in {Union, UnionType, Annotated}:
        return any(_is_container(part) for part in get_args(kind))
    return origin is not None


def test_the_ledger_may_be_a_url_and_the_system_any_name(path: Path) -> None:
    with Recorder(f"sqlite:///{path}", system='bot "2"') as record:
        record.heartbeat(interval=1.0)
    assert kinds(path, 'bot "2"') == ["run_started", "heartbeat", "run_ended"]


def test_the_ledger_stays_where_it_is_when_the_bot_changes_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Recorder("bot.db") as record:
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        record.heartbeat(interval=1.0)
        assert record.flush()
    assert kinds(tmp_path / "bot.db") == ["run_started", "heartbeat", "run_ended"]


def test_what_is_true_of_the_account_is_part_of_the_start(path: Path) -> None:
    equity: Any = Decimal("1e3")  # Any: a number, though none that a type checker knows
    Recorder(path, starting_equity=equity, calendar="weekdays", assets=["EURUSD"], version="2.1").close()
    (started,) = bodies(path, "run_started")
    assert {name: started[name] for name in ("starting_equity", "calendar", "assets", "version")} == {
        "starting_equity": 1000.0,
        "calendar": "weekdays",
        "assets": ["EURUSD"],
        "version": "2.1",
    }


@pytest.mark.parametrize("durability", Durability)
def test_durability_is_the_users_choice(path: Path, durability: Durability) -> None:
    with Recorder(path, durability=durability) as record:
        record.heartbeat(interval=1.0)
        assert record.flush()


class Troublemaker(float):
    """A number that is none when it is looked at."""

    def __float__(self) -> float:
        message = "no number today"
        raise RuntimeError(message)

    def __eq__(self, other: object) -> bool:
        raise RuntimeError(other)

    __hash__ = float.__hash__


WRONG: list[tuple[str, Any]] = [  # Any: what no type checker would let pass
    ("mode", "demo"),
    ("mode", None),
    ("mode", ["live"]),
    ("starting_equity", math.nan),
    ("starting_equity", math.inf),
    ("starting_equity", 0),
    ("starting_equity", -100.0),
    ("starting_equity", "10000"),
    ("starting_equity", Decimal("sNaN")),
    ("starting_equity", Troublemaker(1.0)),
    ("currency", ""),
    ("currency", "\ud800"),
    ("calendar", "lunar"),
    ("assets", "BTC-USD"),
    ("assets", [""]),
    ("version", 2.1),
    ("label", "x" * 2_001),
    ("run_id", ""),
    ("system", ""),
    ("system", "\ud800"),
    ("system", None),
    ("durability", "for ever"),
    ("capacity", 0),
    ("capacity", 1.5),
    ("ledger", None),
    ("ledger", ""),
    ("ledger", "a\0b"),
    ("ledger", "\ud800.db"),
]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=lambda value: repr(value)[:20])
def test_a_wrong_argument_is_named_in_one_sentence(path: Path, name: str, value: Any) -> None:  # Any: see above
    arguments: dict[str, Any] = {"ledger": path, name: value}  # Any: see above
    with pytest.raises(ConfigurationError, match=rf"^a recorder cannot work with {name}=.*: give [^.]+$"):
        Recorder(**arguments)
    assert not path.exists()


def test_another_kind_of_ledger_is_named() -> None:
    with pytest.raises(ConfigurationError, match="postgresql:// is not supported"):
        Recorder("postgresql://localhost/bot")


CLOCKS: list[Any] = [  # Any: what no type checker would let pass
    lambda: datetime(2026, 1, 1),  # noqa: DTZ001 - no zone is what is tested
    lambda: datetime.max.replace(tzinfo=UTC),
    lambda: None,
    lambda: 1 / 0,
]


@pytest.mark.parametrize("clock", CLOCKS, ids=["no zone", "the end of time", "nothing", "an error"])
def test_a_clock_without_a_zone_is_named(path: Path, clock: Any) -> None:  # Any: no type checker would let it pass
    with pytest.raises(ConfigurationError, match=r"clock=.*: give a function that returns an aware datetime"):
        Recorder(path, clock=clock)


def test_the_mode_may_be_given_as_a_word_or_as_a_mode(path: Path) -> None:
    Recorder(path, mode="replay").close()
    Recorder(path, mode=Mode.REPLAY).close()
    assert [body["mode"] for body in bodies(path, "run_started")] == ["replay", "replay"]
