"""``tradewatch viewer``: the dashboards in a browser, without Grafana."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tradewatch.cli.options import LedgerPlace
from tradewatch.errors import ConfigurationError
from tradewatch.exporter import Address

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("viewer")
@click.option("--listen", default="127.0.0.1:3000", show_default=True, metavar="HOST:PORT", help="Where to listen.")
@click.option(
    "--prometheus",
    default="http://127.0.0.1:9091",
    show_default=True,
    metavar="URL",
    help="The Prometheus that is asked.",
)
@click.option(
    "--alertmanager",
    default="http://127.0.0.1:9093",
    show_default=True,
    metavar="URL",
    help="The Alertmanager that is asked.",
)
@click.option(
    "--dashboards",
    type=_FOLDER,
    multiple=True,
    help="A folder of dashboards' JSON files. May be given several times.  [default: the project's]",
)
@click.option(
    "--ledger",
    "ledgers",
    type=LedgerPlace(),
    multiple=True,
    help="A ledger whose trades are shown. May be given several times.",
)
@click.option(
    "--subject",
    default="",
    metavar="WORDS",
    help="What is shown, told on every page: `HYDRA (simulated)`, as `up` says it.",
)
@click.option(
    "--front-end",
    type=_FOLDER,
    help="The built page.  [default: built from the project's frontend/ when it has changed]",
)
def command(  # noqa: PLR0913 - one parameter an option
    *,
    listen: str,
    prometheus: str,
    alertmanager: str,
    dashboards: Sequence[Path],
    ledgers: Sequence[Path],
    subject: str,
    front_end: Path | None,
) -> None:
    """Show dashboards, alerts, targets and trades in a browser until stopped.

    It draws Grafana's own files on what Prometheus answers, and only reads. A new file appears within 30 seconds.
    """
    try:
        from tradewatch.viewer import server  # noqa: PLC0415  an optional dependency
        from tradewatch.viewer.application import Settings  # noqa: PLC0415
        from tradewatch.viewer.upstream import address_of  # noqa: PLC0415
    except ImportError as error:
        message = f"the viewer needs {error.name}: install tradewatch[viewer]"
        raise ConfigurationError(message) from error
    address = Address.parse(listen)
    settings = Settings(
        prometheus=address_of(prometheus, "--prometheus"),
        alertmanager=address_of(alertmanager, "--alertmanager"),
        dashboards=dashboards or (_project() / "monitoring" / "grafana" / "dashboards",),
        ledgers=ledgers,
        subject=subject,
        front_end=_front_end(front_end),
        runbooks=_project() / "docs" / "runbooks",
        host=address.host,
    )
    sys.exit(server.serve(settings, address))


def _front_end(given: Path | None) -> Path:
    """Return the folder of the built page: the given one, else that of the checkout this very program lies in."""
    from tradewatch.stack.places import find_root  # noqa: PLC0415
    from tradewatch.viewer.frontend import built  # noqa: PLC0415

    if given is None:
        root = find_root(Path(__file__))
        return built(root / "frontend", root / ".tradewatch" / "frontend")
    if not all((given / name).exists() for name in ("index.html", "dashboard.html")):
        message = f"--front-end {given} holds no built page: run `npm run build` in frontend/, or leave the option out"
        raise ConfigurationError(message)
    return given


def _project() -> Path:
    from tradewatch.stack.places import find_places  # noqa: PLC0415

    return find_places().root
