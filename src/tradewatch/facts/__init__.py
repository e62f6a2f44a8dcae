"""What can happen: one frozen dataclass per kind of fact, and what makes one valid. Typed by msgspec."""

from tradewatch.facts.decisions import (
    LearningStepped,
    OrderRefused,
    RiskActed,
    SignalGiven,
    Vote,
    VotesCast,
    VoteScore,
    VotesScored,
)
from tradewatch.facts.fact import Entry, Fact
from tradewatch.facts.kinds import FACTS, KIND_OF
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
from tradewatch.facts.stamps import stamp
from tradewatch.facts.trades import (
    CashFlowed,
    EquityMarked,
    TradeClosed,
    TradeCorrected,
    TradeFact,
    TradeOpened,
    TradePartlyClosed,
    TradeTerms,
    TradeVoided,
)
from tradewatch.facts.validity import Canonical, Objection, canonical, canonical_bodies
from tradewatch.facts.vocabulary import VIRTUAL, Calendar, Direction, Mode, Outcome, RiskAction, Severity, Stance

__all__ = [
    "FACTS",
    "KIND_OF",
    "VIRTUAL",
    "BarClosed",
    "Calendar",
    "CallTimed",
    "Canonical",
    "CashFlowed",
    "ConnectionChanged",
    "Direction",
    "Entry",
    "EquityMarked",
    "ErrorOccurred",
    "Fact",
    "FactsDropped",
    "FactsRefused",
    "Heartbeat",
    "LearningStepped",
    "Mode",
    "Objection",
    "OrderRefused",
    "Outcome",
    "QuotesRefused",
    "RegimeEntered",
    "RiskActed",
    "RiskAction",
    "RunEnded",
    "RunStarted",
    "Severity",
    "SignalGiven",
    "Stance",
    "TradeClosed",
    "TradeCorrected",
    "TradeFact",
    "TradeOpened",
    "TradePartlyClosed",
    "TradeTerms",
    "TradeVoided",
    "Vote",
    "VoteScore",
    "VotesCast",
    "VotesScored",
    "canonical",
    "canonical_bodies",
    "stamp",
]
