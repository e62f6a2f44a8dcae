from datetime import timedelta
from itertools import accumulate

from tests.support.terminals import START
from tradewatch.market.terminal.breaker import Breaker, BreakerState, Patience


def test_tries_are_further_and_further_apart_up_to_the_longest_wait() -> None:
    breaker, now = Breaker(Patience()), START
    tries = []
    for _ in range(11):
        breaker.fail(now)
        assert breaker.next_try is not None
        tries.append((breaker.next_try - now).total_seconds())
        assert not breaker.allows(breaker.next_try - timedelta(microseconds=1))
        now = breaker.next_try
        assert breaker.allows(now)
    assert tries == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert list(accumulate(tries))[-1] == 1111


def test_it_opens_after_failures_in_a_row_is_half_open_when_the_wait_is_over_and_closes_with_a_success() -> None:
    breaker, now = Breaker(Patience(failures_to_open=3)), START
    assert [breaker.fail(now) for _ in range(2)] == [False, False]
    assert breaker.state(now) is BreakerState.CLOSED
    assert breaker.fail(now)
    assert breaker.state(now) is BreakerState.OPEN
    assert breaker.state(now + timedelta(seconds=4)) is BreakerState.HALF_OPEN
    now += timedelta(seconds=4)
    assert not breaker.fail(now)  # it was open before
    assert breaker.state(now) is BreakerState.OPEN
    breaker.succeed()
    assert breaker.state(now) is BreakerState.CLOSED
    assert breaker.allows(now)


def test_jitter_shortens_a_wait_by_a_share_that_follows_from_the_seed() -> None:
    waits = [Patience(jitter=0.5, seed=seed).after(4) for seed in range(50)]
    assert waits == [Patience(jitter=0.5, seed=seed).after(4) for seed in range(50)]
    assert len(set(waits)) == 50
    assert timedelta(seconds=4) < min(waits) < max(waits) <= timedelta(seconds=8)
