"""Assets that have been without direction for too long."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

CHOPPY = "CHOPPY"
"""The regime that blocks an asset."""


class Choppiness:
    """Blocks an asset that has been CHOPPY for longer than a limit, until it is something else."""

    def __init__(self, limit: timedelta) -> None:
        self.blocked: set[str] = set()
        self._limit = limit
        self._since: dict[str, datetime] = {}

    def observe(self, now: datetime, regimes: Mapping[str, str]) -> tuple[list[str], list[str]]:
        """Take the regimes of assets, changed or not; an asset of which nothing is told is as it was.

        Return the assets that are blocked from now on, and those that no longer are.
        """
        for asset, regime in regimes.items():
            if regime == CHOPPY:
                self._since.setdefault(asset, now)
            else:
                self._since.pop(asset, None)
        late = {asset for asset, since in self._since.items() if now - since > self._limit}
        blocked, freed = sorted(late - self.blocked), sorted(self.blocked - late)
        self.blocked = late
        return blocked, freed

    def state(self) -> dict[str, Any]:  # Any: JSON's values
        """Return what `restore` needs."""
        since = {asset: moment.isoformat() for asset, moment in self._since.items()}
        return {"since": since, "blocked": sorted(self.blocked)}

    def restore(self, state: Mapping[str, Any]) -> None:  # Any: JSON's values
        """Go on exactly from where ``state`` was taken."""
        self._since = {asset: datetime.fromisoformat(moment) for asset, moment in state["since"].items()}
        self.blocked = set(state["blocked"])
