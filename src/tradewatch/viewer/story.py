"""How a trade came about and what became of it, from its facts."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from tradewatch.facts import (
    Entry,
    Fact,
    SignalGiven,
    TradeClosed,
    TradeCorrected,
    TradeOpened,
    TradePartlyClosed,
    TradeTerms,
    TradeVoided,
    VotesCast,
    VotesScored,
)
from tradewatch.viewer.listing import Listed, milliseconds, row
from tradewatch.viewer.trades import Told, closing_of, terms_of

Value = str | float | None


class Ballot(msgspec.Struct, frozen=True, kw_only=True):
    """One engine's vote; ``correct`` is None until it is scored."""

    engine: str
    stance: str
    confidence: float
    weight: float
    reason: str
    correct: bool | None


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to the trade; ``at`` in milliseconds since 1970."""

    at: int
    kind: str
    title: str
    details: Sequence[tuple[str, Value]] = ()
    votes: Sequence[Ballot] = ()


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """A trade with its numbers (name, value, unit) and its chapters in the order in which they happened."""

    trade: Listed
    facts: Sequence[tuple[str, Value, str]]
    chapters: Sequence[Chapter]


def story_of(told: Told, ledger: str) -> Story | None:
    """Return a trade's story, None where too little is known of it."""
    listed, terms = row(told, ledger), terms_of(told)
    if listed is None or terms is None:
        return None
    chapters = [*_before(told), *_after(told)]
    return Story(
        trade=listed,
        facts=[*_of_terms(terms, listed), *_of_closing(closing_of(told))],
        chapters=sorted(chapters, key=lambda each: each.at),
    )


def _of_terms(terms: TradeTerms, listed: Listed) -> Iterator[tuple[str, Value, str]]:
    yield "Regime at entry", listed.regime, ""
    yield "Confidence", terms.confidence, "percentunit"
    yield "Quantity", terms.quantity, "price"
    yield "Entry price", terms.entry_price, "price"
    yield "Stop", terms.stop, "price"
    yield "Target", terms.take_profit, "price"
    yield "Notional", terms.notional, "money"
    yield "Risk (1 R)", terms.initial_risk, "money"
    yield "Entry slippage", _slippage(terms.entry_price, terms.entry_reference_price, terms), "basis points"


def _of_closing(closing: TradeClosed | None) -> Iterator[tuple[str, Value, str]]:
    if closing is None:
        return
    risk = closing.initial_risk
    pnl = closing.pnl if closing.pnl is not None else closing.recomputed_pnl
    yield "Exit price", closing.exit_price, "price"
    yield "Fees", closing.fees, "money"
    yield "Funding", closing.funding, "money"
    yield "Worst while open (MAE)", closing.worst_unrealised, "money"
    yield "Best while open (MFE)", closing.best_unrealised, "money"
    yield "Result in R", None if risk is None or pnl is None else round(pnl / risk, 2), "R"


def _slippage(price: float | None, reference: float | None, terms: TradeTerms) -> float | None:
    """Return what the fill cost against the price that was seen, in basis points; a cost is above 0."""
    if price is None or reference is None or reference == 0 or terms.direction is None:
        return None
    return round((price - reference) / reference * terms.direction.sign * 10_000, 2)


def _before(told: Told) -> Iterator[Chapter]:
    if told.signal is not None and isinstance(told.signal.fact, SignalGiven):
        yield _signal(told.signal, told.signal.fact)
    if told.votes is not None and isinstance(told.votes.fact, VotesCast):
        yield _votes(told.votes, told.votes.fact, told.newest(VotesScored))


def _signal(entry: Entry, signal: SignalGiven) -> Chapter:
    details: dict[str, Value] = {
        "confidence": signal.confidence,
        "timeframe": signal.timeframe,
        "why": signal.reason or None,
    }
    title = f"{signal.agent or signal.strategy or 'The system'} asked to {signal.stance}"
    return _chapter(entry, "signal", title, details)


def _votes(entry: Entry, votes: VotesCast, scored: VotesScored | None) -> Chapter:
    scores = {each.engine: each.correct for each in scored.scores} if scored else {}
    ballots = [
        Ballot(
            engine=vote.engine,
            stance=vote.stance,
            confidence=vote.confidence,
            weight=vote.weight,
            reason=vote.reason,
            correct=scores.get(vote.engine),
        )
        for vote in votes.votes
    ]
    title = f"The engines decided: {votes.decision}"
    details: dict[str, Value] = {"led by": votes.leader, "size": votes.size_multiplier}
    return msgspec.structs.replace(_chapter(entry, "votes", title, details), votes=ballots)


def _after(told: Told) -> Iterator[Chapter]:
    for entry in told.entries:
        happened = _happened(entry.fact)
        if happened is not None:
            yield _chapter(entry, *happened)


def _happened(fact: Fact) -> tuple[str, str, Mapping[str, Value]] | None:
    """Return the kind, title and details of a fact of a trade; None for one that is told elsewhere."""
    match fact:
        case TradeOpened():
            details = {"price": fact.entry_price, "seen at": fact.entry_reference_price, "fees": fact.fees}
            return "opened", f"Opened {fact.direction} {fact.quantity:g}", details
        case TradePartlyClosed():
            return "part", f"Part {fact.part} closed: {fact.quantity:g}", {"price": fact.exit_price, "P&L": fact.pnl}
        case TradeClosed():
            ended = {"price": fact.exit_price, "fees": fact.fees, "P&L": fact.pnl}
            return "closed", f"Closed: {fact.exit_reason or 'no reason told'}", ended
        case TradeCorrected():
            return "corrected", f"Corrected: {fact.reason or 'no reason told'}", {"P&L": fact.replacement.pnl}
        case TradeVoided():
            return "voided", f"Taken back: {fact.reason or 'it never happened'}", {}
        case _:
            return None


def _chapter(entry: Entry, kind: str, title: str, details: Mapping[str, Value]) -> Chapter:
    known = [(name, value) for name, value in details.items() if value is not None]
    return Chapter(at=milliseconds(entry.time) or 0, kind=kind, title=title, details=known)
