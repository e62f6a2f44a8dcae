"""MetaTrader's numbers as sentences.

https://www.mql5.com/en/docs/constants/errorswarnings/enum_trade_return_codes and
https://www.mql5.com/en/docs/python_metatrader5/mt5lasterror_py
"""

from collections.abc import Mapping

SUCCESS = 1
"""What ``last_error`` says when nothing failed."""

FIRST_OF_THE_CONNECTION = -10_000
"""From here down the program and the terminal did not reach each other."""

PLACED, DONE, DONE_PARTIAL = 10_008, 10_009, 10_010
EXECUTED = frozenset({DONE, DONE_PARTIAL})

NO_CONNECTION = 10_031
"""Between the terminal and its server."""

_RETURN_CODES: Mapping[int, str] = {
    10_004: "the price has changed meanwhile",
    10_006: "the server rejected the order",
    10_007: "the order was cancelled",
    PLACED: "the order waits to be executed",
    10_011: "the server could not process the order",
    10_012: "the order was not executed in time",
    10_013: "the order is not one that the server understands",
    10_014: "the symbol cannot be traded in this quantity",
    10_015: "the price is not valid",
    10_016: "the stop or the target is too close to the price, or on its wrong side",
    10_017: "trading is disabled",
    10_018: "the market is closed",
    10_019: "there is not enough money",
    10_020: "the price has changed",
    10_021: "there are no prices",
    10_024: "too many orders were sent",
    10_025: "the order changes nothing",
    10_026: "the server does not allow automated trading",
    10_027: "the terminal does not allow automated trading: switch it on in its toolbar",
    10_028: "the order is being processed already",
    10_029: "the order or the position is frozen",
    10_030: "the symbol does not allow this way of filling",
    NO_CONNECTION: "the terminal has no connection to its server",
    10_032: "only real accounts may do this",
    10_033: "there are too many pending orders",
    10_034: "there is too much open in this symbol",
    10_035: "the kind of order is not allowed",
    10_036: "the position is closed already",
    10_038: "more is to be closed than is open",
    10_039: "the position is being closed already",
    10_040: "there are too many open positions",
    10_042: "the symbol allows buying only",
    10_043: "the symbol allows selling only",
    10_044: "the symbol allows closing only",
    10_045: "the account closes the oldest position first",
    10_046: "the account does not allow a buy and a sell side by side",
}

_ERRORS: Mapping[int, str] = {
    -1: "the terminal could not do it",
    -2: "the terminal does not accept what it was asked",
    -3: "the terminal is out of memory",
    -4: "the terminal found nothing",
    -5: "the terminal's version does not fit the package: update both",
    -6: "the terminal could not log in: check login, password and server",
    -7: "the terminal does not know this call",
    -8: "the terminal does not allow automated trading: switch it on in its toolbar",
    -10_000: "the terminal failed",
    -10_001: "the terminal could not be asked",
    -10_002: "the terminal did not answer",
    -10_003: "the terminal could not be started: check its path",
    -10_004: "there is no running terminal",
    -10_005: "the terminal did not answer in time",
}


def of_order(code: int) -> str:
    """Return what a trade server's return code says.

    >>> of_order(10018)
    'the market is closed'
    """
    return _RETURN_CODES.get(code, "the order was not executed, and the code is not a known one")


def of_error(code: int) -> str:
    """Return what an error code of the package says."""
    return _ERRORS.get(code, "the terminal failed, and the code is not a known one")
