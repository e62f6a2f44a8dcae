"""How far a long piece of work is, drawn where somebody looks at it."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import click

_SECONDS_BETWEEN_LINES = 10.0

_SECONDS_A_DAY = 86_400


@contextmanager
def days_done(start: datetime, days: float | None, *, is_shown: bool) -> Iterator[Callable[[datetime], None]]:
    """Yield what is to be called with the moment reached; it draws on a terminal's standard error, else nothing."""
    if not is_shown or days is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - only where something is drawn
    from rich.progress import Progress  # noqa: PLC0415 - only where something is drawn

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("trading days", total=days)
        yield lambda reached: progress.update(
            task, completed=(reached - start).total_seconds() / _SECONDS_A_DAY, description=f"{reached:%Y-%m-%d %H:%M}"
        )


Report = Callable[[str, int, int], None]
"""Takes what is being done, how much of it is done, and how much there is."""


@contextmanager
def long_work(*, is_shown: bool) -> Iterator[Report]:
    """Yield what is to be called as work goes on; it draws on a terminal, else prints a line at times."""
    if not is_shown:
        yield lambda *_: None
        return
    if not sys.stderr.isatty():
        yield _Lines().report
        return
    from rich.console import Console  # noqa: PLC0415 - only where something is drawn
    from rich.progress import Progress, TimeElapsedColumn  # noqa: PLC0415 - only where something is drawn

    columns = (*Progress.get_default_columns(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("")
        yield lambda work, done, total: progress.update(task, description=work, completed=done, total=total)


class _Lines:
    """Prints a line when a while has gone by since the last one."""

    def __init__(self) -> None:
        self._began = self._told = time.monotonic()

    def report(self, work: str, done: int, total: int) -> None:
        """Take how far the work is."""
        now = time.monotonic()
        if now >= self._told + _SECONDS_BETWEEN_LINES and done:
            self._told = now
            left = (now - self._began) * (total - done) / done
            click.echo(f"{work}: {done:,} of {total:,}, some {left:.0f} s to go", err=True)
