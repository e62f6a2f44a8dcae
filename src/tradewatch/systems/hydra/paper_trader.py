"""What HYDRA's trades have come to: the statistics behind its metrics, for programs that ask the runtime."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tradewatch.book import Book, Follower, Moment, Reading, moment_of, read
from tradewatch.catalog import Kind, Metric, distributions
from tradewatch.systems.hydra.metrics import HYDRA

Stats = dict[str, float]
"""Numbers by name, on the scale of the gauges: percent where the name or the metric says so."""

# Any in this file: a number, or numbers by name.

_PREFIX = "hydra_"
_BY_NAME = {metric.name: metric for metric in HYDRA.metrics}
_DIVIDED = {
    label: {name: _BY_NAME[f"{_PREFIX}{label}_{name}"] for name in ("pnl_percent", "win_rate", "trade_count")}
    for label in ("asset", "regime")
}
_OVERALL = tuple(metric for metric in HYDRA.metrics if not metric.labels and metric.kind is Kind.GAUGE)


class PaperTrader:
    """Reads the ledger that the runtime writes, as an exporter does; so its numbers are those of the metrics.

    What is undefined is left out. The first question folds the whole ledger, later ones what is new since; asking
    changes nothing. Raises `SourceError` when the ledger cannot be read.
    """

    def __init__(self, ledger: Path) -> None:
        self._follower = Follower(ledger, HYDRA.name, lambda amended: Book(HYDRA.kept, amended))

    def get_stats_by_asset(self) -> dict[str, Stats]:
        """Return of each asset ``pnl_percent``, ``win_rate``, ``trade_count``."""
        return self._stats_by("asset")

    def get_stats_by_regime(self) -> dict[str, Stats]:
        """Return of each regime, as it was when trades were opened, ``pnl_percent``, ``win_rate``, ``trade_count``."""
        return self._stats_by("regime")

    def get_overall_stats(self) -> dict[str, Any]:
        """Return the gauges without labels that are about trades and the account, by name without ``hydra_``.

        Among them ``sharpe_ratio``, ``avg_risk_reward``, ``profit_factor``, ``closed_trades``. ``trade_distribution``:
        how many trades made so much, by the upper bound of a P&L in account currency.
        """
        moment = self._moment()
        if moment is None:
            return {}
        found: dict[str, Any] = {
            metric.name.removeprefix(_PREFIX): reading.value for metric, reading in _readings(moment)
        }
        return found | {"trade_distribution": _distribution(moment)}

    def _stats_by(self, label: str) -> dict[str, Stats]:
        moment, found = self._moment(), dict[str, Stats]()
        for name, metric in _DIVIDED[label].items() if moment else ():
            for (value_of_label,), value in _scaled(moment, metric):
                found.setdefault(value_of_label, {})[name] = value
        return found

    def _moment(self) -> Moment | None:
        """Return the newest the ledger tells; None before its first fact."""
        self._follower.catch_up()
        newest = self._follower.book.time
        return None if newest is None else moment_of(self._follower.book, newest)


def _readings(moment: Moment) -> Iterator[tuple[Metric, Reading]]:
    for metric in _OVERALL:
        for reading in _scaled(moment, metric):
            yield metric, reading


def _scaled(moment: Moment | None, metric: Metric) -> Iterator[Reading]:
    if moment is not None:
        for labels, value in read(moment, metric.concept, metric.dimensions):
            yield Reading(labels, value * metric.unit.scale)


def _distribution(moment: Moment) -> dict[str, int]:
    """Return the trades in each bucket alone."""
    below, found = 0, dict[str, int]()
    for (bound,), count in read(moment, distributions.TRADE_PROFIT, ()):
        found[bound], below = int(count) - below, int(count)
    return found
