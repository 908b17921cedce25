"""Chromium for the tests that look at pages: where it is, how it starts, and when its absence is a failure."""

import contextlib
import os
from urllib.parse import urlsplit

import pytest
from workreport.share import deck

REQUIRED = "BROWSER_REQUIRED"  # set in CI: there a missing browser is a failure, not a reason to skip


def missing(reason):
    """End the test: skipped with the reason, failed where a browser is required."""
    end = pytest.skip if os.environ.get(REQUIRED, "") in ("", "0") else pytest.fail
    end(f"{reason}; set {REQUIRED}=1 to make this a failure")


def outside(urls):
    """Those of the addresses that leave the machine."""
    local = ("127.0.0.1", "localhost", "::1")
    asking = ("http", "https", "ws", "wss")
    return [url for url in urls if urlsplit(url).scheme in asking and urlsplit(url).hostname not in local]


def violations(page, **options):
    """What axe finds wrong with a page, as text; its context has to bypass a policy against scripts."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]} | options)
    return f"{page.url}: {found.generate_report()}" if found.violations_count else ""


@contextlib.contextmanager
def start():
    """Playwright and Chromium without a window: ``with browser.start() as chromium: …``."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright is not installed (make test installs it)")
    path = deck.browser() or missing("Chromium is not here (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=deck.CALM, timeout=60_000)
        try:
            yield browser
        finally:
            browser.close()
