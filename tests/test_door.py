"""The one door: what is acknowledged is on disk, whatever happens to the others in the batch."""

import contextlib
import os
import resource
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from browsing import all_received, enter, note, organise
from conftest import Room, Server
from playwright.sync_api import Browser, expect
from sqlalchemy import event, func, select

from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author, Receipt
from contrib.store.models import Note, Operation, Revision


def write_from_threads(app, room: Room, texts: list[str]) -> list[Receipt | Exception]:
    """Each text from a thread of its own, all at once."""
    place = {"event": room.event.id, "workshop": room.workshop.id}
    start = threading.Barrier(min(len(texts), 40))

    def one(text: str) -> Receipt | Exception:
        with app.app_context():
            start.wait(timeout=20)
            try:
                return log.write(log.VERBS["record"], Author(), {"text": text, "rubric": None}, **place)
            except Exception as error:
                return error

    with ThreadPoolExecutor(40) as crowd:
        return list(crowd.map(one, texts))


def test_forty_at_once_are_all_kept_once_without_a_gap(app, emergence: Room) -> None:
    answers = write_from_threads(app, emergence, [f"Note {n}" for n in range(200)])

    assert not [a for a in answers if isinstance(a, Exception)]
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Note)) == 200
    numbers = list(db.session.scalars(select(Operation.seq).order_by(Operation.seq)))
    assert numbers == list(range(1, len(numbers) + 1))
    assert sorted(db.session.scalars(select(Note.number))) == list(range(1, 201))


def test_many_writes_share_one_commit(app, emergence: Room) -> None:
    said: list[str] = []
    event.listen(db.engine, "connect", lambda connection, _record: connection.set_trace_callback(said.append))
    db.engine.dispose()
    write_from_threads(app, emergence, [f"Note {n}" for n in range(40)])

    assert 0 < said.count("COMMIT") < 40


def test_a_full_database_acknowledges_nothing_that_is_absent_and_resumes(app, emergence: Room) -> None:
    size = db.session.connection().exec_driver_sql("PRAGMA page_count").scalar() + 40
    db.session.rollback()

    @event.listens_for(db.engine, "connect")
    def small(connection, _record) -> None:
        connection.execute(f"PRAGMA max_page_count={size}")

    db.engine.dispose()
    texts = [f"{n:03} " + "x" * 4_000 for n in range(120)]
    answers = write_from_threads(app, emergence, texts)
    event.remove(db.engine, "connect", small)
    db.engine.dispose()
    db.session.rollback()

    told = {a.outcome["note"] for a in answers if isinstance(a, Receipt)}
    kept = set(db.session.scalars(select(Note.id)))
    assert len(told) < 120
    assert told == kept
    assert db.session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    db.session.rollback()
    assert isinstance(write_from_threads(app, emergence, ["De la place à nouveau"])[0], Receipt)


def test_back_change_and_send_again_makes_one_more_note_however_often_it_is_sent(emergence: Room) -> None:
    first = emergence.write("record", id="a" * 32, text="Une phrase", rubric=None)
    changed = [emergence.write("record", id="a" * 32, text="Une autre", rubric=None) for _ in range(3)]
    again = emergence.write("record", id="a" * 32, text="Une phrase", rubric=None)

    assert {receipt.id for receipt in [first, *changed, again]} == {"a" * 32}
    assert len({receipt.seq for receipt in changed}) == 1
    assert again.seq == first.seq
    db.session.rollback()
    assert sorted(db.session.scalars(select(Revision.text))) == ["Une autre", "Une phrase"]


def together(
    room: Room, *asked: tuple[str | log.Verb, str | None, dict[str, object]]
) -> list[Receipt | Exception]:
    """Writes that come to the door together; what became of each."""
    where = {"event_id": room.event.id, "workshop_id": room.workshop.id, "author": Author()}
    came = log.door(db.engine).together(
        [
            (
                log.VERBS[verb] if isinstance(verb, str) else verb,
                log.Write(id=log.new_id(), subject=subject, values=values, **where),
            )
            for verb, subject, values in asked
        ]
    )
    db.session.rollback()
    return came


