"""Where an exporter's facts come from: a ledger, or a foreign database that is followed into one."""

from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b
from itertools import count
from pathlib import Path
from typing import Protocol

from tradewatch.errors import SourceError
from tradewatch.sources import velocityptrader
from tradewatch.sources.gathering import Account
from tradewatch.sources.velocityptrader.database import is_velocityptraders
from tradewatch.sources.velocityptrader.following import Following


class Feed(Protocol):
    """Brings facts into a ledger. ``problem``: one sentence while it cannot, else None. Never raises."""

    problem: str | None

    def look(self) -> Path | None:
        """Bring what is new, at once; return the ledger to read, None while there is none to be read yet."""

    def sweep(self, seconds: float) -> bool:
        """Go on looking for what changed, for about so many seconds; return whether nothing is left."""

    def close(self) -> None:
        """Let go of files."""


class DatabaseFeed:
    """A foreign database, followed into ledgers in a folder: one an account, another for another database there."""

    def __init__(self, database: Path, folder: Path, account: Account, clock: Callable[[], datetime]) -> None:
        self.problem: str | None = None
        self._database = database
        subject = repr((str(database.absolute()), account.starting_equity, account.currency))
        self._folder = folder / blake2b(subject.encode(), digest_size=8).hexdigest()
        self._account = account
        self._clock = clock
        self._following: Following | None = None
        self._unswept: str | None = None  # why changed rows could not be told; a look at new ones does not mend it

    def look(self) -> Path | None:
        """Bring what is new; return the ledger once the whole database was brought."""
        try:
            return self._look()
        except SourceError as error:
            self.problem = str(error)
        except OSError as error:
            self.problem = (
                f"the folder {self._folder} for what is read of {self._database} cannot be had ({error.strerror}): "
                "make it writable, or choose another one with --state"
            )
        self.close()
        return self._newest() if self.was_followed else None

    @property
    def was_followed(self) -> bool:
        """Whether there is a ledger into which all of a database was brought, now or by an earlier process."""
        return _complete(self._newest()).exists()

    def _look(self) -> Path | None:
        if self._following is not None and not self._newest().exists():
            self.close()  # the state folder was deleted: begin anew
        if self._following is None:
            self._following = self._follow(self._newest())
        self._following.look()
        if self._following.replaced:
            self.close()
            self._unswept = None
            self._following = self._follow(self._next())
            self._following.look()
        self.problem = self._following.problem or self._unswept
        if self._following.is_caught_up and not self.was_followed:
            _complete(self._newest()).touch()
        return self._newest() if self.was_followed else None

    def sweep(self, seconds: float) -> bool:
        """Go on comparing the database's rows with what was told."""
        if self._following is None:
            return True
        try:
            self._following.sweep(seconds)
        except SourceError as error:
            self.problem = self._unswept = str(error)
            self.close()
            return True
        if self._following.is_swept:
            self._unswept = None
        return self._following.is_swept or self._following.problem is not None

    def close(self) -> None:
        """Let go of the database and the ledger."""
        if self._following is not None:
            self._following.close()
            self._following = None

    def _follow(self, ledger: Path) -> Following:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Following(
            self._database, ledger, system=velocityptrader.SYSTEM, account=self._account, clock=self._clock
        )

    def _newest(self) -> Path:
        """Return the ledger of the database that was there last."""
        numbers = [int(ledger.stem) for ledger in self._folder.glob("*.db") if ledger.stem.isdecimal()]
        return self._folder / f"{max(numbers, default=1)}.db"

    def _next(self) -> Path:
        return next(path for number in count(1) if not (path := self._folder / f"{number}.db").exists())


def _complete(ledger: Path) -> Path:
    """Return the file that says that a ledger holds all of its database."""
    return ledger.with_suffix(".complete")


class PathFeed:
    """A path that leads to a ledger, or to a foreign database as soon as one is seen there."""

    def __init__(self, path: Path, foreign: Callable[[], DatabaseFeed]) -> None:
        self.problem: str | None = None
        self._path = path
        self._foreign = foreign
        self._feed: Feed | None = None

    def look(self) -> Path | None:
        """Look at what is there."""
        if self._feed is None:
            foreign = self._foreign()
            if is_velocityptraders(self._path) or (foreign.was_followed and not self._path.exists()):
                self._feed = foreign
        ledger = self._path if self._feed is None else self._feed.look()
        self.problem = None if self._feed is None else self._feed.problem
        return ledger

    def sweep(self, seconds: float) -> bool:
        """Go on looking for what changed; a ledger of ours never changes."""
        return self._feed is None or self._feed.sweep(seconds)

    def close(self) -> None:
        """Let go of files."""
        if self._feed is not None:
            self._feed.close()
