"""What the server says of itself and of what it holds: its limits, and what it has scraped itself."""

import http.client
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec

from tradewatch.exporter import metrics
from tradewatch.history.remote import Address

_TIMEOUT = 30.0
"""Seconds for an answer."""

_ASKED_UNDER = (
    (re.compile(r"/api/v1/write$"), "/api/v1"),
    (re.compile(r"/api/v1/push$"), "/prometheus/api/v1"),
)
"""Where a server is written to, and where it is asked: Prometheus and VictoriaMetrics; Mimir."""

_CLUSTER = ("/insert/", "/select/")
"""A cluster of VictoriaMetrics is written to and asked in two places."""

_LIVE = metrics.REFOLDS.name
"""What every page with numbers has, and history has not: it tells what was scraped."""

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0, "w": 604_800.0, "y": 31_536_000.0}
_DURATION = re.compile(r"(\d+)(ms|s|m|h|d|w|y)")

_WINDOW = re.compile(r"out_of_order_time_window: (\S+)")

Labels = Mapping[str, str]


class Limits(NamedTuple):
    """How far back a server keeps and takes samples, None where it does not say; ``data``: where it keeps them."""

    retention: timedelta | None = None
    window: timedelta | None = None
    data: Path | None = None


def duration(text: str) -> timedelta | None:
    """Return a duration as Prometheus writes it, None for what is none.

    >>> duration("1d12h"), duration("soon")
    (datetime.timedelta(days=1, seconds=43200), None)
    """
    parts = _DURATION.findall(text)
    if not parts or "".join(map("".join, parts)) != text:
        return None
    return timedelta(seconds=sum(int(number) * _UNITS[unit] for number, unit in parts))


class Head(NamedTuple):
    """From when to when a Prometheus holds samples in memory and in its log, Unix seconds."""

    first: float
    last: float


class Server:
    """Asks the server that is written to. ``answers``: whether it can be asked where it is written to."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._base = _asked_under(address.path)
        self.answers = bool(self._query("vector(1)"))

    def limits(self) -> Limits:
        """Return what a Prometheus says of its settings; another server says nothing."""
        runtime, configuration = self._data("status/runtimeinfo"), self._data("status/config")
        if not isinstance(runtime, dict) or not isinstance(configuration, dict):
            return Limits()
        window = _WINDOW.search(configuration.get("yaml", ""))
        flags = self._data("status/flags") or {}
        data = Path(flags.get("storage.tsdb.path", ""))
        return Limits(
            retention=duration(runtime.get("storageRetention", "").partition(" or ")[0]),
            window=timedelta(0) if window is None else duration(window[1]),
            data=data if data.is_absolute() else None,
        )

    def head(self) -> Head | None:
        """Return what a Prometheus holds in memory; None when that is nothing, and from another server."""
        told = (self._data("status/tsdb") or {}).get("headStats", {})
        first, last = told.get("minTime"), told.get("maxTime")
        if first is None or last is None or first > last:  # of an empty one, as far apart as can be
            return None
        return Head(first / 1_000, last / 1_000)

    def targets(self, source: str, labels: Labels) -> Sequence[Labels]:
        """Return the labels of every target that serves this ledger, which scrapes add to each of its series."""
        found = self._query(f"last_over_time({_selector(metrics.SOURCE_UP.name, {'source': source, **labels})}[1d])")
        return [{name: value for name, value in each.items() if name not in {"__name__", "source"}} for each in found]

    def sources(self, labels: Labels) -> Sequence[str]:
        """Return the ledgers of which the server has series with these labels, however old."""
        selector = _selector(metrics.LAST_FACT.name, labels)
        found = self._data("series", start="0", **{"match[]": selector}) or []
        return sorted({each["source"] for each in found if "source" in each})

    def first_scraped(self, labels: Labels, after: float, until: float) -> float | None:
        """Return when the first page with numbers was scraped after one moment and up to another (Unix); None: never.

        It is exact to the second, and not too late.
        """
        if not self._was_scraped(labels, after, until):
            return None
        early, late = int(after), int(until) + 1
        while late - early > 1:
            middle = (early + late) // 2
            if self._was_scraped(labels, after, middle):
                late = middle
            else:
                early = middle
        return float(early)

    def holds(self, labels: Labels, at: float) -> bool:
        """Whether there is any series with these labels at a moment."""
        return bool(self._query(f"count({_selector('', labels)})", at=at))

    def _was_scraped(self, labels: Labels, after: float, until: float) -> bool:
        seconds = max(1, int(until - after))
        return bool(self._query(f"count(count_over_time({_selector(_LIVE, labels)}[{seconds}s]))", at=until))

    def _query(self, expression: str, at: float | None = None) -> Sequence[Labels]:
        """Return the labels of the series of an answer."""
        data = self._data("query", query=expression, **({} if at is None else {"time": f"{at:.3f}"}))
        if not isinstance(data, dict):
            return []
        return [series["metric"] for series in data["result"]]

    def _data(self, path: str, **parameters: str) -> Any:  # noqa: ANN401 - JSON
        """Return the data of an answer, None where there is none."""
        if self._base is None:
            return None
        connection = self._address.connection(_TIMEOUT)
        try:
            connection.request("GET", f"{self._base}/{path}?{urlencode(parameters)}", headers=self._address.headers)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        return _data_of(body) if response.status == HTTPStatus.OK else None


def _data_of(body: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        answer = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
    return answer.get("data") if isinstance(answer, dict) else None


def _asked_under(path: str) -> str | None:
    for written, asked in _ASKED_UNDER:
        if written.search(path):
            return written.sub(asked, path.replace(*_CLUSTER))
    return None


def _selector(name: str, labels: Labels) -> str:
    return name + "{" + ",".join(f"{label}={_quoted(value)}" for label, value in labels.items()) + "}"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
