"""A moment knows what it was asked, so that what was read is read again only when that is another."""

from datetime import timedelta

from tests.support.books import book_of
from tests.support.facts import MIDNIGHT, at, closed, started
from tradewatch.book import Book, Moment, moment_of
from tradewatch.facts import EquityMarked, Heartbeat


def begun() -> Book:
    return book_of(at(0, started(1000.0)), at(1, closed("a", 5.0)))


def after(book: Book, seconds: float) -> Moment:
    return moment_of(book, MIDNIGHT + timedelta(seconds=seconds))


def test_the_account_is_the_same_until_money_or_the_day_is_another() -> None:
    book = begun()
    first = after(book, 60).account
    assert after(book, 120).account is first
    book.fold(at(130, Heartbeat(interval=60.0)))
    assert after(book, 180).account is first
    book.fold(at(190, EquityMarked(equity=1_010.0)))
    marked = after(book, 240).account
    assert (marked is first, marked.equity, first.equity) == (False, 1_010.0, 1_005.0)
    next_day = after(book, 86_400).account
    assert next_day is not marked
    assert marked.curve is not None is not next_day.curve
    assert (marked.curve.today.profit, next_day.curve.today.profit) == (10.0, 0.0)


def test_what_was_read_of_the_account_alone_outlives_a_heartbeat() -> None:
    book = begun()
    moment = after(book, 60)
    assert moment.account.balance == 1_005.0
    basis = moment.basis
    book.fold(at(70, Heartbeat(interval=60.0)))
    assert after(book, 120).has(basis)
    book.fold(at(80, closed("b", 1.0)))
    assert not after(book, 120).has(basis)


def test_what_was_read_of_facts_ends_with_the_next_one() -> None:
    book = begun()
    moment = after(book, 60)
    assert moment.book is book
    assert after(book, 120).has(moment.basis)
    book.fold(at(130, Heartbeat(interval=60.0)))
    assert not after(book, 180).has(moment.basis)
    assert not after(begun(), 60).has(moment.basis)


def test_what_was_read_of_the_time_itself_never_comes_again() -> None:
    moment = after(begun(), 60)
    assert moment.at == MIDNIGHT + timedelta(seconds=60)
    assert not moment.has(moment.basis)
    moment.begin()
    assert moment.has(moment.basis)
    assert moment.query_seconds is None
    assert not moment.has(moment.basis)
