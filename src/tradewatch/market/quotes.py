"""What somebody would buy and sell for now."""

from datetime import datetime
from typing import NamedTuple


class Quote(NamedTuple):
    """The best bid and ask of an asset at ``time`` (aware UTC). Equal ones are a locked quote, which is valid."""

    asset: str
    time: datetime
    bid: float
    ask: float

    @property
    def mid(self) -> float:
        """Half-way between bid and ask."""
        return (self.bid + self.ask) / 2

    @property
    def spread(self) -> float:
        """Ask - bid, in price."""
        return self.ask - self.bid
