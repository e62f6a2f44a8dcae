"""What a reader of a report must know beside the numbers."""

from collections.abc import Iterator

from tradewatch.book import Moment, ProfitSource, ReportedProfit
from tradewatch.book.reported_profit import ROUNDING
from tradewatch.facts import Mode


def notes(moment: Moment, profit: ProfitSource) -> list[str]:
    """Return what may mislead a reader who is not told, one sentence each."""
    return [*_mode(moment), *_profit(moment, profit), *_equity(moment), *_losses_of_facts(moment)]


def _mode(moment: Moment) -> Iterator[str]:
    if moment.book.activity.mode is Mode.SIMULATED:
        yield "simulated: no market and no money were involved"


def _profit(moment: Moment, profit: ProfitSource) -> Iterator[str]:
    parts, currency = moment.book.reported_profit, moment.account.currency or "of the account's currency"
    if parts is not None and parts.differing:
        counted = (
            "the parts are counted here" if profit is ProfitSource.RECOMPUTED else "--pnl recomputed counts the parts"
        )
        yield f"{_explanation(parts, currency) or _apart(parts, currency)} ({parts.differing} trades differ; {counted})"


def _apart(parts: ReportedProfit, currency: str) -> str:
    side = "above" if parts.difference > 0 else "below"
    return f"reported P&L is {_amount(abs(parts.difference))} {currency} {side} its parts"


def _explanation(parts: ReportedProfit, currency: str) -> str | None:
    for cost, amount in (("fees", parts.fees.value), ("funding", parts.funding.value)):
        tolerance = ROUNDING * max(abs(amount), abs(parts.reported.value))
        if amount and abs(parts.difference - amount) <= tolerance:
            return f"reported P&L is gross of {_amount(amount)} {currency} of {cost}"
    return None


def _equity(moment: Moment) -> Iterator[str]:
    if moment.account.starting_equity is None:
        yield "the starting equity is unknown, so equity, drawdown and percentages are undefined"


def _losses_of_facts(moment: Moment) -> Iterator[str]:
    intake = moment.book.intake
    for what, counts in (("refused as invalid", intake.refused), ("lost before they were written", intake.dropped)):
        if total := counts.total():
            yield f"{total} facts were {what}"


def _amount(value: float) -> str:
    return f"{value:.12g}"
