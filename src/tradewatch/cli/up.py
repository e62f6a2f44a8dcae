"""``tradewatch up``."""

import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click

from tradewatch.errors import ConfigurationError
from tradewatch.stack import containers, lifecycle, plan, prometheus, settings
from tradewatch.stack.halts import halts
from tradewatch.stack.lifecycle import Report
from tradewatch.stack.locking import exclusive
from tradewatch.stack.overview import addresses, aligned, remarks
from tradewatch.stack.places import Places, find_places, writable
from tradewatch.stack.plan import Shown, Wanted
from tradewatch.stack.ports import Ports, require_free
from tradewatch.stack.records import Stack
from tradewatch.stack.settings import Settings
from tradewatch.stack.waiting import wait_until

PORT = click.IntRange(1, 65535)
SCRAPE_SECONDS = 30.0


@click.command()
@click.option(
    "--trades",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of your own trades to show, instead of the demo's systems.",
)
@click.option("--starting-equity", metavar="AMOUNT", help="The account's equity before the first trade of --trades.")
@click.option("--port", "ports", multiple=True, metavar="NAME=PORT", help=f"Of {', '.join(Ports().by_name())}.")
@click.option("--exporter-port", type=PORT, help="The same as --port bot=…")
@click.option("--prometheus-port", type=PORT, help="The same as --port prometheus=…")
@click.option("--systems", metavar="A,B,…", help="What the demo runs.  [default: hydra,velocitytrader,bot]")
@click.option("--docker/--native", default=False, help="In containers, with Grafana, or as programs of this machine.")
@click.option("--days", type=int, help="Days that the demo's first start simulates.  [default: 30]")
def command(  # noqa: PLR0913 - one parameter an option
    *,
    trades: Path | None,
    starting_equity: str | None,
    ports: tuple[str, ...],
    exporter_port: int | None,
    prometheus_port: int | None,
    systems: str | None,
    docker: bool,
    days: int | None,
) -> None:
    """Start the systems, their exporters, Prometheus and Alertmanager in the background, and say where they answer.

    The first start simulates a past. Whatever ends by itself is started again, until `tradewatch down`.
    """
    if starting_equity is not None and trades is None:
        message = "--starting-equity belongs to --trades; the demo's systems have an equity of their own"
        raise click.UsageError(message)
    flags: dict[str, object] = {"ports.bot": exporter_port, "ports.prometheus": prometheus_port}
    flags |= {"demo.systems": systems, "demo.days": days}
    given = _ports(ports) | {name: value for name, value in flags.items() if value is not None}
    places = find_places()
    found = settings.load(places.settings, flags=given)
    if docker:
        _require_alone(given, trades)
        _start_containers(found, places)
        return
    with writable(places), exclusive(places.lock):
        stack = lifecycle.running(places)
        if stack is not None:
            click.echo("Tradewatch already runs; after `make down` it can be started with something else.")
        else:
            stack = _start(_wanted(found, places, trades, starting_equity), places)
    _show(stack, places)


def _require_alone(given: Mapping[str, object], trades: Path | None) -> None:
    if given or trades is not None:
        message = "--docker runs what monitoring/docker-compose.yml says: leave out the other options"
        raise click.UsageError(message)


def _start_containers(found: Settings, places: Places) -> None:
    with writable(places), exclusive(places.lock):
        if lifecycle.running(places) is not None:
            message = "Tradewatch already runs without containers: `make down` stops it"
            raise ConfigurationError(message)
        containers.start(places)
    ports = found.ports
    rows = [(name, f"{ports.address(key)}/") for name, key in _PAGES]
    click.echo(
        f"{aligned(rows)}\n\nGrafana: admin, velocitytrader. `tradewatch status` and `down` know of the containers."
    )


_PAGES = (
    ("Grafana", "viewer"),
    ("Prometheus", "prometheus"),
    ("Alertmanager", "alertmanager"),
    ("alerts told", "journal"),
)


def _ports(given: Sequence[str]) -> dict[str, object]:
    """Return ports by their keys; raises `ConfigurationError` for a text without a known name."""
    for text in given:
        if text.partition("=")[0] not in Ports().by_name() or "=" not in text:
            message = f"--port {text} names no port: give NAME=PORT with a name of {', '.join(Ports().by_name())}"
            raise ConfigurationError(message)
    return {f"ports.{name}": number for name, _, number in (text.partition("=") for text in given)}


def _wanted(found: Settings, places: Places, trades: Path | None, starting_equity: str | None) -> Wanted:
    now = plan.now_utc()
    if trades is None:
        shown: Sequence[Shown] = plan.demo(found, places, now)
        history = "demo"
    else:
        shown = [plan.imported(trades, starting_equity, places)]
        history = shown[0].ledger.stem
    seen = lifecycle.last_seen(places, history)
    return Wanted(shown=shown, history=history, settings=found, now=now, last_seen=seen)


def _start(wanted: Wanted, places: Places) -> Stack:
    _unwind_on_termination()
    lifecycle.stop(places)
    require_free(wanted.ports_in_use())
    with _progress() as report:
        report("finding Prometheus and Alertmanager")
        planned = plan.planned(wanted, places)
    for problem in planned.problems:
        click.echo(f"tradewatch: {problem}", err=True)
    for shown in wanted.shown:
        lifecycle.bring_trades(shown)
    since = time.time()
    with _progress() as report:
        stack = lifecycle.start(planned.plan, places, report)
        if any(shown.is_needed for shown in wanted.shown):
            report("waiting for Prometheus' first scrape, up to 15 s")
            wait_until(
                partial(prometheus.has_scraped_bot, wanted.ports.prometheus, since=since), seconds=SCRAPE_SECONDS
            )
    return stack


def _show(stack: Stack, places: Places) -> None:
    pages = addresses(stack)
    click.echo(f"Tradewatch shows {stack.subject}.\n")
    click.echo(f"{aligned(pages)}\n")
    for remark in (*remarks(stack, pages), *halts(stack, places)):
        click.echo(remark)
    click.echo(f"Alerts are told in {places.journal}. Logs are in {places.logs}; `make down` stops it.")


@contextmanager
def _progress() -> Iterator[Report]:
    """Yield where steps are told: in place on a terminal, a line each elsewhere."""
    if not sys.stdout.isatty():
        yield click.echo
        return
    from rich.console import Console  # noqa: PLC0415  only where something is drawn

    with Console().status("") as status:
        yield status.update


def _unwind_on_termination() -> None:
    """Let a request to end leave this process the way Ctrl-C does, so that what it started is stopped."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: sys.exit(128 + received))
