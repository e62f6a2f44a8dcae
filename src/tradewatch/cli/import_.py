"""``tradewatch import``: bring trades from a file into a ledger."""

import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TypedDict, TypeVar, Unpack

import click

from tradewatch.cli.options import LedgerPlace, Text, starting_equity_option
from tradewatch.cli.zones import Zone
from tradewatch.errors import ConfigurationError, SourceError
from tradewatch.facts import Entry
from tradewatch.ledger import SqliteAppender, SqliteReader
from tradewatch.sources import velocityptrader
from tradewatch.sources.file import require_file
from tradewatch.sources.formats import FORMATS, source_for
from tradewatch.sources.gathering import Account, Gathered
from tradewatch.sources.importing import Told, append, standing_equity
from tradewatch.sources.source import Contents, Options, Source
from tradewatch.sources.summary import amendments, bad_rows, conflicts, followed, notes, outcome
from tradewatch.sources.velocityptrader.following import Following
from tradewatch.sources.velocityptrader.importing import import_database, keep_following

Row = TypeVar("Row")

LONG_FILE = 2_000_000
"""Bytes of a file whose import takes long enough to show progress."""


class Given(TypedDict):
    """What the command line says about the file and the account."""

    format_name: str | None
    system: str | None
    starting_equity: float | None
    currency: str | None
    profit: str
    strategy: str | None
    timezone: tzinfo | None
    columns: Sequence[tuple[str, str]]


_SYSTEM = "bot"
_FLAGS = {"strategy": "--strategy", "timezone": "--timezone", "columns": "--column"}


