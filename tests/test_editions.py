"""A frozen version never changes; a correction is another one, which says what changed."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from conftest import Clock, Person, Room, code_of
from office import converted
from office import outline as pdf_outline
from readback import part, sdk_errors, text, under

from contrib.digest import take
from contrib.documents import editions
from contrib.plenary.essentials import essentials
from contrib.store.db import db
from contrib.store.log import Author, Refused
from contrib.store.models import Edition
from exports.__main__ import main
from exports.digest import Edition as EditionValue
from exports.digest import from_json, to_json
from exports.documents.changes import changes
from exports.documents.restitution import compile_restitution
from exports.ooxml.measured import from_json as pages_from_json


def freeze(room: Room) -> Edition:
    db.session.rollback()
    editions.freeze(room.event, Author())
    return editions.of(room.event)[0]


def test_a_frozen_version_keeps_its_bytes_digest_pages_and_fingerprint(emergence: Room) -> None:
    note = emergence.note("Ouvrir le soir", "recommandations", highlight=True)
    first = freeze(emergence)
    before = editions.read(first, "docx")
    emergence.write("reword", note, text="Ouvrir le soir et le samedi", base=note)
    emergence.note("Une de plus", "recommandations")

    second = freeze(emergence)

    db.session.rollback()
    again, oldest = editions.of(emergence.event)
    assert (again.number, oldest.number) == (2, 1)
    assert editions.read(oldest, "docx") == before
    recompiled = compile_restitution(
        from_json(editions.read(oldest, "json").decode()), pages=pages_from_json(oldest.page_map)
    )
    assert (recompiled.content, recompiled.fingerprint) == (before, oldest.fingerprint)
    assert second.fingerprint != oldest.fingerprint
    assert under(editions.read(second, "docx"), "Ce que contient ce document")[1:4] == [
        "Version figée n°\u00a02. Depuis la version n°\u00a01\u00a0:",
        "ÉME\u20111, texte modifié\u00a0: «\u00a0Ouvrir le soir\u00a0» devient «\u00a0Ouvrir le soir et le samedi\u00a0».",
        "ÉME\u20112 ajoutée\u00a0: «\u00a0Une de plus\u00a0».",
    ]


def test_edition_hour_and_fingerprint_are_in_the_properties(emergence: Room, tmp_path: Path) -> None:
    emergence.note("Ouvrir le soir")
    frozen = freeze(emergence)
    content = editions.read(frozen, "docx")
    path = tmp_path / "version.docx"
    path.write_bytes(content)

    custom = part(content, "docProps/custom.xml")

    assert re.findall(r'name="([^"]+)"><vt:lpwstr>([^<]*)', custom) == [
        ("État", docx.Document(io.BytesIO(content)).core_properties.created.strftime("%Y-%m-%dT%H:%M:%SZ")),
        ("Empreinte", "\u00a0".join(frozen.fingerprint[n : n + 4] for n in range(0, 16, 4))),
        ("Version", "Version figée n° 1"),
    ]
    assert sdk_errors(path) == []


def test_every_kind_of_change_is_said(emergence: Room, numerique: Room) -> None:
    kept = emergence.note("Reste", "recommandations")
    gone = emergence.note("Sera retirée", "recommandations")
    other = numerique.note("D’un autre atelier", "recommandations")
    before = take(db.session(), emergence.event)
    emergence.write("withdraw", gone, withdrawn=True)
    emergence.write("sort", kept, rubric=emergence.rubric("experiences"))
    emergence.write("highlight", kept, chosen=True)
    emergence.write("message", text="Un message", base="")
    emergence.write("relate", text="Un point commun", notes=[kept, other])
    db.session.rollback()
    after = take(db.session(), emergence.event)
    after = replace(after, event=replace(after.event, place="Ailleurs"))

    assert changes(before, after) == (
        "ÉME\u20111 reclassée\u00a0: Expériences fertiles",
        "ÉME\u20111 choisie pour la plénière",
        "ÉME\u20112 retirée\u00a0: «\u00a0Sera retirée\u00a0»",
        "message clé de L’émergence\u00a0: vide devient «\u00a0Un message\u00a0»",
        "point commun en plus\u00a0: «\u00a0Un point commun\u00a0»",
        "programme modifié",
    )
    assert changes(before, before) == ()


def test_what_is_chosen_and_withdrawn_after_freezing_is_said_where_it_was_printed_and_nowhere_else(
    emergence: Room,
) -> None:
    chosen = emergence.note("Dite, puis retirée", "recommandations", highlight=True)
    emergence.note("Reste à dire", "recommandations", highlight=True)
    db.session.rollback()
    first = freeze(emergence)
    late = emergence.note("Venue après, choisie, retirée", "recommandations", highlight=True)
    for note in (chosen, late):
        emergence.write("withdraw", note, withdrawn=True)
    db.session.rollback()

    second = freeze(emergence)

    assert json.loads(second.changes) == ["ÉME\u20111 retirée\u00a0: «\u00a0Dite, puis retirée\u00a0»"]
    assert "Dite, puis retirée" in text(editions.read(first, "docx"))
    printed = text(editions.read(second, "docx"))
    assert printed.count("Dite, puis retirée") == 1, "among what changed"
    assert "Venue après" not in printed
    [speech] = [one for one in essentials(emergence.event).speeches.values() if one.chosen]
    assert [note.text for note in speech.chosen] == ["Reste à dire"]


def test_two_people_cannot_freeze_the_same_number(emergence: Room) -> None:
    freeze(emergence)
    values = {"number": 1, "fingerprint": "x", "content": "x", "seq": 1, "file": "x", "pages": "{}", "changes": "[]"}  # fmt: skip
    values["name"] = ""

    with pytest.raises(Refused, match="vient d’être figée par quelqu’un d’autre"):
        emergence.write("freeze_edition", **values)


def test_the_organiser_freezes_and_the_presenter_downloads_stored_bytes(emergence: Room, app) -> None:
    emergence.note("Ouvrir le soir", "recommandations")
    organiser = Person(app)
    organiser.organise()
    page = organiser.get(f"/{emergence.event.name}/versions")
    assert "Une version figée ne change plus jamais" in page
    assert "Aucune pour l’instant" in page

    page = organiser.post(f"/{emergence.event.name}/versions")

    assert organiser.status == 200
    assert "Version n° 1</a>, figée " in page.replace("\u00a0", " ")
    emergence.note("Arrivée après")
    taken = organiser.client.get(f"/{emergence.event.name}/versions/1.docx").data
    assert taken == editions.read(editions.of(emergence.event)[0], "docx")
    organiser.get(f"/{emergence.event.name}/versions/7.docx")
    assert organiser.status == 404


def test_twice_without_a_change_is_one_version_and_a_version_has_a_name(emergence: Room, app) -> None:
    emergence.note("Ouvrir le soir", "recommandations")
    organiser, path = Person(app), f"/{emergence.event.name}/versions"
    organiser.organise()
    organiser.get(path)
    organiser.post(path, name="Avant la plénière")
    assert "Version n° 1</a> « Avant la plénière », figée" in organiser.page
    assert "Rien n’a changé depuis la version n° 1" in organiser.page

    organiser.post(path, name="Celle de 16 h 30")
    assert "Rien n’a changé depuis la version n° 1 : elle reste la dernière." in organiser.page
    db.session.rollback()
    assert [(one.number, one.name) for one in editions.of(emergence.event)] == [(1, "Celle de 16 h 30")]

    [one] = editions.of(emergence.event)
    organiser.post(f"{path}/{one.id}/nom", name="La bonne")
    assert "La version n° 1 porte ce nom." in organiser.page
    assert "« La bonne »" in organiser.page
    operations = db.session.connection().exec_driver_sql("SELECT payload, outcome FROM operation").all()
    assert "La bonne" not in str(operations)

    emergence.note("Une de plus", "recommandations")
    organiser.post(path)
    db.session.rollback()
    assert [one.number for one in editions.of(emergence.event)] == [2, 1]


def test_what_is_not_ready_is_said_before_and_freezing_is_done_all_the_same(emergence: Room, app) -> None:
    emergence.note("Ouvrir le soir", "recommandations")
    organiser, path = Person(app), f"/{emergence.event.name}/versions"
    organiser.organise()
    page = organiser.get(path)
    assert "Tout n’est pas prêt ; la première page le dira." in page
    assert "<li>Pas encore prêts : tous les ateliers.</li>" in page
    assert "Figer quand même" in page
    organiser.post(path)
    assert "La version n° 1 est figée" in organiser.page


def test_what_comes_after_is_marked_and_told_note_by_note(emergence: Room, app) -> None:
    emergence.note("Notée avant", "recommandations")
    freeze(emergence)
    late = emergence.note("Notée après", "recommandations", highlight=True)
    second = freeze(emergence)
    emergence.write("reword", late, text="Notée bien après", base=late)
    third = freeze(emergence)

    assert under(editions.read(second, "docx"), "Recommandations · ÉME") == [
        "Notée avant ÉME\u20111",
        "Notée après ÉME\u20112 · à\u00a0dire · après la restitution",
    ]
    assert json.loads(third.changes) == [
        "ÉME\u20112, texte modifié\u00a0: «\u00a0Notée après\u00a0» devient «\u00a0Notée bien après\u00a0»"
    ]
    presenter = Person(app)
    presenter.enter(code_of(app, emergence.event, None))
    assert "ÉME-2 · après la restitution" in presenter.page.replace("\u2011", "-")
    assert "1 changement depuis la version n° 2" in presenter.get(f"/{emergence.event.name}/versions")


@pytest.mark.parametrize(
    ("frozen", "late"),
    [
        (["14:00"], ["Notée à 17:30"]),  # a trial: late begins with the plenary
        (["14:00", "16:31"], ["Notée à 17:30"]),
        (["16:22"], ["Notée à 16:24", "Notée à 17:30"]),  # the presenter left with it
        (["16:18", "17:20"], ["Notée à 17:30"]),
        (["14:00", "18:00"], ["Notée à 17:30"]),  # to take home: the restitution is over
        (["18:00"], []),
        ([], []),
    ],
)
def test_late_begins_with_what_the_restitution_was_read_from(
    emergence: Room, at: Clock, frozen: list[str], late: list[str]
) -> None:
    noted = ["13:30", "14:30", "16:24", "17:30"]
    for hour in sorted([*noted, *frozen]):
        at(*map(int, hour.split(":")))
        if hour in frozen:
            freeze(emergence)
        else:
            emergence.note(f"Notée à {hour}", "recommandations")
    db.session.rollback()

    notes = take(db.session(), emergence.event).workshops[0].notes

    assert [note.text for note in notes if note.late] == late


def test_pages_measured_by_libreoffice_are_the_numbers_of_the_table_of_contents(
    emergence: Room, tmp_path: Path
) -> None:
    for number in range(90):
        emergence.note(f"Une recommandation assez longue pour tenir deux lignes, la {number} " * 2, "recommandations")  # fmt: skip
    digest = replace(take(db.session(), emergence.event), edition=EditionValue(number=1))
    (tmp_path / "digest.json").write_text(to_json(digest), "utf-8")
    document, pages = tmp_path / "a.docx", tmp_path / "pages.json"
    assert main(["restitution", str(tmp_path / "digest.json"), "-o", str(document)]) == 0

    assert main(["pages", str(document), "-o", str(pages)]) == 0
    command = ["restitution", str(tmp_path / "digest.json"), "-o", str(document), "--pages", str(pages)]
    assert main(command) == 0

    found = [page for _, page in pdf_outline(converted(document))]
    assert list(pages_from_json(pages.read_text()).pages.values()) == found
