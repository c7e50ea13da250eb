"""A real Chromium against a running server with the demo in it. Nothing but the server may be reached."""

import fcntl
import os
import pickle
import signal
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path
from threading import Timer

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from malstyring.management.commands.load_demo import FIXED_PASSWORD, MODELS
from tests.factories import COPENHAGEN
from tests.smtp import MailServer

PATIENCE = 240  # seconds for one test: some of Playwright's calls would else wait for ever for a browser that hangs
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)
            # Again when the browser itself has died, which says nothing about the product; never for another reason.
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=["TargetClosedError"]))


class Chromium:
    """One browser for the whole run, started again if it has died."""

    def __init__(self, playwright: Playwright) -> None:
        self.playwright = playwright
        self.browser: Browser | None = None
        self.pid = 0

    def running(self) -> Browser:
        if self.browser is None or not self.browser.is_connected():
            self.browser = self.playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=SWITCHES
            )
            processes = self.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
            [self.pid] = [one["id"] for one in processes if one["type"] == "browser"]
        return self.browser

    def end(self) -> None:
        """The browser is killed: whatever waits for it fails at once."""
        os.kill(self.pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        chromium = Chromium(playwright)
        yield chromium
        chromium.running().close()


def load_demo(model: str) -> None:
    call_command("load_demo", model=model, stdout=StringIO())


class Loaded:
    """What is in the database after loading a model, to be put there again in a twentieth of the time.

    Whoever is first loads it, also for the other workers of this run. PostgreSQL only.
    """

    def __init__(self, model: str, folder: Path) -> None:
        self.model, self.kept, self.lock = model, folder / f"{model}.rows", folder / f"{model}.lock"
        self.rows: dict[str, bytes] = {}
        self.sequences: list[tuple[str, int]] = []

    def put_back(self) -> None:
        if connection.vendor != "postgresql":
            load_demo(self.model)
        elif self.rows:
            self._restore()
        else:
            with self.lock.open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if self.kept.exists():
                    self.rows, self.sequences = pickle.loads(self.kept.read_bytes())
                    self._restore()
                else:
                    load_demo(self.model)
                    self._keep()

    def _keep(self) -> None:
        tables = sorted(set(connection.introspection.table_names()) - {"django_migrations"})
        with connection.cursor() as cursor:
            for table in tables:
                with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                    self.rows[table] = b"".join(bytes(block) for block in copy)
            cursor.execute(
                "SELECT sequencename, coalesce(last_value, 1) FROM pg_sequences WHERE last_value IS NOT NULL"
            )
            self.sequences = cursor.fetchall()
        self.kept.write_bytes(pickle.dumps((self.rows, self.sequences)))

    @transaction.atomic
    def _restore(self) -> None:
        ContentType.objects.clear_cache()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # rows come in the order of the alphabet
            # Of a few hundred rows each, deleting takes a fifth of the time that making new files (TRUNCATE) takes.
            cursor.execute("; ".join(f'DELETE FROM "{table}"' for table in self.rows))
            for table, rows in self.rows.items():
                with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                    copy.write(rows)
            for name, last in self.sequences:
                cursor.execute("SELECT setval(%s, %s)", [f'"{name}"', last])


@pytest.fixture(scope="session")
def loaded_demos(tmp_path_factory) -> dict[str, Loaded]:
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    return {model: Loaded(model, folder) for model in MODELS}


@pytest.fixture
def demo(request, transactional_db, settings, monkeypatch, loaded_demos):
    """An example municipality with every demo account: the first, unless the test is parametrised with another."""
    settings.ALLOW_DEMO = True
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    loaded_demos[getattr(request, "param", "hoeje-taastrup")].put_back()


class Clock:
    """It is the moment it was last put to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=COPENHAGEN)

    def put(self, day: date, hour: int = 9) -> datetime:
        self.now = datetime.combine(day, time(hour), COPENHAGEN)
        return self.now

    def tick(self, day: date) -> None:
        """The morning's run; then it is nine."""
        call_command("tick", now=self.put(day, 6).isoformat(), stdout=StringIO())
        self.put(day)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    return clock


@pytest.fixture
def mails(settings, live_server):
    """A real mail server, which mails reach and whose links lead back here."""
    server = MailServer().start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.SITE_URL = live_server.url
    yield server
    server.stop()


class Visitor:
    """Somebody at the browser. Keeps what went wrong: script errors, violations of the policy, foreign requests."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("console", self._on_console)
        self.page.on("request", self._on_request)

    def _on_console(self, message) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            self.faults.append(f"policy: {message.text}")

    def _on_request(self, request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:", "about:")):
            self.faults.append(f"foreign: {request.url}")

    def go(self, path: str):
        answer = self.page.goto(self.address + path)
        self.page.wait_for_selector(".htmx-request", state="detached")  # what the page fetched for itself is there
        return answer

    def sign_in(self, name: str) -> "Visitor":
        self.go("/log-ind/")
        self.page.fill("[name=login]", name)
        self.page.fill("[name=password]", FIXED_PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_load_state()
        assert "/log-ind/" not in self.page.url
        return self

    @property
    def text(self) -> str:
        return self.page.inner_text("main")


@pytest.fixture
def visit(chromium: Chromium, live_server, demo):
    """Opens a browser window: `visit("leder")`, `visit("leder", width=390)`, `visit("leder", script=False)`."""
    contexts: list[BrowserContext] = []
    browser = chromium.running()
    watch = Timer(PATIENCE, chromium.end)
    watch.start()

    def visit(name: str = "", *, width: int = 1280, script: bool = True) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="da-DK", java_script_enabled=script
        )
        contexts.append(context)
        visitor = Visitor(context, live_server.url)
        return visitor.sign_in(name) if name else visitor

    yield visit
    try:
        for context in contexts:
            context.close()
    finally:
        watch.cancel()
