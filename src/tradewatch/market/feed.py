"""What every source of one-minute bars is, be it simulated, replayed or live."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from tradewatch.market.bars import Bar
from tradewatch.market.instruments import Instruments


class Feed(Protocol):
    """Closed bars of several assets, in order of time; those of one time in a fixed order of assets.

    Some lie before the moment the trading starts, to warm indicators up. Nothing that comes later changes what came
    before, and the same parameters bring the same bars.
    """

    instruments: Instruments
    """The terms of every asset it has."""

    start: datetime
    """When trading starts, aware UTC; earlier bars are there to warm up on."""

    @property
    def is_over(self) -> bool:
        """Whether there will be no more bars."""

    def advance(self, until: datetime) -> Sequence[Bar]:
        """Return the bars that closed since the last call and not after ``until``.

        Raises `tradewatch.errors.SourceError` when its file or its connection fails.
        """

    def state(self) -> object:
        """Return what `restore` needs to go on from here: plain lists, numbers, texts and mappings."""

    def restore(self, state: object) -> None:
        """Go on from where ``state`` was taken, with exactly the bars that would have followed."""
