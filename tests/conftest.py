"""The afternoon's furniture: a data folder, an application, a real server, a real browser."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import machine
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from material import OWN, Material
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import func, select
from waiting import eventually

from contrib import clock
from contrib.access import codes
from contrib.access.roles import current_event
from contrib.installation import open_folder, set_up_day
from contrib.programme import toml_file
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author
from contrib.store.models import Event, Workshop

ROOT = Path(__file__).parent.parent

os.environ["PYTHONDONTWRITEBYTECODE"] = ""
"""What one process of ours has compiled serves the next: some machines forbid it, and the tests start 200."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--without-browser", action="store_true", help="without the slowest ones")
    parser.addoption("--data", help="only the tests that ask for material, on that of this folder")


LONGEST = (
    "test_journal.py", "test_browser.py", "test_stationery.py", "test_bundle.py", "test_two_processes.py",
    "test_whole_afternoon.py", "test_stage.py", "test_public_address.py", "test_faults.py", "test_many_notes.py",
    "test_backup.py", "test_saved_files.py", "test_firefox.py", "test_fields.py", "test_command_line.py",
)  # fmt: skip
"""These files are begun first: one of them that is left for the end is waited for by every other process."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(LONGEST)))
    if config.getoption("--without-browser"):
        in_a_browser = {"browser", "server", "material"}
        items[:] = [item for item in items if not in_a_browser.intersection(item.fixturenames)]
    if config.getoption("--data"):
        items[:] = [item for item in items if "material" in getattr(item, "fixturenames", ())]


@pytest.fixture(scope="session")
def material(request: pytest.FixtureRequest) -> Material:
    """The project's own, or that of `--data`."""
    return Material(Path(request.config.getoption("--data") or OWN).resolve())


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONTRIB_DATA", "DATABASE_URL", "CONTRIB_TEST_NOW"):
        monkeypatch.delenv(name, raising=False)


@dataclass(frozen=True)
class FirstStart:
    """A data folder as a first start leaves it: migrated, with the Liévin day and a password."""

    folder: Path
    password: str

    def copied(self, folder: Path) -> Path:
        return shutil.copytree(self.folder, folder)


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """Made once; a test has a copy of its own. First starts themselves are tested without it.

    Beside it stands what Jinja made of the templates.
    """
    folder = tmp_path_factory.mktemp("first") / "data"
    app, password = open_folder(folder)
    assert password
    with app.app_context():
        set_up_day(toml_file.read(toml_file.DEFAULT))
        db.session.remove()
        db.engine.dispose()
    return FirstStart(folder, password)


@pytest.fixture
def app(tmp_path: Path, first_start: FirstStart) -> Iterator[Flask]:
    """The Liévin day in a data folder of its own, with its application context open."""
    app, _ = open_folder(first_start.copied(tmp_path / "data"))
    app.config["PASSWORD"] = first_start.password
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(first_start.folder.parent))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def day(app: Flask) -> Event:
    event = current_event()
    assert event is not None
    return db.session.get_one(Event, event.id)


def own_id(word: str) -> str:
    """An id as pages make them, the same for the same word."""
    return sha256(word.encode()).hexdigest()[:32]


@dataclass
class Room:
    """One workshop, and the things that people do in it."""

    event: Event
    name: str

    @property
    def workshop(self) -> Workshop:
        return next(w for w in self.event.workshops if w.name == self.name)

    @property
    def path(self) -> str:
        return f"/{self.event.name}/ateliers/{self.name}"

    def rubric(self, name: str) -> str:
        return next(r.id for r in self.workshop.rubrics if r.name == name)

    def write(self, verb: str, subject: str | None = None, *, id: str | None = None, **values: object):
        return log.write(
            log.VERBS[verb],
            Author(device="table-1"),
            values,
            event=self.event.id,
            workshop=self.workshop.id,
            subject=subject,
            id=id,
        )

    def note(self, text: str, rubric: str | None = None, **more: object) -> str:
        rubric_id = self.rubric(rubric) if rubric else None
        receipt = self.write("record", text=text, rubric=rubric_id)
        note_id: str = receipt.outcome["note"]
        if more.get("highlight"):
            self.write("highlight", note_id, chosen=True)
        if more.get("theme"):
            self.write("theme", note_id, name=more["theme"])
        return note_id


@pytest.fixture
def emergence(day: Event) -> Room:
    return Room(day, "emergence")


@pytest.fixture
def numerique(day: Event) -> Room:
    return Room(day, "numerique")


