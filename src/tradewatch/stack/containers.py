"""The stack in containers: `docker-compose` called on the committed file, with the profile that has the systems."""

import shutil
import subprocess
from collections.abc import Sequence

from tradewatch.errors import ConfigurationError, TradewatchError
from tradewatch.stack.places import Places

PROFILE = ("--profile", "systems")


class ContainersError(TradewatchError):
    """docker-compose did not do what it was asked for; it said itself why."""


def are_up(places: Places) -> bool:
    """Return whether containers were started and not stopped since."""
    return places.containers.exists()


def start(places: Places) -> None:
    """Build what is needed and start all containers in the background.

    Raises ConfigurationError without an engine, and ContainersError when they do not start: then none is left.
    """
    _require_engine()
    places.containers.parent.mkdir(parents=True, exist_ok=True)
    places.containers.touch()
    try:
        _compose(places, "up", "--detach", "--build")
    except BaseException:
        stop(places)
        raise


def stop(places: Places) -> None:
    """Stop and remove all containers; their volumes stay."""
    _compose(places, "down")
    places.containers.unlink(missing_ok=True)


def show(places: Places) -> None:
    """Let docker-compose print how the containers are."""
    _compose(places, "ps")


def _compose(places: Places, *words: str) -> None:
    command = [*_program(), "--file", str(places.compose_file), *PROFILE, *words]
    if subprocess.run(command, check=False).returncode != 0:  # noqa: S603  our own words
        message = f"`{' '.join(command)}` failed, see above"
        raise ContainersError(message)


def _program() -> Sequence[str]:
    """Return how docker-compose is called on this machine: the plug-in of docker, or the program of its own."""
    docker, alone = shutil.which("docker"), shutil.which("docker-compose")
    if docker is not None and _succeeds(docker, "compose", "version"):
        return [docker, "compose"]
    if alone is not None:
        return [alone]
    message = "neither `docker compose` nor docker-compose is here: install one, or start without --docker"
    raise ConfigurationError(message)


def _require_engine() -> None:
    docker = shutil.which("docker")
    if docker is None or not _succeeds(docker, "info"):
        message = "no Docker engine answers: start it, or start without --docker"
        raise ConfigurationError(message)
    _program()


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603  our own words
