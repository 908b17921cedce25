"""Chromium for the tests that look at pages: where it is, how it starts, and when its absence is a failure."""

import os

import pytest
from workreport.share import deck

REQUIRED = "BROWSER_REQUIRED"

def required():
    """Whether a missing browser is a failure (in CI) rather than a reason to skip."""
    return os.environ.get(REQUIRED, "") not in ("", "0")


def missing(reason):
    """End the test: skipped with the reason, failed where a browser is required."""
    (pytest.fail if required() else pytest.skip)(f"{reason}; set {REQUIRED}=1 to make this a failure")


def launch(playwright):
    """Start Chromium without a window.

    Parameters
    ----------
    playwright : playwright.sync_api.Playwright

    Returns
    -------
    playwright.sync_api.Browser
    """
    path = deck.browser()
    if path is None:
        missing("Chromium is not here (Debian: apt install chromium)")
    return playwright.chromium.launch(executable_path=path, headless=True, args=deck.CALM, timeout=60_000)


def outside(urls):
    """Those of the addresses that leave the machine.

    Parameters
    ----------
    urls : iterable of str

    Returns
    -------
    list of str
    """
    from urllib.parse import urlsplit

    local = ("127.0.0.1", "localhost", "::1")
    asking = ("http", "https", "ws", "wss")
    return [url for url in urls if urlsplit(url).scheme in asking and urlsplit(url).hostname not in local]


def violations(page, **options):
    """What axe finds wrong with a page, as text; its context has to bypass a policy against scripts."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]} | options)
    return f"{page.url}: {found.generate_report()}" if found.violations_count else ""


def start():
    """Playwright and Chromium as one context: ``with browser.start() as chromium: …``."""
    from contextlib import contextmanager

    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright is not installed (make test installs it)")

    @contextmanager
    def running():
        with sync_playwright() as playwright:
            browser = launch(playwright)
            try:
                yield browser
            finally:
                browser.close()

    return running()
