"""The evening after, the whole day leaves in one zip, and any machine can read it."""

import csv
import io
import json
import sqlite3
import zipfile
from pathlib import Path

import pytest
from conftest import Person, Room
from readback import outline, text

from contrib.backup.archive import restore
from contrib.digest import take
from contrib.intake.csv_file import import_rows, read_csv
from contrib.store.db import db
from contrib.store.log import Author
from contrib.store.models import Note
from exports.digest import from_json
from exports.opendata import neutralised, notes_csv, restored

AWKWARD = [
    "=SOMME(A1:A9)", "+33 6 12 34 56 78", "-1 de trop", "@mairie", "'=déjà protégé", "''-deux fois", "'citation'",
    "avec ; un point-virgule", 'avec "guillemets"', "sur\nplusieurs\n- lignes", "  des espaces autour  ",
    "é à ç œ € “ ” ’ …", "\tun onglet", "1,5", "01/02/2021", "😀", "=\nune formule sur deux lignes",
]  # fmt: skip


@pytest.fixture
def taken(emergence: Room, numerique: Room, app) -> zipfile.ZipFile:
    """The zip, as the organiser downloads it."""
    for number, words in enumerate(AWKWARD):
        emergence.note(
            words, "recommandations", highlight=number == 0, theme="Lieux" if number == 1 else None
        )
    numerique.note("À trier")
    disputed = numerique.note("Texte de départ", "recommandations")
    numerique.write("reword", disputed, text="Version de Paul", base=disputed)
    numerique.write("reword", disputed, text="Version de Jeanne", base=disputed)
    gone = numerique.note("Retirée")
    numerique.write("withdraw", gone, withdrawn=True)
    organiser = Person(app)
    organiser.organise()
    organiser.get(f"/{emergence.event.name}/emporter.zip")
    assert organiser.status == 200
    return zipfile.ZipFile(io.BytesIO(organiser.bytes))


def test_every_note_is_there_in_every_form(taken: zipfile.ZipFile) -> None:
    assert {name for name in taken.namelist() if "/donnees/" not in name} == {
        "LISEZMOI.txt", "a-publier/rapport.docx", "a-publier/site/index.html", "a-garder/restitution.docx",
        "a-garder/notes.csv", "a-garder/notes.json", "a-garder/digest.json", "a-garder/copie.zip",
    }  # fmt: skip
    wanted = sorted([*AWKWARD, "À trier", "Version de Paul"])
    rows = list(
        csv.DictReader(io.StringIO(taken.read("a-garder/notes.csv").decode("utf-8-sig")), delimiter=";")
    )
    assert sorted(restored(row["texte"]) for row in rows) == wanted
    assert [row["autre_redaction"] for row in rows if row["texte"] == "Version de Paul"] == [
        "Version de Jeanne"
    ]
    assert sorted(row["texte"] for row in json.loads(taken.read("a-garder/notes.json"))["notes"]) == wanted
    digest = from_json(taken.read("a-garder/digest.json").decode())
    assert sorted(note.text for w in digest.workshops for note in w.notes) == wanted
    for name in ("a-garder/restitution.docx", "a-publier/rapport.docx"):
        assert outline(taken.read(name))
        for words in ("avec", "À trier", "Version de Jeanne"):
            assert words in text(taken.read(name))


def test_the_csv_opens_in_a_french_excel_and_starts_no_formula(taken: zipfile.ZipFile) -> None:
    content = taken.read("a-garder/notes.csv")

    assert content.startswith(b"\xef\xbb\xbfid;reference;atelier;rubrique;texte;")
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_csv_read_back_gives_no_new_note(taken: zipfile.ZipFile, emergence: Room) -> None:
    before = db.session.query(Note).count()
    db.session.rollback()

    rows = read_csv(emergence.event, taken.read("a-garder/notes.csv"))
    added, known = import_rows(emergence.event.id, Author(), rows)

    assert (added, known) == (0, len(AWKWARD) + 2)
    assert db.session.query(Note).count() == before
    assert sorted(row["text"] for row in rows if row["text"] in AWKWARD) == sorted(AWKWARD)


def test_a_formula_s_sign_is_put_to_sleep_and_woken_exactly() -> None:
    for words in [*AWKWARD, "", "'", "''", "'x", "x=1"]:
        assert restored(neutralised(words)) == words
        assert not neutralised(words).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_stranger_s_csv_keeps_its_apostrophes(emergence: Room) -> None:
    rows = read_csv(emergence.event, b"atelier;rubrique;texte\nemergence;;'-comme ceci")

    assert [row["text"] for row in rows] == ["'-comme ceci"]


def test_any_machine_can_reload_what_was_taken_home(taken: zipfile.ZipFile, tmp_path: Path) -> None:
    path = tmp_path / "journee.zip"
    path.write_bytes(taken.fp.getvalue())  # type: ignore[union-attr]

    holding = restore(path, tmp_path / "other")

    assert holding.notes == len(AWKWARD) + 3, "the withdrawn note is kept, too"
    with sqlite3.connect(tmp_path / "other" / "contrib.sqlite3") as connection:
        assert connection.execute("SELECT count(*) FROM note").fetchone()[0] == holding.notes


def test_the_csv_of_a_digest_is_the_same_whenever_it_is_made(emergence: Room) -> None:
    emergence.note("Une note")
    digest = take(db.session(), emergence.event)

    assert notes_csv(digest) == notes_csv(digest)
