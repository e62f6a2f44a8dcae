"""SciPy, NumPy and the published formulas: moments, quantiles, the interval of a win rate, how sure a ratio is."""

from collections.abc import Sequence
from math import sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from tests.oracles.ours import agrees, fed, statistics_of
from tests.oracles.series import SERIES
from tests.support.definitions import checks
from tradewatch.catalog import concepts
from tradewatch.stats import Mean, Moments, Outcomes, PayoffRatio, ProbabilisticSharpeRatio, ProfitFactor, ValueAtRisk

VARIED = [name for name, returns in SERIES.items() if len(returns) > 3 and np.ptp(returns) > 0]


@pytest.mark.parametrize("series", VARIED)
def test_skewness_and_kurtosis_are_those_of_scipy_bias_corrected(series: str) -> None:
    moments = fed(Moments(), SERIES[series])
    assert agrees(moments.skewness, float(scipy_stats.skew(SERIES[series], bias=False)))
    assert agrees(moments.kurtosis, float(scipy_stats.kurtosis(SERIES[series], bias=False, fisher=False)))


def test_population_kurtosis_is_another_number() -> None:
    """What the formula of the probabilistic Sharpe ratio is sometimes fed with."""
    returns = [0.01, -0.02, 0.03, 0.0, -0.01, 0.05]
    assert fed(Moments(), returns).kurtosis == pytest.approx(2.3512, abs=1e-4)
    assert scipy_stats.kurtosis(returns, fisher=False) == pytest.approx(1.9204, abs=1e-4)


@given(returns=st.lists(st.floats(-0.9, 2.0).map(lambda each: round(each, 4)), min_size=4, max_size=60))
def test_so_they_are_on_any_returns(returns: list[float]) -> None:
    assume(np.ptp(returns) > 0)
    moments = fed(Moments(), returns)
    assert agrees(moments.value, float(np.std(returns, ddof=1)))
    assert agrees(moments.skewness, float(scipy_stats.skew(returns, bias=False)), absolute=1e-9)
    assert agrees(moments.kurtosis, float(scipy_stats.kurtosis(returns, bias=False, fisher=False)), absolute=1e-9)


@checks(concepts.VALUE_AT_RISK_SHARE, concepts.EXPECTED_SHORTFALL_SHARE, within="1e-9 relative")
@given(
    returns=st.lists(st.floats(-1.0, 1.0).map(lambda each: round(each, 3)), min_size=20, max_size=200),
    window=st.integers(20, 60),
)
def test_value_at_risk_is_a_quantile_of_type_7_and_the_mean_at_or_below_it(returns: list[float], window: int) -> None:
    risk, trailing = fed(ValueAtRisk(window), returns), np.array(returns[-window:])
    quantile = np.quantile(trailing, 0.05, method="linear")
    assert agrees(risk.value, max(0.0, -quantile))
    assert agrees(risk.expected_shortfall, max(0.0, -float(trailing[trailing <= quantile].mean())))


