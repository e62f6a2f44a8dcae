"""The stack's Alertmanager: its command, and its configuration with the channels of the settings filled in."""

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

    What Alertmanager would refuse is left out and named: first the channels, then all but the journal, which is told of
    every alert in any case.
    """
    places.private_alertmanager.unlink(missing_ok=True)
    checked = check(ports, channels, places, amtool)
    if checked.text is None:
        return Configured(file=places.alertmanager_configuration, problems=checked.problems)
    copy = places.private_alertmanager if checked.has_secrets else places.rendered_alertmanager
    _write_privately(copy, checked.text)
    return Configured(file=copy, problems=checked.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A configuration that Alertmanager takes; ``text``: None when it is the committed file itself."""

    text: str | None
    has_secrets: bool = False
    problems: Sequence[str] = ()


def check(ports: Ports, channels: Channels, places: Places, amtool: Path) -> Checked:
    """Return what is to run, and a sentence for everything that is wrong with what was asked for; writes nothing."""
    committed, folder = places.alertmanager_configuration, places.alertmanager_configuration.parent
    text = prometheus.render(committed.read_text(), ports)
    problems = [*channels.problems, *missing_secrets(committed)]
    refusal = _refusal(render(text, {}, folder), amtool)
    if refusal is not None:
        problem = f"{committed} is refused by Alertmanager ({refusal}): mend it, then `make down` and `make up`"
        return Checked(text=prometheus.render(_JOURNAL_ALONE, ports), problems=[*problems, f"{problem}; {_UNTIL}"])
    if channels.configured:
        try:
            filled = render(text, channels.configured, folder)
            refusal = _refusal(filled, amtool)
        except ConfigurationError as error:
            problems.append(f"{error}; {_UNTIL}")
        else:
            if refusal is None:
                return Checked(text=filled, has_secrets=True, problems=problems)
            problems.append(f"Alertmanager refuses what is set under alerts ({refusal}): mend it; {_UNTIL}")
    is_committed = ports == prometheus.COMMITTED_PORTS
    return Checked(text=None if is_committed else render(text, {}, folder), problems=problems)


_UNTIL = "until then only the journal hears"

_JOURNAL_ALONE = """\
# Only the journal: the committed file is refused.
route:
  receiver: journal
  group_by: ["..."]
  group_wait: 0s
  group_interval: 15s
  repeat_interval: 4h
  routes:
    - matchers: ['alertname = "Watchdog"']
      receiver: journal
      group_interval: 30s
      repeat_interval: 30s
receivers:
  - name: journal
    webhook_configs: [{url: "http://127.0.0.1:9095/", send_resolved: true, max_alerts: 0}]
"""


def missing_secrets(committed: Path) -> Sequence[str]:
    """Return a sentence for each file with a secret that a configuration names and that is not there.

    Relative ones begin at the configuration's folder.
    """
    named = re.findall(r"^[ -]*(\w+_file): *[\"']?([^\s\"'#]+)", committed.read_text(), re.MULTILINE)
    return [
        f"{committed}: {field} names {name}, which is not there: put it there; until then nobody is told that way"
        for field, name in named
        if not (committed.parent / name).is_file()
    ]


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


def _refusal(configuration: str, amtool: Path) -> str | None:
    """Return why Alertmanager would not run with ``configuration``, None if it would."""
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:  # readable by its owner only
        file.write(configuration)
        file.flush()
        checked = subprocess.run(  # noqa: S603  our own words
            [amtool, "check-config", file.name], capture_output=True, text=True, check=False
        )
    if checked.returncode == 0:
        return None
    said = checked.stdout.partition("FAILED:")[2] or checked.stderr
    return " ".join(said.split()) or "amtool check-config fails"
