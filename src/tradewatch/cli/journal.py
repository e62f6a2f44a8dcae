"""``tradewatch journal``."""

import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from tradewatch.errors import ConfigurationError
from tradewatch.exporter import Address
from tradewatch.stack.channels import require_web_address
from tradewatch.stack.journal import PATIENCE_SECONDS, AlertmanagerWatch, Journal, JournalServer, SilenceWatch

_SUCH = "one such as http://127.0.0.1:9093"


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
@click.option(
    "--alertmanager",
    default="http://127.0.0.1:9093",
    show_default=True,
    metavar="URL",
    help="Asked for the alerts that are silenced, of which it tells nobody.",
)
def command(listen: str, path: Path, patience: float, alertmanager: str) -> None:
    """Write every alert that Alertmanager tells, or holds back, into a file, a line each, until stopped."""
    require_web_address(alertmanager, ConfigurationError(f"--alertmanager {alertmanager} is no address: give {_SUCH}"))
    address = Address.parse(listen)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("a").close()
    except OSError as error:
        message = f"--file {path} cannot be written ({error.strerror}): give another one"
        raise ConfigurationError(message) from error
    journal = Journal(path, _now)
    watches = (
        SilenceWatch(journal, timedelta(seconds=patience), _now),
        AlertmanagerWatch(journal, alertmanager.rstrip("/"), time.monotonic),
    )
    with JournalServer(address.host, address.port, journal, watches) as server:
        server.log(f"alerts are written into {path}, told at http://{listen}/ (stop with Ctrl-C)")
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        threading.Thread(target=server.keep_watch, name="watch", daemon=True).start()
        server.serve_forever(poll_interval=0.2)


def _now() -> datetime:
    return datetime.now(UTC)
