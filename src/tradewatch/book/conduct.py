"""What a book knows of how a system trades: its signals, refused orders, limits and halts."""

from collections import Counter

from tradewatch.book.groups import LARGEST, OTHER, UNKNOWN
from tradewatch.facts import OrderRefused, RiskActed, RiskAction, SignalGiven, Stance
from tradewatch.stats import Mean

ACCOUNT = "account"
"""The scope of what a risk manager does to all trading."""

LOSSES_IN_A_ROW = "losses_in_a_row"
"""Why a circuit breaker pauses trading."""

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
        self.warnings: set[str] = set()
        """The limits of the account that are warned of."""

        self._is_paused = False
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
        if fact.scope == ACCOUNT:
            self._act_on_account(fact)
        if fact.action in _STOPS:
            key = fact.scope, fact.reason
            self.halts[key if key in self.halts or len(self.halts) < LARGEST else (OTHER, OTHER)] += 1
            self._stopped.add((fact.scope, fact.action))
        elif fact.action in _ENDS:
            self._stopped.discard((fact.scope, _ENDS[fact.action]))

    def _act_on_account(self, fact: RiskActed) -> None:
        if fact.size_multiplier is not None:
            self.multiplier = fact.size_multiplier
        if fact.action is RiskAction.WARN and len(self.warnings) < LARGEST:
            self.warnings.add(fact.reason)
        elif fact.action is RiskAction.WARNING_OVER:
            self.warnings.discard(fact.reason)
        elif fact.action is RiskAction.HALT and fact.reason == LOSSES_IN_A_ROW:
            self._is_paused = True
        elif fact.action in {RiskAction.RESUME, RiskAction.RESTORE_SIZE}:
            self._is_paused = False

    @property
    def is_broken(self) -> bool:
        """Whether losses in a row reduce sizes or pause trading: a circuit breaker."""
        return self._is_paused or self.multiplier < 1

    @property
    def level(self) -> int:
        """How much a guardian has to do: 1 nothing, 2 a limit of the account is near or sizes are reduced, 3 a halt."""
        if not self.is_allowed():
            return 3
        return 2 if self.warnings or self.multiplier < 1 else 1

    def stopped(self) -> set[str]:
        """Return the scopes in which something stops trading."""
        return {scope for scope, _ in self._stopped}

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
