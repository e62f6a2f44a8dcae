"""What all tests share."""

import pytest
from hypothesis import HealthCheck, settings

# A loaded machine must not fail a test for being slow; a benchmark is never a test.
settings.register_profile("tradewatch", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tradewatch")


@pytest.fixture(autouse=True)
def _state_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep exporters of tests away from the user's own checkpoints."""
    monkeypatch.setenv("TRADEWATCH_STATE", str(tmp_path_factory.getbasetemp() / "state"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew; then read the diff")
