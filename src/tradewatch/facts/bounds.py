"""Types of a fact's fields, with the bounds their values must keep. All numbers must also be finite."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

LONGEST_TEXT = 2_000
"""Characters in the longest text a fact may carry; a longer one is a mistake or an attack."""

LARGEST = 1e30
"""Beyond any money, price or quantity; it keeps products and sums of them finite."""

_ABOVE_ZERO = Meta(gt=0, le=LARGEST)
_NOT_NEGATIVE = Meta(ge=0, le=LARGEST)

Price = Annotated[float, _ABOVE_ZERO]
"""A price in the instrument's quote currency, above 0."""

Quantity = Annotated[float, _ABOVE_ZERO]
"""Units, lots or contracts, above 0; the side is in ``direction``."""

Factor = Annotated[float, _ABOVE_ZERO]
"""A number above 0."""

Seconds = Annotated[float, _NOT_NEGATIVE]
"""A duration in seconds, not negative."""

Amount = Annotated[float, Meta(ge=-LARGEST, le=LARGEST)]
"""Money in the account's currency; its sign says which way it went."""

Magnitude = Annotated[float, _NOT_NEGATIVE]
"""A size without a sign, not negative."""

Count = Annotated[int, Meta(ge=0)]
"""A whole number of things, not negative."""

Share = Annotated[float, Meta(ge=0, le=1)]
"""A part of a whole, 0 to 1."""

Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]
"""A name that becomes a label: any characters, but not none at all."""

Text = Annotated[str, Meta(max_length=LONGEST_TEXT)]
"""Free text for people."""

Moment = Annotated[datetime, Meta(tz=True)]
"""A point in time with its zone."""
