"""One method per fact: typed by the fact itself, and never raising into the bot."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Generic, ParamSpec

from tradewatch import facts
from tradewatch.facts import KIND_OF, Fact, Objection

Fields = ParamSpec("Fields")


class Tells(Generic[Fields]):
    """A method that takes a fact's fields as keywords and tells the fact; a fact that cannot be made is refused."""

    def __init__(self, kind: Callable[Fields, Fact]) -> None:
        self._kind = kind
        update_wrapper(self, kind, updated=())  # type: ignore[arg-type]  # for help(): the fact's own documentation

    def __get__(self, teller: "Teller", _owner: type) -> Callable[Fields, None]:
        def tell(*args: Fields.args, **fields: Fields.kwargs) -> None:
            try:
                fact = self._kind(*args, **fields)
            except TypeError as error:
                teller.refuse(Objection(self._name, "incomplete", str(error)))
            else:
                teller.tell(fact)

        return tell

    @property
    def _name(self) -> str:
        kind: Any = self._kind  # Any: a class seen as the callable that makes its instances
        return KIND_OF[kind]


class Teller:
    """The methods of a recorder, one per fact."""

    trade_opened = Tells(facts.TradeOpened)
    trade_partly_closed = Tells(facts.TradePartlyClosed)
    trade_closed = Tells(facts.TradeClosed)
    trade_corrected = Tells(facts.TradeCorrected)
    trade_voided = Tells(facts.TradeVoided)
    equity_marked = Tells(facts.EquityMarked)
    cash_flowed = Tells(facts.CashFlowed)
    bar_closed = Tells(facts.BarClosed)
    quotes_refused = Tells(facts.QuotesRefused)
    regime_entered = Tells(facts.RegimeEntered)
    votes_cast = Tells(facts.VotesCast)
    votes_scored = Tells(facts.VotesScored)
    signal_given = Tells(facts.SignalGiven)
    order_refused = Tells(facts.OrderRefused)
    risk_acted = Tells(facts.RiskActed)
    learning_stepped = Tells(facts.LearningStepped)
    connection_changed = Tells(facts.ConnectionChanged)
    call_timed = Tells(facts.CallTimed)
    error_occurred = Tells(facts.ErrorOccurred)
    heartbeat = Tells(facts.Heartbeat)

    def tell(self, fact: Fact) -> None:
        """Record a fact that has been made."""
        raise NotImplementedError

    def refuse(self, objection: Objection) -> None:
        """Count a fact that could not be made."""
        raise NotImplementedError
