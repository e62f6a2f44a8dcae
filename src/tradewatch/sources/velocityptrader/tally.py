"""What became of the rows of a database that is followed."""

from dataclasses import dataclass, field

from tradewatch.sources.gathering import BadRows


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of rows; ``new``: trades told or closed, ``still_open``: those of them without a closing."""

    new: int = 0
    still_open: int = 0
    repeated: int = 0
    corrected: int = 0
    voided: int = 0
    errors: int = 0
    bad_rows: BadRows = field(default_factory=BadRows)

    @property
    def changes(self) -> int:
        """How many facts were news to the ledger, but for a trade's opening beside its closing."""
        return self.new + self.corrected + self.voided + self.errors
