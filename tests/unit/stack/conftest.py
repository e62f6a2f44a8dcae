from collections.abc import Iterator
from pathlib import Path

import pytest

from tradewatch.stack import lifecycle
from tradewatch.stack.places import Places


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    """Yield places of a project without anything in it; what is started there is stopped."""
    places = Places(root=tmp_path, home=tmp_path / "home", private=tmp_path / "private")
    yield places
    lifecycle.stop(places)
