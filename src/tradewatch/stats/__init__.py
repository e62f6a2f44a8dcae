"""Streaming statistics, one file each: update, merge, value. They know no file, clock or log."""

from tradewatch.stats.compound_growth import CompoundGrowth
from tradewatch.stats.count import Count
from tradewatch.stats.drawdown import Drawdown
from tradewatch.stats.exact_sum import ExactSum
from tradewatch.stats.extreme import Largest, Smallest
from tradewatch.stats.histogram import Histogram
from tradewatch.stats.largest_fall import LargestFall
from tradewatch.stats.mean import Mean
from tradewatch.stats.moments import Moments
from tradewatch.stats.outcomes import Outcomes
from tradewatch.stats.payoff_ratio import PayoffRatio
from tradewatch.stats.probabilistic_sharpe_ratio import ProbabilisticSharpeRatio
from tradewatch.stats.profit_factor import ProfitFactor
from tradewatch.stats.sharpe_ratio import SharpeRatio
from tradewatch.stats.sortino_ratio import SortinoRatio
from tradewatch.stats.statistic import Statistic
from tradewatch.stats.streak import Streak
from tradewatch.stats.time_below_peak import TimeBelowPeak
from tradewatch.stats.value_at_risk import ValueAtRisk
from tradewatch.stats.window import Window

__all__ = [
    "CompoundGrowth",
    "Count",
    "Drawdown",
    "ExactSum",
    "Histogram",
    "Largest",
    "LargestFall",
    "Mean",
    "Moments",
    "Outcomes",
    "PayoffRatio",
    "ProbabilisticSharpeRatio",
    "ProfitFactor",
    "SharpeRatio",
    "Smallest",
    "SortinoRatio",
    "Statistic",
    "Streak",
    "TimeBelowPeak",
    "ValueAtRisk",
    "Window",
]
