"""How commands are called in this process, as a person calls them."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.calls import Call
from tradewatch.cli import main


@pytest.fixture
def _signals() -> Iterator[None]:
    """Give back the signals that a run takes."""
    before = [(number, signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM)]
    yield
    for number, handler in before:
        signal.signal(number, handler)


@pytest.fixture
def call_hydra(call: Call, tmp_path: Path) -> Call:
    """Return how to call `tradewatch run hydra`."""

    def called(*arguments: str, ledger: str | Path = tmp_path / "h.db") -> tuple[object, str, str]:
        return call(*arguments, ledger=ledger, system="hydra")

    return called


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], _signals: None) -> Call:
    """Return how to call `tradewatch run velocitytrader`."""

    def called(
        *arguments: str, ledger: str | Path = tmp_path / "v.db", system: str = "velocitytrader"
    ) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["tradewatch", "run", system, f"--ledger={ledger}", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capsys.readouterr()

    return called
