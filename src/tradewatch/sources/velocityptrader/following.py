"""A foreign database followed into a ledger of ours: new rows at once, changed and deleted ones by a sweep."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tradewatch.ledger.files import FileIdentity, file_identity
from tradewatch.sources.gathering import Account
from tradewatch.sources.velocityptrader.amending import row_ids
from tradewatch.sources.velocityptrader.copying import Copy, Wanted
from tradewatch.sources.velocityptrader.database import DatabaseError, VelocityPTraderDatabase
from tradewatch.sources.velocityptrader.pairing import Walk, Walked
from tradewatch.sources.velocityptrader.rows import moment
from tradewatch.sources.velocityptrader.same_database import Known, is_another, sample
from tradewatch.sources.velocityptrader.seen_rows import SeenRows
from tradewatch.sources.velocityptrader.sweeping import Round
from tradewatch.sources.velocityptrader.tally import Tally

_FEW = 10
"""Rows that may change together before it is asked whether the file is damaged."""

MOST_ROWS = 1_000
"""Rows of a table that one `Following.look` brings."""

_TOLD_AT_ONCE = 2_000


class Following:
    """A foreign database followed into a ledger of ours. Use it from one thread.

    What is wrong with the database is never raised: it is the ``problem``, and the next `look` tries again. What is
    wrong with the ledger is raised as `SourceError`; after that, too, the next call goes on where this one began.
    """

    def __init__(  # noqa: PLR0913 - the two files, whose they are, and how the run is told
        self,
        database: Path,
        ledger: Path,
        *,
        system: str,
        account: Account,
        clock: Callable[[], datetime],
        run: str = "follow",
    ) -> None:
        """Open or make the ledger, not yet the database. ``run``: what the run's id begins with."""
        self.problem: str | None = None
        self.replaced = False
        self.is_caught_up = False
        self._path = database
        self._ledger = ledger
        self._system = system
        self._clock = clock
        self._run = run
        is_open = run == "follow"
        self._copy = Copy(ledger, system, account, database.name, clock=clock, tells_refused=is_open)
        self._database: VelocityPTraderDatabase | None = None
        self._opened_as: FileIdentity | None = None
        self._identity: FileIdentity | None = None  # the file that was last found to be the database of the ledger
        self._content: tuple[int, int] | None = None
        self._looked_at: int | None = None  # the database's version at which nothing was left to bring
        self._seen = SeenRows()
        self._walk: Walk | None = None
        self._last_error: int | None = None
        self._has_begun = False
        self._known: Sequence[Known] | None = None
        self._round: Round | None = None
        self._swept: int | None = None  # the version at which the last complete round began
        self._remembered: int | None = 0  # how far the ledger was searched for rows that are gone; None: to its end

    @property
    def tally(self) -> Tally:
        """What became of the rows since this object was made."""
        return self._copy.tally

    @property
    def is_swept(self) -> bool:
        """Whether no row differs from what was told, as of the newest `look`."""
        return self.is_caught_up and self._remembered is None and self._swept == self._looked_at

    def look(self) -> None:
        """Bring what is new, at most `MOST_ROWS` trades and errors; ``is_caught_up`` says whether more waits."""
        if self.replaced:
            return
        with self._noting_problems():
            database = self._current()
            self.problem = None
            version = database.version()
            if version == self._looked_at or self._is_another(database):
                return
            self._begin(database)
            self.is_caught_up = self._bring_trades(database) and self._bring_errors(database)
            self._looked_at = version if self.is_caught_up else None

    def sweep(self, seconds: float) -> None:
        """Go on comparing all rows with what was told, for about so many seconds, to the end of a round at most.

        It returns at once when nothing changed since the last round, and while `look` has not caught up.
        """
        deadline = time.monotonic() + seconds
        with self._noting_problems():
            while self._database is not None and self.is_caught_up and not (self.problem or self.replaced):
                if self.is_swept or not self._step(self._database) or time.monotonic() >= deadline:
                    return

    def end(self) -> None:
        """Tell that the run has ended with its newest fact."""
        self._copy.end(self._run)

    def close(self) -> None:
        """Release both files."""
        self._release()
        self._copy.close()

    def _current(self) -> VelocityPTraderDatabase:
        found = file_identity(self._path)
        if self._database is not None and (found != self._opened_as or self._is_overwritten(self._database)):
            self._release()
        if self._database is None:
            self._opened_as, self._content = found, _content(self._path)
            self._database = VelocityPTraderDatabase(self._path)
            if self._walk is None or self._walk.has_pairs != self._database.has_pairs:
                self._walk = Walk(has_pairs=self._database.has_pairs)
        return self._database

    def _is_overwritten(self, database: VelocityPTraderDatabase) -> bool:
        """Whether the file was written by something else than SQLite, or its tables are others: open it again."""
        content, self._content = self._content, _content(self._path)
        is_unexplained = content != self._content and database.version() == self._looked_at
        return is_unexplained or database.has_new_schema

    def _release(self) -> None:
        if self._database is not None:
            self._database.close()
        self._database = self._round = self._looked_at = self._swept = None
        self.is_caught_up = False

    def _is_another(self, database: VelocityPTraderDatabase) -> bool:
        """Compare a sample; one that does not fit is taken anew first, because its rows may have been voided."""
        is_exchanged = self._identity != self._opened_as
        for known in (self._known, None):
            self._known = sample(self._copy.reader, self._system) if known is None else known
            if not is_another(database, self._known, is_exchanged=is_exchanged):
                self._identity = self._opened_as
                return False
        self.replaced = True
        self.problem = f"{self._path} is another database than the one in {self._ledger}: give another ledger"
        return True

    def _begin(self, database: VelocityPTraderDatabase) -> None:
        if not self._has_begun:
            first = next(iter(database.trades(limit=1)), None)
            self._copy.begin(self._run, first, moment(database.earliest()) or self._clock())
            self._has_begun = True

    def _bring_trades(self, database: VelocityPTraderDatabase) -> bool:
        rows = database.trades(self._seen.last, None, MOST_ROWS)
        if rows and self._walk is not None:
            self._tell(self._walk, list(self._walk.take(rows)), are_new=True)
        return len(rows) < MOST_ROWS

    def _bring_errors(self, database: VelocityPTraderDatabase) -> bool:
        rows = database.errors(self._last_error, MOST_ROWS)
        self._copy.tell_errors(rows)
        if rows:
            self._last_error = rows[-1].id
        return len(rows) < MOST_ROWS

    def _tell(self, walk: Walk, walked: Sequence[Walked], gone: Sequence[int] = (), *, are_new: bool = False) -> None:
        wanted = {row_id: Wanted(None) for row_id in gone}
        for row, opened_by in walked:
            wanted[row.id] = Wanted(None if opened_by else row, may_be_closed_later=walk.may_be_closed_later(row))
            if opened_by is not None:
                wanted[opened_by.id] = Wanted(opened_by, row)
        left = self._copy.tell(wanted, {each.row.id for each in walked} if are_new else ())
        for row_id in gone:
            self._seen.remove(row_id)
        for each in walked:
            self._seen.put(each.row.id, each.digest)
        pairs = {each.opened_by.id for each in walked if each.opened_by is not None}
        for row_id in pairs.union(left):
            self._seen.note_closed_by_another(row_id, is_so=True)

    def _step(self, database: VelocityPTraderDatabase) -> bool:
        """Do one piece of a round; return whether there is more of it."""
        if self._remembered is not None:
            self._void_forgotten(database, self._remembered)
            return True
        if self._round is None:
            self._round = Round(database, self._seen)
        if not self._round.is_complete:
            changed, gone = self._round.step(database)
            if gone or len(changed) > _FEW:
                database.require_undamaged()
            self._tell(self._round.walk, changed, gone)
        if self._round.is_complete:
            self._finish(self._round)
        return self._round is not None

    def _void_forgotten(self, database: VelocityPTraderDatabase, after: int) -> None:
        """Void what the ledger was told by another process of rows that are no more."""
        rows = self._copy.reader.tail(self._system, after, _TOLD_AT_ONCE)
        unseen = [row_id for row_id in row_ids(rows) if row_id not in self._seen]
        gone = set(unseen).difference(row.id for row in database.trades_with(unseen))
        if gone:
            database.require_undamaged()
        self._copy.tell(dict.fromkeys(gone, Wanted(None)))
        self._remembered = rows[-1].sequence if rows else None

    def _finish(self, done: Round) -> None:
        """Open rows that another row closed once, and that none closes any more, are open again."""
        lost = [row for row in done.walk.waiting if self._seen.is_closed_by_another(row.id)]
        self._copy.tell({row.id: Wanted(row) for row in lost})
        for row in lost:
            self._seen.note_closed_by_another(row.id, is_so=False)
        self._walk, self._swept = done.walk, done.version
        self._round = self._known = None

    @contextmanager
    def _noting_problems(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            self._release()
            self.problem = str(error)
        except BaseException:
            self._round = self._swept = self._looked_at = None  # what was not told is found by another round
            raise


def _content(path: Path) -> tuple[int, int] | None:
    """Return what changes when a file is written: its size, and when it was."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
