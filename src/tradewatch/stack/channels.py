"""Ways to tell people of alerts, as the settings ask for them, in the words of Alertmanager's configuration.

A channel that is set wrongly is left out and named; the others, and the journal, are told all the same.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tradewatch.errors import ConfigurationError
from tradewatch.stack.settings import ALERTS, Settings

TITLE = '{{ template "tradewatch.title" . }}'
TEXT = '{{ template "tradewatch.text" . }}'

Words = Mapping[str, Any]  # Any: what JSON can hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """Alertmanager's configurations by receiver, each with its list's name. ``problems``: what was left out, why."""

    configured: Mapping[str, tuple[str, Words]] = field(default_factory=dict)
    problems: Sequence[str] = ()


class Section:
    """The settings of one channel. Every question raises ConfigurationError that names the field and its file."""

    def __init__(self, name: str, settings: Settings) -> None:
        self._before = f"{ALERTS}{name}."
        self._settings = settings

    def is_asked_for(self) -> bool:
        """Return whether anything is set."""
        return any(
            name.startswith(self._before) and found.origin != "default" for name, found in self._settings.found.items()
        )

    def optional(self, field: str) -> Any:  # noqa: ANN401  each key's own type
        """Return what is set, None if nothing is."""
        return self._settings[f"{self._before}{field}"]

    def required(self, field: str, pattern: str = ".+", meaning: str = "a text") -> str:
        """Return a text that is set and looks like ``pattern``."""
        value = self.optional(field)
        if value is None:
            raise self._wrong(field, "is missing", f"set it to {meaning}")
        if re.fullmatch(pattern, value) is None:
            raise self._wrong(field, f"= {value!r} is wrong", f"give {meaning}")
        return str(value)

    def secret_file(self, field: str) -> Path:
        """Return the path of a file that holds something; relative ones begin at the settings' folder."""
        path = self._settings.file.parent / Path(self.required(field, meaning="a file with the secret")).expanduser()
        try:
            content = path.read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text"
            raise self._wrong(field, f"names {path}, which cannot be read ({reason})", _PUT) from error
        if not content:
            raise self._wrong(field, f"names {path}, which is empty", _PUT)
        return path

    def address_file(self, field: str) -> Path:
        """Return the path of a file that holds a web address."""
        path = self.secret_file(field)
        require_web_address(path.read_text().strip(), self._wrong(field, f"names {path}, which holds no address", _WEB))
        return path

    def _wrong(self, field: str, found: str, mend: str) -> ConfigurationError:
        origin = self._settings.found[f"{self._before}{field}"].origin
        where = str(self._settings.file) if origin == "default" else origin
        return ConfigurationError(f"{where}: {self._before}{field} {found}: {mend}")


_PUT = "put the secret there"
_WEB = "give one such as https://example.com/alerts"


def require_web_address(text: str, error: ConfigurationError) -> None:
    """Raise ``error`` unless ``text`` is an address of the web."""
    try:
        parts = urlsplit(text)
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one or re.search(r"\s", text):
        raise error


def _slack(section: Section) -> Words:
    channel = section.optional("channel")
    return {
        "api_url_file": str(section.address_file("webhook_file")),
        **({} if channel is None else {"channel": channel}),
        "send_resolved": True,
        "title": TITLE,
        "text": TEXT,
    }


_MAIL = r"[^@\s,]+@[^@\s,]+"


def _email(section: Section) -> Words:
    words: dict[str, Any] = {  # Any: what JSON can hold
        "to": section.required("to", rf"{_MAIL}(\s*,\s*{_MAIL})*", "an address such as you@example.com"),
        "from": section.required("from", _MAIL, "an address such as tradewatch@example.com"),
        "smarthost": section.required("smarthost", r"[^\s:]+:[0-9]{1,5}", "HOST:PORT such as mail.example.com:587"),
        "require_tls": section.optional("require_tls"),
        "send_resolved": True,
        "headers": {"Subject": TITLE},
        "text": TEXT,
        "html": "",
    }
    if section.optional("username") is not None:
        words["auth_username"] = section.required("username")
        words["auth_password_file"] = str(section.secret_file("password_file"))
    return words


def _pagerduty(section: Section) -> Words:
    url = section.optional("url")
    return {
        "routing_key_file": str(section.secret_file("routing_key_file")),
        **({} if url is None else {"url": section.required("url", r"https?://\S+", "a web address")}),
        "send_resolved": True,
        "description": TITLE,
        "details": {"alerts": TEXT},
    }


def _webhook(section: Section) -> Words:
    """Return a webhook with its secret address: Alertmanager 0.25 reads that from no file."""
    return {"url": section.address_file("url_file").read_text().strip(), "send_resolved": True}


def _watchdog(section: Section) -> Words:
    return {"url": section.address_file("url_file").read_text().strip(), "send_resolved": False}


KINDS: Mapping[str, tuple[str, Callable[[Section], Words]]] = {
    "slack": ("slack_configs", _slack),
    "email": ("email_configs", _email),
    "pagerduty": ("pagerduty_configs", _pagerduty),
    "webhook": ("webhook_configs", _webhook),
    "watchdog": ("webhook_configs", _watchdog),
}
"""Every receiver of alertmanager.yml beside the journal: a new kind is one row and its keys."""


def channels(settings: Settings) -> Channels:
    """Return the channels that are set, without those that are set wrongly."""
    configured: dict[str, tuple[str, Words]] = {}
    problems: list[str] = [*settings.problems]
    for name, outcome in _tried(settings):
        if isinstance(outcome, ConfigurationError):
            problems.append(f"{outcome}; until then {name} is told of nothing")
        else:
            configured[name] = (KINDS[name][0], outcome)
    return Channels(configured=configured, problems=problems)


def _tried(settings: Settings) -> Iterator[tuple[str, Words | ConfigurationError]]:
    for name, (_, made) in KINDS.items():
        section = Section(name, settings)
        if not section.is_asked_for():
            continue
        try:
            yield name, made(section)
        except ConfigurationError as error:
            yield name, error
