"""``tradewatch journal``."""

import signal
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from tradewatch.errors import ConfigurationError
from tradewatch.exporter import Address
from tradewatch.stack.journal import PATIENCE_SECONDS, Journal, JournalServer, SilenceWatch


@click.command()
@click.option("--listen", default="127.0.0.1:9095", show_default=True, metavar="HOST:PORT", help="Where to listen.")
@click.option(
    "--file", "path", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where lines are added."
)
@click.option(
    "--patience",
    type=click.FloatRange(1.0, 86_400.0),
    default=PATIENCE_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="How long the alert that always fires may be missing before that is told.",
)
def command(listen: str, path: Path, patience: float) -> None:
    """Write every alert that Alertmanager tells into a file, a line each, until stopped."""
    address = Address.parse(listen)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("a").close()
    except OSError as error:
        message = f"--file {path} cannot be written ({error.strerror}): give another one"
        raise ConfigurationError(message) from error
    journal = Journal(path, _now)
    watch = SilenceWatch(journal, timedelta(seconds=patience), _now)
    with JournalServer(address.host, address.port, journal, watch) as server:
        server.log(f"alerts are written into {path}, told at http://{listen}/ (stop with Ctrl-C)")
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        threading.Thread(target=server.watch_for_silence, name="silence", daemon=True).start()
        server.serve_forever(poll_interval=0.2)


def _now() -> datetime:
    return datetime.now(UTC)
