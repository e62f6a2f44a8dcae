"""Every kind of fact, by the name under which it is stored and counted."""

from typing import Union

from tradewatch.facts.decisions import LearningStepped, OrderRefused, RiskActed, SignalGiven, VotesCast, VotesScored
from tradewatch.facts.fact import Fact
from tradewatch.facts.market import BarClosed, QuotesRefused, RegimeEntered
from tradewatch.facts.runtime import (
    CallTimed,
    ConnectionChanged,
    ErrorOccurred,
    FactsDropped,
    FactsRefused,
    Heartbeat,
    RunEnded,
    RunStarted,
)
from tradewatch.facts.trades import (
    CashFlowed,
    EquityMarked,
    TradeClosed,
    TradeCorrected,
    TradeOpened,
    TradePartlyClosed,
    TradeVoided,
)

FACTS: tuple[type[Fact], ...] = (
    RunStarted,
    RunEnded,
    TradeOpened,
    TradePartlyClosed,
    TradeClosed,
    TradeCorrected,
    TradeVoided,
    EquityMarked,
    CashFlowed,
    BarClosed,
    QuotesRefused,
    RegimeEntered,
    VotesCast,
    VotesScored,
    SignalGiven,
    OrderRefused,
    RiskActed,
    LearningStepped,
    ConnectionChanged,
    CallTimed,
    ErrorOccurred,
    Heartbeat,
    FactsDropped,
    FactsRefused,
)


KIND_OF: dict[type[Fact], str] = {fact: str(fact.__struct_config__.tag) for fact in FACTS}
"""A fact's class to its kind: the class's name in snake case."""

AnyFact = Union[FACTS]  # type: ignore[valid-type]  # noqa: UP007 - built from the tuple, for the decoder
"""All facts, for decoding."""
