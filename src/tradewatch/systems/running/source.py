"""What a run is made of, whatever the system: where prices come from, and the account."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tradewatch.facts import Mode
from tradewatch.market.bars import Timeframe
from tradewatch.market.instruments import Instruments
from tradewatch.market.terminal import Terminal
from tradewatch.systems.running.stateful import Stateful


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a system trades. ``timeframes``: those there are prices for, from the shortest, which they come in."""

    seed: int = 0
    starting_equity: float = 10_000.0
    currency: str = "USD"
    timeframes: Sequence[Timeframe] = tuple(Timeframe)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where prices come from. ``name``: of the connection in facts.

    ``terminal_state``: the terminal again, if it goes on from a state; None for a real one. ``is_over``: whether there
    will be no more prices.
    """

    terminal: Terminal
    instruments: Instruments
    mode: Mode
    label: str
    is_over: Callable[[], bool] = lambda: False
    terminal_state: Stateful | None = None
    name: str = "mt5"

    @property
    def is_real(self) -> bool:
        """Whether the terminal is one that a run cannot be repeated with."""
        return self.terminal_state is None
