"""HYDRA's runtime, under the names of its founding document."""

from collections.abc import Sequence
from typing import Any

from tradewatch.systems.hydra.cycle import Cycle
from tradewatch.systems.hydra.guardian import Guardian
from tradewatch.systems.hydra.regime_detector import RegimeDetector
from tradewatch.systems.hydra.tournament import Tournament
from tradewatch.systems.hydra.vote_tracker import VoteTracker
from tradewatch.systems.running import Runtime


class HydraRuntime(Runtime):
    """Runs HYDRA; its parts can be asked at any time, which changes nothing."""

    def __init__(self, appender: Any, cycle: Cycle, *about: Any, **more: Any) -> None:  # noqa: ANN401 - as `Runtime`
        super().__init__(appender, cycle, *about, **more)
        self._trader = cycle.trader

    @property
    def assets(self) -> Sequence[str]:
        """What is traded."""
        return self._trader.assets

    @property
    def regime_detector(self) -> RegimeDetector:
        """Tells the regime and the indicators of each asset: `detect_regime`."""
        return self._trader.detector

    @property
    def guardian(self) -> Guardian:
        """Says what may be traded: `get_status`."""
        return self._trader.guardian

    @property
    def tournament_tracker(self) -> Tournament:
        """Ranks the engines: `get_engine_stats`."""
        return self._trader.tournament

    @property
    def vote_tracker(self) -> VoteTracker:
        """Remembers the rounds: `get_voting_history`."""
        return self._trader.votes
