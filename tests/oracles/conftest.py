"""The libraries that judge our statistics: imported when a test asks for one, because that takes seconds."""

import importlib
from collections.abc import Iterator
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def drawing_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let matplotlib, which two of the libraries import, write its list of fonts into a temporary folder."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MPLCONFIGDIR", str(tmp_path_factory.mktemp("matplotlib")))
        environment.setenv("MPLBACKEND", "agg")
        yield


@pytest.fixture(scope="session")
def empyrical() -> ModuleType:
    return importlib.import_module("empyrical")


@pytest.fixture(scope="session")
def quantstats(drawing_folder: None) -> ModuleType:  # noqa: ARG001 - the import needs it
    return importlib.import_module("quantstats.stats")


@pytest.fixture(scope="session")
def ffn(drawing_folder: None) -> ModuleType:  # noqa: ARG001 - the import needs it
    return importlib.import_module("ffn")


@pytest.fixture(scope="session")
def bottleneck() -> ModuleType:
    return importlib.import_module("bottleneck")
