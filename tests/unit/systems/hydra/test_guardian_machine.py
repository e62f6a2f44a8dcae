"""Whatever happens to an account, in whatever order: what the guardian never allows, and what it always tells."""

from datetime import datetime, timedelta
from functools import partial

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.support.guardians import HOUR, NOON, START, again, ended, request, step
from tradewatch.book.conduct import Conduct
from tradewatch.facts import Direction, Entry, RiskActed, RiskAction
from tradewatch.systems.hydra.guardian.guardian import Guardian, Step
from tradewatch.systems.hydra.guardian.limits import GuardianLimits

assets = st.sampled_from(["BTC-USD", "ETH-USD", "SOL-USD", "LTC-USD"])
regimes = st.dictionaries(assets, st.sampled_from(["CHOPPY", "RANGING"]), max_size=2)
waits = st.sampled_from([1, 59, 60, 1800, 3600, 7199, 7201, 43_200, 86_400, 200_000]).map(
    lambda each: timedelta(seconds=each)
)
limits = st.sampled_from(
    [GuardianLimits(), GuardianLimits(kill_switch_pause=24 * HOUR), GuardianLimits(daily_loss=0.9)]
)


class Account(RuleBasedStateMachine):
    """An account that earns, loses, is paid into and restarted, and the guardian that watches it."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOON
        self.equity = START
        self.told = Conduct()
        self.ids: set[str] = set()

    @initialize(limits=limits)
    def begin(self, limits: GuardianLimits) -> None:
        self.guardian = Guardian(START, limits)
        self.twin = Guardian(START, limits)

    @rule(
        wait=waits,
        share=st.floats(-0.07, 0.05),
        trades=st.lists(st.sampled_from([-1.0, -1.0, -1.0, 0.0, 1.0]), max_size=6),
        regimes=regimes,
    )
    def pass_time(self, wait: timedelta, share: float, trades: list[float], regimes: dict[str, str]) -> None:
        self.equity *= 1 + share
        self._take(wait, partial(step, closed=ended(*trades), regimes=regimes))

    @rule(wait=waits, share=st.floats(-0.9, 3.0))
    def pay(self, wait: timedelta, share: float) -> None:
        """A flow trips nothing: what the step does, it does without it."""
        before, amount = again(self.guardian), share * self.equity
        entries = self._take(wait, partial(step, flows=[amount]))
        assert before.take(step(self.now, self.equity)) == entries
        self.equity += amount

    @rule()
    def release(self) -> None:
        """A person's reset is in the ledger before the guardian hears of it."""
        self.guardian.release(self.now)
        self.twin.release(self.now)
        self.told.act(RiskActed(action=RiskAction.KILL_SWITCH_OFF, reason="reset"))

    @rule()
    def restart(self) -> None:
        self.guardian = again(self.guardian)

    @rule(
        asset=assets,
        quantity=st.floats(0.0, 1e9),
        risk=st.floats(1e-6, 1e6),
        held=st.lists(st.tuples(assets, st.sampled_from(Direction)), max_size=4),
    )
    def ask(self, asset: str, quantity: float, risk: float, held: list[tuple[str, Direction]]) -> None:
        holdings = [request(asset=each, direction=direction) for each, direction in held]
        verdict = self.guardian.check(request(asset=asset, quantity=quantity, risk_per_unit=risk), holdings)
        assert verdict.allowed == (verdict.size > 0)
        assert 0 <= verdict.size <= quantity
        assert verdict.size * risk <= 0.01 * self.equity * (1 + 1e-9)
        if verdict.allowed:
            assert len(held) < 3
            assert self.told.is_allowed()
            assert self.told.is_allowed(asset)
        else:
            assert verdict.reasons

    @invariant()
    def trading_is_allowed_unless_the_facts_say_it_is_stopped(self) -> None:
        status = self.guardian.get_status()
        assert status["trading_allowed"] is self.told.is_allowed()
        assert status["emergency"] is self.told.is_on(RiskAction.EMERGENCY_ON)
        assert status["kill_switch"] is (status["emergency"] or self.told.is_on(RiskAction.KILL_SWITCH_ON))
        assert (status["guardian_status"] == 3) is not status["trading_allowed"]
        assert status["guardian_status"] in {0, self.told.level}
        assert status["circuit_breaker"] is self.told.is_broken
        assert status["warnings"] == sorted(self.told.warnings)
        assert status["position_size_multiplier"] == self.told.multiplier
        if status["kill_switch"]:
            assert not self.guardian.check(request(), []).allowed

    @invariant()
    def a_restart_is_not_noticed(self) -> None:
        assert self.guardian.state() == self.twin.state()

    def _take(self, wait: timedelta, make: partial[Step]) -> list[Entry]:
        self.now += wait
        told = make(self.now, self.equity)
        entries = self.guardian.take(told)
        assert self.twin.take(told) == entries
        for entry in entries:
            assert entry.time == self.now
            assert entry.id not in self.ids
            self.ids.add(entry.id)
            if isinstance(entry.fact, RiskActed):
                self.told.act(entry.fact)
        return entries


TestAccount = Account.TestCase
TestAccount.settings = settings(max_examples=60, stateful_step_count=40)
