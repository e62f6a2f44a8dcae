"""What a person may set: one table of keys, and their values from defaults, a TOML file, the environment and flags.

A key that is not known is named. What is wrong with ``alerts`` stops nothing: a mistake there must not cost the alerts
that are right, nor the journal's.
"""

import difflib
import os
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradewatch.errors import ConfigurationError
from tradewatch.stack.ports import Ports

ALERTS = "alerts."
SYSTEMS = ("hydra", "velocitytrader", "bot")
MOST_DAYS = 3_650
SECONDS_A_DAY = 86_400
_HIGHEST_PORT = 65_535

Parse = Callable[[object], Any]  # Any: each key's own type
"""Returns a value from TOML, a text or a flag; raises ValueError with what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Something that can be set: its name with its table, how it is read, and what holds when nobody sets it."""

    name: str
    parse: Parse
    default: object
    words: str

    @property
    def variable(self) -> str:
        """The environment's variable."""
        return f"TRADEWATCH_{self.name.replace('.', '_').upper()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A value and where it came from."""

    value: Any  # Any: each key's own type
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds, by key. ``problems``: what is wrong with the alerts' settings, a sentence each."""

    found: Mapping[str, Found]
    file: Path
    problems: Sequence[str] = ()

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  each key's own type
        """Return the value of the key ``name``."""
        return self.found[name].value

    @property
    def ports(self) -> Ports:
        """Where everything listens."""
        return Ports(**{name: self[f"ports.{name}"] for name in Ports().by_name()})


def port(value: object) -> int:
    """Return a port's number.

    >>> port("9091")
    9091
    """
    number = _whole(value)
    if not 1 <= number <= _HIGHEST_PORT:
        message = f"a port from 1 to {_HIGHEST_PORT}"
        raise ValueError(message)
    return number


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        message = "a whole number"
        raise ValueError(message)  # noqa: TRY004  one kind of error for every wrong value
    try:
        return int(value)
    except ValueError as error:
        message = "a whole number"
        raise ValueError(message) from error


def _days(value: object) -> int:
    number = _whole(value)
    if not 1 <= number <= MOST_DAYS:
        message = f"days from 1 to {MOST_DAYS}"
        raise ValueError(message)
    return number


def seconds(value: object) -> int:
    """Return a time of at least a second, a day at most."""
    number = _whole(value)
    if not 1 <= number <= SECONDS_A_DAY:
        message = f"seconds from 1 to {SECONDS_A_DAY}"
        raise ValueError(message)
    return number


def text(value: object) -> str:
    """Return a text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        message = "a text"
        raise ValueError(message)
    return value.strip()


def yes_or_no(value: object) -> bool:
    """Return whether something is so.

    >>> yes_or_no("false")
    False
    """
    words = {"true": True, "yes": True, "false": False, "no": False}
    known = value if isinstance(value, bool) else words.get(str(value).lower())
    if known is None:
        message = "true or false"
        raise ValueError(message)
    return known


def systems(value: object) -> tuple[str, ...]:
    """Return the names of systems, from a list or a text with commas.

    >>> systems("hydra, bot")
    ('hydra', 'bot')
    """
    names = value if isinstance(value, list | tuple) else [name.strip() for name in str(value).split(",")]
    if not names or any(name not in SYSTEMS for name in names):
        message = f"one or more of {', '.join(SYSTEMS)}"
        raise ValueError(message)
    return tuple(name for name in SYSTEMS if name in names)


KEYS: Mapping[str, Key] = {
    each.name: each
    for each in (
        *(
            Key(name=f"ports.{name}", parse=port, default=number, words=f"where {name} listens, on 127.0.0.1")
            for name, number in Ports().by_name().items()
        ),
        Key(name="demo.systems", parse=systems, default=SYSTEMS, words="what runs"),
        Key(name="demo.days", parse=_days, default=30, words="days that the first start simulates"),
        Key(name="demo.seed", parse=_whole, default=7, words="of everything that is left to chance"),
        Key(name="journal.patience", parse=seconds, default=180, words="seconds without a sign of life of alerting"),
        Key(name="alerts.slack.webhook_file", parse=text, default=None, words="holds the address of Slack's webhook"),
        Key(name="alerts.slack.channel", parse=text, default=None, words="otherwise the webhook's own"),
        Key(name="alerts.email.to", parse=text, default=None, words="an address, or several with commas"),
        Key(name="alerts.email.from", parse=text, default=None, words="the sender's address"),
        Key(name="alerts.email.smarthost", parse=text, default=None, words="HOST:PORT of the mail server"),
        Key(name="alerts.email.username", parse=text, default=None, words="at the mail server"),
        Key(name="alerts.email.password_file", parse=text, default=None, words="holds the password"),
        Key(name="alerts.email.require_tls", parse=yes_or_no, default=True, words="send nothing without TLS"),
        Key(name="alerts.pagerduty.routing_key_file", parse=text, default=None, words="holds the integration's key"),
        Key(name="alerts.pagerduty.url", parse=text, default=None, words="another endpoint than PagerDuty's own"),
        Key(name="alerts.webhook.url_file", parse=text, default=None, words="holds the address of a webhook"),
        Key(name="alerts.watchdog.url_file", parse=text, default=None, words="holds the address that misses a silence"),
    )
}
"""Everything that can be set, by name."""


def load(
    file: Path, environment: Mapping[str, str] = os.environ, flags: Mapping[str, object] | None = None
) -> Settings:
    """Return what holds; later ones win: defaults, ``file``, ``environment``, ``flags`` (by key's name).

    Raises ConfigurationError for a file that is no TOML, an unknown key or a wrong value, if it is not the alerts'.
    """
    found = {key.name: Found(value=key.default, origin="default") for key in KEYS.values()}
    problems: list[str] = []
    for name, value, origin in _given(file, environment, flags or {}):
        try:
            found[name] = Found(value=_parsed(name, value, origin), origin=origin)
        except ConfigurationError as error:
            if not name.startswith(ALERTS):
                raise
            problems.append(str(error))
    return Settings(found=found, file=file, problems=problems)


def _given(
    file: Path, environment: Mapping[str, str], flags: Mapping[str, object]
) -> Iterator[tuple[str, object, str]]:
    for name, value in _flat(_tables(file)):
        yield name, value, str(file)
    for key in KEYS.values():
        if key.variable in environment:
            yield key.name, environment[key.variable], f"environment, {key.variable}"
    for name, value in flags.items():
        yield name, value, "command line"


def _parsed(name: str, value: object, origin: str) -> object:
    if name not in KEYS:
        near = difflib.get_close_matches(name, KEYS, n=1)
        message = f"{origin}: {name} is not known; " + (
            f"did you mean {near[0]}?" if near else "`tradewatch config show` lists what can be set"
        )
        raise ConfigurationError(message)
    try:
        return KEYS[name].parse(value)
    except ValueError as error:
        message = f"{origin}: {name} = {value!r} is wrong: give {error}"
        raise ConfigurationError(message) from error


def _tables(file: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(file.read_text())
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{file} is not TOML ({error}): mend that line"
        raise ConfigurationError(message) from error
    except OSError as error:
        message = f"{file} cannot be read ({error.strerror})"
        raise ConfigurationError(message) from error


def _flat(tables: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    """Yield every value by its dotted name.

    >>> list(_flat({"ports": {"hydra": 1}, "x": 2}))
    [('ports.hydra', 1), ('x', 2)]
    """
    for name, value in tables.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value
