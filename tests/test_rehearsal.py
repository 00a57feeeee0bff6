"""The rehearsal: a day of its own beside the real one, filled at a real pace and put away whole."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from browsing import enter, note, organise
from conftest import Person, Room, Server, code_of
from material import Material
from playwright.sync_api import Browser, expect
from readback import text
from sqlalchemy import func, select

from contrib import clock
from contrib.access.roles import current_event
from contrib.installation import set_up_day
from contrib.intake import rehearsal
from contrib.programme import toml_file
from contrib.store.db import db
from contrib.store.log import Refused
from contrib.store.models import Event, Note, Operation

OPENED = datetime(2021, 9, 29, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def after() -> Iterator[Callable[[float], None]]:
    """Puts the server's clock so many minutes after the opening; it is put right again."""
    yield lambda minutes: clock.move_to(OPENED + timedelta(minutes=minutes))
    clock.move_to(datetime.now(UTC))


def open_one(desk: Person, day: Event) -> str:
    """The name of the rehearsal."""
    desk.get(f"/{day.name}/organisation/reglages")
    desk.post(f"/{day.name}/organisation/repetition")
    assert "La répétition est ouverte" in desk.page
    return f"{day.name}-repetition-1"


def notes_of(name: str) -> int:
    db.session.rollback()
    of_day = select(func.count()).join(Event, Event.id == Note.event_id).where(Event.name == name)
    return db.session.scalar(of_day.select_from(Note)) or 0


def turn() -> None:
    db.session.rollback()
    rehearsal.look()


def test_a_rehearsal_is_a_day_of_its_own_marked_everywhere_and_put_away_whole(
    people, app, day: Event, emergence: Room, desk: Person, after
) -> None:
    after(0)
    name, code = open_one(desk, day), code_of(app, day, "emergence")
    after(18)
    turn()
    facilitator, presenter = people(), people()
    facilitator.enter(code)
    presenter.enter(code_of(app, day, None))
    facilitator.post(f"/{name}/ateliers/emergence/notes", text="Notée pour essayer", parts="one")

    assert notes_of(name) > 30
    assert notes_of(day.name) == 0
    for page in (facilitator.page, presenter.page, desk.get(f"/{name}/organisation"), people().get("/")):
        assert "<b>Répétition.</b> Toutes les notes sont fictives" in page
    presenter.get(f"/{name}/restitution.docx")
    printed = text(presenter.bytes)
    assert "Essai : les notes de ce document sont fictives." in printed.replace("\u00a0", " ")
    assert "Répétition : Initiatives citoyennes" in printed.replace("\u00a0", " ")
    assert "Une répétition est ouverte" in desk.get(f"/{day.name}/organisation")

    desk.post(f"/{name}/organisation/repetition/rangement")
    assert "La répétition est rangée" in desk.page
    assert current_event().name == day.name
    facilitator.enter(code)
    assert "Répétition" not in facilitator.page
    assert "Notée pour essayer" not in facilitator.page
    facilitator.post(f"/{day.name}/ateliers/emergence/notes", text="La première vraie", parts="one")
    assert "ÉME\u20111" in facilitator.page
    assert notes_of(day.name) == 1
    assert "Répétition rangée" in desk.get(f"/{name}/ateliers/emergence"), "it can still be read"
    assert "Notée pour essayer" in desk.page


def test_its_notes_arrive_one_after_the_other_until_a_little_before_the_end(
    day: Event, desk: Person, after
) -> None:
    after(0)
    name = open_one(desk, day)
    seen = []
    for minutes in (0, 0.1, 7, 14, 21, 27.9, 28.5, 40):
        after(minutes)
        turn()
        turn()
        seen.append(notes_of(name))

    assert seen == [1, 1, 16, 31, 46, 60, 60, 60]
    found = db.session.scalar(select(Event).where(Event.name == name))
    assert (found.date, str(found.workshops_start), str(found.workshops_end), str(found.plenary_at)) == (
        OPENED.date(), "10:00:00", "10:30:00", "10:35:00",
    )  # fmt: skip
    each = select(func.count()).where(Note.event_id == found.id).group_by(Note.workshop_id)
    assert sorted(db.session.scalars(each)) == [14, 15, 15, 16]
    written = select(func.count()).where(Operation.event_id == found.id, Operation.device == rehearsal.DEVICE)
    assert db.session.scalar(written) == 60, "each is written once"


def test_a_day_of_another_programme_can_be_rehearsed(app, material: Material, people, after) -> None:
    after(0)
    other = set_up_day(toml_file.read(material.day.programme))
    organiser: Person = people()
    organiser.organise()
    name = open_one(organiser, other)
    after(29)
    turn()
    db.session.rollback()
    found = db.session.scalar(select(Event).where(Event.name == name))
    each = select(func.count()).where(Note.event_id == found.id).group_by(Note.workshop_id)
    assert len(db.session.scalars(each).all()) == len(other.workshops)


def test_what_cannot_be_done_is_refused_with_a_sentence(
    day: Event, emergence: Room, desk: Person, after
) -> None:
    after(0)
    desk.get(f"/{day.name}/organisation/reglages")
    desk.post(f"/{day.name}/organisation/repetition/rangement")
    assert "Aucune répétition n’est ouverte ici" in desk.page
    name = open_one(desk, day)
    desk.post(f"/{day.name}/organisation/repetition")
    assert (desk.status, "Une répétition est déjà ouverte" in desk.page) == (409, True)
    desk.post(f"/{day.name}/organisation/reglages/essais", confirmation="commencer")
    assert (desk.status, "Rangez d’abord la répétition" in desk.page) == (409, True)
    there = Room(db.session.scalar(select(Event).where(Event.name == name)), "emergence")
    with pytest.raises(Refused, match="à partir de la journée elle-même"):
        there.write("open_rehearsal")


def test_an_open_page_of_the_rehearsal_goes_over_to_the_day(browser: Browser, own_server: Server) -> None:
    desk = organise(browser.new_context().new_page(), own_server)
    desk.goto(f"{own_server.url}/lievin-2021/organisation/reglages")
    desk.get_by_role("button", name="Ouvrir une répétition").press("Enter")
    expect(desk.locator(".rehearsal")).to_contain_text("Répétition")
    page = enter(browser.new_context(service_workers="block").new_page(), own_server)
    expect(page.locator(".rehearsal")).to_contain_text("Toutes les notes sont fictives")
    expect(page.locator(".note").first).to_be_visible()
    note(page, "Pour essayer")
    desk.get_by_role("button", name="Ranger la répétition").press("Enter")
    desk.wait_for_url("**/lievin-2021/organisation")

    page.wait_for_url("**/lievin-2021/ateliers/emergence")
    expect(page.locator(".note")).to_have_count(0)
    page.context.close()
    desk.context.close()
