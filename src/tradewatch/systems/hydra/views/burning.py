"""The guardian's daily loss limit as an error budget: how fast it burns, so that a warning comes before the limit.

A burn of 1 uses the whole budget in a day. The long window says that it is more than noise, the short one that it is
still going on: B. Beyer et al. (2018), The Site Reliability Workbook, chapter 5.
"""

from tradewatch.catalog.query import Query, at_least, delta, recorded
from tradewatch.catalog.rule import Recording
from tradewatch.catalog.scope import scope_of
from tradewatch.systems.hydra.views.asking import METRICS, PREFIX

_HOURS_A_DAY = 24
_ask = scope_of(PREFIX, METRICS)

FAST_BURN = 6
"""A quarter of the day's budget within the hour."""
SLOW_BURN = 2
"""Half of the day's budget within six hours."""


def _burn(window: str, windows_a_day: float) -> Recording:
    used = at_least(delta(_ask("loss_budget_used_ratio"), window), 0) * windows_a_day
    return Recording(name=f"hydra:loss_budget_burn:{window}", query=used)


_SHORT = _burn("10m", _HOURS_A_DAY * 6)
_LONG = _burn("1h", _HOURS_A_DAY)
_SLOW_SHORT = _burn("30m", _HOURS_A_DAY * 2)
_SLOW_LONG = _burn("6h", _HOURS_A_DAY / 6)

RECORDINGS = (_SHORT, _LONG, _SLOW_SHORT, _SLOW_LONG)


def _kept(recording: Recording) -> Query:
    return recorded(recording.name, recording.query)


BURN_SHORT, BURN_LONG = _kept(_SHORT), _kept(_LONG)
BURN_SLOW_SHORT, BURN_SLOW_LONG = _kept(_SLOW_SHORT), _kept(_SLOW_LONG)
