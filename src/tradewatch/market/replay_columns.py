"""Which column of a file of prices is which."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tradewatch.errors import ConfigurationError
from tradewatch.market.replay_values import Refusal, moment, number

NAMES: Mapping[str, tuple[str, ...]] = {
    "time": ("time", "timestamp", "date", "datetime", "open_time", "close_time"),
    "open": ("open",),
    "high": ("high",),
    "low": ("low",),
    "close": ("close",),
    "volume": ("volume", "vol", "tick_volume"),
    "spread": ("spread",),
    "bid": ("bid",),
    "ask": ("ask",),
    "asset": ("asset", "symbol", "pair", "ticker"),
}
"""Our name to the names that are recognised, in any case; the first one that is there is taken."""

BAR = ("time", "open", "high", "low", "close")
TICK = ("time", "bid", "ask")
_BARE_BAR = (*BAR, "volume")
_BARE_TICK = (*TICK, "volume")


class Layout(NamedTuple):
    """Where each of our columns is. ``width``: of every row; ``named``: whether the first row names them."""

    positions: Mapping[str, int]
    width: int
    named: bool

    @property
    def has_ticks(self) -> bool:
        """Whether its rows are quotes and not bars."""
        return "open" not in self.positions


def layout(path: Path, first: Sequence[object]) -> Layout:
    """Return the layout that a first row tells: by names, or, if it begins with a time and numbers, by order.

    The order is time, open, high, low, close, volume, and whatever follows is left; or time, bid, ask, volume. Raises
    `ConfigurationError` for any other.
    """
    if _is_data(first):
        order = _BARE_TICK if len(first) < len(BAR) else _BARE_BAR
        return Layout({name: at for at, name in enumerate(order[: len(first)])}, len(first), named=False)
    names = [str(name).strip().strip("<>").casefold() for name in first]
    positions = {ours: names.index(each) for ours, each in _found(names)}
    if not (_has(positions, BAR) or _has(positions, TICK)):
        raise _unknown(path, names)
    return Layout(positions, len(names), named=True)


def _is_data(first: Sequence[object]) -> bool:
    zoneless = Refusal.TIME_WITHOUT_ZONE
    is_time = len(first) >= len(TICK) and moment(first[0], None) not in set(Refusal) - {zoneless}
    return is_time and not any(isinstance(number(cell), Refusal) for cell in first[1:3])


def _found(names: Sequence[str]) -> list[tuple[str, str]]:
    found = ((ours, next((each for each in theirs if each in names), None)) for ours, theirs in NAMES.items())
    return [(ours, each) for ours, each in found if each is not None]


def _has(positions: Mapping[str, int], wanted: Sequence[str]) -> bool:
    return all(name in positions for name in wanted)


def _unknown(path: Path, names: Sequence[str]) -> ConfigurationError:
    message = (
        f"{path} has the columns {', '.join(names) or 'of an empty line'}, in which bars or ticks are not recognised: "
        f"name them {', '.join(BAR)}, or {', '.join(TICK)}"
    )
    return ConfigurationError(message)
