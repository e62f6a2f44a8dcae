"""What is measured: the idea behind a number, whatever system it is published for."""

from dataclasses import dataclass
from enum import Enum


class Unit(Enum):
    """What a number counts in, and the factor from the inside (base units) to the page."""

    COUNT = ("", 1.0)
    MONEY = ("the account's currency", 1.0)
    PRICE = ("the instrument's quote currency", 1.0)
    RATIO = ("0 to 1", 1.0)
    PERCENT = ("percent, 0 to 100", 100.0)
    TIMES = ("a multiple", 1.0)
    SECONDS = ("seconds", 1.0)
    STATE = ("1 yes, 0 no", 1.0)
    HERTZ = ("cycles a second", 1.0)

    def __init__(self, meaning: str, scale: float) -> None:
        self.meaning = meaning
        self.scale = scale


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Concept:
    """A quantity with its definition. Each is one object, which is equal to itself alone.

    ``definition``: the formula in words; ``source``: where it comes from, nothing where it is plain arithmetic.
    ``undefined``: when there is no value; then nothing is published. ``live``: a reading of now (a price, equity),
    which disappears when its source is down, where a fact about the past (a count, closed P&L) stays.
    ``only_scraped``: true of a program that runs, or of asking it, and not of facts: no history has it.
    """

    name: str
    definition: str
    source: str = ""
    undefined: str = "never"
    live: bool = False
    only_scraped: bool = False
