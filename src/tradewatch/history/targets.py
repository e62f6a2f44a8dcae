"""As which target's series a history is written: exactly those that the server scrapes."""

from tradewatch.errors import ConfigurationError
from tradewatch.history.order import Opened, Order
from tradewatch.history.server import Labels, Server
from tradewatch.mixin.prometheus.configuration import instance_of
from tradewatch.systems import system_of


def target_of(order: Order, source: Opened, server: Server) -> Labels:
    """Return the labels that scrapes add to the series of this ledger.

    They are those of the target that serves it now; without one, ``--job`` and ``--instance``, or where our own
    `prometheus.yml` scrapes the system: any bot that is none of ours, whatever its name, as the generic one, because
    that is what dashboards ask for. Raises `ConfigurationError` when several targets serve it, and when nothing was
    chosen and such a bot would go into the series of another one.
    """
    given = {name: value for name, value in (("job", order.job), ("instance", order.instance)) if value is not None}
    found = server.targets(str(order.ledger), given)
    if len(found) > 1:
        named = "; ".join(" ".join(f"{name}={value}" for name, value in sorted(each.items())) for each in found)
        message = f"the server scrapes {order.ledger} under several names ({named}): choose with --job and --instance"
        raise ConfigurationError(message)
    if found:
        return found[0]
    job = source.system.name
    labels = {"job": job, "instance": instance_of(job), **given}
    if not given and source.name != job:
        _require_one_bot(order, source)
        _require_free(labels, str(order.ledger), server)
    return labels


def _require_one_bot(order: Order, source: Opened) -> None:
    """Raise `ConfigurationError` for a ledger with several bots that would become one series."""
    alike = [name for name in source.reader.systems() if system_of(name) is source.system]
    if len(alike) > 1:
        message = (
            f"the ledger {order.ledger} holds {' and '.join(alike)}, which are shown as the same system: tell "
            f"{source.name} apart with --instance"
        )
        raise ConfigurationError(message)


def _require_free(labels: Labels, ledger: str, server: Server) -> None:
    """Raise `ConfigurationError` where two ledgers would become one series."""
    others = [each for each in server.sources(labels) if each != ledger]
    if others:
        named = " ".join(f"{name}={value}" for name, value in labels.items())
        message = (
            f"the server has {', '.join(others)} as {named}, and {ledger} would go into the same series: give it an "
            "--instance of its own or, if it is the same ledger by another path, this --job and --instance"
        )
        raise ConfigurationError(message)
