"""Systems that run and do not trade, because their own rules forbid it: who looks at them should know why."""

import re
from collections.abc import Iterator, Sequence

from tradewatch.stack import loopback
from tradewatch.stack.places import Places
from tradewatch.stack.records import Stack

_DRAWDOWNS = {"hydra": "hydra_total_drawdown_percent", "velocitytrader": "velocitytrader_current_drawdown"}
"""The metric of each system that can halt itself, in percent of the account's peak."""


def halts(stack: Stack, places: Places) -> Sequence[str]:
    """Return a sentence for each system of the demo that has halted its trading, with what ends that."""
    return list(_sentences(stack, places))


def _sentences(stack: Stack, places: Places) -> Iterator[str]:
    running = {member.name for member in stack.members}
    for system, drawdown in _DRAWDOWNS.items():
        page = loopback.fetch(f"{stack.ports.address(system)}/metrics") if system in running else None
        if page is not None and reading(page.decode(), f"{system}_trading_allowed") == 0:
            lost = reading(page.decode(), drawdown)
            yield sentence(system, lost, f"tradewatch guardian reset --ledger {places.ledger(system)}")


def reading(page: str, metric: str) -> float | None:
    r"""Return the value of a metric that has no labels; None when it is not on the page.

    >>> reading("# TYPE a gauge\na 0\nab 1\n", "a")
    0.0
    """
    found = re.search(rf"^{metric} (\S+)", page, re.MULTILINE)
    return None if found is None else float(found[1])


def sentence(system: str, drawdown: float | None, command: str) -> str:
    """Return that a system trades no more; ``drawdown`` in percent."""
    lost = "" if drawdown is None else f", {drawdown:.1f} % below its peak"
    return (
        f"{system} runs, but its own limits have halted its trading{lost}. A halt after losses in a row, or for the "
        f"rest of a day, ends by itself; one for the drawdown waits for a person: `{command}`"
    )
