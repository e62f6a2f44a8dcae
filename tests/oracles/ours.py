"""Our statistics of a series of returns, by name, and when they agree with another's."""

from collections.abc import Iterable, Mapping
from math import isfinite, sqrt
from typing import Protocol, TypeVar

import pytest

from tradewatch.stats import (
    CompoundGrowth,
    Drawdown,
    Mean,
    Moments,
    Outcomes,
    PayoffRatio,
    ProbabilisticSharpeRatio,
    ProfitFactor,
    SharpeRatio,
    SortinoRatio,
    ValueAtRisk,
)

RELATIVE = 1e-9
ABSOLUTE = 1e-14  # what 1 + r keeps of a return


class _Updated(Protocol):
    def update(self, observation: float, /) -> None: ...


S = TypeVar("S", bound=_Updated)


def fed(statistic: S, observations: Iterable[float]) -> S:
    for observation in observations:
        statistic.update(float(observation))
    return statistic


def drawdown_of(returns: Iterable[float]) -> Drawdown:
    """Return the drawdown of an account that begins with 1, which is its first peak."""
    equity = 1.0
    drawdown = fed(Drawdown(), [equity])
    for simple_return in returns:
        equity *= 1 + simple_return
        drawdown.update(equity)
    return drawdown


def statistics_of(returns: Iterable[float], periods: int = 365) -> Mapping[str, float | None]:
    """Return all of them by name. Of growth it is the factor of a year, 1 + CAGR: what can be compared relatively."""
    returns = list(returns)
    moments, growth = fed(Moments(), returns), fed(CompoundGrowth(periods), returns).value
    risk, certainty = fed(ValueAtRisk(periods), returns), fed(ProbabilisticSharpeRatio(), returns)
    fall = drawdown_of(returns).value
    return {
        "Sharpe ratio": fed(SharpeRatio(periods), returns).value,
        "Sortino ratio": fed(SortinoRatio(periods), returns).value,
        "growth factor": None if growth is None else 1 + growth,
        "maximum drawdown": fall,
        "Calmar ratio": growth / fall if growth is not None and fall else None,
        "volatility": None if moments.value is None else moments.value * sqrt(periods),
        "skewness": moments.skewness,
        "kurtosis": moments.kurtosis,
        "VaR 95": risk.value,
        "CVaR 95": risk.expected_shortfall,
        "probabilistic Sharpe ratio": certainty.value,
        "minimum track record": certainty.minimum_track_record,
        "profit factor": fed(ProfitFactor(), returns).value,
        "win rate": fed(Outcomes(), returns).value,
        "payoff ratio": fed(PayoffRatio(), returns).value,
        "expectancy": fed(Mean(), returns).value,
    }


def agrees(ours: float | None, theirs: float, absolute: float = ABSOLUTE) -> bool:
    """Say whether two numbers are the same to a relative 1e-9; what is absent here must be no finite number there."""
    if ours is None:
        return not isfinite(theirs)
    return bool(ours == pytest.approx(theirs, rel=RELATIVE, abs=absolute))
