"""The Word file of 16 h 30, read back."""

import os
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import made_up_days
import pytest
from conftest import Room
from made_up_day import digest_of
from material import Material
from readback import linear, outline, paragraphs, part, sdk_errors, text, under
from sqlalchemy import select

from contrib import clock, demo
from contrib.digest import take
from contrib.forms import raw
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author
from contrib.store.models import Event
from exports.digest import Convergence, Key, Merger, from_json, to_json
from exports.documents.restitution import compile_restitution
from exports.ooxml.inspection import inspect
from exports.text import typeset


def compiled(room: Room, **options):
    return compile_restitution(take(db.session(), room.event), **options)


def test_withdrawn_recommendation_leaves_every_document_but_its_count(emergence: Room) -> None:
    emergence.note("Garder cette phrase", "recommandations")
    gone = emergence.note("Phrase à ne plus voir", "recommandations", highlight=True)
    emergence.write("withdraw", gone, withdrawn=True)

    document = compiled(emergence)

    assert "Phrase à ne plus voir" not in text(document.content)
    assert "Phrase à ne plus voir" not in to_json(take(db.session(), emergence.event))
    assert under(document.content, "Ce que contient ce document")[1:4] == [
        "2\u00a0notes ont été reçues.",
        "1\u00a0note est imprimée ici.",
        "1\u00a0note a été retirée par son atelier et n’est pas imprimée.",
    ]


def test_no_signature_is_printed_unless_asked_for(emergence: Room) -> None:

    signed = log.write(log.VERBS["sign"], Author(), {"name": "Zénobie Q."}, event=emergence.event.id)
    author = Author(person_id=signed.outcome["person"])
    log.write(
        log.VERBS["record"],
        author,
        {"text": "Note signée", "rubric": None},
        event=emergence.event.id,
        workshop=emergence.workshop.id,
    )

    assert "Zénobie" not in to_json(take(db.session(), emergence.event))
    assert "Zénobie" in to_json(take(db.session(), emergence.event, signatures=True))


def test_the_document_is_in_the_order_of_the_plenary_then_the_record(
    emergence: Room, numerique: Room
) -> None:
    emergence.note("Ouvrir le soir", "recommandations", highlight=True, theme="Lieux")
    emergence.note("Un café mobile", "experiences")
    numerique.note("À trier plus tard")

    document = compiled(emergence)

    assert outline(document.content) == [
        (1, "L’essentiel"),
        (1, "À dire en plénière"),
        (2, "À dire\u00a0: L’émergence"),
        (2, "À dire\u00a0: La consolidation"),
        (2, "À dire\u00a0: La concrétisation"),
        (2, "À dire\u00a0: L’outil numérique"),
        (1, "Notes de l’après-midi, non relues"),
        (2, "L’émergence (ÉME)\u00a0: notes"),
        (3, "Lieux (1\u00a0note) · ÉME, recommandations"),
        (3, "Sans thème (1\u00a0note) · ÉME, expériences fertiles"),
        (2, "La consolidation (CSO)\u00a0: notes"),
        (2, "La concrétisation (CRÉ)\u00a0: notes"),
        (2, "L’outil numérique (NUM)\u00a0: notes"),
        (3, "À classer · NUM"),
        (1, "Index des notes"),
        (1, "Ce que contient ce document"),
        (2, "Ce qui manque encore"),
        (2, "Empreinte du document"),
    ]
    assert under(document.content, "À classer · NUM") == ["À trier plus tard NUM\u20111"]


def test_pages_to_say_alone_leave_the_record_out_and_no_link_dangles(emergence: Room) -> None:
    emergence.note("Ouvrir le soir", "recommandations", highlight=True)

    document = compiled(emergence, record=False)

    assert (1, "Notes de l’après-midi, non relues") not in outline(document.content)
    xml = part(document.content, "word/document.xml")
    anchors = set(re.findall(r'w:anchor="([^"]+)"', xml))
    assert anchors <= set(re.findall(r'w:bookmarkStart w:id="\d+" w:name="([^"]+)"', xml))


def test_both_wordings_of_a_disputed_note_are_printed_under_one_reference(emergence: Room) -> None:
    note = emergence.note("Texte de départ", "recommandations")
    emergence.write("reword", note, text="Version de Paul", base=note)
    emergence.write("reword", note, text="Version de Jeanne", base=note)

    document = compiled(emergence)

    assert under(document.content, "Recommandations · ÉME") == [
        "Version de Paul",
        "Version de Jeanne (deux rédactions, à départager) ÉME\u20111",
    ]
    assert "L’émergence\u00a0: 1 note a deux rédactions, imprimées toutes les deux." in text(document.content)


