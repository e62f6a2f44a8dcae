"""The thread that decides when to commit: soon, at once when asked, again after a failure, and at the end."""

import math
import threading
import time
from contextlib import suppress
from queue import Empty, SimpleQueue

from tradewatch.errors import SourceError
from tradewatch.recorder.committer import BUSY_SECONDS, Committer, words_of
from tradewatch.recorder.log import inform, warn

LINGER_SECONDS = 0.05
"""How long facts wait for others to share their commit."""

RETRY_SECONDS = 0.25
"""The pause before a ledger that failed is tried again."""


class Writer(threading.Thread):
    """Looks for what waits every `LINGER_SECONDS`; nobody has to wake it, so telling a fact costs no system call."""

    def __init__(self, committer: Committer) -> None:
        super().__init__(name="tradewatch-recorder", daemon=True)
        self._committer = committer
        self._problem: str | None = None
        # The only way to wake a thread that is safe in a signal handler which interrupts the same call.
        self._hurries: SimpleQueue[None] = SimpleQueue()
        self._progress = threading.Condition()
        self._committed: float = 0
        self._is_to_pause = self._is_paused = False
        self._is_to_stop = self._has_ended = False
        self._deadline = math.inf

    def wait_for(self, ticket: int, timeout: float) -> bool:
        """Commit at once; return whether everything with lower tickets was taken care of within the time."""
        self._hurries.put(None)
        with self._progress:
            self._progress.wait_for(lambda: self._committed >= ticket or self._has_ended, timeout)
        return self._committed >= ticket

    def stop(self, timeout: float) -> bool:
        """Commit what waits and end; return whether that was possible within the time."""
        self._deadline = time.monotonic() + timeout
        self._is_to_stop = True
        self._hurries.put(None)
        self.join(timeout + BUSY_SECONDS)
        return self._committed == math.inf

    def pause(self, timeout: float) -> bool:
        """Let go of the ledger until `resume`; return whether that was possible within the time."""
        self._is_to_pause = True
        self._hurries.put(None)
        with self._progress:
            return self._progress.wait_for(lambda: self._is_paused or self._has_ended, timeout)

    def resume(self) -> None:
        """Go on after `pause`."""
        self._is_to_pause = False
        with self._progress:
            self._progress.notify_all()

    def run(self) -> None:
        """Commit until stopped."""
        while not self._is_to_stop:
            self._commit()
            self._rest(LINGER_SECONDS if self._problem is None else RETRY_SECONDS)
        while not (committed := self._commit()) and time.monotonic() < self._deadline:
            self._rest(RETRY_SECONDS)
        self._committer.release()
        with self._progress:
            self._has_ended = True
            self._committed = math.inf if committed else self._committed
            self._progress.notify_all()

    def _commit(self) -> bool:
        try:
            mark = self._commit_round()
            if self._committer.has_news:  # such as what this very round refused
                mark = self._commit_round()
        except Exception as error:  # noqa: BLE001 - the bot must go on recording, whatever happened to the ledger
            self._committer.release()
            self._note(error)
            return False
        self._note(None)
        with self._progress:
            self._committed = mark
            self._progress.notify_all()
        return True

    def _commit_round(self) -> int:
        mark = self._committer.mark()
        self._wait_while_paused()
        while self._committer.commit(mark):
            self._wait_while_paused()
        return mark

    def _rest(self, seconds: float) -> None:
        with suppress(Empty):
            self._hurries.get(timeout=seconds)
            while True:
                self._hurries.get_nowait()

    def _wait_while_paused(self) -> None:
        if self._is_to_pause:
            self._committer.release()
            with self._progress:
                self._is_paused = True
                self._progress.notify_all()
                self._progress.wait_for(lambda: not self._is_to_pause)
                self._is_paused = False

    def _note(self, error: Exception | None) -> None:
        is_known = isinstance(error, SourceError)
        problem = None if error is None else str(error) if is_known else words_of(error)
        if problem is None and self._problem is not None:
            inform("recording again")
        elif problem != self._problem:
            warn("facts wait in memory: %s", problem, error=None if is_known else error)
        self._problem = problem
