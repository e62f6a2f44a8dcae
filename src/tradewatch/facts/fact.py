"""What every fact is, and the entry that says when one happened."""

import re
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct


def _snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Fact(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag=_snake_case):
    """Something that happened; small, immutable, without a clock. Its time and id are in its `Entry`."""

    @property
    def identity(self) -> str | None:
        """The id that follows from the fact itself, so that telling it twice is once; None when there is none."""
        return None


class Entry(NamedTuple):
    """A fact, when it happened (aware, event time) and the id that makes a repeated append a no-op."""

    time: datetime
    id: str
    fact: Fact
