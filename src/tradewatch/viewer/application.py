"""The viewer's addresses: the built page, dashboards, trades, and what is passed on to Prometheus and Alertmanager."""

import gzip
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx
import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from tradewatch import __version__
from tradewatch.viewer.dashboards import UID, DashboardFolder
from tradewatch.viewer.glance import GLANCES
from tradewatch.viewer.headers import Guard
from tradewatch.viewer.listing import FILTERS, MOST, listing
from tradewatch.viewer.story import story_of
from tradewatch.viewer.trades import LedgerTrades
from tradewatch.viewer.upstream import ALERTMANAGER, PROMETHEUS, Upstream, client, problem

SCRAPE_SECONDS: Final = 60
"""The shortest step that history has, as Grafana's data source is told; it makes `$__rate_interval` four minutes."""

_FEWEST = 100

_RUNBOOK: Final = re.compile("[A-Za-z0-9]{1,80}")
"""The names of runbooks are those of alerts: no path can be made of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a viewer shows. ``front_end``: the folder of the built page; ``host``: where it listens.

    ``runbooks``: the folder of the pages that alerts lead to; None where there is none.

    ``scrape_seconds``: the shortest time between two points of a line. ``subject``: whose numbers these are, in words.
    """

    prometheus: str
    alertmanager: str
    dashboards: Sequence[Path]
    ledgers: Sequence[Path]
    front_end: Path
    runbooks: Path | None = None
    host: str = "127.0.0.1"
    scrape_seconds: int = SCRAPE_SECONDS
    subject: str = ""


