"""What a book knows of how a system trades: its signals, refused orders, limits and halts."""

from collections import Counter

from tradewatch.book.groups import LARGEST, OTHER, UNKNOWN
from tradewatch.facts import OrderRefused, RiskActed, RiskAction, SignalGiven, Stance
from tradewatch.stats import Mean

ACCOUNT = "account"
"""The scope of what a risk manager does to all trading."""

_STOPS = {
    RiskAction.HALT: RiskAction.RESUME,
    RiskAction.KILL_SWITCH_ON: RiskAction.KILL_SWITCH_OFF,
    RiskAction.EMERGENCY_ON: RiskAction.EMERGENCY_OFF,
}
"""What stops trading, and what ends it."""

_ENDS = {end: begin for begin, end in _STOPS.items()}


class Conduct:
    """Folds signals, refusals and risk actions. Agents beyond the first `LARGEST` are `OTHER`."""

    def __init__(self) -> None:
        self.signals: Counter[tuple[str, str]] = Counter()
        """By agent (or strategy) and stance; an agent's three stances are there from its first signal."""

        self.taken: Counter[str] = Counter()
        self.confidence: dict[str, Mean] = {}
        self.refused: Counter[str] = Counter()
        """Orders, by reason."""

        self.halts: Counter[tuple[str, str]] = Counter()
        """By scope and reason."""

        self.multiplier: float = 1.0
        self._stopped: set[tuple[str, RiskAction]] = set()

    def signal(self, fact: SignalGiven) -> None:
        """Take a signal."""
        who = self._known(fact.agent or fact.strategy or UNKNOWN)
        self.signals[who, fact.stance.value] += 1
        self.taken[who] += fact.taken
        if fact.confidence is not None:
            self.confidence.setdefault(who, Mean()).update(fact.confidence)

    def refuse(self, fact: OrderRefused) -> None:
        """Take the news that an order was refused."""
        reason = fact.reason if fact.reason in self.refused or len(self.refused) < LARGEST else OTHER
        self.refused[reason] += 1

    def act(self, fact: RiskActed) -> None:
        """Take what a guardian or risk manager did."""
        if fact.size_multiplier is not None and fact.scope == ACCOUNT:
            self.multiplier = fact.size_multiplier
        if fact.action in _STOPS:
            self.halts[fact.scope, fact.reason] += 1
            self._stopped.add((fact.scope, fact.action))
        elif fact.action in _ENDS:
            self._stopped.discard((fact.scope, _ENDS[fact.action]))

    def is_allowed(self, scope: str = ACCOUNT) -> bool:
        """Whether nothing stops trading in a scope."""
        return not any(stopped == scope for stopped, _ in self._stopped)

    def is_on(self, action: RiskAction) -> bool:
        """Whether the account's halt, kill switch or emergency is on."""
        return (ACCOUNT, action) in self._stopped

    def scopes(self) -> list[str]:
        """Return every scope that was ever stopped, sorted."""
        return sorted({scope for scope, _ in self.halts})

    def _known(self, who: str) -> str:
        if (who, Stance.HOLD.value) not in self.signals:
            if len(self.signals) >= LARGEST:
                return OTHER
            self.signals.update({(who, stance.value): 0 for stance in Stance})
        return who