class Renaming(click.ParamType[tuple[str, str]]):
    """A column of ours and its name in the file."""

    name = "ours=theirs"

    def convert(
        self, value: str | tuple[str, str], _param: click.Parameter | None, _ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return both names; raises `ConfigurationError` when one is not there."""
        if isinstance(value, tuple):
            return value
        ours, _, theirs = (part.strip() for part in value.partition("="))
        if not (ours and theirs):
            message = f"--column {value} does not name two columns: write --column asset=Symbol"
            raise ConfigurationError(message)
        return ours, theirs


def _not_empty(_ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is None or value.strip():
        return value
    message = f"--{param.name} is empty: give a name or leave it out"
    raise ConfigurationError(message)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_name",
    type=click.Choice(FORMATS),
    help="What kind of file it is; otherwise its ending says: .csv, .json and .zip (freqtrade), .html (MetaTrader 5).",
)
@click.option(
    "--ledger",
    required=True,
    type=LedgerPlace(),
    help="The ledger: a file or sqlite:///path; it is made if there is none.",
)
@click.option(
    "--system",
    type=Text(),
    callback=_not_empty,
    help="Whose trades they are.  [default: bot; for velocityptrader: velocitytrader]",
)
@starting_equity_option
@click.option(
    "--currency", type=Text(), callback=_not_empty, help="The account's currency; otherwise what the file says."
)
@click.option(
    "--pnl",
    "profit",
    type=click.Choice(["reported", "recomputed"]),
    default="reported",
    show_default=True,
    help="Keep the P&L that the file reports, or compute it from prices, fees and funding.",
)
@click.option("--strategy", type=Text(), callback=_not_empty, help="Which strategy of a backtest that holds several.")
@click.option("--timezone", type=Zone(), help="The zone of times that name none, such as Europe/Berlin.")
@click.option(
    "--column",
    "columns",
    type=Renaming(),
    multiple=True,
    help="A column of a CSV file that has another name there, as in asset=Symbol; may be repeated.",
)
@click.option("--follow", is_flag=True, help="Go on with what is written to a velocityptrader database, until stopped.")
@click.option("--quiet", is_flag=True, help="Print only what went wrong.")
def command(file: Path, ledger: Path, *, follow: bool, quiet: bool, **given: Unpack[Given]) -> None:
    """Bring the trades of FILE into a ledger.

    Importing a file again adds only what is new, so a file that grows can be imported as often as you like.
    """
    if given["format_name"] == velocityptrader.FORMAT:
        _import_database(file, ledger, given, follow=follow, quiet=quiet)
        return
    _import_file(file, ledger, given, follow=follow, quiet=quiet)


def _import_file(file: Path, ledger: Path, given: Given, *, follow: bool, quiet: bool) -> None:
    require_file(file)
    source = source_for(file, given["format_name"])
    if follow:
        message = f"--follow does nothing for the format {source.name}: leave it out, and import the file again"
        raise ConfigurationError(message)
    system = given["system"] or _SYSTEM
    contents = source.read(file, _options(source, given))
    watched = _watched if not quiet and _takes_long(file) else _unwatched
    rows = watched(contents.trades, f"reading {file.name}", None)
    flows, reported = contents.cash_flows, given["profit"] == "reported"
    with closing(Gathered(rows, cash_flows=flows, with_reported_pnl=reported)) as gathered:
        _require_trades(file, gathered)
        account = _account(contents, given)
        facts = watched(gathered.run(account, source.name), f"writing {ledger.name}", gathered.facts)
        told, equity = _append(facts, ledger, system)
    if not quiet:
        _say(outcome(told, str(ledger), system, account.currency))
    _say(conflicts(told))
    _say(bad_rows(gathered.bad_rows))
    if not quiet:
        _say(contents.remarks)
        _say(notes(contents.ignored_columns, account, equity))


def _import_database(file: Path, ledger: Path, given: Given, *, follow: bool, quiet: bool) -> None:
    _require_unused(given)
    system = given["system"] or velocityptrader.SYSTEM
    account = Account(starting_equity=given["starting_equity"], currency=given["currency"] or velocityptrader.CURRENCY)
    if follow:
        with closing(Following(file, ledger, system=system, account=account, clock=_now)) as following:
            _say(_told_while(following, f"{file} into {ledger} (system {system})", quiet=quiet))
        return
    tally = import_database(file, ledger, system=system, account=account, clock=_now)
    if not quiet:
        _say(outcome(tally, str(ledger), system, account.currency))
        _say(amendments(tally))
    _say(bad_rows(tally.bad_rows))
    if not quiet:
        with closing(SqliteReader(ledger)) as reader:
            _say(notes((), account, standing_equity(reader, system)))


def _require_unused(given: Given) -> None:
    flags = [flag for name, flag in _FLAGS.items() if given[name]]  # type: ignore[literal-required]  # names of `Given`
    if given["profit"] != "reported":
        flags.append("--pnl recomputed")
    if flags:
        message = f"{flags[0]} does nothing for the format {velocityptrader.FORMAT}: leave it out"
        raise ConfigurationError(message)


def _told_while(following: Following, what: str, *, quiet: bool) -> Iterator[str]:
    """Follow until stopped by a signal; yield what goes wrong, and at the end what was told."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    if not quiet:
        yield f"following {what} (stop with Ctrl-C)"
    yield from keep_following(following, stopped)
    if not quiet:
        yield from followed(following.tally)
    yield from bad_rows(following.tally.bad_rows)


def _now() -> datetime:
    return datetime.now(UTC)


def _options(source: Source, given: Given) -> Options:
    options = Options(strategy=given["strategy"], timezone=given["timezone"], columns=dict(given["columns"]))
    for name, flag in _FLAGS.items():
        if getattr(options, name) and name not in source.uses:
            message = f"{flag} does nothing for the format {source.name}: leave it out"
            raise ConfigurationError(message)
    return options


def _account(contents: Contents, given: Given) -> Account:
    return Account(
        starting_equity=given["starting_equity"] or contents.starting_equity,
        currency=given["currency"] or contents.currency,
    )


def _require_trades(file: Path, gathered: Gathered) -> None:
    if gathered.trades:
        return
    _say(bad_rows(gathered.bad_rows))
    why = "none of its rows is one" if gathered.bad_rows.by_reason else "it has no rows"
    message = f"no trades to import in {file}, {why}: nothing was written"
    raise SourceError(message)


def _append(facts: Iterable[tuple[Entry, bool]], ledger: Path, system: str) -> tuple[Told, float | None]:
    with closing(SqliteAppender(ledger)) as appender, closing(SqliteReader(ledger)) as reader:
        reader.require_undamaged()
        with _repeatable():
            told = append(facts, appender, reader, system)
        return told, standing_equity(reader, system)


@contextmanager
def _repeatable() -> Iterator[None]:
    """Say of an import that ends halfway how to complete it."""
    try:
        yield
    except KeyboardInterrupt as error:
        message = "the import was interrupted: import again to complete it"
        raise SourceError(message) from error
    except SourceError as error:
        message = f"{error}, then import again to complete it"
        raise SourceError(message) from error


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _takes_long(file: Path) -> bool:
    return sys.stderr.isatty() and file.stat().st_size >= LONG_FILE


def _watched(rows: Iterable[Row], description: str, total: int | None) -> Iterable[Row]:
    """Show on the terminal how far an iteration is."""
    from rich.console import Console  # noqa: PLC0415 - only where something is drawn
    from rich.progress import track  # noqa: PLC0415 - only where something is drawn

    return track(rows, description, total, console=Console(stderr=True), transient=True)


def _unwatched(rows: Iterable[Row], _description: str, _total: int | None) -> Iterable[Row]:
    return rows
