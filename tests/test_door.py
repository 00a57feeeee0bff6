"""The one door: what is acknowledged is on disk, whatever happens to the others in the batch."""

import threading
from concurrent.futures import ThreadPoolExecutor

from conftest import Room
from sqlalchemy import event, func, select

from contrib import store
from contrib.db import db
from contrib.models import Note, Operation
from contrib.store import Author, Receipt


def write_from_threads(app, room: Room, texts: list[str]) -> list[Receipt | Exception]:
    """Each text from a thread of its own, all at once."""
    place = {"event": room.event.id, "workshop": room.workshop.id}
    start = threading.Barrier(min(len(texts), 40))

    def one(text: str) -> Receipt | Exception:
        with app.app_context():
            start.wait(timeout=20)
            try:
                return store.write("record", Author(), {"text": text, "rubric": None}, **place)
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
    commits = []
    event.listen(db.engine, "commit", lambda connection: commits.append(1))
    write_from_threads(app, emergence, [f"Note {n}" for n in range(40)])

    assert len(commits) < 40


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


def test_a_refused_write_does_not_hold_its_neighbours_back(app, emergence: Room, numerique: Room) -> None:
    note = emergence.note("D’ici")
    place = {"event": emergence.event.id}

    def attempt(number: int) -> bool:
        with app.app_context():
            workshop = numerique.workshop.id if number % 2 else emergence.workshop.id
            try:
                store.write(
                    "withdraw", Author(), {"withdrawn": True}, subject=note, workshop=workshop, **place
                )
            except store.Refused:
                return False
            return True

    ids = [emergence.workshop.id, numerique.workshop.id]
    assert all(ids)
    with ThreadPoolExecutor(1) as crowd:
        assert list(crowd.map(attempt, range(6))) == [True, False] * 3