def application(settings: Settings) -> ASGIApp:
    """Return the viewer as an ASGI application."""
    asking = client()
    pages = _Pages(settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await asking.aclose()

    routes = [
        *_upstreams(settings, asking),
        Route("/viewer/settings", pages.settings),
        Route("/viewer/dashboards", pages.dashboards),
        Route("/viewer/dashboards/{uid}", pages.dashboard),
        Route("/viewer/trades", pages.trades),
        Route("/viewer/story", pages.story),
        Route("/viewer/runbooks/{name}", pages.runbook),
        Route("/viewer/health", pages.health),
        Route("/viewer/{path:path}", pages.nothing),
        Route("/assets/{path:path}", _assets(settings.front_end)),
        Route("/favicon.svg", pages.icon),
        Route("/d/{uid}", pages.drawn),
        Route("/d/{uid}/{name}", pages.drawn),
        Route("/{path:path}", pages.page),
    ]
    app = Starlette(routes=routes, lifespan=lifespan)
    return Guard(GZipMiddleware(app, minimum_size=1_000, compresslevel=1), settings.host)


def _upstreams(settings: Settings, asking: httpx.AsyncClient) -> Sequence[Route]:
    prometheus = Upstream("Prometheus", settings.prometheus, PROMETHEUS, asking)
    alertmanager = Upstream("Alertmanager", settings.alertmanager, ALERTMANAGER, asking)
    return (
        Route(f"/prometheus{PROMETHEUS.prefix}{{path:path}}", prometheus.answer),
        Route(f"/alertmanager{ALERTMANAGER.prefix}{{path:path}}", alertmanager.answer),
    )


def _assets(front_end: Path) -> ASGIApp:
    """Serve files whose names change with their content."""
    return _Lasting(StaticFiles(directory=front_end / "assets", check_dir=False))


class _Lasting:
    """Tells browsers to keep what they got for a year; packs a file once, as all else waits while one is packed."""

    def __init__(self, app: StaticFiles) -> None:
        self._files = app
        self._packed: dict[str, bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response = await self._files.get_response(request.path_params["path"], scope)
        if response.status_code == HTTPStatus.OK:
            response.headers["cache-control"] = "public, max-age=31536000, immutable"
        if isinstance(response, FileResponse) and "gzip" in request.headers.get("accept-encoding", ""):
            response = await self._small(response)
        await response(scope, receive, send)

    async def _small(self, file: FileResponse) -> Response:
        path = str(file.path)
        if path not in self._packed:
            content = await run_in_threadpool(Path(path).read_bytes)
            self._packed[path] = await run_in_threadpool(gzip.compress, content)
        headers = {name: file.headers[name] for name in ("cache-control", "content-type", "etag", "last-modified")}
        return Response(self._packed[path], headers={**headers, "content-encoding": "gzip", "vary": "Accept-Encoding"})


class _Pages:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = DashboardFolder(settings.dashboards)
        self._ledgers = [LedgerTrades(path) for path in settings.ledgers]

    async def settings(self, _: Request) -> Response:
        found = {
            "version": __version__,
            "scrape_seconds": self._settings.scrape_seconds,
            "systems": GLANCES,
            "ledgers": [path.name for path in self._settings.ledgers],
            "subject": self._settings.subject,
        }
        return _json(found)

    async def dashboards(self, _: Request) -> Response:
        return _json({"dashboards": await run_in_threadpool(self._folder.listed)})

    async def dashboard(self, request: Request) -> Response:
        uid = request.path_params["uid"]
        content = await run_in_threadpool(self._folder.content, uid)
        if content is not None:
            return Response(content, media_type="application/json", headers={"cache-control": "no-cache"})
        return problem(404, self._folder.problem(uid) or f"there is no dashboard {uid}: it may have been deleted")

    async def trades(self, request: Request) -> Response:
        wanted = {name: text for name in FILTERS if (text := request.query_params.get(name))}
        given = request.query_params.get("limit", str(_FEWEST))
        if not given.isdecimal() or not 0 < int(given[:9]) <= MOST:
            return problem(400, f"limit {given[:20]} is no number from 1 to {MOST}")
        return _json(await run_in_threadpool(listing, self._ledgers, wanted, int(given)))

    async def story(self, request: Request) -> Response:
        ledger, system, trade = (request.query_params.get(name, "") for name in ("ledger", "system", "id"))
        found = await run_in_threadpool(self._story, ledger, system, trade)
        return _json(found) if found is not None else problem(404, f"there is no trade {trade[:80]} in {ledger[:80]}")

    def _story(self, name: str, system: str, trade: str) -> object:
        for ledger in self._ledgers:
            systems = ledger.systems() if ledger.path.name == name else {}
            told = systems[system].trades.get(trade) if system in systems else None
            if told is not None:
                return story_of(told, name)
        return None

    async def runbook(self, request: Request) -> Response:
        name, folder = request.path_params["name"], self._settings.runbooks
        if folder is None or not _RUNBOOK.fullmatch(name) or not (folder / f"{name}.md").is_file():
            return problem(404, f"there is no runbook {name[:80]}")
        text = await run_in_threadpool((folder / f"{name}.md").read_text, encoding="utf-8")
        return _json({"text": text})

    async def health(self, _: Request) -> Response:
        return _json({"status": "ready", "version": __version__})

    async def nothing(self, _: Request) -> Response:
        return problem(404, "the viewer has no such address")

    async def icon(self, _: Request) -> Response:
        return FileResponse(self._settings.front_end / "favicon.svg", headers={"cache-control": "max-age=86400"})

    async def drawn(self, request: Request) -> Response:
        """Answer with the page that names what a dashboard needs, so that a browser asks for all of it at once."""
        uid = request.path_params["uid"]
        asked = ("settings", f"dashboards/{uid}") if UID.fullmatch(uid) else ("settings",)
        links = ", ".join(f"</viewer/{path}>; rel=preload; as=fetch; crossorigin" for path in asked)
        return FileResponse(
            self._settings.front_end / "dashboard.html", headers={"cache-control": "no-cache", "link": links}
        )

    async def page(self, _: Request) -> Response:
        return FileResponse(self._settings.front_end / "index.html", headers={"cache-control": "no-cache"})


def _json(found: object) -> Response:
    body = msgspec.json.encode(found)
    return Response(body, media_type="application/json", headers={"cache-control": "no-store"})
