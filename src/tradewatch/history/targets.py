"""As which target's series a history is written: exactly those that the server scrapes."""

from tradewatch.errors import ConfigurationError
from tradewatch.history.order import Opened, Order
from tradewatch.history.server import Labels, Server
from tradewatch.mixin.prometheus.configuration import instance_of


def target_of(order: Order, source: Opened, server: Server) -> Labels:
    """Return the labels that scrapes add to the series of this ledger.

    They are those of the target that serves it now; without one, ``--job`` and ``--instance``, or the system's name and
    where our own `prometheus.yml` scrapes its exporter. Raises `ConfigurationError` when several serve it.
    """
    given = {name: value for name, value in (("job", order.job), ("instance", order.instance)) if value is not None}
    found = server.targets(str(order.ledger), given)
    if len(found) > 1:
        named = "; ".join(" ".join(f"{name}={value}" for name, value in sorted(each.items())) for each in found)
        message = f"the server scrapes {order.ledger} under several names ({named}): choose with --job and --instance"
        raise ConfigurationError(message)
    return found[0] if found else {"job": source.name, "instance": instance_of(source.system.name), **given}