class Person:
    """Somebody with a browser that has no JavaScript: pages and forms."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.page = ""
        self.status = 0

    def get(self, path: str) -> str:
        return self._seen(self._ask(self.client.get, path, follow_redirects=True))

    def post(self, path: str, *, token: bool = True, follow: bool = True, **fields: object) -> str:
        """Send a form as the last page would: with its token, unless `token` is False."""
        if token:
            fields.setdefault("csrf_token", self.token())
        return self._seen(self._ask(self.client.post, path, data=fields, follow_redirects=follow))

    def _ask(self, method, *arguments, **options):
        """In a thread of its own, as on a server: nothing of the test's context leaks in."""
        with ThreadPoolExecutor(1) as thread:
            answer = thread.submit(method, *arguments, **options).result()
        db.session.rollback()  # the test looks at what is there now
        return answer

    def token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.page)
        if not found:
            self.get("/")
            found = re.search(r'name="csrf_token" value="([^"]+)"', self.page)
        assert found
        return found[1]

    def enter(self, code: str) -> str:
        self.get("/")
        return self.post("/", code=code)

    def organise(self) -> str:
        self.get("/organisation")
        return self.post("/organisation", password=self.app.config["PASSWORD"])

    def _seen(self, response) -> str:
        self.status = response.status_code
        text = response.get_data(as_text=True) if "text" in (response.mimetype or "") else ""
        parts = re.split(r"(<textarea.*?</textarea>)", text, flags=re.DOTALL)
        self.page = "".join(
            part if part.startswith("<textarea") else re.sub(r"\s+", " ", part) for part in parts
        )
        """As it is read: no-break spaces and line ends are spaces, but in what was typed."""
        self.bytes = response.get_data()
        self.headers = response.headers
        return self.page


@pytest.fixture
def people(app: Flask):
    """Makes one more person each time it is called."""
    return lambda: Person(app)


@pytest.fixture
def desk(people, day: Event) -> Person:
    """The organiser's browser."""
    person: Person = people()
    person.organise()
    return person


Clock = Callable[[int, int], None]


@pytest.fixture
def at() -> Iterator[Clock]:
    """Puts the server's clock to an hour of the day; it is put right again."""
    yield lambda hour, minute: clock.move_to(
        datetime(2021, 9, 30, hour, minute, tzinfo=ZoneInfo("Europe/Paris"))
    )
    clock.move_to(datetime.now(UTC))


def code_of(app: Flask, event: Event, name: str | None) -> str:
    """The code of a workshop; of the restitution for None."""
    for workshop, code in codes.of_event(app.config["SECRET_KEY"], event):
        if (workshop.name if workshop else None) == name:
            return codes.grouped(code)
    raise LookupError(name)


# --- a real server ------------------------------------------------------------------------------


class Server:
    """`contrib serve` in a process of its own, on a data folder that outlives it."""

    def __init__(
        self,
        data: Path,
        port: int | None = None,
        launcher: list[str] | None = None,
        made: FirstStart | None = None,
        **environment: str,
    ) -> None:
        """`launcher`: the command before `serve`; by default this checkout's. `made`: what `data` copies."""
        self.data = made.copied(data) if made else data
        self.made = made
        self.launcher = launcher or [sys.executable, "-m", "contrib"]
        self.port = port or free_port()
        self.environment = environment
        self.process: subprocess.Popen[str] | None = None
        self.said = ""
        self.day = "lievin-2021"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *arguments: str) -> "Server":
        log = (self.data.parent / f"server-{self.port}.log").open("a+", encoding="utf-8")
        at = log.seek(0, os.SEEK_END)
        self.process = subprocess.Popen(
            [*self.launcher, "serve", "--data", str(self.data), "--port", str(self.port), *arguments],
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env={**os.environ, **self.environment, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
        eventually(lambda: self._answers() or self.process.poll() is not None, within_s=120)
        log.seek(at)
        self.said = log.read()
        assert self.process.poll() is None, self.said
        return self

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(self.url, timeout=2):
            return True
        return False

    def kill(self) -> None:
        """SIGKILL, for all its processes: nothing is said, nothing is flushed."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def password(self) -> str:
        if self.made:
            return self.made.password
        found = re.search(r"Mot de passe de l’organisateur : (\S+)", self.said)
        assert found, self.said
        return found[1]

    def code(self, title: str) -> str:
        found = re.search(rf"  (\S{{5}}-\S{{5}})  {title}", self.said)
        assert found, self.said
        return found[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def own_server(tmp_path: Path, first_start: FirstStart) -> Iterator[Server]:
    """One that the test may kill, start again, starve."""
    server = Server(tmp_path / "data", made=first_start).start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("shared") / "data", made=first_start).start()
    yield server
    server.kill()


@pytest.fixture
def server(shared_server: Server) -> Server:
    """A day of its own, on a server that has those of other tests too: a start takes 3 s of a processor."""
    assert shared_server.process
    assert shared_server.process.poll() is None, "a test before this one has stopped it"
    app, _ = open_folder(shared_server.data)
    with app.app_context():
        programme = toml_file.read(toml_file.DEFAULT)
        days = db.session.scalar(select(func.count()).select_from(Event))
        programme.event["name"] += f"-{days}"
        event = set_up_day(programme)
        current = current_event()
        assert current is not None
        assert current.id == event.id, "a test before this one left a rehearsal open, or a day of today"
        day, lines = event.name, list(codes.lines(app.config["SECRET_KEY"], event))
        db.session.remove()
        db.engine.dispose()
    server = copy(shared_server)
    server.day, server.said = day, "".join(f"  {line}\n" for line in lines)
    return server


# --- a real browser -------------------------------------------------------------------------------

expect.set_options(timeout=60_000)
"""A fact is waited for as long as on a busy machine; what must come sooner says so where it is expected."""

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:

    path = machine.chromium()
    assert path, "No browser: run tools/machine.py (the tests in a browser are never skipped)."
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    # playwright does not see the requests of a page that has a service worker
    context = browser.new_context(service_workers="block")
    yield context.new_page()
    context.close()
