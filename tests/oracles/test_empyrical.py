"""empyrical-reloaded: where it agrees with our statistics to a relative 1e-9, and each convention that differs."""

from collections.abc import Callable, Mapping
from math import inf, isnan, sqrt
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oracles.ours import agrees, drawdown_of, fed, statistics_of
from tests.oracles.series import SERIES, dated
from tests.support.books import book_of, reading
from tests.support.definitions import checks
from tests.support.facts import at, closed, started
from tradewatch.catalog import concepts
from tradewatch.stats import SharpeRatio, SortinoRatio, ValueAtRisk

pytestmark = pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")  # a growth beyond floats

DAY = 86_400

# Any: the libraries are untyped.
Judge = Callable[[Any, "pd.Series[float]", int], float]

JUDGES: Mapping[str, Judge] = {
    "Sharpe ratio": lambda empyrical, returns, n: empyrical.sharpe_ratio(returns, annualization=n),
    "Sortino ratio": lambda empyrical, returns, n: empyrical.sortino_ratio(returns, annualization=n),
    "growth factor": lambda empyrical, returns, n: 1 + empyrical.cagr(returns, annualization=n),
    "maximum drawdown": lambda empyrical, returns, _: -empyrical.max_drawdown(returns),
    "Calmar ratio": lambda empyrical, returns, n: empyrical.calmar_ratio(returns, annualization=n),
    "volatility": lambda empyrical, returns, n: empyrical.annual_volatility(returns, annualization=n),
    "VaR 95": lambda empyrical, returns, n: max(0.0, -empyrical.value_at_risk(returns[-n:])),
    "CVaR 95": lambda empyrical, returns, n: max(0.0, -empyrical.conditional_value_at_risk(returns[-n:])),
}

DIFFERENT = {
    ("Sortino ratio", "one loss"): "it wants two returns",
    ("CVaR 95", "years without trades"): "it counts no ties",
    ("VaR 95", "one gain"): "fewer than 20 returns",
    ("VaR 95", "one loss"): "fewer than 20 returns",
    ("VaR 95", "a gain and a loss"): "fewer than 20 returns",
    ("CVaR 95", "one gain"): "fewer than 20 returns",
    ("CVaR 95", "one loss"): "fewer than 20 returns",
    ("CVaR 95", "a gain and a loss"): "fewer than 20 returns",
}


@checks(
    concepts.SHARPE_RATIO,
    concepts.SORTINO_RATIO,
    concepts.CAGR,
    concepts.MAXIMUM_DRAWDOWN,
    concepts.CALMAR_RATIO,
    concepts.VALUE_AT_RISK_SHARE,
    concepts.EXPECTED_SHORTFALL_SHARE,
    within="1e-9 relative",
)
@pytest.mark.parametrize("periods", [365, 261])
@pytest.mark.parametrize("series", SERIES)
@pytest.mark.parametrize("statistic", JUDGES)
def test_our_statistics_are_those_of_empyrical(
    empyrical: ModuleType, statistic: str, series: str, periods: int
) -> None:
    ours = statistics_of(SERIES[series], periods)[statistic]
    theirs = JUDGES[statistic](empyrical, dated(SERIES[series]), periods)
    assert agrees(ours, theirs) is ((statistic, series) not in DIFFERENT), (ours, theirs)


@given(returns=st.lists(st.floats(-0.9, 2.0).map(lambda each: round(each, 4)), min_size=2, max_size=40))
def test_so_they_are_on_any_returns(empyrical: ModuleType, returns: list[float]) -> None:
    for statistic in ("Sharpe ratio", "Sortino ratio", "growth factor", "maximum drawdown", "volatility"):
        ours, theirs = statistics_of(returns)[statistic], JUDGES[statistic](empyrical, dated(returns), 365)
        assert agrees(ours, theirs, absolute=1e-9), (statistic, ours, theirs)


SIX = (0.01, -0.02, 0.03, 0.0, -0.01, 0.02)


def test_its_risk_free_rate_is_of_a_period_and_ours_of_a_year(empyrical: ModuleType) -> None:
    """0.05 is 5 % a year here and 5 % a day there."""
    of_a_year = fed(SharpeRatio(365, risk_free=0.05), SIX).value
    assert of_a_year == pytest.approx(4.9695, abs=1e-4)
    assert empyrical.sharpe_ratio(dated(SIX), risk_free=0.05, annualization=365) == pytest.approx(-45.9542, abs=1e-4)
    of_a_day = 1.05 ** (1 / 365) - 1
    assert agrees(of_a_year, empyrical.sharpe_ratio(dated(SIX), risk_free=of_a_day, annualization=365))


