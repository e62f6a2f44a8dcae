"""The systems that ``tradewatch run`` runs, and what each needs of a source of prices."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tradewatch.market.bars import Timeframe
from tradewatch.market.instruments import CRYPTO, METATRADER, Instruments
from tradewatch.market.simulated import WARM_UP
from tradewatch.market.terminal import RARE_FAULTS, RARE_REFUSALS, Faults
from tradewatch.systems.hydra import assembly as hydra
from tradewatch.systems.hydra.cycle import WARM_UP_BARS
from tradewatch.systems.hydra.guardian.limits import GuardianLimits
from tradewatch.systems.running import Runtime
from tradewatch.systems.velocitytrader import assembly as velocitytrader
from tradewatch.systems.velocitytrader.risk import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Trading:
    """A system that can be run.

    ``instruments``: those it trades unless told otherwise, and whose terms are known. ``assembled``: makes its runtime.
    ``limits``: the class of its limits. ``demo_limits``: what is different of them in a simulation, unless given.
    ``live``: the real feed it can trade on. ``faults``: what goes wrong in a simulation. ``warm_up``: the simulated
    time before its start that a timeframe needs. ``has_one_timeframe``: whether it trades on the shortest one alone.
    """

    system: str
    instruments: Instruments
    assembled: Callable[..., Runtime]
    limits: type[Any]  # Any: a dataclass of limits, each system's own
    live: str
    faults: Faults
    warm_up: Callable[[Timeframe], timedelta]
    demo_limits: Mapping[str, object] = field(default_factory=dict)
    has_one_timeframe: bool = False


_SPARE = 1.1
"""Some of the bars may be missing in an outage."""

TRADING = {
    each.system: each
    for each in (
        Trading(
            system=hydra.SYSTEM,
            instruments=CRYPTO,
            assembled=hydra.assembled,
            limits=GuardianLimits,
            live="ccxt:EXCHANGE",
            faults=RARE_REFUSALS,
            warm_up=lambda timeframe: WARM_UP_BARS * _SPARE * timeframe.length,
            demo_limits={"kill_switch_pause": timedelta(hours=24)},
            has_one_timeframe=True,
        ),
        Trading(
            system=velocitytrader.SYSTEM,
            instruments=METATRADER,
            assembled=velocitytrader.assembled,
            limits=Limits,
            live="mt5",
            faults=RARE_FAULTS,
            warm_up=lambda _: WARM_UP,
        ),
    )
}
"""Every system that can be run, by name."""
