"""QuantStats: where it agrees with our statistics to a relative 1e-9, and each convention that differs."""

from collections.abc import Callable, Mapping
from math import inf, isnan, nan
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from scipy import stats as scipy_stats

from tests.oracles.ours import agrees, fed, statistics_of
from tests.oracles.series import SERIES, dated
from tests.support.definitions import checks
from tradewatch.catalog import concepts
from tradewatch.stats import SharpeRatio, Streak, ValueAtRisk

pytestmark = [
    pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore:No non-zero returns found:UserWarning"),
]

# Any: the library's functions return what they were given, a number or a table.
Judge = Callable[[Any, "pd.Series[float]", int], float]


def _calmar(quantstats: Any, returns: "pd.Series[float]", periods: int) -> float:
    """Return its ratio; without a drawdown it divides by zero."""
    return float(quantstats.calmar(returns, periods=periods)) if quantstats.max_drawdown(returns) else nan


JUDGES: Mapping[str, Judge] = {
    "Sharpe ratio": lambda quantstats, returns, n: quantstats.sharpe(returns, periods=n),
    "Sortino ratio": lambda quantstats, returns, n: quantstats.sortino(returns, periods=n),
    "growth factor": lambda quantstats, returns, n: 1 + quantstats.cagr(returns, periods=n),
    "maximum drawdown": lambda quantstats, returns, _: -quantstats.max_drawdown(returns),
    "Calmar ratio": _calmar,
    "volatility": lambda quantstats, returns, n: quantstats.volatility(returns, periods=n),
    "skewness": lambda quantstats, returns, _: quantstats.skew(returns),
    "kurtosis": lambda quantstats, returns, _: 3 + quantstats.kurtosis(returns),
    "CVaR 95": lambda quantstats, returns, n: max(0.0, -quantstats.cvar(returns[-n:], method="historical")),
    "probabilistic Sharpe ratio": lambda quantstats, returns, _: quantstats.probabilistic_sharpe_ratio(returns),
    "profit factor": lambda quantstats, returns, _: quantstats.profit_factor(returns),
    "win rate": lambda quantstats, returns, _: quantstats.win_rate(returns),
    "payoff ratio": lambda quantstats, returns, _: quantstats.payoff_ratio(returns),
}

DIFFERENT = {
    ("Sharpe ratio", "constant gain"): "a deviation of 4e-18 is not 0 there",
    ("Sharpe ratio", "constant loss"): "a deviation of 4e-18 is not 0 there",
    ("CVaR 95", "one gain"): "fewer than 20 returns",
    ("CVaR 95", "one loss"): "fewer than 20 returns",
    ("CVaR 95", "a gain and a loss"): "fewer than 20 returns",
    ("profit factor", "nothing"): "0 there, absent here",
    ("win rate", "years without trades"): "a 0 is not counted there",
}


@checks(
    concepts.SHARPE_RATIO,
    concepts.SORTINO_RATIO,
    concepts.CAGR,
    concepts.MAXIMUM_DRAWDOWN,
    concepts.CALMAR_RATIO,
    concepts.EXPECTED_SHORTFALL_SHARE,
    concepts.PROBABILISTIC_SHARPE_RATIO,
    within="1e-9 relative",
)
@pytest.mark.parametrize("periods", [365, 261])
@pytest.mark.parametrize("series", SERIES)
@pytest.mark.parametrize("statistic", JUDGES)
def test_our_statistics_are_those_of_quantstats(
    quantstats: ModuleType, statistic: str, series: str, periods: int
) -> None:
    ours = statistics_of(SERIES[series], periods)[statistic]
    theirs = JUDGES[statistic](quantstats, dated(SERIES[series]), periods)
    assert agrees(ours, theirs) is ((statistic, series) not in DIFFERENT), (ours, theirs)


def test_its_risk_free_rate_is_of_a_year_like_ours(quantstats: ModuleType) -> None:
    returns = SERIES["ordinary"]
    ours = fed(SharpeRatio(365, risk_free=0.05), returns).value
    assert agrees(ours, quantstats.sharpe(dated(returns), rf=0.05, periods=365))


