"""What all tests share."""

import pytest
from hypothesis import HealthCheck, settings

# A loaded machine must not fail a test for being slow; a benchmark is never a test.
settings.register_profile("tradewatch", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tradewatch")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew; then read the diff")
