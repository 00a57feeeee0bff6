"""The last half hour: notes of all workshops are grouped, merged and linked, and none is lost."""

import re
from hashlib import sha256

import pytest
from browsing import enter, note, organise
from conftest import Person, Room, Server, code_of
from playwright.sync_api import Browser, expect
from readback import part, under
from sqlalchemy import select

from contrib.digest import take
from contrib.intake.csv_file import read_csv
from contrib.store.db import db
from contrib.store.log import Refused
from contrib.store.models import Convergence, Event, Merger, Note, Theme, Verdict
from contrib.synthesis import likeness, queries
from exports.documents.restitution import compile_restitution

OPEN = "Ouvrir les centres sociaux le soir, sans dossier"
OPENED = "Que les centres sociaux restent ouverts le soir"
LEND = "Prêter du matériel entre associations"


def themes(day: Event) -> dict[str, list[str]]:
    db.session.rollback()
    board = queries.board(db.session(), day)
    return {group.theme.name: sorted(slip.text for slip in group.slips) for group in board.groups}


@pytest.fixture
def notes(emergence: Room, numerique: Room) -> list[str]:
    found = [emergence.note(OPEN, "recommandations"), numerique.note(OPENED), emergence.note(LEND)]
    db.session.rollback()
    return found


# --- themes ------------------------------------------------------------------------------------------


def test_themes_are_made_renamed_joined_and_dissolved_without_losing_a_note(
    day: Event, emergence: Room, notes: list[str]
) -> None:
    emergence.write("put_in_theme", notes=notes[:2], theme="", name="Lieux")
    emergence.write("put_in_theme", notes=notes[2:], theme="", name="Prêts")
    assert themes(day) == {"Lieux": [OPEN, OPENED] if OPEN < OPENED else [OPENED, OPEN], "Prêts": [LEND]}

    lieux, prets = (theme.id for theme in db.session.scalars(select(Theme).order_by(Theme.place)))
    emergence.write("rename_theme", prets, was="Prêts", name="Matériel")
    for _ in range(2):  # two at the desk press the same arrow
        emergence.write("order_theme", prets, direction="up", above=lieux, below="")
    assert list(themes(day)) == ["Matériel", "Lieux"]

    with pytest.raises(Refused, match="s’appelle déjà « LIEUX »"):
        emergence.write("rename_theme", prets, was="Matériel", name="LIEUX")
    with pytest.raises(Refused, match="Quelqu’un vient de renommer ce thème : « Matériel »"):
        emergence.write("rename_theme", prets, was="Prêts", name="Outils")
    emergence.write("join_themes", prets, into=lieux)
    assert themes(day) == {"Lieux": sorted([OPEN, OPENED, LEND])}

    emergence.write("dissolve_theme", lieux)
    assert themes(day) == {}
    assert len(queries.board(db.session(), day).slips) == 3
    with pytest.raises(Refused, match="Ses notes sont toutes là"):
        emergence.write("put_in_theme", notes=notes, theme=lieux, name="")


def test_two_people_at_the_desk_do_not_undo_each_other(day: Event, emergence: Room, notes: list[str]) -> None:
    emergence.write("put_in_theme", notes=notes[:1], theme="", name="Lieux")
    emergence.write("put_in_theme", notes=notes[1:2], theme="", name="lieux")
    emergence.write("put_in_theme", notes=notes[2:], theme="", name="Prêts")
    emergence.write("take_out_of_theme", notes=notes[:1])

    assert themes(day) == {"Lieux": [OPENED], "Prêts": [LEND]}


def test_five_notes_are_shown_in_an_order_that_prefers_none(day: Event, emergence: Room) -> None:
    made = [emergence.note(f"Note {n}", highlight=n < 3) for n in range(8)]
    emergence.write("put_in_theme", notes=made, theme="", name="Tout")
    db.session.rollback()
    first = queries.board(db.session(), day).groups[0].sample

    emergence.write("put_in_theme", notes=list(reversed(made)), theme="", name="Tout")
    db.session.rollback()

    by_hash = sorted(made, key=lambda key: sha256(key.encode()).digest())
    assert [slip.id for slip in first] == by_hash[:5]
    assert [s.id for s in queries.board(db.session(), day).groups[0].sample] == [s.id for s in first]


