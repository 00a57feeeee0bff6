"""What presenter, desk and document say of the laptops: only what was said, and when."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from conftest import Person, Room, code_of
from readback import text
from sqlalchemy import select
from sqlalchemy.orm import Session

from contrib import clock
from contrib.digest import announcements, take
from contrib.store import heartbeats
from contrib.store.db import db
from contrib.store.models import Presence
from exports.documents.restitution import compile_restitution
from exports.documents.speech import missing

AT_16_02 = datetime(2021, 9, 30, 16, 2, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def server_clock() -> Iterator[Callable[[datetime], None]]:
    """Moves the clock of this process, for requests too; it is put right again."""
    yield clock.move_to
    clock.move_to(datetime.now(UTC))


def document(room: Room) -> tuple[str, str]:
    """What the first page says, and what the last one does."""
    found = text(compile_restitution(take(db.session(), room.event)).content)
    first, _, last = found.partition("Ce que contient ce document")
    return first.split("À dire en plénière")[0], last


def test_a_workshop_that_never_gave_a_sign_is_said_to_be_unknown(people, app, emergence: Room) -> None:
    desk: Person = people()
    page = desk.organise()

    assert page.count("jamais entré") == 4
    assert "L’émergence, inconnu\u202f; La consolidation, inconnu" in document(emergence)[1]


def test_notes_announced_and_then_silence_are_told_apart(people, app, emergence: Room, server_clock) -> None:
    laptop: Person = people()
    laptop.enter(code_of(app, emergence.event, "emergence"))
    server_clock(AT_16_02)
    laptop.get(f"{emergence.path}/feed?since=0&unsent=2&draft=1")
    with clock.frozen_at(AT_16_02 + timedelta(seconds=9)):
        told = announcements(db.session(), emergence.event, clock.now())[emergence.workshop.id]
        assert (told.unsent, told.lost) == (2, 0)
        assert "L’émergence, à 16\u00a0h\u00a002, 2\u00a0notes annoncées\u202f;" in document(emergence)[1]
        assert "2\u00a0notes annoncées. " in document(emergence)[0]
        digest = take(db.session(), emergence.event)
        assert "L’émergence : 2\u00a0notes annoncées, pas encore reçues." in missing(digest)

    with clock.frozen_at(AT_16_02 + timedelta(seconds=50)):
        digest = take(db.session(), emergence.event)
        lost = "2\u00a0notes annoncées à 16 h 02 par un ordinateur qui n’a plus donné signe"
        assert f"L’émergence : {lost}." in missing(digest)
        assert "par un ordinateur qui n’a plus donné signe" in document(emergence)[1]


@pytest.mark.parametrize("number", ["9" * 23, "9" * 5_000, "-1", "x", "²"])
def test_a_page_that_says_nonsense_of_itself_gets_the_news_all_the_same(
    people, app, emergence: Room, number: str
) -> None:
    laptop: Person = people()
    laptop.enter(code_of(app, emergence.event, "emergence"))
    laptop.get(f"{emergence.path}/feed?since={number}&unsent={number}")
    assert laptop.status == 200


def test_signs_are_written_together_at_most_every_fifteen_seconds(people, app, emergence: Room) -> None:
    stored: list[dict[str, int]] = []
    for seconds in range(0, 40, 2):
        with clock.frozen_at(AT_16_02 + timedelta(seconds=seconds)):
            for laptop in ("a", "b", "c"):
                heartbeats.heard(emergence.workshop.id, laptop, None, {"unsent": str(seconds)})
                with Session(db.engine) as session:
                    stored.append({one.device: one.unsent for one in session.scalars(select(Presence))})

    written = [now for before, now in pairwise([{}, *stored]) if now != before]
    assert written == [{"a": 0}, {"a": 16, "b": 14, "c": 14}, {"a": 32, "b": 30, "c": 30}]
    with clock.frozen_at(AT_16_02 + timedelta(seconds=38)):
        told = announcements(db.session(), emergence.event, clock.now())[emergence.workshop.id]
        assert told.unsent == 3 * 38


def test_the_news_move_with_the_clock_and_leave_the_fingerprint_alone(emergence: Room) -> None:
    marks = set()
    for seconds in (0, 60, 120):
        with clock.frozen_at(AT_16_02 + timedelta(seconds=seconds)):
            heartbeats.heard(emergence.workshop.id, "a", None, {})
            marks.add(compile_restitution(take(db.session(), emergence.event)).fingerprint)

    assert len(marks) == 1