def test_typed_numbers_and_dashes_of_a_note_become_lists(emergence: Room) -> None:
    emergence.note("Trois points :\n1) un lieu\n2) du temps\n- et du café", "recommandations")
    emergence.note("2. ce n’est pas une liste\n7. non plus", "recommandations")

    rows = [
        (style, line.split(" ÉME")[0])
        for style, line in paragraphs(compiled(emergence).content)
        if style.startswith("List ") and "note" not in line
    ]

    assert rows[:6] == [
        ("List Bullet", "Trois points\u00a0:"),
        ("List Number", "un lieu"),
        ("List Number", "du temps"),
        ("List Bullet 2", "et du café"),
        ("List Bullet", "2. ce n’est pas une liste"),
        ("List Continue", "7. non plus"),
    ]


def test_three_highlights_of_sixty_words_stay_on_one_page(emergence: Room) -> None:
    sixty = " ".join(("accompagnement des initiatives citoyennes par les collectivités " * 9).split()[:60])
    for _ in range(3):
        emergence.note(sixty, "recommandations", highlight=True)
    for rubric in ("experiences", "debats", "verbatim"):
        emergence.note(sixty, rubric)
    emergence.write("message", text=" ".join(sixty.split()[:30]), base="")

    document = compiled(emergence)

    first, after = (
        re.search(
            rf'w:bookmarkStart w:id="\d+" w:name="(_Toc\d+)"/><w:r><w:t xml:space="preserve">{title}', xml
        )[1]
        for xml in [part(document.content, "word/document.xml")]
        for title in ("À dire en plénière", "À dire\u00a0: La consolidation")
    )
    pages = document.page_map.pages
    assert pages[after] == pages[first] + 1


def test_without_a_choice_the_page_says_what_was_spoken_of_and_how_often(emergence: Room) -> None:
    emergence.note("Ouvrir les centres sociaux le soir, sans dossier.", "recommandations", theme="Lieux")
    emergence.note("Une pièce que l’on peut utiliser sans convention.", "recommandations", theme="Lieux")
    emergence.note("Un café mobile", "experiences")

    lines = under(compiled(emergence).content, "À dire\u00a0: L’émergence")

    assert lines[2:] == [
        "L’atelier n’a pas encore choisi\u202f; voici de quoi il a parlé, et combien.",
        "Lieux, 2\u00a0notes\u00a0: Ouvrir les centres sociaux le soir, sans dossier.\u00a0ÉME\u20111",
        "Sans thème, 1\u00a0note\u00a0: Un café mobile\u00a0ÉME\u20113",
        "Ensuite\u00a0: La consolidation (5\u00a0minutes).",
    ]


def test_no_text_stops_the_document_and_all_come_out_readable(
    emergence: Room, material: Material, tmp_path: Path
) -> None:
    strings = [s for s in material.hostile_strings if s.strip()]
    for string in strings:
        kept = raw(string)
        if kept.strip():
            emergence.note(kept, "recommandations")

    document = compiled(emergence)
    path = tmp_path / "hostile.docx"
    path.write_bytes(document.content)

    assert sdk_errors(path) == []
    printed = re.sub(r"\s+", " ", text(document.content))
    wanted = [
        re.sub(r"\s+", " ", line) for s in strings for line in typeset(raw(s)).split("\n") if line.strip()
    ]
    bullets = "-–—•*·▪‣"
    missing = [line for line in wanted if line.strip().lstrip(bullets).strip() not in printed]
    assert missing == []


def test_the_same_digest_gives_the_same_bytes_and_survives_its_json(emergence: Room) -> None:
    emergence.note("Ouvrir le soir", "recommandations", highlight=True)
    digest = take(db.session(), emergence.event)

    again = from_json(to_json(digest))

    assert again == digest
    assert compile_restitution(again).content == compile_restitution(digest).content


def test_the_fingerprint_leaves_time_out_and_notices_one_word(emergence: Room) -> None:

    emergence.note("Ouvrir le soir", "recommandations")
    digest = take(db.session(), emergence.event)
    later = replace(digest, taken_at=digest.taken_at + timedelta(minutes=9))
    emergence.note("Un mot de plus", "recommandations")
    longer = take(db.session(), emergence.event)

    mark = compile_restitution(digest).fingerprint

    assert compile_restitution(later).fingerprint == mark
    assert compile_restitution(longer).fingerprint != mark


def test_word_opens_it_without_a_question(emergence: Room, tmp_path: Path) -> None:
    emergence.note("Ouvrir le soir\n- lundi\n- mardi", "recommandations", highlight=True)
    document = compiled(emergence)
    path = tmp_path / "restitution.docx"
    path.write_bytes(document.content)

    settings = part(document.content, "word/settings.xml")
    body = part(document.content, "word/document.xml")

    assert sdk_errors(path) == []
    assert "updateFields" not in settings
    assert 'w:name="compatibilityMode"' in settings
    assert 'w:val="15"' in settings
    assert "w:dirty" not in body
    assert set(re.findall(r'w:lang w:val="([^"]+)"', part(document.content, "word/styles.xml"))) == {"fr-FR"}
    assert ("List Bullet 2", "mardi ÉME\u20111") in [
        (style, line.removesuffix(" · à\u00a0dire")) for style, line in paragraphs(document.content)
    ]