@pytest.mark.parametrize("days", [20, 21, 41, 60, 261, 365])
def test_the_tail_holds_the_return_at_the_quantile_itself(days: int) -> None:
    """With 21, 41, 261 returns the quantile is one of them: strictly below it would be another tail."""
    returns = [float(each) / 1000 for each in np.random.default_rng(days).permutation(days) - days // 2]
    quantile = np.quantile(returns, 0.05)
    tail = [each for each in returns if each <= quantile]
    assert fed(ValueAtRisk(365), returns).expected_shortfall == pytest.approx(-float(np.mean(tail)), rel=1e-9)


@checks(concepts.WIN_RATE, concepts.WIN_RATE_LOWEST, concepts.WIN_RATE_HIGHEST, within="1e-9 relative")
@given(wins=st.integers(0, 10_000), others=st.integers(0, 10_000))
def test_the_interval_of_the_win_rate_is_wilsons(wins: int, others: int) -> None:
    assume(wins + others > 0)
    outcomes = Outcomes()
    outcomes.wins, outcomes.losses = wins, others
    theirs = scipy_stats.binomtest(wins, wins + others).proportion_ci(confidence_level=0.95, method="wilson")
    assert outcomes.interval == pytest.approx((theirs.low, theirs.high), rel=1e-9, abs=1e-14)
    assert outcomes.value == wins / (wins + others)


def bailey_and_lopez_de_prado(returns: Sequence[float]) -> tuple[float, float]:
    """Return PSR(0) and MinTRL at 95 % as "The Sharpe Ratio Efficient Frontier" (2012) writes them."""
    n = len(returns)
    ratio = np.mean(returns) / np.std(returns, ddof=1)
    skewness = scipy_stats.skew(returns, bias=False)
    kurtosis = scipy_stats.kurtosis(returns, bias=False, fisher=False)
    variance = 1 - skewness * ratio + (kurtosis - 1) / 4 * ratio**2
    probability = scipy_stats.norm.cdf(ratio * sqrt(n - 1) / sqrt(variance))
    return float(probability), float(1 + variance * (scipy_stats.norm.ppf(0.95) / ratio) ** 2)


@checks(concepts.PROBABILISTIC_SHARPE_RATIO, concepts.MINIMUM_TRACK_RECORD, within="1e-9 relative")
@pytest.mark.parametrize("series", VARIED)
def test_how_sure_a_sharpe_ratio_is(series: str) -> None:
    certainty = fed(ProbabilisticSharpeRatio(), SERIES[series])
    probability, track_record = bailey_and_lopez_de_prado(SERIES[series])
    assert certainty.value == pytest.approx(probability, rel=1e-9, abs=0)
    if np.mean(SERIES[series]) > 0:
        assert certainty.minimum_track_record == pytest.approx(track_record, rel=1e-9)
    else:
        assert certainty.minimum_track_record is None


def test_a_hopeless_ratio_has_a_tiny_probability_and_not_none() -> None:
    assert 0 < (fed(ProbabilisticSharpeRatio(), SERIES["all losses"]).value or 0) < 1e-18


def test_after_the_minimum_track_record_one_is_95_percent_sure() -> None:
    """The same returns over and over: the probability passes 95 % where the formula says."""
    pattern = [0.02, -0.015, 0.01, -0.01, 0.005]
    sure = [times for times in range(1, 200) if (fed(ProbabilisticSharpeRatio(), pattern * times).value or 0) >= 0.95]
    record = fed(ProbabilisticSharpeRatio(), pattern * sure[0]).minimum_track_record
    assert record == pytest.approx(5 * sure[0], abs=5)


@given(pnl=st.lists(st.floats(-1e6, 1e6).map(lambda each: round(each, 2)), min_size=1, max_size=60))
def test_sums_of_trades_are_those_of_numpy(pnl: list[float]) -> None:
    values = np.array(pnl)
    wins, losses = values[values > 0], values[values < 0]
    assert agrees(fed(Mean(), pnl).value, float(values.mean()), absolute=1e-9)
    assert fed(ProfitFactor(), pnl).value == (pytest.approx(wins.sum() / -losses.sum()) if len(losses) else None)
    both = len(wins) and len(losses)
    assert fed(PayoffRatio(), pnl).value == (pytest.approx(wins.mean() / -losses.mean()) if both else None)
    assert fed(Outcomes(), pnl).value == len(wins) / len(values)


def test_below_the_fewest_returns_each_statistic_is_absent() -> None:
    assert statistics_of([0.01])["volatility"] is None
    assert statistics_of([0.01, 0.02])["skewness"] is None
    assert statistics_of([0.01, 0.02, 0.04])["kurtosis"] is None
    assert statistics_of([0.01, 0.02, 0.04])["probabilistic Sharpe ratio"] is None
    assert statistics_of([0.01, -0.01] * 9)["VaR 95"] is None
    assert statistics_of([0.01, -0.01] * 10)["VaR 95"] is not None
