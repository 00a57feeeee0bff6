"""The evening after: the report that IREV edits, from the same notes."""

import io
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any

import docx
import pytest
from conftest import Person, Room
from made_up_day import digest_of
from made_up_days import day
from material import Material
from office import all_converted, filled
from office import outline as pdf_outline
from readback import linear, outline, paragraphs, part, sdk_errors, text, under
from word_files import letter

from contrib import report_digest
from contrib.capture import queries
from contrib.capture.summary import summary
from contrib.digest import take
from contrib.publication import operations
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author
from contrib.store.models import Event
from exports.__main__ import main
from exports.digest import Digest, Merger, from_json, to_json
from exports.documents.prepare import prepare
from exports.documents.report import compile_report
from exports.documents.report_content import content_of
from exports.documents.specimen import specimen
from exports.keys import Key, Source
from exports.ooxml.inspection import inspect
from exports.ooxml.metrics import LINE_HEIGHT
from exports.ooxml.pagination import BLANK, Block, Page, Shape, paginate
from exports.ooxml.stationery import open_stationery
from exports.opendata import notes_csv
from exports.report import Chapter, PassageText, Report, ReportEdition


class Desk:
    """The editors' table: what they write and decide."""

    def __init__(self, event: Event) -> None:
        self.event = event

    def write(self, verb: str, **values: object):
        return log.write(getattr(operations, verb), Author(device="desk"), values, event=self.event.id)

    def chapter(self, name: str, text: str, base: str = "") -> str:
        return self.write("write_passage", key=f"chapter:{name}", text=text, base=base).id

    def reword(self, note: str, text: str, base: str = "") -> str:
        return self.write("write_passage", key=f"note:{note}", text=text, base=base).id

    def report(self) -> Digest:
        db.session.rollback()
        return take(db.session(), db.session.get_one(Event, self.event.id), report=True)


@pytest.fixture
def desk(day: Event) -> Desk:
    return Desk(day)


@pytest.fixture
def notes(emergence: Room, numerique: Room) -> dict[str, str]:
    found = {
        "soir": emergence.note("Ouvrir le soir", "recommandations", highlight=True, theme="Lieux"),
        "café": emergence.note("Un café mobile", "experiences", theme="Lieux"),
        "clé": emergence.note("Prêter une clé", "recommandations"),
        "référent": emergence.note("Un référent ? Pour : on sait. Contre : tout repose sur lui.", "debats"),
        "interphone": emergence.note("« L’accueil, c’était un interphone. »", "verbatim"),
        "retirée": emergence.note("Une note retirée", "recommandations"),
        "présence": numerique.note("Doubler en présence", "recommandations", theme="Lieux"),
    }
    emergence.write("withdraw", found["retirée"], withdrawn=True)
    emergence.write("message", text="Ouvrir d’abord", base="")
    emergence.write("relate", text="Aller là où sont les gens", notes=[found["soir"], found["présence"]])
    return found


@pytest.fixture
def digest(desk: Desk, notes: dict[str, str]) -> Digest:
    return desk.report()


def test_the_report_has_summary_day_workshops_what_they_share_follow_up_method_and_annex(
    digest: Digest,
) -> None:
    content = compile_report(digest).content

    assert [title for level, title in outline(content) if level == 1] == [
        "En bref", "Liste des recommandations", "La journée", "Atelier 1\u00a0: L’émergence", "Atelier 2\u00a0: La consolidation",
        "Atelier 3\u00a0: La concrétisation", "Atelier 4\u00a0: L’outil numérique",
        "Ce qui traverse les ateliers", "Conclusion et suites", "Méthode", "Sigles et abréviations",
        "Annexe\u00a0: toutes les notes",
    ]  # fmt: skip
    first = under(content, "Atelier 1\u00a0: L’émergence")
    assert first[0].startswith("Question\u00a0: ")
    assert first[1:3] == ["Ouvrir d’abord", "[Introduire les échanges de cet atelier.]"]
    assert under(content, "L’émergence\u00a0: recommandations") == [
        "Ouvrir le soir ÉME\u20111", "Prêter une clé ÉME\u20113",
    ]  # fmt: skip
    assert under(content, "Points communs aux ateliers") == [
        "Aller là où sont les gens (d’après ÉME\u20111, NUM\u20111)"
    ]
    assert under(content, "Thèmes communs à plusieurs ateliers") == [
        "Lieux\u00a0: ÉME\u20111, ÉME\u20112, NUM\u20111"
    ]


