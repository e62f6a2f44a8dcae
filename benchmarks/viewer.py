"""The first screen of every dashboard in a browser: from the navigation until its last panel is drawn."""

import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from benchmarks.apparatus.histories import Histories
from benchmarks.apparatus.processes import TRADEWATCH
from benchmarks.apparatus.results import Beside, Row, compared, skipped
from tradewatch.errors import TradewatchError
from tradewatch.exporter import Address
from tradewatch.stack import loopback, processes, prometheus
from tradewatch.stack.ports import LOOPBACK
from tradewatch.stack.servers import locate
from tradewatch.stack.waiting import wait_until
from tradewatch.viewer.application import Settings
from tradewatch.viewer.frontend import built
from tradewatch.viewer.server import listening_at, server_of

TURNS = 3

_ROOT = Path(__file__).parents[1]
_DASHBOARDS = _ROOT / "monitoring" / "grafana" / "dashboards"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_LIMIT_SECONDS = 1.0
_PATIENCE_SECONDS = 60
_TWO_DAYS = ("--feed", "simulated", "--start", "2026-01-01", "--days", "2", "--fast", "--seed", "7", "--quiet")
_LEDGERS = {
    "velocitytrader": ("run", "velocitytrader", *_TWO_DAYS),
    "hydra": ("run", "hydra", *_TWO_DAYS),
    "bot": ("sample", "--days", "30"),
}
_DRAWN = """() => {
  const isSeen = each => each.getBoundingClientRect().top < innerHeight;
  const panels = [...document.querySelectorAll('.panel')].filter(isSeen);
  return panels.length > 0 && panels.every(each => each.dataset.state) && performance.now();
}"""
"""The milliseconds from the navigation until every panel that is seen is drawn or says why not; false before that."""


def rows(histories: Histories, turns: int = TURNS) -> Iterator[Row]:
    """Yield the median and the slowest of all dashboards, each the median of some turns, beside a page of nothing."""
    chromium = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if chromium is None:
        yield skipped("first screen of a dashboard", "there is no Chromium: install Debian's package chromium")
        return
    try:
        program = locate("prometheus")
    except TradewatchError as error:
        yield skipped("first screen of a dashboard", str(error))
        return
    with _scraped(program, histories.folder / "viewer") as source, _shown(source) as viewer:
        floor, screens = _measured(chromium, viewer, turns)
    slowest = max(screens, key=lambda name: screens[name])
    for what, seconds in (("median of all", median(screens.values())), (f"slowest, {slowest}", screens[slowest])):
        yield compared(
            f"first screen of a dashboard, {what}",
            seconds,
            floor=Beside("a page of nothing", floor),
            target=f"<= {_LIMIT_SECONDS:.0f} s",
            met=seconds <= _LIMIT_SECONDS,
        )


def _measured(program: str, viewer: str, turns: int) -> tuple[float, Mapping[str, float]]:
    names = sorted(path.stem for path in _DASHBOARDS.glob("*.json"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        found: dict[str, list[float]] = {name: [] for name in names}
        empty = [_until(browser, f"{viewer}/viewer/health", "performance.now()") for _ in range(turns)]
        for _ in range(turns):
            for name in names:
                found[name].append(_until(browser, f"{viewer}/d/{name}", _DRAWN))
        browser.close()
    return median(empty), {name: median(times) for name, times in found.items()}


def _until(browser: Browser, address: str, condition: str) -> float:
    """Return the seconds from the navigation until a condition, in a browser that knows the page of no visit before."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(address, wait_until="commit")
    milliseconds = page.wait_for_function(condition, polling="raf", timeout=1000 * _PATIENCE_SECONDS).json_value()
    context.close()
    return float(milliseconds) / 1000


@contextmanager
def _scraped(program: Path, folder: Path) -> Iterator[str]:
    """Yield the address of a Prometheus that has scraped two days of every system."""
    folder.mkdir()
    ports = {name: _free_port() for name in (*_LEDGERS, "prometheus")}
    jobs = [{"job_name": job, "static_configs": [{"targets": [f"{LOOPBACK}:{port}"]}]} for job, port in ports.items()]
    configuration = folder / "prometheus.yml"
    configuration.write_text(json.dumps({"global": {"scrape_interval": "1s"}, "scrape_configs": jobs}))
    address = f"http://{LOOPBACK}:{ports['prometheus']}"
    with ExitStack() as running:
        for name, words in _LEDGERS.items():
            ledger = folder / f"{name}.db"
            subprocess.run([TRADEWATCH, *words, "--ledger", str(ledger)], check=True, capture_output=True)  # noqa: S603
            export = (TRADEWATCH, "export", "--ledger", str(ledger), "--listen", f"{LOOPBACK}:{ports[name]}")
            running.enter_context(_running((*export, "--state", str(folder / "state")), folder / f"{name}.log"))
        server = prometheus.command(program, configuration, folder / "data", ports["prometheus"])
        running.enter_context(_running(server, folder / "prometheus.log"))
        asked = f"{address}/api/v1/query?query=count_over_time(up%5B30s%5D)%20%3E%2010%20and%20up%20%3D%3D%201"
        wait_until(lambda: (loopback.fetch(asked) or b"").count(b'"job"') == len(ports), seconds=_PATIENCE_SECONDS)
        yield address


@contextmanager
def _running(command: Sequence[str], log: Path) -> Iterator[None]:
    process = processes.start(command, log)
    try:
        yield
    finally:
        processes.stop([process])


@contextmanager
def _shown(source: str) -> Iterator[str]:
    """Yield the address of a viewer in this process."""
    page = built(_ROOT / "frontend", _ROOT / ".tradewatch" / "frontend")
    settings = Settings(
        prometheus=source, alertmanager=source, dashboards=(_DASHBOARDS,), ledgers=(), front_end=page, scrape_seconds=1
    )
    server = server_of(settings)
    with listening_at(Address(LOOPBACK, 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            wait_until(lambda: server.started, seconds=_PATIENCE_SECONDS)
            yield f"http://{LOOPBACK}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port
