"""Ports on this machine's loopback address."""

import socket
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tradewatch.errors import ConfigurationError

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where the stack's servers listen."""

    exporter: int = 9102
    prometheus: int = 9091
    viewer: int = 3000


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
    """Raise ConfigurationError unless the port of every option is free and no two options name the same one."""
    uses = Counter(ports.values())
    for option, port in ports.items():
        if uses[port] > 1:
            message = f"port {port} is asked for twice; choose another one with {option}"
            raise ConfigurationError(message)
        if not is_free(port):
            message = (
                f"port {port} on {LOOPBACK} is in use; stop what listens there or choose another one with {option}"
            )
            raise ConfigurationError(message)
