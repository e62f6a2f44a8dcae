"""What a process does under its recorders: it forks, and it ends.

A SQLite connection must not cross a fork: the child would believe that it holds the parent's locks, and lose what it
writes through a connection of its own (https://www.sqlite.org/howtocorrupt.html, section 2.6). So all recorders let go
of their ledgers while the process forks.
"""

import atexit
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Protocol

PAUSE_SECONDS = 2.0
"""How long a fork waits, at most, for commits that are under way."""


class Forked(Protocol):
    """What is told about forks."""

    def pause(self, timeout: float) -> bool:
        """Let go of all files; return whether that was possible in time."""

    def resume(self) -> None:
        """Go on, in the parent."""

    def begin_anew(self, *, paused: bool) -> None:
        """Be another one, in the child; ``paused``: what `pause` returned."""


class _Forks:
    def __init__(self) -> None:
        self.watching: dict[Forked, None] = {}
        self._paused: dict[Forked, bool] = {}
        self._one_at_a_time = threading.RLock()

    def before(self) -> None:
        self._one_at_a_time.acquire()
        deadline = time.monotonic() + PAUSE_SECONDS
        self._paused = {each: each.pause(max(0.0, deadline - time.monotonic())) for each in tuple(self.watching)}

    def after_in_parent(self) -> None:
        for each in self._paused:
            each.resume()
        self._one_at_a_time.release()

    def after_in_child(self) -> None:
        self._one_at_a_time = threading.RLock()
        for each, paused in self._paused.items():
            each.begin_anew(paused=paused)


_forks = _Forks()
if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(
        before=_forks.before, after_in_parent=_forks.after_in_parent, after_in_child=_forks.after_in_child
    )


def watch(forked: Forked) -> None:
    """Tell about forks from now on."""
    _forks.watching[forked] = None


def forget(forked: Forked) -> None:
    """Tell nothing any more."""
    _forks.watching.pop(forked, None)


def at_end(call: Callable[[], None]) -> None:
    """Call when the process ends in order; a child of `multiprocessing` too, which leaves `atexit` out."""
    atexit.register(call)
    process, util = sys.modules.get("multiprocessing.process"), sys.modules.get("multiprocessing.util")
    if process is not None and util is not None and process.parent_process() is not None:
        util.Finalize(None, call, exitpriority=0)


def not_at_end(call: Callable[[], None]) -> None:
    """Forget about `at_end`."""
    atexit.unregister(call)
