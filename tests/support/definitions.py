"""How a test says which definitions it checks; `docs/definitions.md` is made of what tests say."""

import pytest

from tradewatch.catalog import Concept


def checks(*concepts: Concept, within: str) -> pytest.MarkDecorator:
    """Mark a test as the check of these definitions; ``within``: its tolerance, in words."""
    return pytest.mark.checks(concepts=concepts, within=within)
