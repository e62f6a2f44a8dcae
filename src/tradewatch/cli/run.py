"""``tradewatch run``: run a trading system on paper."""

import logging
import signal
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from tradewatch.cli.feeds import KNOWN, Prices, Wanted, prices_of
from tradewatch.cli.options import ledger_option, starting_equity_option
from tradewatch.cli.progress import days_done
from tradewatch.errors import ConfigurationError
from tradewatch.ledger import SqliteAppender
from tradewatch.market.clock import CatchUpClock, Clock, SimulatedClock, WallClock
from tradewatch.systems.velocitytrader.assembly import Settings, assembled
from tradewatch.systems.velocitytrader.runtime import SYSTEM, Kept

_EQUITY = 10_000.0
_CURRENCY = "USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the command line says of the run itself."""

    ledger: Path
    equity: float
    currency: str | None
    is_fast: bool
    is_quiet: bool


@click.command("run")
@click.argument("system", type=click.Choice([SYSTEM]))
@ledger_option
@click.option(
    "--feed", default="simulated", show_default=True, metavar="FEED", help=f"Where prices come from: {KNOWN}."
)
@click.option("--symbols", metavar="A,B,…", default="", help="Which symbols.  [default: all that the feed has]")
@click.option("--seed", type=int, default=7, show_default=True, help="Of everything that is left to chance.")
@click.option("--start", type=click.DateTime(), help="When trading starts, UTC.  [default: now, or the first bar]")
@click.option("--days", type=click.FloatRange(0, 3650, min_open=True), help="How long it trades.  [default: no end]")
@click.option("--fast", is_flag=True, help="Do not wait for the clock; needs an end.")
@starting_equity_option
@click.option("--currency", metavar="CODE", help="Of the account.  [default: USD, or what all prices are in]")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def command(  # noqa: PLR0913 - one parameter an option
    *,
    system: str,  # noqa: ARG001 - the only one
    ledger: Path,
    feed: str,
    symbols: str,
    seed: int,
    start: datetime | None,
    days: float | None,
    fast: bool,
    starting_equity: float | None,
    currency: str | None,
    quiet: bool,
) -> None:
    """Run a trading system on paper: no order reaches a market.

    A run that was stopped or killed goes on where it was when the same command is given again. A start that lies in the
    past is caught up with first.
    """
    logging.basicConfig(level=logging.WARNING, format="tradewatch: %(message)s")
    names = tuple(filter(None, symbols.split(",")))
    begin = None if start is None else start.replace(tzinfo=UTC)
    wanted = Wanted(feed=feed, seed=seed, start=begin, days=days, symbols=names)
    equity = starting_equity or _EQUITY
    asked = _Asked(ledger=ledger, equity=equity, currency=currency, is_fast=fast, is_quiet=quiet)
    with closing(SqliteAppender(ledger)) as appender:
        told = _run(wanted, asked, appender)
    if not quiet:
        click.echo(told)


def _run(wanted: Wanted, asked: _Asked, appender: SqliteAppender) -> str:
    """Run, and return what is to be said of it."""
    kept = Kept(appender.kept(SYSTEM), str(asked.ledger))
    before = kept.parameter("--start")
    prices = prices_of(
        replace(wanted, start=datetime.fromisoformat(before)) if before and wanted.start is None else wanted
    )
    if asked.is_fast and not prices.ends:
        message = "--fast would never end: give --days too"
        raise ConfigurationError(message)
    settings = Settings(
        seed=wanted.seed,
        starting_equity=asked.equity,
        currency=asked.currency or _currency_of(prices),
        timeframes=prices.timeframes,
    )
    parameters = _parameters(wanted, prices, settings)
    kept.require(parameters)
    clock = _clock(asked, kept.reached or prices.start, is_real=prices.is_real)
    with days_done(prices.start, wanted.days, is_shown=not asked.is_quiet) as progress:
        runtime = assembled(
            prices.connect(clock), settings, parameters, clock=clock, appender=appender, on_commit=progress
        )
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: clock.stop())
        runtime.run()
    return f"{SYSTEM} traded until {clock.now():%Y-%m-%d %H:%M} UTC, on paper: {asked.ledger}{_refused(prices)}"


def _parameters(wanted: Wanted, prices: Prices, settings: Settings) -> dict[str, str]:
    """Return what must be the same when the run goes on, by flag."""
    parameters = {
        "--feed": wanted.feed,
        "--symbols": ",".join(prices.instruments),
        "--seed": str(wanted.seed),
        "--starting-equity": f"{settings.starting_equity:g}",
        "--currency": settings.currency,
    }
    return parameters if prices.is_real else parameters | {"--start": prices.start.isoformat()}


def _currency_of(prices: Prices) -> str:
    quoted = {instrument.quote_currency for instrument in prices.instruments.values()}
    return next(iter(quoted)) if len(quoted) == 1 else _CURRENCY


def _refused(prices: Prices) -> str:
    counts = [f"{count} {reason}" for reason, count in sorted(prices.refused().items())]
    return f"\nrows that were no use: {', '.join(counts)}" if counts else ""


def _clock(asked: _Asked, start: datetime, *, is_real: bool) -> Clock:
    if asked.is_fast:
        return SimulatedClock(start)
    return WallClock() if is_real else CatchUpClock(start, WallClock())
