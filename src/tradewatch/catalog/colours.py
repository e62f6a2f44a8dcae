"""One colour for each entity, on every dashboard."""

from collections.abc import Mapping

from tradewatch.catalog.view import Meaning, Threshold

GOOD, NEUTRAL, WARNING, BAD, UNKNOWN = "#73BF69", "#5794F2", "#FF9830", "#F2495C", "#8E8E8E"

_OUTCOMES = {"win": GOOD, "loss": BAD, "scratch": UNKNOWN}
_DIRECTIONS = {"BUY": "#37872D", "SELL": "#C4162A", "HOLD": UNKNOWN}
_AGENTS = {"berserker": "#E02F44", "sniper": "#3274D9"}
_ENGINES = {"A": "#5794F2", "B": "#B877D9", "C": "#FF9830", "D": "#56A64B"}
_REGIMES = {
    "CHAOTIC": "#E02F44",
    "UNDERDAMPED": "#FF9830",
    "CRITICALLY_DAMPED": "#56A64B",
    "OVERDAMPED": "#3274D9",
    "TRENDING_UP": "#37872D",
    "TRENDING_DOWN": "#C4162A",
    "RANGING": "#5794F2",
    "VOLATILE": "#B877D9",
    "CHOPPY": "#8E8E8E",
    "UNKNOWN": "#4A4A4A",
}
_SEVERITIES = {
    "critical": BAD,
    "high": WARNING,
    "medium": "#FADE2A",
    "low": NEUTRAL,
    "warning": WARNING,
    "info": NEUTRAL,
}

ENTITIES: Mapping[str, Mapping[str, str]] = {
    "outcome": _OUTCOMES,
    "direction": _DIRECTIONS,
    "agent": _AGENTS,
    "engine": _ENGINES,
    "regime": _REGIMES,
    "from": _REGIMES,
    "to": _REGIMES,
    "severity": _SEVERITIES,
}
"""A label to the colours of its values that are known; others get theirs from their name, the same everywhere."""

LINES: Mapping[str, str] = {
    "equity": NEUTRAL,
    "balance": "#8AB8FF",
    "peak": UNKNOWN,
    "current": WARNING,
    "maximum": BAD,
    "daily": "#FADE2A",
    "limit": BAD,
    "wins": GOOD,
    "losses": BAD,
}
"""The name of a line that is no label's value to its colour."""

YES_GOOD: Mapping[int, Meaning] = {1: Meaning("yes", GOOD), 0: Meaning("no", BAD)}
YES_BAD: Mapping[int, Meaning] = {0: Meaning("no", GOOD), 1: Meaning("YES", BAD)}
UP_DOWN: Mapping[int, Meaning] = {1: Meaning("up", GOOD), 0: Meaning("DOWN", BAD)}
RUNNING: Mapping[int, Meaning] = {1: Meaning("running", GOOD), 0: Meaning("STOPPED", BAD)}

SIGN = (Threshold(None, BAD), Threshold(0, GOOD))
"""Money: below zero is bad."""


def rising(warning: float, bad: float) -> tuple[Threshold, ...]:
    """Return thresholds for what is worse the higher it is."""
    return (Threshold(None, GOOD), Threshold(warning, WARNING), Threshold(bad, BAD))


def falling(bad: float, warning: float) -> tuple[Threshold, ...]:
    """Return thresholds for what is worse the lower it is: bad below ``bad``, good from ``warning`` on."""
    return (Threshold(None, BAD), Threshold(bad, WARNING), Threshold(warning, GOOD))


def states(codes: Mapping[str, int]) -> Mapping[int, Meaning]:
    """Return what the numbers of regimes mean, in the colours of its names."""
    return {code: Meaning(name, _REGIMES[name]) for name, code in codes.items()}


PLAIN = (Threshold(None, NEUTRAL),)
"""A number that is neither good nor bad."""