def test_its_value_at_risk_is_that_of_a_normal_distribution_and_ours_of_the_returns_themselves(
    quantstats: ModuleType,
) -> None:
    """One crash in 60 quiet days: a VaR of 1.46 % by the bell curve, 1.00 % by what has happened."""
    returns = [0.001, -0.002, 0.002, -0.001, 0.003, -0.010] * 10
    returns[30] = -0.05
    ours, theirs = fed(ValueAtRisk(365), returns), quantstats.value_at_risk(dated(returns))
    assert theirs == pytest.approx(scipy_stats.norm.ppf(0.05, pd.Series(returns).mean(), pd.Series(returns).std()))
    assert theirs == pytest.approx(-0.014585, abs=1e-6)
    assert ours.value == pytest.approx(0.010)
    assert quantstats.cvar(dated(returns)) == pytest.approx(-0.017778, abs=1e-6)
    assert ours.expected_shortfall == pytest.approx(0.013636, abs=1e-6)  # the 11 lowest: 10 of -1 %, the crash
    assert agrees(ours.expected_shortfall, -quantstats.cvar(dated(returns), method="historical"))


def test_it_takes_returns_without_a_loss_for_prices_as_soon_as_one_doubles_the_account(
    quantstats: ModuleType,
) -> None:
    """All gains, one of 120 %: a drawdown of 96 %, and a Sharpe ratio below 0."""
    gains = [0.5, 1.2, 0.1, 0.05]
    theirs, ours = dated(gains), statistics_of(gains)
    assert quantstats.max_drawdown(theirs) == pytest.approx(0.05 / 1.2 - 1)
    assert ours["maximum drawdown"] == 0.0
    assert quantstats.sharpe(theirs, periods=365) == pytest.approx(-0.0859, abs=1e-4)
    assert ours["Sharpe ratio"] == pytest.approx(16.6306, abs=1e-4)
    # its ratio of what it took for price changes, with the skewness of the returns
    assert quantstats.probabilistic_sharpe_ratio(theirs) == pytest.approx(0.4969, abs=1e-4)
    assert ours["probabilistic Sharpe ratio"] == pytest.approx(0.9888, abs=1e-4)


def test_constant_returns_have_a_sharpe_ratio_of_5e16_there_and_none_here(quantstats: ModuleType) -> None:
    assert quantstats.sharpe(dated([0.01] * 30), periods=365) > 1e15
    assert statistics_of([0.01] * 30)["Sharpe ratio"] is None


def test_without_a_drawdown_its_calmar_ratio_is_an_error_and_ours_absent(quantstats: ModuleType) -> None:
    with pytest.raises(ZeroDivisionError):
        quantstats.calmar(dated([0.01, 0.02]))
    assert statistics_of([0.01, 0.02])["Calmar ratio"] is None


def test_without_a_loss_its_profit_factor_is_infinite_or_0_and_ours_absent(quantstats: ModuleType) -> None:
    assert quantstats.profit_factor(dated([0.01, 0.02])) == inf
    assert quantstats.profit_factor(dated([0.0, 0.0])) == 0.0
    assert statistics_of([0.01, 0.02])["profit factor"] is statistics_of([0.0, 0.0])["profit factor"] is None


def test_a_result_of_zero_is_no_trade_in_its_win_rate_and_a_scratch_in_ours(quantstats: ModuleType) -> None:
    assert quantstats.win_rate(dated([0.01, 0.0, 0.0, -0.01])) == 0.5
    assert statistics_of([0.01, 0.0, 0.0, -0.01])["win rate"] == 0.25


def test_a_zero_ends_a_run_of_losses_there_and_a_scratch_ends_none_here(quantstats: ModuleType) -> None:
    returns = [-0.01, -0.02, 0.0, -0.01, 0.03]
    assert quantstats.consecutive_losses(dated(returns)) == 2
    assert fed(Streak(-1), returns).value == 3


def test_its_year_has_252_days_unless_told_and_ours_365(quantstats: ModuleType) -> None:
    returns = SERIES["ordinary"]
    ours = statistics_of(returns)["Sharpe ratio"]
    assert ours == pytest.approx(quantstats.sharpe(dated(returns)) * (365 / 252) ** 0.5)


def test_without_a_loss_its_sortino_ratio_is_no_number_and_ours_absent(quantstats: ModuleType) -> None:
    assert isnan(quantstats.sortino(dated([0.01, 0.02])))
    assert statistics_of([0.01, 0.02])["Sortino ratio"] is None
