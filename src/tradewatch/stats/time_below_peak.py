"""How long equity has been below its peak."""

from collections.abc import Iterable


class TimeBelowPeak:
    """Seconds since equity was last at its peak: now, and at the longest. Observations are (Unix time, at the peak?).

    >>> below = TimeBelowPeak()
    >>> for observation in ((0.0, True), (10.0, False), (30.0, True), (40.0, False)):
    ...     below.update(observation)
    >>> below.value, below.current_at(45.0)
    (30.0, 15.0)
    """

    __slots__ = ("_first_peak", "_first_time", "_last_peak", "_last_time", "_longest", "_starts_below", "_was_below")

    def __init__(self) -> None:
        self._first_time: float | None = None
        self._first_peak: float | None = None
        self._last_peak: float | None = None
        self._last_time = 0.0
        self._starts_below = False
        self._was_below = False
        self._longest = 0.0

    def update(self, observation: tuple[float, bool]) -> None:
        """Take the end of a step; times must not go back."""
        self.extend([observation])

    def extend(self, observations: Iterable[tuple[float, bool]]) -> None:
        """Take the ends of many steps."""
        last_peak, was_below, longest = self._last_peak, self._was_below, self._longest
        time = self._last_time
        for time, at_peak in observations:
            if self._first_time is None:
                self._first_time, self._starts_below = time, not at_peak
            if not at_peak:
                was_below = True
                continue
            if last_peak is None:
                self._first_peak = time
            elif was_below and time - last_peak > longest:
                longest = time - last_peak
            last_peak, was_below = time, False
        if was_below and last_peak is not None and time - last_peak > longest:  # not recovered: as long as it has been
            longest = time - last_peak
        self._last_peak, self._was_below, self._longest, self._last_time = last_peak, was_below, longest, time

    def merge(self, other: "TimeBelowPeak") -> None:
        """Take another's observations as the ones that followed."""
        if other._first_time is None:
            return
        self._longest = max(self._longest, other._longest)
        if self._last_peak is not None and (self._was_below or other._starts_below):
            recovered = other._last_time if other._first_peak is None else other._first_peak
            self._longest = max(self._longest, recovered - self._last_peak)
        if self._first_time is None:
            self._first_time, self._starts_below = other._first_time, other._starts_below
        self._first_peak = other._first_peak if self._first_peak is None else self._first_peak
        self._last_peak = self._last_peak if other._last_peak is None else other._last_peak
        self._last_time, self._was_below = other._last_time, other._was_below

    def current_at(self, time: float) -> float | None:
        """Return seconds below the peak at a time not before the last observation; 0 at the peak, None before one."""
        if self._last_peak is None:
            return None
        return time - self._last_peak if self._was_below else 0.0

    @property
    def value(self) -> float | None:
        """The longest time so far, up to the last observation; None before the first peak."""
        return None if self._last_peak is None else self._longest
