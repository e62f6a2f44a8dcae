"""What was found out about a panel or a rule."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Whether a panel or rule has what it needs."""

    FOUND = "found"
    DECLARED = "empty, as it may be"
    ONLY_SCRAPED = "asks about scraping: not in a history"
    EMPTY = "empty"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``where``: a dashboard or file of rules; ``what``: its panel or rule; ``series``: how many it found, of all.

    ``reason``: why it is empty or what the server said. ``without``: choices of a variable with which it is empty.
    """

    where: str
    what: str
    series: int
    verdict: Verdict
    reason: str = ""
    without: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to mend."""
        return self.verdict in {Verdict.FOUND, Verdict.DECLARED, Verdict.ONLY_SCRAPED}
