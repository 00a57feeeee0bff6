"""Several days in one installation: all of them on one page, and a new one from the browser."""

import io
from datetime import UTC, datetime, timedelta

from conftest import Person, Room, code_of
from flask import Flask

from contrib.installation import set_up_day
from contrib.programme import toml_file
from contrib.store.db import db
from contrib.store.models import Event

AMIENS = {
    "title": "Habiter les quartiers : rénover avec les habitants",
    "date": "2021-11-18",
    "place": "Maison de la culture, Amiens",
    "workshops_start": "14:00",
    "workshops_end": "16:20",
    "plenary_at": "16 h 30",
}
NAME = "habiter-les-quartiers-renover-avec-les-2021-11-18"


def made() -> Event:
    db.session.rollback()
    return db.session.query(Event).filter_by(name=NAME).one()


def rubrics(event: Event) -> list[tuple[str, list[str]]]:
    return [(workshop.title, [one.label for one in workshop.rubrics]) for workshop in event.workshops]


def test_a_day_like_another_has_its_workshops_but_neither_people_nor_codes(
    app: Flask, emergence: Room, desk: Person
) -> None:
    emergence.note("Une note du premier jour", "recommandations")
    emergence.write("speaker", name="Zénobie Quatrefages")
    desk.get("/journees/nouvelle")
    desk.post("/journees", **AMIENS, base=emergence.event.name)

    assert "La journée est créée" in desk.page
    assert 'value="Habiter les quartiers : rénover avec les habitants"' in desk.page
    event = made()
    assert rubrics(event) == rubrics(emergence.event)
    assert (event.place, event.plenary_at.isoformat(), event.sequences) == (AMIENS["place"], "16:30:00", "[]")
    assert [workshop.speaker for workshop in event.workshops] == [None] * 4
    assert code_of(app, event, "emergence") != code_of(app, emergence.event, "emergence")
    desk.get(f"/{NAME}/ateliers/emergence")
    assert (desk.status, "Une note du premier jour" in desk.page) == (200, False)


def test_a_day_that_cannot_be_is_refused_with_what_was_typed(emergence: Room, desk: Person) -> None:
    for wrong, sentence in (
        ({"title": ""}, "La journée a besoin d’un titre."),
        ({"date": ""}, "La journée a besoin d’une date."),
        ({"plenary_at": "16:10"}, "la restitution (16 h 10) doit venir après la fin des ateliers (16 h 20)"),
        ({"base": "fichier"}, "Choisissez le fichier du programme (.toml)."),
        (
            {"base": "fichier", "file": (io.BytesIO(b"[journee"), "jour.toml")},
            "jour.toml n’est pas un fichier TOML",
        ),
    ):
        desk.get("/journees/nouvelle")
        desk.post("/journees", **(AMIENS | {"base": "vide"} | wrong))
        assert desk.status == 422
        assert sentence in desk.page
        assert f'value="{AMIENS["place"]}"' in desk.page, "what was typed is still there"

    assert db.session.query(Event).count() == 1


def test_a_programme_file_becomes_a_day_and_what_is_typed_stands_over_it(
    emergence: Room, desk: Person
) -> None:
    file = (io.BytesIO(toml_file.DEFAULT.read_bytes()), "lievin.toml")
    desk.get("/journees/nouvelle")
    desk.post("/journees", title=AMIENS["title"], date=AMIENS["date"], base="fichier", file=file)

    event = made()
    assert (event.place, rubrics(event)) == (emergence.event.place, rubrics(emergence.event))
    desk.get("/journees/nouvelle")
    desk.post("/journees", **AMIENS, base="vide")
    assert "Ajouter un atelier" in desk.page
    db.session.rollback()
    assert [len(one.workshops) for one in db.session.query(Event).order_by(Event.created_at)] == [4, 4, 0]


def test_the_days_stand_today_first_and_next_year_s_does_not_take_the_front_page(
    app: Flask, emergence: Room, desk: Person, people, at
) -> None:
    emergence.note("Une note", "recommandations")
    for name, days in (("passee", -100), ("future", 50)):
        programme = toml_file.read(toml_file.DEFAULT)
        there = datetime(2021, 9, 30, tzinfo=UTC) + timedelta(days=days)
        programme.event.update(name=name, title=f"La {name}", date=there.date())
        set_up_day(programme)
    at(15, 0)

    page = desk.get("/journees")
    assert [page.find(words) for words in ("aujourd’hui", "La future", "La passee")] == sorted(
        page.find(words) for words in ("aujourd’hui", "La future", "La passee")
    )
    assert "4 ateliers · 1 note · restitution à 16 h 30" in page
    assert "Préparer : La future" in page
    assert "Ouvrir : La passee" in page
    visitor: Person = people()
    assert "30 septembre 2021" in visitor.get("/").casefold()
    visitor.get("/journees")
    assert visitor.status == 401
