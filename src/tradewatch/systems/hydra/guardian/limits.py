"""When HYDRA's guardian acts."""

from dataclasses import dataclass
from datetime import timedelta

from tradewatch.systems.running.limits import checked, require


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianLimits:
    """The guardian's configuration. Shares are above 0 and at most 1; a limit trips when it is reached.

    - ``daily_loss``: -(daily P&L) / equity at 00:00 UTC, at which no trade is opened until the next 00:00 UTC.
    - ``drawdown``: from the running peak of equity, the kill switch. A person ends it; ``kill_switch_pause``, if there
      is one, ends it by itself. Either way the peak starts anew.
    - ``daily_drawdown``: from the running peak of the UTC day, an emergency that ends after ``emergency``.
    - ``risk_per_trade``: the share of equity that a stop may cost.
    - ``positions``: how many may be open or waiting.
    - ``losses_to_reduce`` in a row multiply sizes by ``reduced_size``; ``losses_to_pause`` in a row stop trading for
      ``pause``, after which the count starts over.
    - ``choppy``: an asset that has been CHOPPY for longer than this is blocked until it is something else.
    - ``correlation``: above this correlation with an open position, a size is multiplied by ``correlated_size``.
    - ``warning``: the share of a limit of the account from which its use is a warning.

    Raises `ConfigurationError` for limits that make no sense.
    """

    daily_loss: float = 0.02
    drawdown: float = 0.06
    kill_switch_pause: timedelta | None = None
    daily_drawdown: float = 0.03
    emergency: timedelta = timedelta(hours=24)
    risk_per_trade: float = 0.01
    positions: int = 3
    losses_to_reduce: int = 3
    reduced_size: float = 0.5
    losses_to_pause: int = 5
    pause: timedelta = timedelta(hours=24)
    choppy: timedelta = timedelta(hours=2)
    correlation: float = 0.8
    correlated_size: float = 0.5
    warning: float = 0.8

    def __post_init__(self) -> None:
        checked(self)
        fewest = self.losses_to_reduce
        require("losses_to_pause", self.losses_to_pause, f"at least {fewest}", holds=self.losses_to_pause >= fewest)