def test_it_claims_nothing_that_nobody_knows_and_asks_for_no_lunch(digest: Digest) -> None:
    content = compile_report(digest).content
    said = text(content)

    assert "dit en plénière" not in said.lower()
    assert "dites en plénière" not in said.lower()
    chapters = [title for level, title in outline(content) if level == 2]
    assert not [title for title in chapters if "déjeuner" in title or "Accueil du public" in title]
    assert [t for t in chapters if re.match(r"\d+\u00a0h", t)], "a sequence with speakers is worth a chapter"


def test_every_note_received_is_counted_and_printed_once(desk: Desk, notes: dict[str, str]) -> None:
    desk.reword(notes["clé"], "Prêter la clé d’une salle")
    desk.write("keep_passage", key=f"note:{notes['référent']}", kept=False)
    content = compile_report(desk.report()).content

    said = text(content)
    once = " ".join(line for _, line in paragraphs(content))  # the list of all recommendations is a table
    assert said.count("7\u00a0notes reçues = 4\u00a0reprises + 2\u00a0en annexe + 1\u00a0retirée") == 3
    for words in ("Ouvrir le soir", "Un café mobile", "Prêter une clé", "Prêter la clé", "interphone"):
        assert once.count(words) == 1, words
    assert "Une note retirée" not in said
    listed = [[cell.text for cell in row.cells] for table in docx.Document(io.BytesIO(content)).tables
              for row in table.rows if len(row.cells) == 3]  # fmt: skip
    assert ["2", "Prêter la clé d’une salle ÉME\u20113", "L’émergence"] in listed
    heard = linear(content).splitlines()
    assert "[List Number] Prêter la clé d’une salle ÉME‑3, reformulée→r_EME_3" in heard
    assert "[List Bullet] Prêter une clé ÉME‑3 · reformulée, recommandation 2→t_EME_3" in heard
    listed = next(line for line in heard if "Reprises mot pour mot" in line)
    assert "ÉME‑1→t_EME_1" in listed
    assert "ÉME‑3" not in listed


def test_a_merger_cites_what_it_stands_for_and_stands_once(digest: Digest, notes: dict[str, str]) -> None:
    merged = (Key(notes["soir"]), Key(notes["présence"]))
    digest = replace(digest, mergers=(Merger(id=Key("m"), text="Ouvrir, et être là", notes=merged),))
    content = compile_report(digest).content

    assert under(content, "Recommandations de synthèse") == [
        "Ouvrir, et être là S\u20111 (d’après ÉME\u20111, NUM\u20111)"
    ]
    assert under(content, "L’émergence\u00a0: recommandations") == ["Prêter une clé ÉME\u20113"]
    assert "[List Bullet] Ouvrir le soir ÉME‑1 · synthèse S‑1→t_S_1" in linear(content)
    assert content_of(digest).counts.taken_up == 5


