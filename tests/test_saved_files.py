"""The way out: a file on a USB key, when nothing answers any more."""

import json
import re
from pathlib import Path

import pytest
from browsing import all_received, edit, enter, note, organise, pointed_at
from conftest import Room, Server, own_id
from playwright.sync_api import Browser, Page, expect
from saved import carry, data_of, known
from sqlalchemy import select

from contrib.access.roles import current_event
from contrib.capture import queries
from contrib.intake import saved_file
from contrib.intake.limits import UnreadableFile
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author
from contrib.store.models import Event, Note, Operation, is_own_id

ROOMS = ("L’émergence", "La consolidation", "La concrétisation", "L’outil numérique")


@pytest.fixture
def page(browser: Browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


def save(page: Page, folder: Path, name: str) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name="Sauver mes notes dans un fichier").click()
    download.value.save_as(folder / name)
    return folder / name


def bring_back(browser: Browser, server: Server, *files: Path, lost: bool = False) -> str:
    context = browser.new_context()
    desk = organise(context.new_page(), server)
    desk.get_by_role("link", name="Reprendre des fichiers sauvés").click()
    desk.locator("#files").set_input_files(files)
    if lost:
        desk.get_by_label("Le serveur d’origine est perdu").check()
    desk.get_by_role("button", name="Reprendre ces fichiers").click()
    desk.wait_for_selector(".brought")
    told = " ".join(desk.locator("main").inner_text().split())
    context.close()
    return told


def notes_of(browser: Browser, server: Server, title: str = ROOMS[0]) -> list[tuple[str, str]]:
    """Text and reference of each note, as a colleague who comes in sees them."""
    context = browser.new_context()
    page = enter(context.new_page(), server, title)
    found = [
        (one.locator(".said").first.inner_text(), one.get_attribute("data-reference") or "")
        for one in page.locator(".note").all()
    ]
    context.close()
    return found


def test_what_was_not_sent_comes_by_file_and_by_network_and_is_one_note(
    browser: Browser, page: Page, server: Server, tmp_path: Path
) -> None:
    enter(page, server)
    note(page, "Reçue par le réseau")
    all_received(page)
    page.context.set_offline(True)
    page.locator("#text").fill("Restée ici\navec une seconde ligne")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Une seule note").click()
    edit(page)
    page.locator("[data-edit-box]").fill("Reçue, puis reprise")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#waiting li")).to_have_count(2)
    file = save(page, tmp_path, "notes-emergence.txt")

    first = bring_back(browser, server, file)
    again = bring_back(browser, server, file)
    assert "1 note lue, toutes déjà reçues ; 2 saisies en attente reprises" in first
    assert "1 note lue, toutes déjà reçues ; 0 saisie en attente reprise" in again

    page.context.set_offline(False)
    all_received(page)
    wanted = [("Reçue, puis reprise", "ÉME‑1"), ("Restée ici\navec une seconde ligne", "ÉME‑2")]
    assert notes_of(browser, server) == wanted
    expect(page.locator(".note")).to_have_count(2)


