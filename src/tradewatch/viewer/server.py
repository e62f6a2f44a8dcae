"""The viewer as a process: one server of uvicorn, until it is asked to stop."""

import socket

import click
import uvicorn

from tradewatch.errors import ConfigurationError
from tradewatch.exporter import Address
from tradewatch.viewer.application import Settings, application

_CONNECTIONS = 256
_IDLE_SECONDS = 30
_PATIENCE_SECONDS = 3


def serve(settings: Settings, address: Address) -> int:
    """Serve until SIGINT or SIGTERM; returns the exit status. Raises ConfigurationError where it cannot listen."""
    with listening_at(address) as listening:
        host, port = listening.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"dashboards at http://{shown}:{port}/ (stop with Ctrl-C)")
        server_of(settings).run(sockets=[listening])
    return 0


def server_of(settings: Settings) -> uvicorn.Server:
    """Return a server of the viewer, which is given its socket when it is run."""
    return uvicorn.Server(
        uvicorn.Config(
            application(settings),
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=_CONNECTIONS,
            timeout_keep_alive=_IDLE_SECONDS,
            timeout_graceful_shutdown=_PATIENCE_SECONDS,
            proxy_headers=False,
            lifespan="on",
        )
    )


def listening_at(address: Address) -> socket.socket:
    """Return a socket that listens there; raises ConfigurationError that names who may be in the way."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address.host, address.port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        message = (
            f"cannot listen on {address.host}:{address.port} ({error.strerror}): stop what listens there, "
            f"or choose another address with {address.option}"
        )
        raise ConfigurationError(message) from error
    return listening
