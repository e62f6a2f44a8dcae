"""`Recorder`: how any Python bot writes facts, in microseconds, whatever happens to the ledger."""

import atexit
import itertools
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from tradewatch.facts import Entry, Fact, Mode, Objection, RunEnded, RunStarted
from tradewatch.ledger import Durability, ledger_path
from tradewatch.recorder.losses import Losses
from tradewatch.recorder.queue import Queue
from tradewatch.recorder.telling import Teller
from tradewatch.recorder.writer import Destination, Writer

CAPACITY = 100_000
"""Facts that may wait in memory while the ledger cannot be written."""

CLOSE_SECONDS = 5.0
"""How long closing waits for the last commit."""


def _now() -> datetime:
    return datetime.now(UTC)


class Recorder(Teller):
    """Writes a bot's facts into a ledger, without ever raising into the bot or making it wait for the disk.

    >>> import tempfile, pathlib
    >>> ledger = pathlib.Path(tempfile.mkdtemp()) / "bot.db"
    >>> with Recorder(ledger, mode="paper", starting_equity=10_000, currency="USD") as record:
    ...     record.trade_closed(
    ...         trade_id="1", asset="BTC-USD", direction="BUY", quantity=0.5, entry_price=100.0, exit_price=104.0
    ...     )
    ...     record.flush()
    True

    ``ledger``: a path or ``sqlite:///path``; made when there is none. ``system``: the name under which the facts are
    kept. ``mode``: live, paper, replay, simulated or imported. ``starting_equity`` (account currency): the first one a
    ledger is told counts. ``durability``: what a committed fact survives. ``clock`` and ``run_id`` are for tests and
    replays. One recorder per process: it does not survive a fork.

    A fact is *acknowledged* when it is committed: when `flush` has returned True, or 250 ms after it was told, on a
    healthy disk. Facts that are not valid are refused, and facts that find no room are dropped (marks and heartbeats
    first); both are counted here, and in the ledger as soon as it can be written.
    """

    def __init__(  # noqa: PLR0913 - keywords, each with a default that suits a bot
        self,
        ledger: str | Path,
        *,
        system: str = "bot",
        mode: str = Mode.LIVE,
        starting_equity: float | None = None,
        currency: str | None = None,
        label: str = "",
        durability: Durability = Durability.PROCESS,
        capacity: int = CAPACITY,
        clock: Callable[[], datetime] = _now,
        run_id: str | None = None,
    ) -> None:
        self._clock = clock
        self._run_id = run_id or uuid.uuid4().hex
        self._numbers = itertools.count(1)
        self._queue = Queue(capacity)
        self._losses = Losses()
        self._drops_flushed = 0
        started = RunStarted(
            run_id=self._run_id, mode=Mode(mode), starting_equity=starting_equity, currency=currency, label=label
        )
        self._writer = Writer(
            Destination(ledger_path(ledger), system, Durability(durability)),
            self._queue,
            self._losses,
            prologue=[self._stamp(started)],
            stamp=self._stamp,
        )
        self._writer.start()
        self._writer.wake()
        atexit.register(self.close)

    def tell(self, fact: Fact) -> None:
        """Record a fact that happened now."""
        self._put(self._stamp(fact))

    def at(self, time: datetime) -> Teller:
        """Return the same methods for facts that happened at another time (aware)."""
        return _TellerAt(self, time)

    def refuse(self, objection: Objection) -> None:
        """Count a fact that could not be made."""
        self._losses.refuse(objection)

    def flush(self, timeout: float = CLOSE_SECONDS) -> bool:
        """Wait until everything told so far is committed; False when it is not in time, or something was dropped."""
        committed = self._writer.wait_for(self._queue.last, timeout)
        dropped = self._queue.dropped.total()
        whole, self._drops_flushed = dropped == self._drops_flushed, dropped
        return committed and whole

    def close(self) -> None:
        """Say that the run has ended, commit what waits and stop; telling more is of no use."""
        if self._writer.is_alive():
            self.tell(RunEnded(run_id=self._run_id))
            self._writer.stop(CLOSE_SECONDS)
        atexit.unregister(self.close)

    @property
    def refused(self) -> Mapping[tuple[str, str], int]:
        """Facts that were not valid, by kind and reason."""
        return self._losses.refused

    @property
    def dropped(self) -> Mapping[str, int]:
        """Facts that found no room, by kind."""
        return self._queue.dropped

    def _stamp(self, fact: Fact, time: datetime | None = None) -> Entry:
        return Entry(time or self._clock(), fact.identity or f"{self._run_id}/{next(self._numbers)}", fact)

    def _put(self, entry: Entry) -> None:
        self._queue.put(entry)
        self._writer.wake()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()


class _TellerAt(Teller):
    def __init__(self, recorder: Recorder, time: datetime) -> None:
        self._recorder = recorder
        self._time = time

    def tell(self, fact: Fact) -> None:
        recorder = self._recorder
        recorder._put(recorder._stamp(fact, self._time))  # noqa: SLF001 - its own recorder

    def refuse(self, objection: Objection) -> None:
        self._recorder.refuse(objection)
