"""`Recorder`: how any Python bot writes facts, in microseconds, whatever happens to the ledger."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from tradewatch.errors import ConfigurationError
from tradewatch.facts import Entry, Fact, Mode, Objection, canonical
from tradewatch.ledger import Durability
from tradewatch.recorder import moments
from tradewatch.recorder.lineage import Lineage
from tradewatch.recorder.telling import Teller
from tradewatch.recorder.terms import checked

CAPACITY = 100_000
"""Facts that may wait in memory while the ledger cannot be written."""

FLUSH_SECONDS = 5.0
"""How long flushing waits for the commit, unless told otherwise."""


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
    ledger is told counts; so with ``currency`` and ``calendar``, every_day or weekdays: the days that returns are taken
    by. ``assets``: the only ones that are traded; facts about others are refused. ``durability``: what a committed fact
    survives. ``capacity``: facts that may wait in memory. ``clock`` and ``run_id`` are for tests and replays. Raises
    `ConfigurationError` when one of them is wrong, and nothing ever after.

    A fact is *acknowledged* when it is committed: when `flush` has returned True, or 250 ms after it was told, on a
    healthy disk. Facts that are not valid are refused, and facts that find no room are dropped (marks and heartbeats
    first); both are counted here, and in the ledger as soon as it can be written.

    After a fork the parent's recorder goes on, and the child's is a new run of its own.
    """

    def __init__(  # noqa: PLR0913 - keywords, each with a default that suits a bot
        self,
        ledger: str | Path,
        *,
        system: str = "bot",
        mode: str = Mode.LIVE,
        starting_equity: float | None = None,
        currency: str | None = None,
        calendar: str | None = None,
        assets: Sequence[str] | None = None,
        version: str = "",
        label: str = "",
        durability: Durability = Durability.PROCESS,
        capacity: int = CAPACITY,
        clock: Callable[[], datetime] = moments.now,
        run_id: str | None = None,
    ) -> None:
        terms = checked(
            ledger=ledger,
            system=system,
            durability=durability,
            capacity=capacity,
            started={
                "run_id": uuid.uuid4().hex if run_id is None else run_id,
                "mode": mode,
                "starting_equity": starting_equity,
                "currency": currency,
                "calendar": calendar,
                "assets": assets,
                "version": version,
                "label": label,
            },
        )
        moment = moments.by(clock)
        time = moment()
        if time is None or isinstance(canonical(Entry(time, "any", terms.started)), Objection):
            message = f"a recorder cannot work with clock={clock!r}: give a function that returns an aware datetime"
            raise ConfigurationError(message)
        self._lineage = Lineage(terms, moment)
        self._lineage.run.start()

    def tell(self, fact: Fact) -> None:
        """Record a fact that happens now."""
        self._lineage.run.tell(fact)

    def at(self, time: datetime) -> Teller:
        """Return the same methods for facts that happened at another time (aware)."""
        return _TellerAt(self, time)

    def refuse(self, objection: Objection) -> None:
        """Count a fact that could not be made."""
        self._lineage.run.refuse(objection)

    def flush(self, timeout: float = FLUSH_SECONDS) -> bool:
        """Wait until everything told so far is committed; False when it is not in time.

        Also False when facts were dropped since the same thread's last flush, whoever told them. Refused facts are not
        waited for: they are in `refused`.
        """
        return self._lineage.run.flush(timeout)

    def close(self) -> None:
        """Say that the run has ended, commit what waits and stop; what is told later is dropped."""
        self._lineage.end()

    @property
    def refused(self) -> Mapping[tuple[str, str], int]:
        """Facts that were not valid, by kind and reason."""
        return self._lineage.run.losses.refused

    @property
    def dropped(self) -> Mapping[tuple[str, str], int]:
        """Facts that were lost before they reached the ledger, by kind and reason."""
        return self._lineage.run.losses.dropped

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()


class _TellerAt(Teller):
    def __init__(self, recorder: Recorder, time: datetime) -> None:
        self._recorder = recorder
        self._moment = moments.of(time)

    def tell(self, fact: Fact) -> None:
        self._recorder._lineage.run.tell(fact, self._moment)  # noqa: SLF001 - its own recorder

    def refuse(self, objection: Objection) -> None:
        self._recorder.refuse(objection)
