"""What the regimes must recall where the truth is known.

Each number is measured on simulated series with a seed of their own, other than the published ones: five natural
frequencies with 6,000 bars each per damping ratio, walks of 40,000 bars, bursts of 60 and more bars in every 800.
"""

from math import log
from random import Random

import pytest

from tests.documentation.physics import FREQUENCIES, Shares, bursts, of_prices, oscillators, share, walks
from tests.support.motions import bursting, walk
from tradewatch.regimes import PhysicalRegime

BARS = 6_000
LONG = 40_000


@pytest.fixture
def random() -> Random:
    return Random(77)  # noqa: S311 - simulated, and the same each time


@pytest.mark.parametrize("damping", [0.05, 0.1, 0.2, 0.3])
def test_swinging_is_recalled(damping: float, random: Random) -> None:
    told = sum(oscillators(damping, random, BARS).values(), Shares())
    assert share(told, PhysicalRegime.UNDERDAMPED) >= 0.95
    assert told.total() == len(FREQUENCIES) * (BARS - 255)


@pytest.mark.parametrize("damping", [3.0, 4.0, 5.0])
def test_dragging_is_recalled(damping: float, random: Random) -> None:
    told = sum(oscillators(damping, random, BARS).values(), Shares())
    assert share(told, PhysicalRegime.OVERDAMPED) >= 0.95


def test_a_random_walk_is_critically_damped(random: Random) -> None:
    assert share(walks(random, LONG), PhysicalRegime.CRITICALLY_DAMPED) >= 0.8


@pytest.mark.parametrize("length", [60, 90, 120])
def test_bursts_are_chaotic_and_little_else_is(length: int, random: Random) -> None:
    inside, outside = bursts(random, LONG, length)
    assert share(inside, PhysicalRegime.CHAOTIC) >= 0.8
    assert share(outside, PhysicalRegime.CHAOTIC) <= 0.05


def changing_market(random: Random) -> list[float]:
    """Return prices with all regimes: a random walk with bursts, then with swings, then drawn to its mean."""
    prices = list(walk((4e-3 if within else 1e-3 for within in bursting(2_000, 800, 60)), random))
    level = before = 0.0
    for _ in range(1_500):
        level, before = 1.9 * level - 0.97 * before + random.gauss(0, 1e-4), level
        prices.append(prices[1_999] * (1 + level))
    return prices


def test_regimes_do_not_depend_on_the_unit_of_the_price(random: Random) -> None:
    prices = changing_market(random)
    told = list(of_prices(prices))
    assert set(told) == {None, *PhysicalRegime}
    for factor in (1e5, 1e-5, 3.0):
        assert list(of_prices(price * factor for price in prices)) == told


def test_regimes_do_not_depend_on_which_currency_is_quoted_in_which(random: Random) -> None:
    prices = changing_market(random)
    assert list(of_prices(1 / price for price in prices)) == list(of_prices(prices))


def test_a_market_that_has_stood_still_bursts_until_half_the_window_is_new(random: Random) -> None:
    before = list(walk([1e-3] * 1_000, random))
    after = [before[-1] * price for price in walk([1e-3] * 600, random)]
    told = list(of_prices([*before, *[before[-1]] * 200, *after]))[1_200:]
    assert set(told[:128]) == {PhysicalRegime.CHAOTIC}
    assert PhysicalRegime.CHAOTIC not in told[148:]
    pause = list(of_prices([*before, *[before[-1]] * 100, *after]))[1_100:]
    assert PhysicalRegime.CHAOTIC not in pause


def test_regimes_do_not_depend_on_how_volatile_a_market_is(random: Random) -> None:
    prices = changing_market(random)
    calmer = [prices[0] * (price / prices[0]) ** 0.1 for price in prices]
    assert log(max(calmer) / min(calmer)) == pytest.approx(log(max(prices) / min(prices)) / 10)
    assert list(of_prices(calmer)) == list(of_prices(prices))
