"""Options that several commands share, and what their values may be."""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from tradewatch.errors import ConfigurationError
from tradewatch.facts.bounds import LARGEST
from tradewatch.ledger import ledger_path
from tradewatch.stack.places import STATE_VARIABLE

Decorated = TypeVar("Decorated", bound=Callable[..., Any])  # Any: a command's function


class LedgerPlace(click.ParamType[Path]):
    """A ledger's path or URL."""

    name = "url_or_file"

    def convert(self, value: str | Path, _param: click.Parameter | None, _ctx: click.Context | None) -> Path:
        """Return the ledger's path; raises `ConfigurationError` on a URL that is not supported."""
        return ledger_path(value)


class Text(click.ParamType[str]):
    """A text that can be kept."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, _ctx: click.Context | None) -> str:
        """Return the text; raises `ConfigurationError` when its bytes were not UTF-8."""
        try:
            value.encode()
        except UnicodeEncodeError as error:
            given = param.opts[0] if param else "a text"
            message = f"{given} {value} is not text in UTF-8: write it in UTF-8"
            raise ConfigurationError(message) from error
        return value


ledger_option = click.option(
    "--ledger", required=True, type=LedgerPlace(), help="The ledger: a file or sqlite:///path."
)
system_option = click.option("--system", type=Text(), help="Which system's facts, when the ledger holds several.")
profit_option = click.option(
    "--pnl",
    "profit",
    type=click.Choice(["reported", "recomputed"]),
    default="reported",
    show_default=True,
    help="Which P&L of a trade counts: as its source reported it, or computed from prices, fees and funding.",
)

state_option = click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    envvar=STATE_VARIABLE,
    help="A folder for checkpoints, which make a restart quick, and for followed databases.  "
    "[default: tradewatch in XDG_STATE_HOME, or ~/.local/state]",
)


_YEARS = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC))
"""When something may begin; a ledger takes no fact of earlier years, nor ten years later."""

MOST_DAYS = 3_650


def beginning(_ctx: click.Context, _param: click.Parameter, value: datetime | None) -> datetime | None:
    """Return a beginning as aware UTC; raises `ConfigurationError` for one that no fact can have."""
    moment = None if value is None else value.replace(tzinfo=UTC)
    if moment is None or _YEARS[0] <= moment < _YEARS[1]:
        return moment
    message = f"--start {value:%Y-%m-%d} cannot be told of: give one from 1970-01-01 to 2089-12-31"
    raise ConfigurationError(message)


def duration(_ctx: click.Context, _param: click.Parameter, value: float | None) -> float | None:
    """Return days; raises `ConfigurationError` for none, too many or what is no number."""
    if value is None or 0 < value <= MOST_DAYS:
        return value
    message = f"--days {value:g} is no time that a run can last: give more than 0, {MOST_DAYS} at most"
    raise ConfigurationError(message)


def _positive(_ctx: click.Context, _param: click.Parameter, value: float | None) -> float | None:
    if value is None or (math.isfinite(value) and 0 < value <= LARGEST):
        return value
    message = f"--starting-equity {value} cannot be an account's equity: give an amount above 0, {LARGEST:g} at most"
    raise ConfigurationError(message)


def starting_equity(words: str) -> Callable[[Decorated], Decorated]:
    """Return the option of an account's start; ``words``: its help."""
    return click.option("--starting-equity", type=float, metavar="AMOUNT", callback=_positive, help=words)


starting_equity_option = starting_equity("The account before the first trade; otherwise what the file says.")
