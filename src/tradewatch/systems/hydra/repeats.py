"""What happens at bar after bar, as the error of a broken engine or a refusal: told at once, then once an hour."""

from datetime import datetime, timedelta
from typing import Any

AGAIN_AFTER = timedelta(hours=1)

# Any in this file: a state is what `state` of the same version returned, in JSON's values.


class Repeats:
    """Lets the first of its kind pass, and after an hour the next one; a kind is any texts.

    >>> from datetime import UTC
    >>> repeats, noon = Repeats(), datetime(2026, 1, 1, 12, tzinfo=UTC)
    >>> [repeats.take(noon + timedelta(minutes=minutes), "engine/X") for minutes in (0, 1, 2, 60)]
    [0, None, None, 2]
    """

    def __init__(self) -> None:
        self._told: dict[tuple[str, ...], tuple[datetime, int]] = {}

    def take(self, now: datetime, *kind: str) -> int | None:
        """Return how many of the kind were passed over since the last one that was told; None to pass over this one."""
        last, silent = self._told.get(kind, (None, 0))
        if last is not None and now - last < AGAIN_AFTER:
            self._told[kind] = (last, silent + 1)
            return None
        self._told[kind] = (now, 0)
        return silent

    def state(self) -> list[Any]:
        """Return what `restore` needs."""
        return [[list(kind), last.isoformat(), silent] for kind, (last, silent) in self._told.items()]

    def restore(self, state: list[Any]) -> None:
        """Go on from where ``state`` was taken."""
        self._told = {tuple(kind): (datetime.fromisoformat(last), silent) for kind, last, silent in state}
