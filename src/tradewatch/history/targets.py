"""As which target's series a history is written: exactly those that the server scrapes."""

from tradewatch.errors import ConfigurationError
from tradewatch.history.order import Opened, Order
from tradewatch.history.server import Labels, Server

DEFAULT_INSTANCE = "127.0.0.1:9102"
"""Where an exporter listens unless told otherwise."""


def target_of(order: Order, source: Opened, server: Server) -> Labels:
    """Return the labels that scrapes add to the series of this ledger.

    They are those of the target that serves it now; without one, ``--job`` and ``--instance``. Raises
    `ConfigurationError` when several serve it.
    """
    given = {name: value for name, value in (("job", order.job), ("instance", order.instance)) if value is not None}
    found = server.targets(str(order.ledger), given)
    if len(found) > 1:
        named = "; ".join(" ".join(f"{name}={value}" for name, value in sorted(each.items())) for each in found)
        message = f"the server scrapes {order.ledger} under several names ({named}): choose with --job and --instance"
        raise ConfigurationError(message)
    return found[0] if found else {"job": source.name, "instance": DEFAULT_INSTANCE, **given}
