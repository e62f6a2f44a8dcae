"""What names a ledger."""

from pathlib import Path

import pytest

from tradewatch.errors import ConfigurationError
from tradewatch.ledger import ledger_path


@pytest.mark.parametrize("place", ["bot.db", "sqlite:///bot.db", Path("bot.db")])
def test_a_path_and_a_url_name_the_same_file(place: str | Path) -> None:
    assert ledger_path(place) == Path("bot.db")


def test_another_kind_of_database_is_refused_by_name() -> None:
    with pytest.raises(ConfigurationError, match="postgresql://"):
        ledger_path("postgresql://localhost/trades")
