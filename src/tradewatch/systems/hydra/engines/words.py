"""What engines say, and what is said of them, as texts that facts can carry; others wrote it, so it can be anything."""

from tradewatch.facts.bounds import LONGEST_TEXT


def sound(text: str) -> str:
    r"""Return a text of `LONGEST_TEXT` characters at most, in which half a surrogate pair is written as its escape.

    >>> sound("half \ud83d") == r"half \ud83d"
    True
    """
    return text[:LONGEST_TEXT].encode(errors="backslashreplace").decode()[:LONGEST_TEXT]


def words_of(error: BaseException) -> str:
    """Return an error's class and what it says; never raises, whatever the error's own class does when it is asked."""
    name = type(error).__name__
    try:
        return f"{name}: {error}"
    except Exception:  # noqa: BLE001 - the class of an error is others' code, too
        return f"{name}, which says nothing"
