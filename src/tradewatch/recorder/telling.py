"""One method per fact: typed by the fact itself, and never raising into the bot."""

from collections.abc import Callable, Mapping
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec

from tradewatch import facts
from tradewatch.facts import KIND_OF, Fact, Objection

Fields = ParamSpec("Fields")


def _tells(kind: Callable[Fields, Fact]) -> "Callable[Concatenate[Teller, Fields], None]":
    """Return a method that takes a fact's fields as keywords and tells it; a fact that cannot be made is refused."""
    made: Any = kind  # Any: a class of fact, seen as what makes its instances

    def tell(teller: "Teller", /, *values: Fields.args, **fields: Fields.kwargs) -> None:
        try:
            fact = kind(*values, **fields)
        except TypeError as error:
            teller.refuse(_objection(made, fields, error))
        else:
            teller.tell(fact)

    # For help(): the fact's own documentation.
    update_wrapper(tell, kind, assigned=("__doc__",), updated=())
    return tell


def _objection(kind: type[Fact], fields: Mapping[str, object], error: TypeError) -> Objection:
    known = fields.keys() <= set(kind.__struct_fields__)
    return Objection(KIND_OF[kind], "missing_field" if known else "unknown_field", str(error))


class Teller:
    """The methods of a recorder, one per fact."""

    trade_opened = _tells(facts.TradeOpened)
    trade_partly_closed = _tells(facts.TradePartlyClosed)
    trade_closed = _tells(facts.TradeClosed)
    trade_corrected = _tells(facts.TradeCorrected)
    trade_voided = _tells(facts.TradeVoided)
    equity_marked = _tells(facts.EquityMarked)
    cash_flowed = _tells(facts.CashFlowed)
    bar_closed = _tells(facts.BarClosed)
    quotes_refused = _tells(facts.QuotesRefused)
    regime_entered = _tells(facts.RegimeEntered)
    votes_cast = _tells(facts.VotesCast)
    votes_scored = _tells(facts.VotesScored)
    signal_given = _tells(facts.SignalGiven)
    order_refused = _tells(facts.OrderRefused)
    risk_acted = _tells(facts.RiskActed)
    learning_stepped = _tells(facts.LearningStepped)
    connection_changed = _tells(facts.ConnectionChanged)
    call_timed = _tells(facts.CallTimed)
    error_occurred = _tells(facts.ErrorOccurred)
    heartbeat = _tells(facts.Heartbeat)

    def tell(self, fact: Fact) -> None:
        """Record a fact that has been made."""
        raise NotImplementedError

    def refuse(self, objection: Objection) -> None:
        """Count a fact that could not be made."""
        raise NotImplementedError
