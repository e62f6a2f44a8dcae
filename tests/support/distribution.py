"""Which tests run at a time, and which of them begin first, when pytest runs in several processes."""

import os
from typing import Final

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # it has no types

WAITING: Final = 2
"""So many tests more than there are processors run at a time: most of those that take long wait for real servers."""

FIRST: Final = (
    "tests/e2e/test_faults.py",
    "tests/e2e/test_systems.py",
    "tests/e2e/test_stack.py",
    "tests/e2e",
    "tests/rules",
    "tests/contract",
    "tests/unit/systems",
)
"""What takes longest, the longest first: what begins last must be over soon, or all but one process wait for it."""

APART: Final = ("tests/e2e/test_alert_channels.py", "tests/e2e/test_faults.py", "tests/e2e/test_stack.py")
"""Modules of which each test starts servers of its own. Those of any other module stay together, as what they share is
made once in each process."""


class ByModule(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Gives each process a module at a time, or a test of those that share nothing, in the order of the tests."""

    def _split_scope(self, nodeid: str) -> str:
        return portion(nodeid)


def portion(test: str) -> str:
    """Return what a test is given out with: its module, or itself."""
    module, _, _ = test.partition("::")
    return test if module in APART else module


def scheduler(config: pytest.Config, log: object) -> object:
    """Return what gives tests to processes."""
    config.option.loadscopereorder = False  # it would put modules of many tests first, and those are quick
    return ByModule(config, log)


def processes() -> int:
    """Return how many processes run tests."""
    return (os.cpu_count() or 1) + WAITING


def place(module: str) -> int:
    """Return which place a module's tests have in the order of all tests; among the same place, they stay in theirs."""
    return next((place for place, beginning in enumerate(FIRST) if module.startswith(beginning)), len(FIRST))
