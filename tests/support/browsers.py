"""The distribution's Chromium, driven; a page that complains in its console has failed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.support.patience import SECONDS
from tradewatch.viewer.frontend import built, install

ROOT = Path(__file__).parents[2]
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def built_page() -> Path:
    """Return the built page; it is built once for all tests."""
    return built(ROOT / "frontend", ROOT / ".tradewatch" / "frontend")


@contextmanager
def browsing() -> Iterator[Browser]:
    """Yield the machine's browser; without one the test is skipped."""
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("there is no Chromium: install Debian's package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(
    browser: Browser, address: str, *, width: int = 1440, height: int = 900, dark: bool = False
) -> Iterator[Page]:
    """Yield the page at an address; it fails the test when anything is complained of until it is left."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light")
    context.set_default_timeout(1_000 * SECONDS)
    expect.set_options(timeout=1_000 * SECONDS)
    page = context.new_page()
    page.on("console", lambda message: complaints.extend(_complaint(message)))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    try:
        yield page
    finally:
        context.close()
    assert complaints == []


def violations(page: Page) -> list[str]:
    """Return what axe-core finds that keeps somebody from reading or using a page: each rule with the first place."""
    install(ROOT / "frontend")
    page.evaluate((ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)")
    return [f"{each['id']}: {each['nodes'][0]['target']} {each['nodes'][0]['failureSummary']}" for each in found]


def _complaint(message: ConsoleMessage) -> Iterator[str]:
    is_told_by_the_page = "Failed to load resource" in message.text  # what a server behind refuses stands in the page
    if message.type in {"error", "warning"} and not is_told_by_the_page:
        yield message.text
