"""What all tests share."""

import pytest
from hypothesis import HealthCheck, settings

from tests.support import distribution

# A loaded machine must not fail a test for being slow; a benchmark is never a test.
settings.register_profile("tradewatch", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tradewatch")


@pytest.fixture(autouse=True)
def _state_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep exporters of tests away from the user's own checkpoints."""
    monkeypatch.setenv("TRADEWATCH_STATE", str(tmp_path_factory.getbasetemp() / "state"))


@pytest.fixture(autouse=True)
def _time_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an exporter of a test's own process fold a whole ledger before its first page, also on a busy machine."""
    monkeypatch.setattr("tradewatch.exporter.service._SLICE", 60.0)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew; then read the diff")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    return distribution.processes()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    return distribution.scheduler(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: distribution.place(item.path.relative_to(config.rootpath).as_posix()))