def test_a_lost_server_is_rebuilt_from_the_four_workshops_files(
    browser: Browser, own_server: Server, tmp_path: Path
) -> None:
    files = []
    for title in ROOMS:
        context = browser.new_context()
        page = enter(context.new_page(), own_server, title)
        for number in range(1, 4):
            note(page, f"{title}, note {number}")
        all_received(page)
        expect(page.locator(".note")).to_have_count(3)
        page.locator(".note").nth(0).get_by_role("button", name="À dire en plénière").click()
        pointed_at(page, 1).locator("summary").click()
        page.locator(".note").nth(1).get_by_role("button", name="Retirer").click()
        page.locator(".note").nth(2).locator(".sort").first.click()
        page.locator("#message-text").fill(f"Message de {title}")
        page.locator("#text").click()
        all_received(page)
        expect(page.locator("#message-now")).to_have_attribute("data-text", re.compile("Message"))
        expect(page.locator(".note.is-withdrawn")).to_have_count(1)
        expect(page.locator(".chosen li")).to_have_count(1)
        page.context.set_offline(True)
        note(page, f"{title}, jamais partie")
        files.append(save(page, tmp_path, f"{len(files)}.txt"))
        context.close()
    own_server.kill()
    fresh = Server(tmp_path / "other" / "data")
    fresh.data.parent.mkdir()
    fresh.start()

    refused = bring_back(browser, fresh, *files)
    rebuilt = bring_back(browser, fresh, *files, lost=True)
    again = bring_back(browser, fresh, *files, lost=True)

    assert refused.count("il vient d’un autre serveur que celui-ci") == 4
    assert rebuilt.count("4 notes lues, 4 notes rétablies ; 1 saisie en attente reprise") == 4
    assert again.count("4 notes lues, 0 note rétablie ; 0 saisie en attente reprise") == 4
    context = browser.new_context()
    for title in ROOMS:
        page = enter(context.new_page(), fresh, title)
        notes = page.locator(".note").all()
        sign = notes[0].get_attribute("data-reference")[:-1]
        texts = page.locator(".note [data-wording]").all_inner_texts()
        assert {(n.get_attribute("data-reference"), text) for n, text in zip(notes, texts, strict=True)} == {
            (f"{sign}1", f"{title}, note 1"),
            (f"{sign}2", f"{title}, note 2"),
            (f"{sign}3", f"{title}, note 3"),
            (f"{sign}4", f"{title}, jamais partie"),
        }
        expect(page.locator(".note.is-chosen")).to_contain_text("note 1")
        expect(page.locator("#message-text")).to_have_value(f"Message de {title}")
        expect(page.locator(".chosen li .text")).to_have_text(f"{title}, note 1")
        expect(page.locator(".note.is-withdrawn")).to_contain_text("note 2")
    context.close()
    fresh.kill()


# --- without a browser: what files may hold ------------------------------------------------------


def cards(room: Room) -> list[tuple]:
    db.session.rollback()
    return [
        (card.reference, *(wording.text for wording in card.wordings), card.chosen)
        for section in queries.sections(db.session(), room.event, room.workshop)
        for card in section.cards
    ]


def test_of_two_laptops_of_one_workshop_the_newer_file_says_how_a_note_stands(emergence: Room) -> None:
    older = data_of(emergence, known("a", "Premier texte"), seq=10)
    newer = data_of(emergence, known("a", "Repris", revision="b", seq=30, highlight=1), seq=30)

    carry(emergence, older)
    carry(emergence, newer)
    assert cards(emergence) == [("ÉME‑1", "Repris", True)]
    carry(emergence, older)
    assert cards(emergence) == [("ÉME‑1", "Repris", True)]
    assert [w.text for w in queries.history(db.session(), emergence.event, own_id("a"))] == [
        "Repris",
        "Premier texte",
    ]


def test_what_was_written_here_since_is_never_written_over_by_a_file(emergence: Room) -> None:
    carry(emergence, data_of(emergence, known("a", "Premier texte"), seq=10))
    emergence.write("reword", own_id("a"), text="Repris ici", base=own_id("a"))
    carry(emergence, data_of(emergence, known("a", "Repris là-bas", revision="b", seq=30), seq=30))

    assert cards(emergence) == [("ÉME‑1", "Repris ici", "Repris là-bas", False)]


def test_a_reference_that_was_taken_meanwhile_is_not_given_twice(emergence: Room) -> None:
    emergence.note("Notée ici d’abord")
    carry(emergence, data_of(emergence, known("a", "Première"), known("b", "Neuvième", number=9)))
    emergence.note("La suivante")

    assert sorted(row[:2] for row in cards(emergence)) == [
        ("ÉME‑1", "Notée ici d’abord"),
        ("ÉME‑10", "La suivante"),
        ("ÉME‑2", "Première"),
        ("ÉME‑9", "Neuvième"),
    ]


def test_a_note_that_a_file_brought_back_is_the_same_when_its_laptop_sends_it(emergence: Room) -> None:
    carry(emergence, data_of(emergence, known("a", "Reprise", revision="b")))

    emergence.write("record", id=own_id("a"), text="Première", rubric=None)
    emergence.write("reword", own_id("a"), id=own_id("b"), text="Reprise", base=own_id("a"))

    assert cards(emergence) == [("ÉME‑1", "Reprise", False)]


def test_what_a_laptop_wrote_of_a_note_before_is_in_its_history(emergence: Room) -> None:
    sent = {
        "id": own_id("b"),
        "url": f"/lievin-2021/ateliers/emergence/notes/{own_id('a')}/wordings",
        "fields": [["workshop", "lost"], ["base", own_id("a")], ["text", "Mon deuxième texte"]],
        "label": "Mon deuxième texte",
        "state": "done",
        "answer": {"seq": 20},
    }
    carry(
        emergence,
        data_of(emergence, known("a", "Le texte d’une collègue", revision="c", seq=30), operations=[sent]),
    )

    assert cards(emergence) == [("ÉME‑1", "Le texte d’une collègue", False)]
    history = {w.text for w in queries.history(db.session(), emergence.event, own_id("a"))}
    assert history == {"Mon deuxième texte", "Le texte d’une collègue"}


