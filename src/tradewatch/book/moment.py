"""A moment at which a book is read, and what was asked of it."""

from datetime import datetime
from typing import NamedTuple

from tradewatch.book.account import Account
from tradewatch.book.book import Book


class Basis(NamedTuple):
    """What something was read of; ``facts``: the book and its version, None where only the account was asked."""

    account: Account
    facts: tuple[Book, int] | None


class Moment:
    """A book, its account with the current step and day complete, and the moment it is read at.

    ``query_seconds``: what the newest look for facts took; None where nobody looked. It is the same that reads what it
    has read before, as long as what it asked of is the same, so it remembers what it is asked.
    """

    __slots__ = ("_asks_book", "_asks_now", "_at", "_book", "_query_seconds", "_version", "account")

    def __init__(self, book: Book, account: Account, at: datetime, query_seconds: float | None = None) -> None:
        self.account = account
        self._book = book
        self._version = book.version
        self._at = at
        self._query_seconds = query_seconds
        self._asks_book = self._asks_now = False

    @property
    def book(self) -> Book:
        """The book, of facts up to the moment."""
        self._asks_book = True
        return self._book

    @property
    def at(self) -> datetime:
        """When it is read."""
        self._asks_now = True
        return self._at

    @property
    def query_seconds(self) -> float | None:
        """What the newest look for facts took."""
        self._asks_now = True
        return self._query_seconds

    def begin(self) -> None:
        """Forget what was asked: something else is read from here on."""
        self._asks_book = self._asks_now = False

    @property
    def basis(self) -> Basis | None:
        """What was asked since `begin`; None where it was the time itself, which never comes again."""
        if self._asks_now:
            return None
        return Basis(self.account, (self._book, self._version) if self._asks_book else None)

    def has(self, basis: Basis | None) -> bool:
        """Whether what was read of a basis would be read of this moment again."""
        if basis is None or basis.account is not self.account:
            return False
        return basis.facts is None or basis.facts == (self._book, self._version)


def moment_of(book: Book, at: datetime, query_seconds: float | None = None) -> Moment:
    """Return a book as it reads at a moment that is not before its newest fact."""
    return Moment(book, book.account_at(at), at, query_seconds)
