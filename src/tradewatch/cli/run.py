"""``tradewatch run``: run a trading system on paper."""

import logging
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import click

from tradewatch.cli.options import Text, beginning, duration, ledger_option, starting_equity
from tradewatch.cli.progress import days_done
from tradewatch.cli.running.feeds import KNOWN, prices_of
from tradewatch.cli.running.live import is_live
from tradewatch.cli.running.prices import Prices, Wanted
from tradewatch.cli.running.serving import serving
from tradewatch.cli.running.traders import TRADING, Trading
from tradewatch.cli.zones import Zone
from tradewatch.errors import ConfigurationError
from tradewatch.exporter import Address
from tradewatch.ledger import SqliteAppender, SqliteReader, claimed
from tradewatch.market.bars import Timeframe
from tradewatch.market.clock import CatchUpClock, Clock, SimulatedClock, WallClock
from tradewatch.market.conversion import Conversion
from tradewatch.systems.running import Kept, Runtime, Settings, Source
from tradewatch.systems.running.limits import limits_of

_EQUITY = 10_000.0
_CURRENCY = "USD"
_SEEDS = click.IntRange(-(2**63), 2**63 - 1)  # what is kept of a run are numbers of 64 bits

_SET_BACK = timedelta(hours=1)
"""By which the machine's clock may have been set back since a run was stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the command line says of the run itself."""

    trading: Trading
    ledger: Path
    equity: float
    currency: str | None
    limits: Mapping[str, str]
    metrics: Address | None
    is_fast: bool
    is_quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What is run, and where it begins or goes on."""

    prices: Prices
    settings: Settings
    limits: object
    parameters: dict[str, str]
    clock: Clock


@click.command("run")
@click.argument("system", type=click.Choice(sorted(TRADING)))
@ledger_option
@click.option(
    "--feed",
    type=Text(),
    default="simulated",
    show_default=True,
    metavar="FEED",
    help=f"Where prices come from: {KNOWN}.",
)
@click.option(
    "--symbols",
    "--assets",
    "symbols",
    type=Text(),
    metavar="A,B,…",
    default="",
    help="Which symbols.  [default: all that the feed has]",
)
@click.option(
    "--timeframe",
    type=click.Choice([each.name for each in Timeframe]),
    help="The shortest bars that are traded on.  [default: the shortest there are]",
)
@click.option("--seed", type=_SEEDS, default=7, show_default=True, help="Of everything that is left to chance.")
@click.option(
    "--start",
    type=click.DateTime(),
    callback=beginning,
    help="When trading starts, UTC.  [default: now, or the first bar]",
)
@click.option("--days", type=float, callback=duration, help="How long it trades.  [default: no end]")
@click.option("--fast", is_flag=True, help="Do not wait for the clock; needs an end.")
@starting_equity("The account at the start.  [default: 10000]")
@click.option(
    "--currency", type=Text(), metavar="CODE", help="Of the account.  [default: USD, or what all prices are in]"
)
@click.option(
    "--limit",
    "limits",
    multiple=True,
    type=Text(),
    metavar="NAME=VALUE",
    help="A limit of the guardian or risk manager: a share, a count, or hours. May be given several times.",
)
@click.option("--metrics", metavar="HOST:PORT", help="Serve the metrics too, from the same process.")
@click.option("--timezone", type=Zone(), help="The zone of a file's times that name none, such as Europe/Berlin.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def command(  # noqa: PLR0913 - one parameter an option
    *,
    system: str,
    ledger: Path,
    feed: str,
    symbols: str,
    timeframe: str | None,
    seed: int,
    start: datetime | None,
    days: float | None,
    fast: bool,
    starting_equity: float | None,
    currency: str | None,
    limits: tuple[str, ...],
    metrics: str | None,
    timezone: tzinfo | None,
    quiet: bool,
) -> None:
    """Run a trading system on paper: no order reaches a market.

    A run that was stopped or killed goes on where it was when the same command is given again. A start that lies in the
    past is caught up with first.
    """
    logging.basicConfig(level=logging.WARNING, format="tradewatch: %(message)s")
    names = tuple(filter(None, map(str.strip, symbols.split(","))))
    trading = TRADING[system]
    wanted = Wanted(
        trading=trading,
        feed=feed,
        seed=seed,
        start=start,
        days=days,
        symbols=names,
        zone=timezone,
        timeframe=None if timeframe is None else Timeframe[timeframe],
    )
    asked = _Asked(
        trading=trading,
        ledger=ledger,
        equity=starting_equity or _EQUITY,
        currency=currency,
        limits=_limits_given(limits),
        metrics=None if metrics is None else Address.parse(metrics, "--metrics"),
        is_fast=fast,
        is_quiet=quiet,
    )
    with claimed(ledger):
        plan = _planned(wanted, asked)
        with (
            closing(SqliteAppender(ledger)) as appender,
            serving(asked.metrics, ledger, trading.system, is_fast=fast) as url,
        ):
            told = _run(plan, wanted.days, asked, appender, url)
    if not quiet:
        click.echo(told)


def _planned(wanted: Wanted, asked: _Asked) -> _Plan:
    """Return what is to be run; raises `TradewatchError` for what cannot be, before anything is written."""
    kept = _kept(asked.ledger, asked.trading.system)
    prices = prices_of(_as_before(wanted, kept))
    settings = Settings(
        seed=wanted.seed,
        starting_equity=asked.equity,
        currency=asked.currency or _currency_of(prices),
        timeframes=prices.timeframes,
    )
    Conversion(prices.instruments, settings.currency, {})  # raises for a currency that nothing converts
    limits = limits_of(asked.trading.limits, asked.limits, asked.trading.demo_limits if prices.is_made_up else {})
    parameters = _parameters(wanted, prices, settings, asked)
    kept.require(parameters)
    begin = kept.reached or prices.start
    _require_possible(asked, prices, begin)
    return _Plan(
        prices=prices,
        settings=settings,
        limits=limits,
        parameters=parameters,
        clock=prices.live_clock or _clock(asked, begin),
    )


def _as_before(wanted: Wanted, kept: Kept) -> Wanted:
    """Return what is wanted, with what the run that goes on had where nothing is said; of another feed, nothing."""
    if kept.parameter("--feed") != wanted.feed:
        return wanted
    start, symbols = kept.parameter("--start"), kept.parameter("--symbols")
    if start and wanted.start is None:
        wanted = replace(wanted, start=datetime.fromisoformat(start))
    if symbols and not wanted.symbols and is_live(wanted.feed):  # whose terminal may show others by now
        wanted = replace(wanted, symbols=tuple(symbols.split(",")))
    return wanted


def _kept(ledger: Path, system: str) -> Kept:
    """Return what a ledger kept; raises `ConfigurationError` when it holds facts that are not of such a run."""
    if not ledger.exists() or (ledger.is_file() and ledger.stat().st_size == 0):
        return Kept({}, str(ledger))
    with closing(SqliteReader(ledger)) as reader:
        bodies, systems = reader.kept(system), reader.systems()
    if systems and not bodies:
        message = (
            f"the ledger {ledger} holds facts of {', '.join(systems)} that are not of such a run: "
            "give another path with --ledger"
        )
        raise ConfigurationError(message)
    return Kept(bodies, str(ledger))


def _require_possible(asked: _Asked, prices: Prices, begin: datetime) -> None:
    if asked.is_fast and not prices.ends:
        message = "--fast would never end: give --days too"
        raise ConfigurationError(message)
    if not asked.is_fast and begin > WallClock().now() + _SET_BACK:
        message = f"the run would begin in the future, {begin:%Y-%m-%d %H:%M} UTC: add --fast, or give another --start"
        raise ConfigurationError(message)


def _run(plan: _Plan, days: float | None, asked: _Asked, appender: SqliteAppender, url: str | None) -> str:
    """Run, and return what is to be said of it."""
    clock, system = plan.clock, asked.trading.system
    if not (asked.is_fast or asked.is_quiet):
        click.echo(
            f"{system} trades on paper from {clock.now():%Y-%m-%d %H:%M} UTC, into {asked.ledger} (stop with Ctrl-C)"
        )
    if url is not None and not asked.is_quiet:
        click.echo(f"its metrics are at {url}metrics")
    with days_done(plan.prices.start, days, is_shown=not asked.is_quiet) as progress:
        source = plan.prices.connect(clock)
        runtime = _runtime(plan, source, asked, appender, progress)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: clock.stop())
        try:
            runtime.run()
        finally:
            source.terminal.disconnect()
    return f"{system} traded until {clock.now():%Y-%m-%d %H:%M} UTC, on paper: {asked.ledger}{_refused(plan.prices)}"


def _runtime(
    plan: _Plan, source: Source, asked: _Asked, appender: SqliteAppender, on_commit: Callable[[datetime], None]
) -> Runtime:
    return asked.trading.assembled(
        source,
        plan.settings,
        plan.parameters,
        clock=plan.clock,
        appender=appender,
        limits=plan.limits,
        on_commit=on_commit,
    )


def _limits_given(given: Sequence[str]) -> dict[str, str]:
    """Return limits by name; raises `ConfigurationError` for a text without one."""
    for text in given:
        if "=" not in text:
            message = f"--limit {text} names no value: give NAME=VALUE, such as daily_loss=0.02"
            raise ConfigurationError(message)
    return {name.strip(): value.strip() for name, _, value in (text.partition("=") for text in given)}


def _parameters(wanted: Wanted, prices: Prices, settings: Settings, asked: _Asked) -> dict[str, str]:
    """Return what must be the same when the run goes on, by flag."""
    parameters = {
        "--feed": wanted.feed,
        "--symbols": ",".join(prices.instruments),
        "--seed": str(wanted.seed),
        "--starting-equity": repr(settings.starting_equity).removesuffix(".0"),
        "--currency": settings.currency,
        "--limit": ",".join(f"{name}={value}" for name, value in sorted(asked.limits.items())),
        "--timeframe": settings.timeframes[0].name,
    }
    return parameters if prices.live_clock else parameters | {"--start": prices.start.isoformat()}


def _currency_of(prices: Prices) -> str:
    quoted = {instrument.quote_currency for instrument in prices.instruments.values()}
    return next(iter(quoted)) if len(quoted) == 1 else _CURRENCY


def _refused(prices: Prices) -> str:
    counts = [f"{count} {reason}" for reason, count in sorted(prices.refused().items())]
    return f"\nrows that were no use: {', '.join(counts)}" if counts else ""


def _clock(asked: _Asked, start: datetime) -> Clock:
    return SimulatedClock(start) if asked.is_fast else CatchUpClock(start, WallClock())