def test_constant_returns_have_an_infinite_sharpe_ratio_there_and_none_here(empyrical: ModuleType) -> None:
    assert empyrical.sharpe_ratio(dated([0.01] * 30)) == inf
    assert empyrical.sharpe_ratio(dated([-0.01] * 30)) == -inf
    assert statistics_of([0.01] * 30)["Sharpe ratio"] is None


def test_nearly_constant_returns_have_a_sharpe_ratio_of_1e16_there_and_none_here(empyrical: ModuleType) -> None:
    """A constant growth of equity is a constant return only up to rounding."""
    equity = [1000 * 1.01**day for day in range(31)]
    returns = dated(equity).pct_change().dropna()
    assert empyrical.sharpe_ratio(returns) > 1e14
    assert statistics_of(returns)["Sharpe ratio"] is None


def test_without_a_loss_the_sortino_ratio_is_infinite_there_and_absent_here(empyrical: ModuleType) -> None:
    assert empyrical.sortino_ratio(dated([0.01, 0.02])) == inf
    assert statistics_of([0.01, 0.02])["Sortino ratio"] is None


def test_a_single_loss_has_a_sortino_ratio_here_and_none_there(empyrical: ModuleType) -> None:
    assert fed(SortinoRatio(365), [-0.01]).value == pytest.approx(-sqrt(365))
    assert isnan(empyrical.sortino_ratio(dated([-0.01])))


def test_its_year_has_252_days_unless_told_and_ours_365(empyrical: ModuleType) -> None:
    ours = statistics_of(SIX)
    assert ours["Sharpe ratio"] == pytest.approx(5.1060, abs=1e-4)
    assert empyrical.sharpe_ratio(dated(SIX)) == pytest.approx(4.2426, abs=1e-4)
    assert ours["growth factor"] == pytest.approx((1 + empyrical.cagr(dated(SIX))) ** (365 / 252))


def test_its_value_at_risk_is_a_return_and_ours_a_loss_that_is_never_negative(empyrical: ModuleType) -> None:
    gains, losses = [0.01 + each / 1000 for each in range(30)], [-0.01 - each / 1000 for each in range(30)]
    assert empyrical.value_at_risk(dated(losses)) == pytest.approx(-0.03755)
    assert fed(ValueAtRisk(365), losses).value == pytest.approx(0.03755)
    assert empyrical.value_at_risk(dated(gains)) == pytest.approx(0.01145)
    assert fed(ValueAtRisk(365), gains).value == 0.0
    assert fed(ValueAtRisk(365), losses[:19]).value is None


def test_its_tail_leaves_out_ties_with_the_quantile_and_ours_counts_them(empyrical: ModuleType) -> None:
    """An account that rests most days: the 5 % quantile is a 0, so that all the zeros are at or below it."""
    returns = [-0.05, -0.03, *[0.0] * 98]
    assert empyrical.conditional_value_at_risk(dated(returns)) == pytest.approx(-0.08 / 5)  # of the 5 lowest
    assert fed(ValueAtRisk(365), returns).expected_shortfall == pytest.approx(0.08 / 100)


def test_after_everything_is_lost_it_goes_on_and_our_book_has_no_ratio(empyrical: ModuleType) -> None:
    returns = dated([0.1, -1.0, 0.0])
    assert empyrical.sharpe_ratio(returns) == pytest.approx(-7.8293, abs=1e-4)
    assert empyrical.cagr(returns) == -1.0
    book = book_of(at(0, started(100.0)), at(1, closed("a", pnl=10.0)), at(DAY, closed("b", pnl=-110.0)))
    assert reading(book, concepts.RUIN) == 1.0
    assert reading(book, concepts.SHARPE_RATIO) is None
    assert reading(book, concepts.CAGR) is None


def test_a_fall_within_a_day_is_a_drawdown_here_and_unknown_to_daily_returns(empyrical: ModuleType) -> None:
    book = book_of(at(0, started(100.0)), at(1, closed("a", pnl=-50.0)), at(2, closed("b", pnl=60.0)))
    assert reading(book, concepts.MAXIMUM_DRAWDOWN) == 0.5
    assert empyrical.max_drawdown(dated([0.1])) == 0.0


def test_it_begins_a_drawdown_with_the_start_as_we_do(empyrical: ModuleType) -> None:
    assert empyrical.max_drawdown(dated([-0.1, 0.05])) == pytest.approx(-0.1)
    assert drawdown_of([-0.1, 0.05]).value == pytest.approx(0.1)
