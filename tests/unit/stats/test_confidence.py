"""The quantiles that are written down are those of the normal distribution."""

from statistics import NormalDist

from tradewatch.stats import outcomes, probabilistic_sharpe_ratio


def test_they_are_what_python_computes() -> None:
    assert NormalDist().inv_cdf(0.975) == outcomes._Z  # noqa: SLF001 - a number that nobody else needs
    assert NormalDist().inv_cdf(0.95) == probabilistic_sharpe_ratio._CONFIDENT  # noqa: SLF001