def test_a_theme_of_a_file_keeps_its_whole_name(day: Event) -> None:
    name = "Réglementer la production, l’importation et l’usage des auxiliaires technologiques de la journée"
    [row] = read_csv(day, f"atelier,rubrique,texte,theme\nemergence,,Une note,\"{name}\"\n".encode())  # fmt: skip

    assert row["theme"] == name


# --- syntheses and points communs -----------------------------------------------------------------------


def test_a_merger_cites_its_notes_and_is_undone_without_a_trace_on_them(
    day: Event, emergence: Room, notes: list[str]
) -> None:
    db.session.rollback()
    before = [(n.id, n.changed_seq, n.theme_id) for n in db.session.scalars(select(Note).order_by(Note.id))]

    made = emergence.write("merge", notes=notes[:2], text="Ouvrir le soir").outcome["merger"]
    again = emergence.write("merge", notes=notes[1:], text="ouvrir le SOIR").outcome["merger"]
    db.session.rollback()
    sentence = queries.board(db.session(), day).mergers[0]
    assert made == again
    assert [slip.id for slip in sentence.slips] == notes

    emergence.write("unmerge", made)
    db.session.rollback()
    assert queries.board(db.session(), day).mergers == ()
    assert before == [
        (n.id, n.changed_seq, n.theme_id) for n in db.session.scalars(select(Note).order_by(Note.id))
    ]
    with pytest.raises(Refused, match="au moins deux notes"):
        emergence.write("merge", notes=notes[:1], text="Seule")


def test_a_point_commun_needs_two_workshops_and_the_same_sentence_is_one(
    emergence: Room, notes: list[str]
) -> None:
    with pytest.raises(Refused, match="au moins deux ateliers"):
        emergence.write("relate", notes=[notes[0], notes[2]], text="Un seul atelier")

    emergence.write("relate", notes=notes[:2], text="Ouvrir partout")
    emergence.write("relate", notes=notes[1:], text="ouvrir partout")
    db.session.rollback()

    found = db.session.scalars(select(Convergence)).all()
    assert [(one.text, one.references.split()) for one in found] == [("Ouvrir partout", notes)]
    for n in (2, 3):
        emergence.write("relate", notes=notes[:2], text=f"Phrase {n}")
    with pytest.raises(Refused, match="Trois points communs au plus"):
        emergence.write("relate", notes=notes[:2], text="Une de trop")


def test_a_note_of_another_day_or_withdrawn_is_not_taken(emergence: Room, notes: list[str]) -> None:
    emergence.write("withdraw", notes[0], withdrawn=True)

    with pytest.raises(Refused, match="vient d’être retirée"):
        emergence.write("merge", notes=notes[:2], text="Phrase")
    with pytest.raises(Refused, match="vient d’être retirée"):
        emergence.write("read_notes", notes=["0" * 32])


# --- pairs, and what was read ------------------------------------------------------------------------------


def test_a_pair_that_was_refused_never_returns(day: Event, emergence: Room, notes: list[str]) -> None:
    board = queries.board(db.session(), day)
    pair = likeness.duels(day, board)[0]
    assert {pair.one.id, pair.other.id} == set(notes[:2])
    assert [n.slip.id for n in likeness.near(day, board, board.slips[notes[0]], None, 3)] == [notes[1]]

    emergence.write("judge", notes=notes[:2], word="refused")
    db.session.rollback()
    board = queries.board(db.session(), day)
    assert likeness.duels(day, board) == []
    assert likeness.near(day, board, board.slips[notes[0]], None, 3) == []

    emergence.write("judge", notes=notes[1::-1], word="")
    db.session.rollback()
    assert len(likeness.duels(day, queries.board(db.session(), day))) == 1


