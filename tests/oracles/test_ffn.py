"""ffn: where it agrees with our statistics to a relative 1e-9, and each convention that differs."""

from collections.abc import Callable, Mapping
from math import inf, isnan
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from tests.oracles.ours import agrees, fed, statistics_of
from tests.oracles.series import SERIES, dated
from tradewatch.stats import SharpeRatio

pytestmark = pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")

# Any: the library is untyped.
Judge = Callable[[Any, "pd.Series[float]", int], float]

JUDGES: Mapping[str, Judge] = {
    "Sharpe ratio": lambda ffn, returns, n: ffn.calc_sharpe(returns, nperiods=n),
    "Sortino ratio": lambda ffn, returns, n: ffn.calc_sortino_ratio(returns, nperiods=n),
    "maximum drawdown": lambda ffn, returns, _: -ffn.calc_max_drawdown(ffn.to_price_index(returns)),
}


@pytest.mark.parametrize("periods", [365, 261])
@pytest.mark.parametrize("series", SERIES)
@pytest.mark.parametrize("statistic", JUDGES)
def test_our_statistics_are_those_of_ffn(ffn: ModuleType, statistic: str, series: str, periods: int) -> None:
    ours = statistics_of(SERIES[series], periods)[statistic]
    theirs = JUDGES[statistic](ffn, dated(SERIES[series]), periods)
    assert agrees(ours, theirs), (ours, theirs)


def test_its_risk_free_rate_is_of_a_year_like_ours(ffn: ModuleType) -> None:
    returns = SERIES["ordinary"]
    ours = fed(SharpeRatio(365, risk_free=0.05), returns).value
    assert agrees(ours, ffn.calc_sharpe(dated(returns), rf=0.05, nperiods=365))


def test_it_misses_a_loss_on_the_first_day_of_equity_at_day_ends(ffn: ModuleType) -> None:
    """Its first price is its start. An account that begins with 100 ends its first day at 80, its second at 88."""
    at_day_ends = dated([80.0, 88.0])
    assert ffn.calc_max_drawdown(at_day_ends) == 0.0
    assert ffn.calc_total_return(at_day_ends) == pytest.approx(0.10)
    ours = statistics_of([-0.2, 0.1])
    assert ours["maximum drawdown"] == pytest.approx(0.20)
    assert ours["growth factor"] == pytest.approx(0.88 ** (365 / 2))


def test_its_years_are_calendar_time_of_365_and_a_quarter_days_and_ours_returns_by_n(ffn: ModuleType) -> None:
    prices = ffn.to_price_index(dated([0.01] * 10))
    assert 1 + ffn.calc_cagr(prices) == pytest.approx(1.01**365.25)
    assert statistics_of([0.01] * 10)["growth factor"] == pytest.approx(1.01**365)


def test_without_a_drawdown_its_calmar_ratio_is_infinite_and_ours_absent(ffn: ModuleType) -> None:
    assert ffn.calc_calmar_ratio(ffn.to_price_index(dated([0.01, 0.02]))) == inf
    assert statistics_of([0.01, 0.02])["Calmar ratio"] is None


def test_without_a_loss_its_sortino_ratio_is_infinite_and_ours_absent(ffn: ModuleType) -> None:
    assert ffn.calc_sortino_ratio(dated([0.01, 0.02]), nperiods=365) == inf
    assert statistics_of([0.01, 0.02])["Sortino ratio"] is None


def test_constant_returns_have_no_sharpe_ratio_there_or_here(ffn: ModuleType) -> None:
    """Older versions said 2.4e16."""
    assert isnan(ffn.calc_sharpe(dated([0.01] * 30), nperiods=365))
    assert statistics_of([0.01] * 30)["Sharpe ratio"] is None


def test_returns_that_are_constant_but_for_rounding_have_a_sharpe_ratio_of_1e15_there(ffn: ModuleType) -> None:
    returns = dated([1000 * 1.01**day for day in range(31)]).pct_change().dropna()
    assert ffn.calc_sharpe(returns, nperiods=365) > 1e14
    assert statistics_of(returns)["Sharpe ratio"] is None
