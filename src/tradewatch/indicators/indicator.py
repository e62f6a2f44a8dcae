"""What every indicator is: something that follows closed bars and can be asked once it has seen enough of them."""

from typing import Any, Protocol, TypeVar

Value_co = TypeVar("Value_co", covariant=True)


class Bar(Protocol):
    """A closed bar, as far as indicators look at it: finite prices above 0 with low <= close <= high.

    `tradewatch.facts.BarClosed` is one; whatever is recorded has been checked.
    """

    @property
    def high(self) -> float:
        """The highest price of the bar."""

    @property
    def low(self) -> float:
        """The lowest price of the bar."""

    @property
    def close(self) -> float:
        """The last price of the bar."""


class Indicator(Protocol[Value_co]):
    """An online indicator of one asset and timeframe: bounded memory, and the same work for every bar.

    Bars come in order of time and each one once. A bar that is missing in between is not invented: the next one follows
    the last, as on a chart.
    """

    warm_up: int
    """Bars until the first value: None after ``warm_up - 1`` of them, defined from then on."""

    def update(self, bar: Bar) -> None:
        """Take the next closed bar."""

    @property
    def value(self) -> Value_co | None:
        """The indicator at the last bar; None while it is warming up."""

    @property
    def ready(self) -> bool:
        """Whether the warm-up is over."""

    def state(self) -> Any:  # noqa: ANN401 - each has its own
        """Return what `restore` needs to go on exactly from here: plain numbers, and lists and dicts of them."""

    def restore(self, state: Any) -> None:  # noqa: ANN401 - what its own `state` returned
        """Go on from the state of one with the same parameters, whatever was seen before."""
