"""Exporters that keep checkpoints, as processes to which the system forbids something."""

import logging
import os
import resource
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.support.bots import say
from tests.support.pages import parsed
from tradewatch.exporter import AsOf, Format, Service

_NOBODY = 65534


def export(hindrance: str, ledger: str, state: str) -> None:
    """Scrape an exporter and stop it; say what it published, and what it logged."""
    messages: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("tradewatch").addHandler(handler)
    _HINDRANCES[hindrance](Path(ledger), Path(state))
    service = Service(Path(ledger), as_of=AsOf.LAST, state=Path(state))
    while not service.refresh():
        assert service.problem is None, service.problem
    page = parsed(service.page(Format.TEXT), Format.TEXT)
    service.close()
    say(
        said=messages,
        numbers=sorted([name, sorted(labels), value] for (name, labels), value in page.items() if "bot_" in name),
    )


def _be_nobody(ledger: Path, state: Path) -> None:
    if os.getuid() == 0:  # permissions do not bind root: be somebody else, whose all of it is
        for place in (ledger.parent, *ledger.parent.iterdir(), *state.rglob("*")):
            os.chown(place, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)


def _limit_files(_ledger: Path, state: Path) -> None:
    """Let no file grow beyond half a checkpoint."""
    longest = max(file.stat().st_size for file in state.glob("checkpoints/*.checkpoint")) // 2
    resource.setrlimit(resource.RLIMIT_FSIZE, (longest, longest))


def _be_killed(ledger: Path, state: Path) -> None:
    """Be killed by the system in the middle of writing a file."""
    _limit_files(ledger, state)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)


_HINDRANCES: Mapping[str, Callable[[Path, Path], None]] = {
    "nobody": _be_nobody,
    "no room": _limit_files,
    "killed": _be_killed,
}