def test_opposed_notes_are_offered_as_a_debate(day: Event, emergence: Room, numerique: Room) -> None:
    emergence.note("Éteindre l’éclairage public de minuit à 5 heures")
    numerique.note("Ne pas éteindre l’éclairage public de minuit à 5 heures")
    db.session.rollback()

    found = likeness.duels(day, queries.board(db.session(), day))

    assert [one.debate for one in found] == ["négation d’un seul côté"]


def test_lone_voices_are_listed_and_what_was_read_is_known(
    day: Event, emergence: Room, notes: list[str]
) -> None:
    board = queries.board(db.session(), day)
    assert likeness.alone(day, board) == {notes[2]}
    assert board.unread == 3

    emergence.write("read_notes", notes=notes[:2])
    db.session.rollback()
    board = queries.board(db.session(), day)

    assert board.unread == 1
    assert board.slips[notes[0]].readers == ("un ordinateur",)


# --- the document follows ------------------------------------------------------------------------------------


def test_a_chosen_merger_is_said_first_and_leads_to_its_notes_and_back(
    day: Event, emergence: Room, notes: list[str]
) -> None:
    emergence.write("highlight", notes[2], chosen=True)
    made = emergence.write("merge", notes=notes[:2], text="Ouvrir le soir partout").outcome["merger"]
    emergence.write("highlight_merger", made, chosen=True)
    emergence.write("relate", notes=notes[:2], text="Aller là où sont les gens")
    db.session.rollback()

    content = compile_restitution(take(db.session(), day)).content

    assert under(content, "À dire\u00a0: L’émergence")[-3:-1] == [
        f"{LEND}\u00a0ÉME\u20112",
        "Ouvrir le soir partout\u00a0synthèse 1",
    ]
    assert "Ouvrir le soir partout\u00a0synthèse 1" in under(content, "L’essentiel")
    assert under(content, "Recommandations de synthèse") == [
        "Ouvrir le soir partout (d’après ÉME\u20111, NUM\u20111) · à\u00a0dire"
    ]
    assert under(content, "Recommandations · ÉME") == [f"{OPEN} ÉME\u20111 · point commun 1 · synthèse 1"]
    xml = part(content, "word/document.xml")
    anchors = set(re.findall(r'w:anchor="([^"]+)"', xml))
    assert anchors <= set(re.findall(r'w:bookmarkStart w:id="\d+" w:name="([^"]+)"', xml))


def test_the_record_stands_by_theme_in_the_order_of_the_desk(day: Event, emergence: Room) -> None:
    for text, theme in (("Une note", "Zèbres"), ("Une autre", "Abeilles")):
        emergence.note(text, "recommandations", theme=theme)
    emergence.note("Une troisième", "experiences", theme="Zèbres")
    emergence.note("À part", "verbatim")
    last = db.session.scalars(select(Theme.id).where(Theme.name == "Abeilles")).one()
    emergence.write("order_theme", last, direction="up", above="", below="")
    db.session.rollback()

    content = compile_restitution(take(db.session(), day)).content

    assert under(content, "L’émergence (ÉME)\u00a0: notes")[1:] == [
        "Abeilles (1\u00a0note) · ÉME, recommandations",
        "Une autre ÉME\u20112",
        "Zèbres (2\u00a0notes) · ÉME",
        "Recommandations · ÉME, Zèbres",
        "Une note ÉME\u20111",
        "Expériences fertiles · ÉME, Zèbres",
        "Une troisième ÉME\u20113",
        "Sans thème (1\u00a0note) · ÉME, verbatim",
        "À part ÉME\u20114",
    ]


# --- the page, without a script -----------------------------------------------------------------------------


