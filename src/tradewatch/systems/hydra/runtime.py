"""HYDRA's runtime, under the names of its founding document."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from tradewatch.ledger import SqliteAppender
from tradewatch.market.clock import Clock
from tradewatch.systems.hydra.cycle import Cycle
from tradewatch.systems.hydra.guardian.guardian import Guardian
from tradewatch.systems.hydra.paper_trader import PaperTrader
from tradewatch.systems.hydra.regime_detector import RegimeDetector
from tradewatch.systems.hydra.tournament import Tournament
from tradewatch.systems.hydra.vote_tracker import VoteTracker
from tradewatch.systems.running import RunTerms, Runtime, Stateful


class HydraRuntime(Runtime):
    """Runs HYDRA; its parts can be asked at any time, which changes nothing."""

    def __init__(  # noqa: PLR0913 - as `Runtime`
        self,
        appender: SqliteAppender,
        cycle: Cycle,
        clock: Clock,
        terms: RunTerms,
        parts: Mapping[str, Stateful],
        *,
        is_over: Callable[[], bool],
        is_real: bool = False,
        on_commit: Callable[[datetime], None] = lambda _: None,
    ) -> None:
        super().__init__(appender, cycle, clock, terms, parts, is_over=is_over, is_real=is_real, on_commit=on_commit)
        self._trader = cycle.trader
        self.paper_trader = PaperTrader(appender.path)
        """Tells what trades have come to: `get_stats_by_asset`, `get_stats_by_regime`, `get_overall_stats`."""

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
