"""Ids from outside are believed by nobody."""

import pytest
from conftest import Person, Room, code_of, own_id
from sqlalchemy import func, select

from contrib.intake.csv_file import import_rows, read_csv
from contrib.store.db import db
from contrib.store.log import Author
from contrib.store.models import Note, Revision, is_own_id, message_id


@pytest.fixture
def paul(people, app, emergence: Room) -> Person:
    paul: Person = people()
    paul.enter(code_of(app, emergence.event, "emergence"))
    return paul


def notes() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Note)) or 0


@pytest.mark.parametrize("form", ["/notes", "/liste", "/message"])
def test_a_post_under_an_id_of_another_shape_writes_nothing_and_keeps_the_text(
    paul: Person, emergence: Room, numerique: Room, form: str
) -> None:
    stolen = message_id(numerique.workshop.id)
    for strange in (stolen, "a/b", "A" * 32, own_id("x") + ".1", "x", own_id("x") + "\n", "é" * 32):
        page = paul.post(f"{emergence.path}{form}", text="Un texte tapé", operation=strange, parts="one")
        assert paul.status == 422
        assert "un identifiant que le serveur n’attend pas" in page
        assert "Un texte tapé" in page

    assert notes() == 0
    assert numerique.write("message", text="À nous", base="").outcome["note"] == stolen


def test_a_list_and_then_a_note_under_the_id_of_its_first_line_are_both_there(
    paul: Person, emergence: Room
) -> None:
    paul.post(f"{emergence.path}/liste", text="Un\nDeux", operation=own_id("list"))
    paul.post(f"{emergence.path}/notes", text="Trois", operation=f"{own_id('list')}.1", parts="one")
    assert paul.status == 422
    paul.post(f"{emergence.path}/notes", text="Trois", operation=own_id("note"), parts="one")

    assert notes() == 3
    assert set(db.session.scalars(select(Revision.text))) == {"Un", "Deux", "Trois"}


def test_the_id_of_a_table_is_a_key_from_elsewhere_and_no_row_s_id(emergence: Room, numerique: Room) -> None:
    note = emergence.note("Déjà là", "recommandations")
    stolen = message_id(numerique.workshop.id)
    table = "atelier;rubrique;texte;id\n" + "\n".join(
        f"emergence;recommandations;Ligne {number};{key}"
        for number, key in enumerate([stolen, "a/b", "../../x", "n-12", "é" * 90])
    )
    table += f"\nemergence;recommandations;Déjà là;{note}"

    first = import_rows(emergence.event.id, Author(), read_csv(emergence.event, table.encode()))
    second = import_rows(emergence.event.id, Author(), read_csv(emergence.event, table.encode()))

    assert (first, second) == ((5, 1), (0, 6))
    ids = set(db.session.scalars(select(Note.id))) - {note}
    assert len(ids) == 5
    assert all(map(is_own_id, ids))
