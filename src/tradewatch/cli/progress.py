"""How far a long piece of work is, drawn where somebody looks at it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

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
