"""Options that several commands share."""

import math
from pathlib import Path

import click

from tradewatch.errors import ConfigurationError
from tradewatch.facts.bounds import LARGEST
from tradewatch.ledger import ledger_path


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


def _positive(_ctx: click.Context, _param: click.Parameter, value: float | None) -> float | None:
    if value is None or (math.isfinite(value) and 0 < value <= LARGEST):
        return value
    message = f"--starting-equity {value} cannot be an account's equity: give an amount above 0, {LARGEST:g} at most"
    raise ConfigurationError(message)


starting_equity_option = click.option(
    "--starting-equity",
    type=float,
    metavar="AMOUNT",
    callback=_positive,
    help="The account before the first trade; otherwise what the file says.",
)
