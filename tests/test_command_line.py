"""The second front door: what an organiser types, and what comes back."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner, Result
from conftest import ROOT, Server
from material import Material
from readback import outline, part, sdk_errors, text, under

from contrib import demo
from contrib.cli import main
from contrib.digest import take
from contrib.installation import open_folder
from contrib.programme.toml_file import BrokenProgramme, parse
from contrib.store.db import db
from exports.documents.restitution import compile_restitution
from exports.text import typeset


def contrib(*arguments: object, expect: int = 0) -> Result:
    """In this process: what a command line adds to it, a terminal and 2 s, servers and the bundle are tested with."""
    run = CliRunner().invoke(main, [*map(str, arguments)])
    if run.exception and not isinstance(run.exception, SystemExit):
        raise run.exception
    assert run.exit_code == expect, run.output
    return run


def notes_of(content: bytes, title: str) -> str:
    """The heading of a workshop's notes in the record."""
    return next(words for level, words in outline(content) if level == 2 and words.startswith(f"{title} ("))


def test_another_day_is_imported_once_and_compiled_with_and_without_a_database(
    material: Material, tmp_path: Path
) -> None:
    day, count = material.day, len(material.day.rows())
    data = ("--data", tmp_path / "data", "--programme", day.programme)
    first = contrib("import", day.notes, *data)
    second = contrib("import", day.notes, *data)
    contrib("compile", "restitution", "-o", tmp_path / "r.docx", *data)
    contrib("digest", "-o", tmp_path / "digest.json", *data)
    subprocess.run(
        [sys.executable, "-m", "exports", "restitution", tmp_path / "digest.json", "-o", tmp_path / "e.docx"],
        check=True,
        cwd=ROOT,
    )

    assert f"{count}\u00a0notes ajoutées, 0\u00a0déjà connue" in first.stdout
    assert f"0\u00a0note ajoutée, {count}\u00a0déjà connues" in second.stdout
    content = (tmp_path / "r.docx").read_bytes()
    assert sdk_errors(tmp_path / "r.docx") == []
    counts = {
        title: len(
            [
                line
                for line in under(content, notes_of(content, title))
                if "\u2011" in line[-20:] or line.endswith("à\u00a0dire")
            ]
        )
        for title in (
            typeset(workshop["titre"])
            for workshop in tomllib.loads(day.programme.read_text("utf-8"))["ateliers"]
        )
    }
    assert sum(counts.values()) == count
    assert f"{count}\u00a0notes sont imprimées ici." in text(content)
    assert len(docx.Document(tmp_path / "e.docx").paragraphs) == len(
        docx.Document(tmp_path / "r.docx").paragraphs
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_whatever_wrote_it(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [
        ("atelier", "rubrique", "texte", "a_dire"),
        ("emergence", "Recommandations", "Été à l’école", "oui"),
    ]
    path = tmp_path / "notes.csv"
    path.write_bytes("\r\n".join(delimiter.join(row) for row in rows).encode(encoding))

    contrib("import", path, "--data", tmp_path / "data")
    contrib("digest", "-o", tmp_path / "digest.json", "--data", tmp_path / "data")

    digest = json.loads((tmp_path / "digest.json").read_text("utf-8"))
    notes = digest["workshops"][0]["rubrics"][0]["notes"]
    assert [(n["wordings"][0]["text"], n["rank"]) for n in notes] == [("Été à l’école", 1)]


def test_a_csv_with_faults_imports_nothing_and_names_each_line(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text(
        "atelier,rubrique,texte\nemergence,Recommandations,Bonne ligne\nnulle-part,Recommandations,Perdue\n"
        "consolidation,recommandation,Ambiguë\n",
        "utf-8",
    )

    run = contrib("import", path, "--data", tmp_path / "data", expect=1)

    assert run.stderr.splitlines() == [
        "Ligne 3 : l’atelier « nulle-part » n’existe pas ; les ateliers sont emergence, consolidation, "
        "concretisation, numerique.",
        "Ligne 4 : « recommandation » désigne plusieurs rubriques de l’atelier consolidation : "
        "choisissez parmi preconisations, pas-de-cote.",
    ]
    assert "0 notes" not in contrib("import", path, "--data", tmp_path / "data", expect=1).stdout


def test_the_same_csv_with_a_line_added_adds_one_note(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("atelier,rubrique,texte\nemergence,,Un\nemergence,,Un\n", "utf-8")
    contrib("import", path, "--data", tmp_path / "data")
    path.write_text("atelier,rubrique,texte\nemergence,,Zéro\nemergence,,Un\nemergence,,Un\n", "utf-8")

    assert (
        "1\u00a0note ajoutée, 2\u00a0déjà connues"
        in contrib("import", path, "--data", tmp_path / "data").stdout
    )


def broken(change) -> str:
    tree = tomllib.loads((ROOT / "contrib/programme/days/lievin-2021.toml").read_text("utf-8"))
    change(tree)
    with pytest.raises(BrokenProgramme) as caught:
        parse(tree)
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t["journee"].pop("titre"), "[journee] : la clé « titre » manque"),
        (lambda t: t["journee"].update(tirte="x"), "[journee] : la clé « tirte » est inconnue"),
        (lambda t: t["journee"].update(date="demain"), "attendu : une date comme 2021-09-30"),
        (lambda t: t["journee"].update(fuseau="Mars/Nord"), "attendu : un fuseau comme Europe/Paris"),
        (lambda t: t["ateliers"][1].update(sigle="ÉME"), "deux ateliers portent le sigle « ÉME »"),
        (lambda t: t["ateliers"][0].update(sigle="e1"), "attendu : 2 à 5 lettres capitales"),
        (
            lambda t: t["ateliers"][0].update(minutes="cinq"),
            "atelier « emergence » : « minutes » vaut « cinq »",
        ),
        (
            lambda t: t["ateliers"][0]["rubriques"][0].update(nature="idee"),
            "attendu : recommandation | condition",
        ),
        (lambda t: t["ateliers"][2].pop("rubriques"), "il faut au moins une rubrique"),
        (lambda t: t.update(atelier=[]), "la partie « atelier » est inconnue"),
    ],
)
def test_a_broken_programme_is_told_by_key_workshop_and_what_was_expected(change, sentence: str) -> None:
    assert sentence in broken(change)


def test_a_broken_programme_leaves_nothing_half_made(tmp_path: Path) -> None:
    path = tmp_path / "jour.toml"
    path.write_text("[journee]\nnom = ", "utf-8")

    run = contrib("codes", "--data", tmp_path / "data", "--programme", path, expect=1)

    assert "n’est pas un fichier TOML lisible" in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert not (tmp_path / "data").exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")

    run = contrib("codes", "--data", tmp_path / "file" / "data", expect=1)

    assert "ne peut pas être écrit" in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_a_second_start_keeps_codes_and_port_and_says_no_password(tmp_path: Path) -> None:
    first = Server(tmp_path / "data").start()
    first.kill()
    again = Server(tmp_path / "data", port=first.port).start()
    again.kill()
    moved = Server(tmp_path / "data").start()
    moved.kill()

    assert again.code("L’émergence") == first.code("L’émergence")
    assert "Mot de passe" not in again.said
    assert "ATTENTION" not in again.said
    assert "ATTENTION : l’adresse a changé" in moved.said
    assert f":{first.port}" in moved.said


def test_a_port_in_use_is_one_sentence(own_server: Server) -> None:
    run = contrib("serve", "--data", own_server.data, "--port", own_server.port, expect=1)

    assert f"Le port {own_server.port} est déjà pris" in run.stderr


def test_a_new_password_closes_the_old_sessions_and_keeps_the_codes(tmp_path: Path) -> None:
    before = contrib("codes", "--data", tmp_path / "data").stdout
    new = contrib("password", "--data", tmp_path / "data").stdout

    assert "Nouveau mot de passe de l’organisateur : " in new
    assert contrib("codes", "--data", tmp_path / "data").stdout.splitlines() == before.splitlines()[2:]


def test_the_test_clock_is_refused_in_production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTRIB_TEST_NOW", "2021-09-30T14:24:00+00:00")

    assert "réservé aux essais" in contrib("codes", "--data", tmp_path / "data", expect=1).stderr


def test_the_demonstration_is_marked_as_fictional_wherever_it_is_printed(tmp_path: Path) -> None:

    app, _ = open_folder(tmp_path / "demo")
    event = demo.set_up(app)
    with app.app_context():
        event = db.session.merge(event)
        digest = take(db.session(), event)
    content = compile_restitution(digest).content

    assert sum(len(w.notes) for w in digest.workshops) == 60
    assert "les notes de ce document sont fictives" in text(content)
    assert "notes fictives" in part(content, "word/header1.xml")
    db_engine = app.extensions["sqlalchemy"]
    with app.app_context():
        db_engine.engine.dispose()
