"""What a book tells of the running program: its cycles, calls, errors and version; in tables."""

import pytest

from tests.support.definitions import checks
from tests.support.facts import at, started
from tradewatch.book import COUNT, SUM, Book, moment_of, read
from tradewatch.book.groups import LARGEST, OTHER
from tradewatch.catalog import Concept, concepts, conduct, distributions
from tradewatch.facts import (
    CallTimed,
    ConnectionChanged,
    ErrorOccurred,
    Fact,
    Heartbeat,
    Mode,
    RunStarted,
)


def readings(concept: Concept, *facts: Fact) -> dict[tuple[str, ...], float]:
    book = Book()
    book.fold_many([at(second, fact, f"{second}") for second, fact in enumerate((started(), *facts))])
    assert book.time is not None
    return {each.labels: each.value for each in read(moment_of(book, book.time), concept, ())}


@checks(concepts.ERRORS_BY_TYPE, within="exact")
def test_errors_are_counted_by_type_and_component() -> None:
    told = [ErrorOccurred(component="feed", type=each) for each in ("timeout", "timeout", "refused")]
    found = readings(concepts.ERRORS_BY_TYPE, *told, ErrorOccurred(component="broker", type="timeout"))
    assert found == {("timeout", "feed"): 2, ("refused", "feed"): 1, ("timeout", "broker"): 1}


def test_too_many_types_of_errors_are_others() -> None:
    told = [ErrorOccurred(component="feed", type=f"{number}") for number in range(LARGEST + 5)]
    found = readings(concepts.ERRORS_BY_TYPE, *told)
    assert len(found) == LARGEST + 1
    assert found[OTHER, OTHER] == 5


@checks(concepts.ITERATIONS, within="exact")
def test_every_heartbeat_is_an_iteration() -> None:
    assert readings(concepts.ITERATIONS) == {}
    assert readings(concepts.ITERATIONS, *[Heartbeat(interval=60.0)] * 3) == {(): 3}


@checks(concepts.RUN, within="exact")
def test_the_newest_run_is_the_one_that_is_told_of() -> None:
    first = RunStarted(run_id="a", mode=Mode.SIMULATED, currency="USD", version="1.0")
    second = RunStarted(run_id="b", mode=Mode.LIVE, version="1.1")
    assert readings(concepts.RUN, first, second) == {("1.1", "live", "USD", "365"): 1}


CALLS = (
    CallTimed(api="kraken", endpoint="ticker", seconds=0.02, others=(0.2, 40.0)),
    CallTimed(api="kraken", endpoint="ticker", seconds=30.0, others=(30.0,), error="timeout"),
    CallTimed(api="kraken", endpoint="bars", seconds=0.001),
)


@checks(distributions.CALL_SECONDS, within="exact")
def test_calls_are_spread_by_endpoint_the_failed_ones_too() -> None:
    found = readings(distributions.CALL_SECONDS, *CALLS)
    ticker = {part: number for (api, endpoint, part), number in found.items() if endpoint == "ticker"}
    assert ticker[SUM] == pytest.approx(100.22)
    assert ticker[COUNT] == ticker["+Inf"] == 5
    assert (ticker["0.01"], ticker["0.025"], ticker["0.25"], ticker["10.0"], ticker["30.0"]) == (0, 1, 2, 2, 4)
    assert found["kraken", "bars", "0.005"] == 1


@checks(conduct.CALLS_FAILED, conduct.FEED_ERRORS, within="exact")
def test_failed_calls_and_lost_connections_are_a_sources_errors() -> None:
    assert readings(conduct.CALLS_FAILED, *CALLS) == {("kraken", "ticker", "timeout"): 2}
    assert readings(conduct.FEED_ERRORS, *CALLS) == {("kraken",): 2}
    assert readings(conduct.FEED_ERRORS, CALLS[2]) == {("kraken",): 0}
    up, down = (ConnectionChanged(connection=name, connected=name == "a") for name in "ab")
    lost = ConnectionChanged(connection="kraken", connected=False)
    assert readings(conduct.FEED_ERRORS, *CALLS, up, down, lost) == {("kraken",): 3, ("a",): 0, ("b",): 1}


def test_too_many_endpoints_are_others() -> None:
    told = [
        CallTimed(api="api", endpoint=f"{number}", seconds=1.0, error=f"e{number}") for number in range(LARGEST + 5)
    ]
    found = readings(distributions.CALL_SECONDS, *told)
    assert len({labels[:2] for labels in found}) == LARGEST + 1
    assert found[OTHER, OTHER, "+Inf"] == 5
    assert readings(conduct.CALLS_FAILED, *told)[OTHER, OTHER, OTHER] == 5
    assert sum(readings(conduct.FEED_ERRORS, *told).values()) == LARGEST + 5
