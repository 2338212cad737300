"""A real Chromium in front of the real demonstration server; screenshots of every step go to `artefacts/`."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from eplan.postgres import EmbeddedPostgres
from tests.browser.steps import sign_in

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "artefacts"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000  # milliseconds; a busy machine is slow, not wrong
SIZES = {"desktop": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}


def pytest_collection_modifyitems(items):
    """Keep the browser's tests on one worker, behind one server, and say plainly where there is no browser."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


class Site:
    """The demonstration, started as a newcomer would, with further `settings` of the environment where a test needs."""

    def __init__(self, home, port, **settings):
        self.home, self.port, self.settings = Path(home), port, settings
        self.url = f"http://127.0.0.1:{port}"
        self.process = None

    def start(self):
        """Start the server and wait until it answers. Raises with what it printed if it does not."""
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "EPLAN_MODE")
        }
        command = [sys.executable, "manage.py", "demo", "--home", str(self.home), "--port", str(self.port)]
        with (self.home.parent / "demo.log").open("w") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**environment, "EPLAN_MODE": "demonstration", **self.settings},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        for _ in range(600):
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.url}/readyz", timeout=2)
                if (self.home / "accounts.json").exists():
                    return
            except OSError:
                pass
            time.sleep(0.1)
        self.stop()
        raise RuntimeError((self.home.parent / "demo.log").read_text())

    def stop(self):
        """Stop it as Ctrl-C would."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=30)

    def account(self, role, **wanted):
        """The ready account of a role, narrowed by other keys of accounts.json."""
        accounts = json.loads((self.home / "accounts.json").read_text("utf-8"))
        return next(a for a in accounts if a["role"] == role and all(a[k] == v for k, v in wanted.items()))


def free_port():
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The running demonstration."""
    running = Site(tmp_path_factory.mktemp("demo") / "home", free_port())
    running.start()
    yield running
    running.stop()
    EmbeddedPostgres(running.home).erase()


@pytest.fixture(scope="session")
def chromium():
    """The browser."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium, site):
    """A function that opens a page of a fresh visitor; anything the page's console calls an error fails the test."""
    contexts, complaints = [], []

    def open_page(size="desktop", **options):
        context = chromium.new_context(
            base_url=site.url, viewport=SIZES[size], locale="th-TH", accept_downloads=True, **options
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    # The browser itself reports answers of 4xx as errors; pages that must answer so are asserted on by their tests.
    assert [c for c in complaints if "Failed to load resource" not in c] == []


@pytest.fixture
def signed_in(new_page, site):
    """A function that opens a page signed in as the ready clerk."""

    def enter(size="desktop", **options):
        page = new_page(size, **options)
        sign_in(page, site.account("LAO", username="6810507"))
        return page

    return enter


@pytest.fixture
def shoot(request):
    """A function that keeps a numbered picture of a page under `artefacts/`."""
    folder = ARTEFACTS / request.node.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    taken = []

    def take(page, name):
        taken.append(name)
        page.screenshot(path=folder / f"{len(taken):02d}-{name}.png", full_page=True)

    return take


@pytest.fixture
def print_pdf(request):
    """A function that prints a page to A4 as the browser's own print would, and returns the file."""

    def save(page, name):
        ARTEFACTS.mkdir(exist_ok=True)
        target = ARTEFACTS / f"{request.node.name}-{name}.pdf"
        page.emulate_media(media="print")
        page.pdf(path=target, format="A4", prefer_css_page_size=True)
        page.emulate_media(media="screen")
        return target

    return save