def test_a_chapter_is_printed_with_its_marks_and_its_references_are_links(
    desk: Desk, notes: dict[str, str], tmp_path: Path
) -> None:
    desk.chapter(
        "atelier-emergence",
        "Trois *gestes* reviennent (ÉME-2).\n\n## Ouvrir\n\n- des portes\n- des **horaires**\n\n"
        "1. un\n2. deux\n\n> Dit.\n\n| Lieu | Soir |\n| --- | --- |\n| Lens | oui |\n\n"
        "Voir [le site](https://exemple.fr/a?b=1).",
    )
    compiled = compile_report(desk.report())
    (tmp_path / "rapport.docx").write_bytes(compiled.content)

    heard = linear(compiled.content)
    assert "[Normal] Trois gestes reviennent (ÉME-2→r_EME_2)." in heard
    assert "[titre 2] Ouvrir\n[List Bullet] des portes\n[List Bullet] des horaires\n[List Number] un" in heard
    assert "[List Continue] Dit." in heard
    tables = docx.Document(io.BytesIO(compiled.content)).tables
    assert "Lens" in [cell.text for table in tables for row in table.rows for cell in row.cells]
    assert 'HYPERLINK "https://exemple.fr/a?b=1"' in part(compiled.content, "word/document.xml").replace(
        "&quot;", '"'
    )
    assert inspect(compiled.content) == ()
    assert sdk_errors(tmp_path / "rapport.docx") == []


def test_two_editors_who_write_the_same_chapter_both_keep_their_text(desk: Desk) -> None:
    first = desk.chapter("introduction", "Le début")
    desk.chapter("introduction", "Mon texte", base=first)
    desk.chapter("introduction", "Son texte", base=first)

    chapter = desk.report().report.chapters[0]
    assert [one.source for one in chapter.texts] == ["Mon texte", "Son texte"]
    assert "à départager" in text(compile_report(desk.report()).content)

    desk.chapter("introduction", "Un texte commun", base=" ".join(one.revision for one in chapter.texts))
    assert [one.source for one in desk.report().report.chapters[0].texts] == ["Un texte commun"]


def test_a_text_that_was_read_again_is_to_be_read_again_once_it_changes(desk: Desk) -> None:
    written = desk.chapter("conclusion", "À suivre")
    desk.write("review_passage", key="chapter:conclusion", revision=written)
    reviewed = {one.key: one.reviewed for one in desk.report().report.chapters}
    desk.chapter("conclusion", "À suivre de près", base=written)
    later = {one.key: one.reviewed for one in desk.report().report.chapters}

    assert (reviewed["conclusion"], later["conclusion"]) == (True, False)
    with pytest.raises(log.Refused):
        desk.write("review_passage", key="chapter:conclusion", revision=written)


def test_no_text_of_the_report_is_in_a_workshop_s_notes_feed_table_or_counts(
    desk: Desk, emergence: Room, notes: dict[str, str], app
) -> None:
    session = db.session()
    before = summary(session, emergence.event, emergence.workshop)
    start = log.last_of_all(session)
    desk.chapter("atelier-emergence", "Un texte du rapport")
    desk.reword(notes["soir"], "Une reformulation")
    db.session.rollback()

    event = db.session.get_one(Event, desk.event.id)
    workshop = next(w for w in event.workshops if w.name == "emergence")
    assert summary(db.session(), event, workshop) == before
    cards = queries.cards(db.session(), event, workshop)
    organiser = Person(app)
    organiser.organise()
    organiser.get(f"{emergence.path}/feed?since={start}")
    shown = " ".join(card.text for card in cards) + organiser.bytes.decode()
    assert '"seq"' in shown
    plain = take(db.session(), event)
    assert plain.report is None
    for place in (shown, notes_csv(plain).decode(), to_json(plain)):
        assert "Un texte du rapport" not in place
        assert "Une reformulation" not in place


def test_names_are_printed_only_where_the_editors_switched_them_on(
    desk: Desk, emergence: Room, notes: dict[str, str]
) -> None:
    emergence.write("speaker", name="Barnabé Œuvrard")
    speakers = [name for one in take(db.session(), desk.event).event.sequences for name in one.speakers]

    silent = text(compile_report(desk.report()).content)
    for name in ("Barnabé Œuvrard", *speakers):
        assert name not in silent

    name = report_digest.name_id(desk.event, "Barnabé Œuvrard")
    desk.write("print_name", name=name, printed=True)

    named = text(compile_report(desk.report()).content)
    assert "Restitué par Barnabé Œuvrard." in named
    assert not [name for name in speakers if name in named]
    rows = db.session.connection().exec_driver_sql("SELECT payload FROM operation WHERE verb = 'print_name'")
    assert "Barnabé" not in " ".join(row[0] for row in rows)