def test_a_refused_write_does_not_hold_its_neighbours_back(emergence: Room, numerique: Room) -> None:
    elsewhere = numerique.note("D’un autre atelier")

    before, refused, unknown, after = together(
        emergence,
        ("record", None, {"text": "Avant", "rubric": None}),
        ("withdraw", elsewhere, {"withdrawn": True}),
        ("withdraw", "jamais-vue", {"withdrawn": True}),
        ("record", None, {"text": "Après", "rubric": None}),
    )

    assert isinstance(refused, log.Refused)
    assert isinstance(unknown, log.NotYetReceived)
    assert isinstance(before, Receipt)
    assert isinstance(after, Receipt)
    assert after.seq == before.seq + 1
    numbers = list(db.session.scalars(select(Operation.seq).order_by(Operation.seq)))
    assert numbers == list(range(1, len(numbers) + 1))
    assert db.session.get_one(Note, elsewhere).withdrawn_at is None


def test_a_verb_that_breaks_voids_nobody_else_s_write(emergence: Room) -> None:
    def breaks(session, write):
        log.VERBS["record"].apply(session, write)
        raise ZeroDivisionError

    broken_verb = log.Verb("breaks", frozenset(), (), breaks)

    before, broken, after = together(
        emergence,
        ("record", None, {"text": "Avant", "rubric": None}),
        (broken_verb, None, {"text": "Perdue", "rubric": None}),
        ("record", None, {"text": "Après", "rubric": None}),
    )

    assert isinstance(broken, ZeroDivisionError)
    assert isinstance(before, Receipt)
    assert isinstance(after, Receipt)
    assert set(db.session.scalars(select(Note.id))) == {before.outcome["note"], after.outcome["note"]}


@pytest.fixture
def narrow_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MB; where mounting is not allowed, the folder as it is."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", place], capture_output=True, check=False
    )
    yield place
    if mounted.returncode == 0:
        subprocess.run(["umount", "-l", place], check=True)


def fill(disk: Path, server: Server) -> Callable[[], None]:
    """Take all the room there is; returns what gives it back."""
    if not os.path.ismount(disk):
        # no file of the server may grow any more: what a full disk does to SQLite
        assert server.process
        pid = server.process.pid
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4_096, hard))
        return lambda: resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard)) and None
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4_096)
    return filler.unlink


def test_on_a_full_disk_the_page_says_so_and_saving_resumes_when_there_is_room(
    browser: Browser, narrow_disk: Path
) -> None:
    server = Server(narrow_disk / "data").start()
    page = enter(browser.new_context().new_page(), server)
    note(page, "Avant que le disque ne soit plein")
    all_received(page)
    expect(page.locator(".note")).to_have_count(1)
    give_back = fill(narrow_disk, server)
    for number in range(3):
        note(page, f"Disque plein, {number} " + "x" * 4_000)
    expect(page.locator("#state")).to_contain_text("Le serveur ne peut pas enregistrer pour l’instant")
    expect(page.locator("#waiting li")).to_have_count(3)
    expect(page.locator(".note")).to_have_count(1)
    if os.path.ismount(narrow_disk):
        desk = organise(browser.new_context().new_page(), server)
        expect(desk.locator("#desk-problems .alert")).to_contain_text(
            "Il ne reste que 0\u00a0Mo sur le disque"
        )
        desk.context.close()

    give_back()

    all_received(page)
    expect(page.locator(".note")).to_have_count(4)
    server.kill()
    with sqlite3.connect(server.data / "contrib.sqlite3") as store:
        assert store.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert store.execute("SELECT count(*) FROM note").fetchone()[0] == 4
    page.context.close()
