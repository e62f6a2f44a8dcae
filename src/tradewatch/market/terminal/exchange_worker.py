"""A thread on which questions are asked side by side, up to a deadline."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import CancelledError, wait
from threading import Thread
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_log = logging.getLogger(__name__)

_AT_ONCE = 8
"""Questions that are under way at a time; ccxt holds back those that would come too fast."""

_LOOK = 0.1
"""Seconds between two looks whether the wait was broken off."""

_GRACE = 1.0
"""Seconds that an answer may take to be handed over, and a thread to end."""


class Late(Exception):  # noqa: N818 - what happened
    """There was no answer before the deadline."""


class Worker:
    """One thread with an event loop. ``is_stopped``: whether whoever waits should go home."""

    def __init__(self, name: str, is_stopped: Callable[[], bool]) -> None:
        self._is_stopped = is_stopped
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._run, name=f"exchange {name}", daemon=True)
        self._thread.start()

    def ask(self, question: Coroutine[Any, Any, Answer], seconds: float) -> Answer:
        """Return the answer or raise what it raises; raises `Late` after so many seconds, or when stopped."""
        future = asyncio.run_coroutine_threadsafe(_within(question, seconds), self._loop)
        left = seconds + _GRACE
        while not wait([future], timeout=min(_LOOK, left)).done:
            left -= _LOOK
            if left <= 0 or self._is_stopped():
                future.cancel()
                raise Late
        try:
            return future.result()
        except (TimeoutError, CancelledError) as error:
            raise Late from error

    def close(self, last: Coroutine[Any, Any, None]) -> None:
        """Do a last thing and end the thread; never raises, and waits a second at most for each."""
        try:
            self.ask(last, _GRACE)
        except Exception:  # noqa: BLE001 - letting go must not fail, whatever it was that is let go
            _log.debug("the exchange's connections did not close by themselves", exc_info=True)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_GRACE)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            self._loop.run_until_complete(_cancelled_all())
        finally:
            self._loop.close()


async def side_by_side(
    questions: Mapping[str, Callable[[], Awaitable[Answer]]], seconds: float
) -> dict[str, Answer | BaseException]:
    """Return each answer, or what it raised: `Late` for one that did not come within so many seconds."""
    room = asyncio.Semaphore(_AT_ONCE)

    async def asked(question: Callable[[], Awaitable[Answer]]) -> Answer:
        async with room:
            return await question()

    tasks = {name: asyncio.create_task(asked(question)) for name, question in questions.items()}
    try:
        await asyncio.wait(tasks.values(), timeout=seconds)
    finally:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
    return {name: _outcome(task) for name, task in tasks.items()}


def _outcome(task: asyncio.Task[Answer]) -> Answer | BaseException:
    return Late() if task.cancelled() else task.exception() or task.result()


async def _within(question: Coroutine[Any, Any, Answer], seconds: float) -> Answer:
    async with asyncio.timeout(seconds):
        return await question


async def _cancelled_all() -> None:
    """Cancel what is still under way; of a loop that stops, nobody else would."""
    rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