def test_it_passes_inspection_and_the_validator_also_with_ones_own_word_file(
    digest: Digest, tmp_path: Path
) -> None:
    own = open_stationery(prepare(letter()).content)
    for number, (found, paper) in enumerate([(digest, None), (specimen(), None), (digest, own)]):
        content = compile_report(found, stationery=paper).content
        path = tmp_path / f"{number}.docx"
        path.write_bytes(content)

        assert inspect(content) == ()
        assert sdk_errors(path) == []


def written_day(seed: int, texts: Sequence[str]) -> Digest:
    """A day of which nobody, or somebody, wrote the chapters: none to four paragraphs each, in any order."""
    found, chance = day(seed, texts if seed % 3 == 0 else ()), random.Random(seed)

    def chapter(key: str, kind: str, title: str, **more: Any) -> Chapter:
        said = "\n\n".join(chance.choice(texts)[:700] for _ in range(chance.choice((0, 1, 1, 2, 4))))
        text = (PassageText(revision=Key(key), source=Source(said)),) if said else ()
        return Chapter(key=Key(key), kind=Key(kind), title=title, texts=text, **more)

    chapters = [chapter("introduction", "introduction", "Introduction")]
    chapters += [
        chapter(f"sequence-{hour}", "sequence", "Dialogue entre élus et habitants", at=time(9 + hour, 30))
        for hour in range(chance.choice((0, 2, 4)))
    ]
    chapters += [chapter(f"atelier-{w.name}", "workshop", w.title, workshop=w.id) for w in found.workshops]
    chapters += [chapter(kind, kind, kind) for kind in ("crossing", "conclusion", "method", "abbreviations")]
    edition = ReportEdition(number=1, frozen_at=found.taken_at) if chance.random() < 0.5 else None
    return replace(found, report=Report(chapters=tuple(chapters), edition=edition))


def test_its_contents_are_right_and_no_page_is_nearly_blank(material: Material, tmp_path: Path) -> None:
    days = [digest_of(40), digest_of(300), *(written_day(seed, material.contributions) for seed in range(12))]
    made = [compile_report(one) for one in days]
    paths = [tmp_path / f"rapport-{number}.docx" for number in range(len(days))]
    for path, compiled in zip(paths, made, strict=True):
        path.write_bytes(compiled.content)

    for compiled, pdf in zip(made, all_converted(paths), strict=True):
        found = pdf_outline(pdf)
        titles = [title for _, title in outline(compiled.content)]
        assert [re.sub(r"\s+", "", t) for t, _ in found] == [re.sub(r"\s+", "", t) for t in titles]
        said = list(compiled.page_map.pages.items())
        headings = [page for mark, page in said if mark.startswith("_Toc")]
        assert [page for _, page in found] == pytest.approx(headings, abs=1)
        assert min(filled(pdf)[:-1]) > BLANK, pdf.name


def test_a_chapter_begins_a_page_or_goes_on_where_that_would_leave_one_nearly_blank() -> None:
    line = Shape(size=10, leading=1 / LINE_HEIGHT)
    heading = replace(line, keep_next=True, page_wanted=True)
    page = Page(width=400, height=100)

    def opens(lines: int) -> bool:
        blocks = [Block(line, "a")] * lines + [Block(heading, "b", ("chapter",)), Block(line, "c")]
        return "chapter" in paginate(blocks, page).opening

    assert [lines for lines in range(10) if opens(lines)] == [6, 7, 8], (
        "the ninth line may be the first of the next page where Word sets it otherwise"
    )


def test_the_report_is_made_without_a_server_and_by_the_organiser(
    digest: Digest, emergence: Room, app, tmp_path: Path
) -> None:
    (tmp_path / "digest.json").write_text(to_json(digest), "utf-8")
    assert from_json(to_json(digest)) == digest
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
