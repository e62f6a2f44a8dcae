"""The engines there are: four of its own, and those that installed distributions offer."""

from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any, NamedTuple

from tradewatch.facts import ErrorOccurred, Severity
from tradewatch.systems.hydra.engines.breakout import Breakout
from tradewatch.systems.hydra.engines.engine import Engine
from tradewatch.systems.hydra.engines.mean_reversion import MeanReversion
from tradewatch.systems.hydra.engines.transition import Transition
from tradewatch.systems.hydra.engines.trend_following import TrendFollowing
from tradewatch.systems.hydra.engines.words import sound, words_of

GROUP = "tradewatch.hydra.engines"
"""The entry point group of plug-ins; an entry point's name is the engine's."""

BUILT_IN: Mapping[str, Callable[[], Engine]] = {
    "A": TrendFollowing,
    "B": MeanReversion,
    "C": Breakout,
    "D": Transition,
}


class Loaded(NamedTuple):
    """Engines by name, the built-in ones first and plug-ins in order of their names; and a fact for each faulty one."""

    engines: dict[str, Engine]
    errors: tuple[ErrorOccurred, ...]


def engines(offered: Iterable[EntryPoint] | None = None) -> Loaded:
    """Return all engines. ``offered``: the plug-ins; None for those of the installed distributions.

    A plug-in that cannot be used is an error, and changes nothing for the others.
    """
    found: dict[str, Engine] = {name: make() for name, make in BUILT_IN.items()}
    errors: list[ErrorOccurred] = []
    plug_ins = entry_points(group=GROUP) if offered is None else offered
    for each in sorted(plug_ins, key=lambda each: (each.name, each.value)):
        try:
            found[each.name] = _made(each, found)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - what others wrote can raise anything, and must not stop the rest
            errors.append(_error(each, error))
    return Loaded(found, tuple(errors))


def _made(offered: EntryPoint, found: Mapping[str, Engine]) -> Engine:
    if offered.name in found:
        message = "its name is taken: give the entry point another one"
        raise ValueError(message)
    engine: Any = offered.load()()  # Any: whatever they wrote
    if not callable(getattr(engine, "vote", None)):
        message = "it makes something without a method vote(market): name a class that has one"
        raise TypeError(message)
    made: Engine = engine
    return made


def _error(offered: EntryPoint, error: BaseException) -> ErrorOccurred:
    origin = f" of {offered.dist.name}" if offered.dist is not None else ""
    text = sound(f"engine {offered.name} ({offered.value}){origin} is left out: {words_of(error)}")
    return ErrorOccurred(component=f"engine/{offered.name}", type="faulty_engine", severity=Severity.HIGH, message=text)
