"""Revoked is revoked: a renewed code, a removed workshop, a trial that was put away."""

from conftest import Person, Room, code_of

from contrib.access.roles import current_event
from contrib.store.db import db
from contrib.store.models import Event


def test_the_code_of_a_workshop_that_was_removed_and_added_again_stays_revoked(
    app, day: Event, people
) -> None:
    organiser, paul = people(), people()
    organiser.organise()
    desk = f"/{day.name}/organisation"
    organiser.post(f"{desk}/ateliers", title="Santé", initials="SAN")
    name, path = "sante", f"/{day.name}/ateliers/sante"
    db.session.expire_all()
    first = code_of(app, day, name)
    paul.enter(first)
    organiser.post(f"{desk}/codes/{name}/renewal")
    organiser.post(f"{desk}/ateliers/{name}/removal")
    organiser.post(f"{desk}/ateliers", title="Santé", initials="SAN")
    db.session.expire_all()
    again = code_of(app, day, name)

    paul.get(path)
    assert paul.status == 401
    paul.enter(first)
    assert paul.status == 422
    paul.enter(again)
    assert paul.status == 200


def test_a_code_renewed_on_the_day_is_renewed_for_the_trial_too(
    app, day: Event, people, emergence: Room
) -> None:
    name, paul, eve, organiser = day.name, people(), people(), people()
    paul.enter(code_of(app, day, "emergence"))
    eve.enter(code_of(app, day, None))
    organiser.organise()
    organiser.post(f"/{name}/organisation/reglages/essais", confirmation="commencer")
    trial = f"/{name}-essai-1"
    paul.get(f"{trial}/ateliers/emergence")
    assert paul.status == 200
    organiser.post(f"/{name}/organisation/codes/emergence/renewal")
    organiser.post(f"/{name}/organisation/codes/renewal")

    def refused(person: Person, path: str) -> bool:
        person.post(path, follow=False, text="Encore", parts="one")
        return person.status == 401

    assert refused(paul, f"{trial}/ateliers/emergence/notes")
    assert refused(paul, f"/{name}/ateliers/emergence/notes")
    assert refused(eve, f"{trial}/points-communs")
    new = current_event()
    assert new is not None
    paul.enter(code_of(app, new, "emergence"))
    assert paul.status == 200


def test_who_is_not_signed_in_sends_little_and_is_told_in_a_sentence(
    app, day: Event, people, emergence: Room
) -> None:
    stranger, paul = people(), people()
    paul.enter(code_of(app, day, "emergence"))
    big = "x" * 300_000

    page = stranger.post(f"{emergence.path}/notes", text=big)
    assert (stranger.status, "trop gros" in page) == (413, True)
    stranger.post("/", code="AAAAA-AAAAA", kept="Un texte long sur son chemin. " * 2_000)
    assert stranger.status == 422
    paul.post(f"{emergence.path}/notes", text=big, parts="one")
    assert paul.status == 422, "their text is read, and kept in the box"
    assert big in paul.page
