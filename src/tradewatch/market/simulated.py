"""A market that is made up, and says so: seeded, with regimes, bursts, jumps and moving spreads."""

from datetime import datetime, timedelta

from tradewatch.market.instruments import Instruments
from tradewatch.market.made_daily import MadeDaily
from tradewatch.market.simulated_symbol import HiddenState, SimulatedSymbol, SymbolState

WARM_UP = timedelta(days=14)
"""Enough for 300 bars of an hour."""


class SimulatedFeed(MadeDaily[SymbolState]):
    """A market of symbols that each go from one behaviour to another; see `MadeDaily` for the parameters.

    A symbol's bars depend on the seed, its own terms and its group's common factor: other symbols change nothing.
    """

    def __init__(
        self,
        instruments: Instruments,
        *,
        seed: int,
        start: datetime,
        days: float | None = None,
        warm_up: timedelta = WARM_UP,
    ) -> None:
        self._simulated = {name: SimulatedSymbol(each, seed) for name, each in instruments.items()}
        super().__init__(instruments, self._simulated, seed=seed, start=start, days=days, warm_up=warm_up)

    def hidden_state(self, asset: str) -> HiddenState:
        """Return what the simulation was really in during the newest bar.

        Before the first bar it is what the day begins with. Raises `KeyError` for an unknown asset.
        """
        return self._simulated[asset].hidden(max(0, self._minute - 1))
