"""The evening after: the report that IREV edits, from the same notes."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Person, Room
from office import converted
from office import outline as pdf_outline
from office import pages as pdf_pages
from readback import linear, outline, sdk_errors, text, under
from word_files import letter

from contrib.digest import take
from contrib.store.db import db
from exports.__main__ import main
from exports.digest import Digest, to_json
from exports.documents.prepare import prepare
from exports.documents.report import compile_report
from exports.documents.specimen import specimen
from exports.ooxml.inspection import inspect
from exports.ooxml.stationery import open_stationery


@pytest.fixture
def digest(emergence: Room, numerique: Room) -> Digest:
    emergence.note("Ouvrir le soir", "recommandations", highlight=True, theme="Lieux")
    emergence.note("Un café mobile", "experiences")
    numerique.note("Doubler en présence", "recommandations")
    emergence.write("message", text="Ouvrir d’abord", base="")
    emergence.write("relate", text="Aller là où sont les gens", references="ÉME-1, NUM-1")
    db.session.rollback()
    return take(db.session(), emergence.event)


def test_the_report_has_the_day_the_workshops_what_they_share_method_and_annex(digest: Digest) -> None:
    content = compile_report(digest).content

    assert [title for level, title in outline(content) if level == 1] == [
        "La journée", "Les ateliers", "Ce qui traverse les ateliers", "Méthode", "Annexe",
    ]  # fmt: skip
    chapters = [title for level, title in outline(content) if level == 2]
    assert chapters[0] == "9\u00a0h\u00a000\u00a0: Accueil café" or re.match(r"\d+\u00a0h", chapters[0])
    assert len([c for c in chapters if re.match(r"\d+\u00a0h", c)]) == len(digest.event.sequences) > 3
    first = under(content, "Atelier\u00a0: L’émergence")
    assert first[0].startswith("Question\u00a0: ")
    assert "[Introduire les échanges de cet atelier.]" in first
    assert "Ouvrir le soir ÉME\u20111" in first
    assert "Un café mobile ÉME\u20112" in first
    assert under(content, "Points communs aux ateliers") == [
        "Aller là où sont les gens (d’après ÉME\u20111, NUM\u20111)"
    ]


def test_it_passes_inspection_and_the_validator_also_with_ones_own_word_file(
    digest: Digest, tmp_path: Path
) -> None:
    own = open_stationery(prepare(letter()).content)
    for number, (day, paper) in enumerate([(digest, None), (specimen(), None), (digest, own)]):
        content = compile_report(day, stationery=paper).content
        path = tmp_path / f"{number}.docx"
        path.write_bytes(content)

        assert inspect(content) == ()
        assert sdk_errors(path) == []


def test_its_table_of_contents_is_right_and_nothing_is_missing(digest: Digest, tmp_path: Path) -> None:
    compiled = compile_report(digest)
    path = tmp_path / "rapport.docx"
    path.write_bytes(compiled.content)

    pdf = converted(path)

    found = pdf_outline(pdf)
    titles = [title for _, title in outline(compiled.content)]
    assert [re.sub(r"\s+", "", t) for t, _ in found] == [re.sub(r"\s+", "", t) for t in titles]
    said = list(compiled.page_map.pages.items())
    headings = [page for mark, page in said if mark.startswith("_Toc")]
    assert [page for _, page in found] == pytest.approx(headings, abs=1)
    assert "Un café mobile" in "".join(pdf_pages(pdf))


def test_every_note_is_there_once_and_links_lead_both_ways(digest: Digest) -> None:
    heard = linear(compile_report(digest).content).splitlines()

    assert "[List Bullet] Ouvrir le soir ÉME‑1 · à\u00a0dire→d_EME_1 · point commun 1→p_1" in heard
    assert "[List Number] Ouvrir le soir ÉME‑1→r_EME_1" in heard


def test_the_report_is_made_without_a_server_and_by_the_organiser(
    digest: Digest, emergence: Room, app, tmp_path: Path
) -> None:
    (tmp_path / "digest.json").write_text(to_json(digest), "utf-8")
    assert main(["report", str(tmp_path / "digest.json"), "-o", str(tmp_path / "r.docx")]) == 0
    organiser = Person(app)
    organiser.organise()

    organiser.get(f"/{emergence.event.name}/rapport.docx")

    assert outline(organiser.bytes) == outline((tmp_path / "r.docx").read_bytes())
    assert "Ouvrir le soir" in text(organiser.bytes)


def test_a_day_without_sequences_or_workshops_still_makes_a_report(digest: Digest, tmp_path: Path) -> None:

    bare = replace(digest, event=replace(digest.event, sequences=()), workshops=(), convergences=())
    content = compile_report(bare).content
    (tmp_path / "bare.docx").write_bytes(content)

    assert "Cette journée n’a pas eu d’atelier." in text(content)
    assert inspect(content) == ()
    assert sdk_errors(tmp_path / "bare.docx") == []
