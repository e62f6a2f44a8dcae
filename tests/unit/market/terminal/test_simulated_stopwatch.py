"""How long simulated calls take."""

from datetime import timedelta
from itertools import pairwise
from statistics import fmean

from tests.support.terminals import MINUTE, START, clock_at
from tradewatch.market.terminal import SimulatedStopwatch


def looks(seed: int, minute: float, count: int) -> list[float]:
    watch = SimulatedStopwatch(clock_at(minute), seed)
    return [watch() for _ in range(count)]


def test_seconds_only_go_up_and_each_look_is_ten_milliseconds_later_at_least() -> None:
    seen = [0.0, *looks(1, 0, 500)]
    waits = [after - before for before, after in pairwise(seen)]
    assert min(waits) >= 0.01 - 1e-4  # told to a tenth of a millisecond
    assert max(waits) > 0.08


def test_a_call_takes_thirty_milliseconds_on_average_and_now_and_then_much_longer() -> None:
    waits = [looks(seed, 0, 1)[0] for seed in range(4_000)]
    assert 0.029 < fmean(waits) < 0.031
    assert 0.6 < sum(wait < 0.03 for wait in waits) / len(waits) < 0.66  # 1 - 1/e, as an exponential has it


def test_it_follows_from_seed_and_moment_and_knows_no_past() -> None:
    clock = clock_at(0)
    watch = SimulatedStopwatch(clock, 5)
    for _ in range(40):
        watch()
    clock.wait_until(START + MINUTE)
    assert [watch() for _ in range(40)] == looks(5, 1, 40)
    assert looks(5, 1, 40) == looks(5, 1, 40)
    assert looks(5, 1, 40) != looks(6, 1, 40)
    assert looks(5, 1, 40) != looks(5, 2, 40)


def test_it_begins_anew_in_every_moment() -> None:
    clock = clock_at(0)
    watch = SimulatedStopwatch(clock, 5)
    late = [watch() for _ in range(100)][-1]
    clock.wait_until(clock.now() + timedelta(seconds=1))
    assert watch() < late


def test_no_two_looks_of_a_moment_are_drawn_alike() -> None:
    seen = looks(3, 7, 200)
    waits = [round(after - before, 4) for before, after in pairwise(seen)]
    assert len(set(waits)) > 120  # of 256 steps, 199 draws meet 138 on average
