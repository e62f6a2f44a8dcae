"""Ratios of daily returns through the whole book, against formulas written out with the standard library alone."""

import itertools
import statistics
from math import prod, sqrt

import pytest

from tests.support.books import book_of, reading
from tests.support.definitions import checks
from tests.support.facts import at, closed, started
from tradewatch.book import Book
from tradewatch.catalog import Concept, concepts

DAY = 86_400
PROFITS = (
    *(12.0, -7.5, 3.25, 0.0, -21.0, 8.0, 15.5, -2.25, 4.0, -11.0, 6.5, 9.0),
    *(-3.0, 2.0, -14.5, 30.0, -6.0, 1.0, 5.5, -9.25, 7.0, -1.5, 13.0, -4.0),
)
YEAR = 365


@pytest.fixture(scope="module")
def book() -> Book:
    trades = [at(day * DAY + 60, closed(str(day), pnl=pnl)) for day, pnl in enumerate(PROFITS)]
    return book_of(at(0, started(1000.0)), *trades)


@pytest.fixture(scope="module")
def returns() -> list[float]:
    equities = [1000.0 + sum(PROFITS[:days]) for days in range(len(PROFITS) + 1)]
    return [after / before - 1 for before, after in itertools.pairwise(equities)]


def found(book: Book, concept: Concept) -> float:
    value = reading(book, concept)
    assert value is not None
    return value


@checks(concepts.RETURN_DAYS, within="exact")
def test_there_is_a_return_for_every_day(book: Book) -> None:
    assert found(book, concepts.RETURN_DAYS) == len(PROFITS)


@checks(concepts.SHARPE_RATIO, concepts.SORTINO_RATIO, within="1e-12 relative")
def test_sharpe_and_sortino(book: Book, returns: list[float]) -> None:
    mean = statistics.mean(returns)
    sharpe = mean / statistics.stdev(returns) * sqrt(YEAR)
    downside = sqrt(statistics.mean(min(each, 0.0) ** 2 for each in returns))
    assert found(book, concepts.SHARPE_RATIO) == pytest.approx(sharpe, rel=1e-12)
    assert found(book, concepts.SORTINO_RATIO) == pytest.approx(mean / downside * sqrt(YEAR), rel=1e-12)


@checks(concepts.CAGR, concepts.CALMAR_RATIO, within="1e-12 relative")
def test_growth_and_calmar(book: Book, returns: list[float]) -> None:
    growth = prod(1 + each for each in returns) ** (YEAR / len(returns)) - 1
    assert found(book, concepts.CAGR) == pytest.approx(growth, rel=1e-12)
    fall = found(book, concepts.MAXIMUM_DRAWDOWN)
    assert found(book, concepts.CALMAR_RATIO) == pytest.approx(growth / fall, rel=1e-12)


@checks(
    concepts.VALUE_AT_RISK_SHARE,
    concepts.VALUE_AT_RISK,
    concepts.EXPECTED_SHORTFALL_SHARE,
    concepts.EXPECTED_SHORTFALL,
    within="1e-12 relative",
)
def test_value_at_risk_and_expected_shortfall(book: Book, returns: list[float]) -> None:
    quantile = statistics.quantiles(returns, n=20, method="inclusive")[0]  # type 7
    tail = statistics.mean(each for each in returns if each <= quantile)
    equity = found(book, concepts.EQUITY)
    assert found(book, concepts.VALUE_AT_RISK_SHARE) == pytest.approx(-quantile, rel=1e-12)
    assert found(book, concepts.VALUE_AT_RISK) == pytest.approx(-quantile * equity, rel=1e-12)
    assert found(book, concepts.EXPECTED_SHORTFALL_SHARE) == pytest.approx(-tail, rel=1e-12)
    assert found(book, concepts.EXPECTED_SHORTFALL) == pytest.approx(-tail * equity, rel=1e-12)


@checks(concepts.PROBABILISTIC_SHARPE_RATIO, concepts.MINIMUM_TRACK_RECORD, within="1e-9 relative")
def test_probabilistic_sharpe_ratio_and_minimum_track_record(book: Book, returns: list[float]) -> None:
    n, mean = len(returns), statistics.mean(returns)
    second, third, fourth = (statistics.mean((each - mean) ** power for each in returns) for power in (2, 3, 4))
    skewness = third / second**1.5 * sqrt(n * (n - 1)) / (n - 2)
    kurtosis = ((n + 1) * (fourth / second**2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3)) + 3
    ratio = mean / statistics.stdev(returns)
    variance = 1 - skewness * ratio + (kurtosis - 1) / 4 * ratio**2
    normal = statistics.NormalDist()
    certainty = normal.cdf(ratio * sqrt(n - 1) / sqrt(variance))
    record = 1 + variance * (normal.inv_cdf(0.95) / ratio) ** 2
    assert found(book, concepts.PROBABILISTIC_SHARPE_RATIO) == pytest.approx(certainty, rel=1e-9)
    assert found(book, concepts.MINIMUM_TRACK_RECORD) == pytest.approx(record, rel=1e-9)


@checks(concepts.WIN_RATE_LOWEST, concepts.WIN_RATE_HIGHEST, within="the four published digits")
@pytest.mark.parametrize(
    ("wins", "trades", "lowest", "highest"),
    # R. G. Newcombe (1998), "Two-Sided Confidence Intervals for the Single Proportion", table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_the_win_rate(wins: int, trades: int, lowest: float, highest: float) -> None:
    told = [at(number, closed(str(number), pnl=1.0 if number < wins else -1.0)) for number in range(trades)]
    book = book_of(*told)
    assert found(book, concepts.WIN_RATE_LOWEST) == pytest.approx(lowest, abs=5e-5)
    assert found(book, concepts.WIN_RATE_HIGHEST) == pytest.approx(highest, abs=5e-5)