def test_the_desk_works_with_forms_alone(app, day: Event, people, notes: list[str]) -> None:
    desk: Person = people()
    desk.enter(code_of(app, day, None))
    page = f"/{day.name}/synthese"

    desk.get(page)
    assert "3 notes, 3 à lire" in desk.page
    desk.post(f"{page}/syntheses", notes=notes[:2], text="Ouvrir le soir", back=f"{page}?voir=a-lire")
    assert "2 notes réunies : leurs textes n’ont pas changé." in desk.page
    merger = db.session.scalars(select(Merger)).one()
    assert merger.references.split() == notes[:2]
    desk.post(f"{page}/themes", notes=notes, name="Lieux")
    assert "3 notes sont rangées dans « Lieux »." in desk.page
    desk.get(f"{page}?chercher=materiel")
    assert (LEND in desk.page, desk.page.count('class="slip')) == (True, 2)  # the list itself, and one note

    desk.post(f"{page}/syntheses/{merger.id}/highlight", chosen="1")
    room: Person = people()
    room.enter(code_of(app, day, "emergence"))
    assert 'Ouvrir le soir <span class="ref">d’après ÉME\u20111</span>' in room.page

    desk.get(page)
    desk.post(f"{page}/points-communs", notes=[notes[0], notes[2]], text="Une phrase")
    assert desk.status == 422
    assert "au moins deux ateliers" in desk.page
    assert desk.page.count(" checked") == 2
    assert "\nUne phrase</textarea>" in desk.page
    desk.post(f"{page}/paires", notes=" ".join(notes[:2]), word="refused", back=f"{page}/paires")
    assert db.session.scalars(select(Verdict.word)).all() == ["refused"]
    assert "Plus aucune paire" in desk.page


# --- the page, in a browser ------------------------------------------------------------------------------------


def test_a_point_commun_takes_5_actions_a_merger_of_four_6_ten_notes_in_two_themes_12(
    browser: Browser, server: Server
) -> None:
    capture = enter(browser.new_context(service_workers="block").new_page(), server)
    for number in range(7):
        note(capture, f"Note {number}")
    expect(capture.locator("#state")).to_have_text("Tout est reçu")  # the list stands in the order of arrival
    capture = enter(browser.new_context(service_workers="block").new_page(), server, "L’outil numérique")
    for number in range(7, 10):
        note(capture, f"Note {number}")
    expect(capture.locator("#state")).to_have_text("Tout est reçu")
    page = organise(browser.new_context(service_workers="block").new_page(), server)
    page.goto(f"{server.url}/{server.day}/synthese")
    expect(page.locator(".slip")).to_have_count(10)
    actions = 0

    def take(*numbers: int) -> None:
        nonlocal actions
        for number in numbers:
            page.locator(".slip", has_text=f"Note {number}").get_by_role("checkbox").click()
            actions += 1

    def press(name: str) -> int:
        nonlocal actions
        page.get_by_role("button", name=name, exact=True).click()
        total, actions = actions + 1, 0
        return total

    def write(label: str, text: str) -> None:
        nonlocal actions
        page.get_by_label(label, exact=True).fill(text)
        actions += 1

    take(0, 1, 9)
    write("Votre phrase", "Aller là où sont les gens")
    assert press("En faire un point commun") == 5
    expect(page.locator("#points-communs .made")).to_have_count(1)

    take(2, 3, 4, 5)
    write("Votre phrase", "Ouvrir partout")
    assert press("Réunir en une synthèse") == 6
    expect(page.locator("#synthese-1")).to_contain_text("Ouvrir partout")

    for name, first, last in (("Lieux", 0, 4), ("Temps", 5, 9)):
        page.locator(".slip", has_text=f"Note {first}").get_by_role("checkbox").click()
        page.locator(".slip", has_text=f"Note {last}").get_by_role("checkbox").click(modifiers=["Shift"])
        page.get_by_label("Thème", exact=True).fill(name)
        page.keyboard.press("Enter")
        actions += 4
        expect(page.locator(".theme h3", has_text=name)).to_contain_text(re.compile("5.notes"))
    assert actions == 8