def test_a_point_commun_is_absent_when_empty_and_cites_its_notes(emergence: Room, numerique: Room) -> None:
    first = emergence.note("Ouvrir le soir", "recommandations")
    other = numerique.note("Doubler en présence", "recommandations")

    assert "Points communs aux ateliers" not in text(compiled(emergence).content)

    emergence.write("relate", text="Aller là où sont les gens", notes=[first, other])
    document = compiled(emergence)

    assert under(document.content, "Points communs aux ateliers")[:1] == [
        "Aller là où sont les gens (d’après ÉME\u20111, NUM\u20111)"
    ]


@pytest.mark.parametrize("count", [0, 1])
def test_an_empty_day_still_makes_a_document(emergence: Room, tmp_path: Path, count: int) -> None:
    for number in range(count):
        emergence.note(f"Note {number}")
    path = tmp_path / "empty.docx"
    path.write_bytes(compiled(emergence).content)

    assert sdk_errors(path) == []


HEARD = Path(__file__).parent / "expected" / "demonstration-heard.txt"


def test_the_demonstration_heard_in_order_is_what_was_read_and_approved(app, tmp_path: Path) -> None:
    """Read once by a person, without looking at the page. To read it anew: CONTRIB_HEARD=1."""
    moment = datetime(2021, 9, 30, 16, 6, tzinfo=ZoneInfo("Europe/Paris"))
    with clock.frozen_at(moment):
        demo.set_up(app)
        db.session.rollback()
        day = db.session.scalars(select(Event).where(Event.fictional)).one()
        heard = linear(compile_restitution(take(db.session(), day)).content)

    if os.environ.get("CONTRIB_HEARD"):
        HEARD.write_text(heard, "utf-8")
    assert heard == HEARD.read_text("utf-8")


def test_points_communs_and_syntheses_lead_to_their_notes_and_back(emergence: Room, numerique: Room) -> None:
    first = emergence.note("Ouvrir le soir", "recommandations", highlight=True)
    second = numerique.note("Un site qui reste ouvert", "recommandations")
    digest = replace(
        take(db.session(), emergence.event),
        convergences=(Convergence(id=Key("c"), text="Rester ouvert", notes=(Key(first), Key(second))),),
        mergers=(
            Merger(id=Key("m"), text="Ouvrir, partout, plus longtemps", notes=(Key(second), Key(first))),
        ),
    )

    document = compile_restitution(from_json(to_json(digest)))

    assert inspect(document.content) == ()
    said = linear(document.content).splitlines()
    assert "[Message clé] Rester ouvert (d’après ÉME‑1→r_EME_1, NUM‑1→r_NUM_1)" in said, said
    assert "[List Bullet] Ouvrir, partout, plus longtemps (d’après NUM‑1→r_NUM_1, ÉME‑1→r_EME_1)" in said
    assert (
        "[List Bullet] Ouvrir le soir ÉME‑1 · à\u00a0dire→d_EME_1 · point commun 1→p_1 · synthèse 1→s_1"
        in said
    )
    assert "[List Bullet] Un site qui reste ouvert NUM‑1 · point commun 1→p_1 · synthèse 1→s_1" in said
    assert (2, "Recommandations de synthèse") in outline(document.content)


def test_every_note_is_in_the_index_and_the_index_is_a_fifth_of_the_document_at_the_most() -> None:
    body = part(compile_restitution(digest_of(1_000)).content, "word/document.xml")

    index = body[body.rindex("Index des notes") : body.rindex("Ce que contient ce document")]

    assert len(re.findall(r'w:anchor="r_\w+"', index)) == 1_000
    assert len(index) < len(body) / 5


@pytest.mark.parametrize("number", range(6))
def test_headings_are_told_apart_and_name_their_workshop_once(number: int) -> None:
    digest = made_up_days.day(number)
    document = compile_restitution(digest).content

    record = [(level, words) for level, words in outline(document) if level > 2]
    assert record
    assert [f for f in inspect(document) if f.rule.startswith("heading")] == []
    assert [words for _, words in record if any(typeset(w.title) in words for w in digest.workshops)] == []


def test_where_a_long_note_goes_on_never_stands_alone_on_a_line(emergence: Room) -> None:
    emergence.note(" ".join(f"Voici la phrase numéro {n}." for n in range(1, 60)), highlight=True)
    db.session.rollback()
    content = compile_restitution(take(db.session(), emergence.event)).content

    said = next(line for line in under(content, "À dire\u00a0: L’émergence") if "suite" in line)
    assert re.fullmatch(r"\d+\u00a0…\u00a0·\u00a0suite\u00a0:\u00a0ÉME\u20111", said.split(" ")[-1])
