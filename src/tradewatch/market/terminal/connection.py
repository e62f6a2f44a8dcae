"""One connection to a terminal: lost, tried again ever more seldom, and told as facts."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, ParamSpec, TypeVar

from tradewatch.facts import ConnectionChanged, ErrorOccurred, Severity
from tradewatch.market.clock import Clock
from tradewatch.market.instruments import Instruments
from tradewatch.market.terminal.breaker import Breaker, BreakerState, Patience
from tradewatch.market.terminal.telling import LOST, Telling, TimedCalls, TimesItself
from tradewatch.market.terminal.terminal import Terminal, TerminalAccount, TerminalLost, TerminalRefused

About = ParamSpec("About")
Answer = TypeVar("Answer")


class Unanswered(NamedTuple):
    """A question that has no answer, and why.

    ``code``: the terminal's, or ``lost``. ``may_have_happened``: the connection broke during the call, so that an order
    may have been executed: send it again under the same id.
    """

    code: str
    sentence: str
    may_have_happened: bool


_NOT_CONNECTED = Unanswered(LOST, "there is no connection to the terminal", may_have_happened=False)


class Connection:
    """Keeps a terminal connected; every call goes through it, and none is made while there is no connection.

    ``name``: what the connection, its calls and its errors are called in facts, and how the ids of these begin.
    ``account`` and ``instruments``: as the terminal last told them; None and none before the first connection.
    """

    def __init__(
        self,
        terminal: Terminal,
        clock: Clock,
        *,
        patience: Patience,
        stopwatch: Callable[[], float] | None,
        name: str,
    ) -> None:
        self.account: TerminalAccount | None = None
        self.instruments: Instruments = {}
        self.telling = Telling(clock, name)
        self._times = terminal.take_timings if isinstance(terminal, TimesItself) else None
        self.calls = TimedCalls(self.telling, name, None if self._times else stopwatch)
        self._name = name
        self._terminal = terminal
        self._clock = clock
        self._breaker = Breaker(patience)
        self._is_up: bool | None = None

    @property
    def breaker(self) -> BreakerState:
        """The breaker's state now."""
        return self._breaker.state(self._clock.now())

    @property
    def next_try(self) -> datetime | None:
        """When `poll` tries to connect again; None while it does not wait for that."""
        return self._breaker.next_try

    def poll(self) -> bool:
        """Return whether there is a connection, after a look at the account or, if it is time, a try to connect."""
        if self._is_up:
            self._look()
        if not self._is_up and self._breaker.allows(self._clock.now()):
            self._try()
        return bool(self._is_up)

    def ask(
        self, endpoint: str, question: Callable[About, Answer], *about: About.args, **more: About.kwargs
    ) -> Answer | Unanswered:
        """Return the terminal's answer, or why there is none; failures become facts."""
        if not self._is_up:
            return _NOT_CONNECTED
        try:
            return self.calls.make(endpoint, question, *about, **more)
        except (TerminalLost, TerminalRefused) as error:
            return self._unanswered(endpoint, error)

    def _unanswered(self, endpoint: str, error: TerminalLost | TerminalRefused) -> Unanswered:
        self._fail(endpoint, error)
        if isinstance(error, TerminalRefused):
            return Unanswered(error.code, str(error), may_have_happened=False)
        self._lose(str(error))
        return Unanswered(LOST, str(error), may_have_happened=True)

    def tell_calls(self) -> None:
        """Tell of the calls since the last time; a terminal that times itself knows what each of them took."""
        for timing in self._times() if self._times else ():
            self.calls.took(*timing)
        self.calls.tell()

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs. Any: JSON."""
        return {"is_up": self._is_up, "breaker": self._breaker.dump(), "telling": self.telling.state()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``state`` was taken; whether a connection still stands, `poll` finds out. Any: JSON."""
        self._is_up = state["is_up"]
        self._breaker.restore(state["breaker"])
        self.telling.restore(state["telling"])

    def _look(self) -> None:
        account = self.ask("account", self._terminal.account)
        self.account = self.account if isinstance(account, Unanswered) else account
        if self._is_up and not self.instruments:
            self._learn()

    def _learn(self) -> None:
        """Ask for the symbols after `restore`; a run that was never stopped does not ask, so no call is told."""
        try:
            self.instruments = self._terminal.symbols()
        except (TerminalLost, TerminalRefused) as error:
            self._unanswered("symbols", error)

    def _try(self) -> None:
        attempt = self._breaker.failures + 1
        try:
            self.calls.make("connect", self._terminal.connect)
            self.account = self.calls.make("account", self._terminal.account)
            self.instruments = self.calls.make("symbols", self._terminal.symbols)
        except (TerminalLost, TerminalRefused) as error:
            self._fail("connect", error)
            self._lose(str(error))
            self.telling.tell(
                ConnectionChanged(connection=self._name, connected=False, attempt=attempt, detail=str(error))
            )
            self._wait()
        else:
            self._rise(attempt, self.account)

    def _rise(self, attempt: int, account: TerminalAccount) -> None:
        was_open = self.breaker is not BreakerState.CLOSED
        self._breaker.succeed()
        self._is_up = True
        kind = "demo" if account.is_demo else "real"
        detail = f"a {kind} account in {account.currency}{'; the breaker is closed again' if was_open else ''}"
        self.telling.tell(ConnectionChanged(connection=self._name, connected=True, attempt=attempt, detail=detail))

    def _lose(self, why: str) -> None:
        self._terminal.disconnect()
        if self._is_up is not False:
            self._is_up = False
            self.telling.tell(ConnectionChanged(connection=self._name, connected=False, detail=why))

    def _wait(self) -> None:
        if self._breaker.fail(self._clock.now()):
            message = f"the breaker is open after {self._breaker.failures} failures in a row to connect"
            self._tell_error("breaker_open", Severity.HIGH, message)

    def _fail(self, endpoint: str, error: TerminalLost | TerminalRefused) -> None:
        ending = LOST if isinstance(error, TerminalLost) else "refused"
        self._tell_error(f"{endpoint}_{ending}", Severity.MEDIUM, str(error))

    def _tell_error(self, kind: str, severity: Severity, message: str) -> None:
        self.telling.tell(ErrorOccurred(component=self._name, type=kind, severity=severity, message=message))