def test_a_file_made_during_the_trial_never_reaches_the_day(emergence: Room, app) -> None:
    trial, trial_event = emergence.workshop.id, emergence.event.id
    entry = {
        "id": own_id("late"),
        "url": "/lievin-2021/ateliers/emergence/notes",
        "fields": [["workshop", trial], ["text", "Un essai"], ["rubric", ""]],
        "label": "Un essai",
        "state": "waiting",
    }
    log.write(log.VERBS["clear_trial"], Author(), {}, event=emergence.event.id)
    outcome = carry(
        emergence,
        data_of(emergence, workshop={"id": trial, "name": "emergence"}, operations=[entry]),
    )

    assert outcome.archived
    day = current_event()
    assert day is not None
    assert cards(Room(day, "emergence")) == []
    assert [row[1] for row in cards(Room(db.session.get_one(Event, trial_event), "emergence"))] == [
        "Un essai"
    ]


def test_a_refused_entry_is_told_with_its_text(emergence: Room) -> None:
    entry = {
        "id": own_id("x"),
        "url": "/lievin-2021/ateliers/emergence/notes/nowhere/wordings",
        "fields": [["workshop", "lost"], ["base", "b"], ["text", "Texte orphelin"]],
        "label": "Texte orphelin",
        "state": "parked",
    }
    outcome = carry(emergence, data_of(emergence, operations=[entry]))

    assert outcome.refused == [
        ("Texte orphelin", "Cette note n’est pas encore arrivée : elle est sans doute en route.")
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "ce n’est pas un fichier"),
        ("Une lettre à ma mère".encode(), "ce n’est pas un fichier"),
        (b'{"format":1}', "par une autre version"),
        (b'{"format":2,}', "ses données sont abîmées"),
        (b'{"format":2,' + b"[" * 100_000, "ses données sont abîmées"),
        (b'{"format":2,"event":7}', "ses données sont abîmées"),
    ],
)
def test_a_file_of_another_kind_or_damaged_is_named_in_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        saved_file.read(content)


def test_a_file_of_another_day_is_not_taken(emergence: Room) -> None:
    with pytest.raises(UnreadableFile, match="une autre journée"):
        carry(emergence, data_of(emergence, event="arras-2022"))


def test_hostile_ids_and_numbers_are_refused_whole(emergence: Room) -> None:
    for bad in (
        known("a'; DROP TABLE note", "x"),
        known("a", "x", number=-1),
        known("a", "x" * 20_000),
        {**known("a", "x"), "wordings": []},
        {**known("a", "x"), "seq": "beaucoup"},
    ):
        with pytest.raises(UnreadableFile):
            carry(emergence, data_of(emergence, bad))
    assert cards(emergence) == []


def test_a_note_of_before_with_another_id_comes_back_once_under_an_id_of_the_server(emergence: Room) -> None:
    data = data_of(emergence, known("ancienne-12", "Venue d’un tableau"))

    carry(emergence, data)
    carry(emergence, data)

    assert cards(emergence) == [("ÉME‑1", "Venue d’un tableau", False)]
    note = db.session.scalars(select(Note)).one()
    assert is_own_id(note.id)


def test_a_long_file_comes_back_some_notes_at_a_time_and_its_choices_in_their_order(
    emergence: Room,
) -> None:
    chosen = {10: 3, 30: 1, 50: 2}
    notes = [
        known(own_id(f"note {number}"), f"Note {number}", number=number, highlight=chosen.get(number))
        for number in range(1, 61)
    ]

    outcome = carry(emergence, data_of(emergence, *notes))

    payloads = db.session.scalars(select(Operation.payload).where(Operation.verb == "restore"))
    at_once = [len(json.loads(payload)["rows"]) for payload in payloads]
    said = select(Note).where(Note.highlight_place.is_not(None)).order_by(Note.highlight_place)
    assert outcome.added == sum(at_once) == 60
    assert max(at_once) <= 20, "who saves meanwhile waits for these, not for all of them"
    assert [note.number for note in db.session.scalars(said)] == [30, 50, 10]
