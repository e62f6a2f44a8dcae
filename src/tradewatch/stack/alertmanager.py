"""The stack's Alertmanager: its command, and its configuration with the channels of the settings filled in."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from tradewatch.errors import ConfigurationError
from tradewatch.stack import prometheus
from tradewatch.stack.channels import Channels, Words
from tradewatch.stack.places import Places
from tradewatch.stack.ports import LOOPBACK, Ports

PRIVATE = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """The file that is to run, and why some channel is not in it."""

    file: Path
    problems: Sequence[str] = ()


def command(program: Path, configuration: Path, data: Path, port: int) -> Sequence[str]:
    """Return the words that start Alertmanager on loopback, alone: no port for other ones is opened."""
    return (
        str(program),
        f"--config.file={configuration}",
        f"--storage.path={data}",
        f"--web.listen-address={LOOPBACK}:{port}",
        "--cluster.listen-address=",
    )


def configuration_for(ports: Ports, channels: Channels, places: Places, amtool: Path) -> Configured:
    """Return the committed file, so that an edit of it is what runs; a copy where ports or channels are set.

    A copy that Alertmanager would refuse has no channels: alerts still reach the journal. Raises ConfigurationError
    when a receiver to fill in is missing from the committed file.
    """
    places.private_alertmanager.unlink(missing_ok=True)
    if ports == prometheus.COMMITTED_PORTS and not channels.configured:
        return Configured(file=places.alertmanager_configuration, problems=channels.problems)
    copy = places.private_alertmanager if channels.configured else places.rendered_alertmanager
    folder = places.alertmanager_configuration.parent
    committed = prometheus.render(places.alertmanager_configuration.read_text(), ports)
    _write_privately(copy, render(committed, channels.configured, folder))
    refusal = _refusal(copy, amtool)
    if refusal is None or not channels.configured:
        return Configured(file=copy, problems=channels.problems)
    problem = f"Alertmanager refuses what is set under alerts ({refusal}); until that is mended only the journal hears"
    plain = configuration_for(ports, replace(channels, configured={}), places, amtool)
    return replace(plain, problems=[*channels.problems, problem])


def render(configuration: str, channels: Mapping[str, tuple[str, Words]], folder: Path) -> str:
    """Return ``configuration`` with each channel in the receiver of its name; templates are named from ``folder`` on.

    >>> print(render("  - name: slack", {"slack": ("slack_configs", {"channel": "#x"})}, Path("/")))
      - name: slack
        slack_configs: [{"channel":"#x"}]
    """
    text = _TEMPLATES.sub(lambda found: f"{found['before']}{folder}/{found['path']}", configuration)
    for name, (kind, words) in channels.items():
        receiver = re.compile(rf"^(?P<indent> *)- name: {name} *$", re.MULTILINE)
        if receiver.search(text) is None:
            message = (
                f"{folder / 'alertmanager.yml'} has no receiver called {name}, which the settings ask for: "
                f"put back the line `- name: {name}` below receivers"
            )
            raise ConfigurationError(message)
        line = f"{kind}: [{msgspec.json.encode(words).decode()}]"
        text = receiver.sub(lambda found, line=line: f"{found[0]}\n{found['indent']}  {line}", text)  # type: ignore[misc]  # a default binds the line
    return text


_TEMPLATES = re.compile(r"""^(?P<before> *- *["']?)(?P<path>[\w*][\w*/.-]*\.tmpl)\b""", re.MULTILINE)


def _write_privately(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w") as file:
        file.write(text)


def _refusal(configuration: Path, amtool: Path) -> str | None:
    """Return why Alertmanager would not run with ``configuration``, None if it would."""
    checked = subprocess.run(  # noqa: S603  our own words
        [amtool, "check-config", configuration], capture_output=True, text=True, check=False
    )
    if checked.returncode == 0:
        return None
    said = checked.stdout.partition("FAILED:")[2] or checked.stderr
    return " ".join(said.split()) or "amtool check-config fails"
