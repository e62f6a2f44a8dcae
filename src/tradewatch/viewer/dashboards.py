"""A folder of dashboards: read again whenever a file changes; a broken file says so and harms no other."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

_LARGEST = 4 * 1024 * 1024
_MOST = 500
UID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
"""The uids that a dashboard may have, as in Grafana; any other is made of its file's name."""

_GROUPS = {"hydra": "HYDRA", "velocitytrader": "VelocityPTrader", "bot": "Any bot", "tradewatch": "All systems"}
"""The tag of a dashboard to the heading it stands under; a user's own stand apart."""

OTHERS = "Your own"
_LAST = 1_000.0


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A dashboard as the menu shows it; ``problem``: why its file cannot be drawn, one sentence."""

    uid: str
    title: str
    description: str = ""
    group: str = OTHERS
    tags: tuple[str, ...] = ()
    problem: str | None = None


class _Known(msgspec.Struct, kw_only=True):
    """A file that was read: ``stamp`` tells whether it has changed since."""

    stamp: tuple[int, int]
    listed: Listed
    content: bytes
    siblings: tuple[str, ...] = ()


class DashboardFolder:
    """The dashboards of some folders, each file by its uid; of two with one uid the first counts."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._known: dict[Path, _Known] = {}

    def listed(self) -> Sequence[Listed]:
        """Return all dashboards by group and title; files are looked at anew."""
        found: dict[str, Listed] = {}
        for known in self._read():
            listed = known.listed
            if listed.uid in found:
                problem = f"its uid {listed.uid} is that of another dashboard: give it one of its own"
                listed = msgspec.structs.replace(listed, uid=f"{listed.uid}-{len(found)}", problem=problem)
            found[listed.uid] = listed
        groups = {name: place for place, name in enumerate([*_GROUPS.values(), OTHERS])}
        places = _places(self._known.values())
        return sorted(found.values(), key=lambda each: (groups[each.group], places.get(each.uid, _LAST), each.uid))

    def content(self, uid: str) -> bytes | None:
        """Return the JSON of a dashboard that can be drawn, None when there is none."""
        return next((each.content for each in self._read() if each.listed.uid == uid and each.content), None)

    def problem(self, uid: str) -> str | None:
        """Return why a dashboard cannot be drawn, None for one that can, or that there is none of."""
        return next((each.problem for each in self.listed() if each.uid == uid), None)

    def _read(self) -> Sequence[_Known]:
        known: dict[Path, _Known] = {}
        for path in self._paths():
            try:
                status = path.stat()
            except OSError:
                continue
            stamp = (status.st_mtime_ns, status.st_size)
            before = self._known.get(path)
            known[path] = before if before is not None and before.stamp == stamp else _known(path, stamp)
        self._known = known
        return list(known.values())

    def _paths(self) -> Iterator[Path]:
        for folder in self._folders:
            yield from sorted(folder.glob("*.json"))[:_MOST]


def _places(known: Iterable[_Known]) -> Mapping[str, float]:
    """Return where the others' links have each dashboard, on average: the order that their author gave them."""
    found: dict[str, list[int]] = {}
    for each in known:
        for place, uid in enumerate(each.siblings):
            found.setdefault(uid, []).append(place)
    return {uid: sum(places) / len(places) for uid, places in found.items()}


def _known(path: Path, stamp: tuple[int, int]) -> _Known:
    try:
        content = _content(path, stamp[1])
        found = _decoded(content)
        return _Known(stamp=stamp, listed=_listed(path, found), content=content, siblings=_siblings(found))
    except ValueError as error:
        listed = Listed(uid=_uid(path.stem), title=path.name, problem=f"{path.name} cannot be drawn: {error}")
        return _Known(stamp=stamp, listed=listed, content=b"")


def _content(path: Path, size: int) -> bytes:
    if size > _LARGEST:
        message = f"it is larger than {_LARGEST >> 20} MB"
        raise ValueError(message)
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"it cannot be read ({error.strerror})"
        raise ValueError(message) from error


def _decoded(content: bytes) -> dict[str, Any]:
    """Return a dashboard's JSON, Any: as anybody may have written it; raises `ValueError` with what is wrong."""
    try:
        found = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError) as error:
        message = f"it is no JSON ({error})"
        raise ValueError(message) from error
    if not isinstance(found, dict):
        message = "it is no object with panels"
        raise ValueError(message)  # noqa: TRY004  a wrong file, not a wrong call
    panels = found.get("panels")
    if not isinstance(panels, list) or not all(isinstance(each, dict) and "type" in each for each in panels):
        message = "its panels are no list of panels, each with a type"
        raise ValueError(message)
    return found


def _listed(path: Path, found: dict[str, Any]) -> Listed:
    tags = tuple(each for each in found.get("tags") or () if isinstance(each, str))
    uid = found.get("uid")
    return Listed(
        uid=uid if isinstance(uid, str) and UID.fullmatch(uid) else _uid(path.stem),
        title=str(found.get("title") or path.stem),
        description=str(found.get("description") or ""),
        group=next((_GROUPS[tag] for tag in reversed(tags) if tag in _GROUPS), OTHERS),
        tags=tags,
    )


def _siblings(found: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the uids that a dashboard's links lead to, in their order; Any: as anybody may have written it."""
    links = found.get("links")
    urls = [str(each.get("url")) for each in links if isinstance(each, dict)] if isinstance(links, list) else []
    return tuple(url.removeprefix("/d/").partition("/")[0] for url in urls if url.startswith("/d/"))


def _uid(stem: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "-", stem)[:128] or "unnamed"
