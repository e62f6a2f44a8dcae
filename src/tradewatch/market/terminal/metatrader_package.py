"""The ``MetaTrader5`` package: how it is found, and what its answers mean."""

import importlib
from typing import Any

from tradewatch.errors import ConfigurationError
from tradewatch.market.terminal.metatrader_codes import FIRST_OF_THE_CONNECTION, SUCCESS, of_error
from tradewatch.market.terminal.terminal import TerminalLost, TerminalRefused

NAME = "MetaTrader5"

# Any: the package has no types, and exists for Windows only.
Package = Any
Record = Any
"""A named tuple of the package, or a row of one of its arrays."""


def found(package: Package | None) -> Package:
    """Return the package, imported if it is not given; raises `ConfigurationError` where it is not installed."""
    if package is not None:
        return package
    try:
        return importlib.import_module(NAME)
    except ImportError as error:
        message = (
            f"the package {NAME} cannot be imported ({error}): install it with `pip install {NAME}`, "
            "which works on Windows only, or trade on the simulated terminal"
        )
        raise ConfigurationError(message) from error


def answer(package: Package, result: Record) -> Record:
    """Return what a call returned; None and False mean that it failed, and raise what ``last_error`` says."""
    if result is None or result is False:
        raise failure(package)
    return result


def answers(package: Package, result: Record) -> Record:
    """Return the rows or records that a call returned; nothing, where it found none without an error."""
    if result is None and _last_error(package)[0] == SUCCESS:
        return ()
    return answer(package, result)


def failure(package: Package) -> TerminalLost | TerminalRefused:
    """Return what the package's last error is to us: a lost connection, or a refusal."""
    code, text = _last_error(package)
    sentence = f"{of_error(code)}; it says {text!r}" if text else of_error(code)
    if code <= FIRST_OF_THE_CONNECTION:
        return TerminalLost(f"{sentence} ({code})")
    return TerminalRefused(str(code), sentence)


def _last_error(package: Package) -> tuple[int, str]:
    code, text = package.last_error()
    return int(code), str(text)
