"""Streaming statistics, one file each: update, merge, value. They know no file, clock or log."""

from tradewatch.stats.count import Count
from tradewatch.stats.drawdown import Drawdown
from tradewatch.stats.exact_sum import ExactSum
from tradewatch.stats.mean import Mean
from tradewatch.stats.outcomes import Outcomes
from tradewatch.stats.profit_factor import ProfitFactor
from tradewatch.stats.statistic import Statistic

__all__ = ["Count", "Drawdown", "ExactSum", "Mean", "Outcomes", "ProfitFactor", "Statistic"]
