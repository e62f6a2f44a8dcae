"""What reached the book, and what did not."""

from collections import Counter

from tradewatch.facts import FactsDropped, FactsRefused


class Intake:
    """Counts facts by kind, and the ones lost on the way by kind and reason."""

    def __init__(self) -> None:
        self.folded: Counter[str] = Counter()
        self.refused: Counter[tuple[str, str]] = Counter()
        self.dropped: Counter[tuple[str, str]] = Counter()

    @property
    def total(self) -> int:
        """How many facts were folded."""
        return self.folded.total()

    def refuse(self, fact: FactsRefused) -> None:
        """Take the news that facts were not valid."""
        self.refused[fact.fact_kind, fact.reason] += fact.count

    def drop(self, fact: FactsDropped) -> None:
        """Take the news that facts were lost before they were written."""
        self.dropped[fact.fact_kind, fact.reason] += fact.count
