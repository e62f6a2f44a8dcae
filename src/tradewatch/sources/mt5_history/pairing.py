"""Trades from deals alone: which deal closes which position."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tradewatch.facts import Direction
from tradewatch.sources.csv_values import direction
from tradewatch.sources.mt5_history.deals import COSTS, TRADES, Deal, total
from tradewatch.sources.mt5_history.text import Row
from tradewatch.sources.source import Reason
from tradewatch.sources.telling import Fault, Record

_NEEDED = ("Symbol", "Direction", "Volume", "Price")
_NOTHING = 1e-9
"""Lots; less is left of a position that was closed in parts, for their sum is not exact in binary."""


@dataclass(slots=True)
class _Position:
    """A position: the deal that opened it, those that closed parts of it, and what is left of it, in lots."""

    opening: Deal
    left: float
    closings: list[Deal] = field(default_factory=list)

    @property
    def direction(self) -> Direction | Reason:
        return direction(self.opening.kind)

    def may_be_closed_by(self, deal: Deal) -> bool:
        """Whether a deal can be about this position; where deals name the position, the name decides."""
        named, ours = deal.values.get("Position"), self.opening.values.get("Position")
        is_same = named == ours and deal.values["Symbol"] == self.opening.values["Symbol"]
        return is_same and deal.kind != self.opening.kind and deal.values["Volume"] <= self.left + _NOTHING

    def record(self) -> Record:
        """Return the trade; open while something is left of it."""
        values = self.opening.values
        record = {
            "trade_id": values.get("Position") or values.get("Order") or f"deal-{self.opening.number}",
            "asset": values["Symbol"],
            "direction": self.direction,
            "quantity": values["Volume"],
            "entry_price": values["Price"],
            "opened_at": self.opening.time,
        }
        return record if self.left > _NOTHING else record | self._closing()

    def _closing(self) -> Record:
        every = [self.opening, *self.closings]
        volumes = [deal.values["Volume"] for deal in self.closings]
        paid = sum(deal.values["Price"] * deal.values["Volume"] for deal in self.closings)
        costs = {name: sum(total(deal.values, name) for deal in every) for name in COSTS}
        return {
            "exit_price": paid / sum(volumes),
            "closed_at": self.closings[-1].time,
            "fees": 0.0 - total(costs, "Commission", "Fee"),
            "funding": 0.0 - total(costs, "Swap"),
            "pnl": total({deal.number: deal.amount for deal in every}, *(deal.number for deal in every)),
        }


def paired(deals: Sequence[Deal]) -> Iterator[tuple[Row, Record | Fault]]:
    """Yield the trades that deals in order of time make, open ones last, and the deals that cannot be told apart.

    A deal closes a position only if no other one can be meant: nothing is guessed where several are open.
    """
    held: list[_Position] = []
    for deal in (deal for deal in deals if deal.kind in TRADES):
        fault = _fault(deal)
        if fault:
            yield deal.row, fault
        elif deal.values["Direction"].lower() == "in":
            held.append(_Position(deal, deal.values["Volume"]))
        else:
            yield from _closed(held, deal)
    yield from ((position.opening.row, position.record()) for position in held)


def _closed(held: list[_Position], deal: Deal) -> Iterator[tuple[Row, Record | Fault]]:
    meant = [position for position in held if position.may_be_closed_by(deal)]
    if len(meant) != 1 or deal.values["Direction"].lower() != "out":
        yield deal.row, Fault("Deal", deal.number, Reason.UNPAIRED_DEAL)
        for position in meant:  # nobody knows which of them is still open
            held.remove(position)
            yield position.opening.row, Fault("Deal", position.opening.number, Reason.UNPAIRED_DEAL)
        return
    (position,) = meant
    position.closings.append(deal)
    position.left -= deal.values["Volume"]
    if position.left <= _NOTHING:
        held.remove(position)
        yield position.opening.row, position.record()


def _fault(deal: Deal) -> Fault | None:
    missing = next((name for name in _NEEDED if name not in deal.values), None)
    return Fault(missing, "", Reason.MISSING) if missing else None
