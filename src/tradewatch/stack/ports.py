"""Ports on this machine's loopback address."""

import socket
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from tradewatch.errors import ConfigurationError

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where the stack's servers listen; ``bot``, ``hydra`` and ``velocitytrader`` are exporters."""

    velocitytrader: int = 9090
    hydra: int = 9101
    bot: int = 9102
    prometheus: int = 9091
    alertmanager: int = 9093
    journal: int = 9095
    viewer: int = 3000

    def by_name(self) -> Mapping[str, int]:
        """Return every port by the name of what listens there."""
        return asdict(self)

    def address(self, name: str) -> str:
        """Return the URL of what listens on the port ``name``, without a slash at its end."""
        return f"http://{LOOPBACK}:{self.by_name()[name]}"


def is_free(port: int) -> bool:
    """Return whether a server could listen on ``port`` of 127.0.0.1 now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a connection that is winding down does not hold its port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def require_free(ports: Mapping[str, int]) -> None:
    """Raise ConfigurationError unless each of these ports is free and no two names share one."""
    uses = Counter(ports.values())
    for name, port in ports.items():
        if uses[port] > 1:
            message = f"port {port} is asked for twice; choose another one with {_option(name)}"
            raise ConfigurationError(message)
        if not is_free(port):
            message = (
                f"port {port} on {LOOPBACK} is in use; stop what listens there or choose another one for {name} "
                f"with {_option(name)}"
            )
            raise ConfigurationError(message)


def _option(name: str) -> str:
    return f"--port {name}=..., or ports.{name} in tradewatch.toml"
