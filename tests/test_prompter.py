"""The speaker's laptop: it drives the hall's screen, and each goes on where the other is closed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import enter
from conftest import Person, Room, Server, code_of
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from contrib.store.db import db
from contrib.store.models import Note

LAPTOP = {"width": 1366, "height": 768}
PROMPTER, STAGE = "/lievin-2021/orateur", "/lievin-2021/plein-ecran"
STORY = "À la cité du Moulin, une cuisine prêtée un mardi sur deux a suffi."


@pytest.fixture
def day_of_two(emergence: Room, numerique: Room) -> None:
    emergence.write("message", text="Avant le dossier, il y a une envie.", base="")
    for number in range(4):
        text = f"{number}. " + "Ouvrir les centres sociaux le soir et le samedi, sans dossier à remplir. " * 4
        emergence.note(text, "recommandations", highlight=True)
    emergence.note(STORY, "experiences")
    for number in range(1, 12):
        for room in (emergence, numerique):
            room.note(f"Récit {number}. {STORY * 4}", "verbatim")
    numerique.note("Une personne pour animer", "recommandations", highlight=True)
    numerique.write("speaker", name="Une médiatrice numérique")
    numerique.write("message", text="Pas de plateforme sans une personne pour l’animer.", base="")
    db.session.rollback()


@pytest.fixture
def hall(day_of_two: None, tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "data").start()
    yield server
    server.kill()


def on_screen(stage: Page) -> str:
    return stage.locator("[data-shown]").evaluate(
        "(slide) => `${slide.dataset.slide} ${slide.querySelector('.nth').textContent}`.trim()"
    )


def test_the_speaker_s_laptop_drives_the_hall_and_corrects_a_choice(browser: Browser, hall: Server) -> None:
    context = browser.new_context(viewport=LAPTOP)
    laptop = enter(context.new_page(), hall, "Restitution", script=False)
    laptop.goto(hall.url + PROMPTER)
    card = laptop.locator(".card[data-shown]")
    state = laptop.locator("[data-hall]")
    expect(state).to_have_text("L’écran de la salle n’est pas ouvert ici.")

    # alone, it walks by itself
    laptop.keyboard.press("PageDown")
    expect(card.locator("h2")).to_have_text("L’émergence")
    expect(card.locator(".stories > ul > li")).to_have_count(5)
    expect(card.locator(".stories > ul > li").first).to_contain_text(STORY)
    card.get_by_text("Les 7 autres récits").press("Enter")
    expect(card.locator(".stories details li").last).to_contain_text("Récit 11")
    expect(laptop.locator("[data-left]")).to_have_text("4 min 59")
    expect(laptop.locator("[data-left-of]")).to_have_text("sur 5 min, pour L’émergence")

    assert laptop.locator("#prompter .now").evaluate("(now) => now.scrollTop") > 0
    laptop.keyboard.press("4")
    expect(card.locator("h2")).to_have_text("L’outil numérique")
    assert laptop.locator("#prompter .now").evaluate("(now) => now.scrollTop") == 0
    laptop.keyboard.press("1")

    # the hall's window opens where the laptop is, and follows its keys
    with context.expect_page() as opened:
        laptop.get_by_role("link", name="Ouvrir l’écran de la salle").click()
    stage = opened.value
    stage.wait_for_selector("[data-shown]")
    assert on_screen(stage).startswith("slide-1 1/")
    expect(state).to_have_text("L’écran de la salle suit.")
    laptop.keyboard.press("ArrowRight")
    expect(stage.locator("[data-shown] .nth")).to_contain_text("2/")
    expect(card.locator("[data-where]")).to_contain_text("À l’écran, 2 sur 6, partie 2/")
    said = stage.locator("[data-shown] li:not(.goes-on)").evaluate_all(
        "(all) => all.map((li) => li.dataset.unit)"
    )
    marked = card.locator("li.is-on").evaluate_all("(all) => all.map((li) => li.dataset.unit)")
    assert (
        set(said)
        <= set(marked)
        < set(card.locator("li[data-unit]").evaluate_all("(all) => all.map((li) => li.dataset.unit)"))
    )
    laptop.get_by_role("button", name="Écran noir").click()
    expect(stage.locator("body.is-black")).to_have_count(1)
    expect(state).to_have_text("L’écran de la salle est noir.")
    laptop.keyboard.press("3")
    expect(stage.locator("[data-shown] h2")).to_have_text("La concrétisation")
    expect(laptop.locator(".agenda [data-next]")).to_contain_text("Une médiatrice numérique")
    expect(laptop.locator(".agenda [data-next]")).to_contain_text("Pas de plateforme sans une personne")
    laptop.get_by_role("navigation", name="Diapositives").get_by_role("link", name="L’émergence").click()
    expect(card.locator("[data-where]")).to_contain_text("partie 1/")

    # a choice corrected in place: the hall is offered it, and sees it when the speaker says so
    card.get_by_role("button", name="À dire : ÉME‑5").click()
    expect(laptop.locator("[data-undo]")).to_contain_text("ÉME‑5 est à dire.")
    expect(card.locator("ol > li")).to_have_count(5)
    card.get_by_role("button", name="Ne plus dire : ÉME‑1").click()
    expect(card.locator("ol > li")).to_have_count(4)
    refresh = laptop.get_by_role("button", name="Actualiser la salle : 2 changements")
    expect(refresh).to_be_visible()
    expect(stage.locator("[data-refresh]")).to_be_hidden()
    assert STORY not in stage.locator("#slides").text_content()
    refresh.click()
    expect(stage.locator("#slide-1 li")).to_have_count(4)
    expect(stage.locator("#slide-1 li").last).to_contain_text(STORY)
    expect(laptop.locator("[data-refresh]")).to_be_hidden()
    laptop.get_by_role("button", name="Remettre à la fin").click()
    expect(laptop.locator("[data-refresh]")).to_have_text("Actualiser la salle : 1 changement")

    # either window is closed, and the other goes on
    stage.close()
    expect(state).to_have_text("L’écran de la salle n’est pas ouvert ici.")
    laptop.keyboard.press("4")
    expect(card.locator("h2")).to_have_text("L’outil numérique")
    expect(laptop.locator(".agenda li").nth(1)).to_contain_text("prises")
    with context.expect_page() as opened:
        laptop.get_by_role("link", name="Ouvrir l’écran de la salle").click()
    stage = opened.value
    stage.wait_for_selector("[data-shown]")
    assert on_screen(stage) == "slide-4"
    laptop.close()
    stage.keyboard.press("PageDown")
    assert on_screen(stage) == "fin"
    context.close()


def test_two_speakers_drive_one_hall_and_a_workshop_joins_at_the_last_minute(
    browser: Browser, hall: Server, emergence: Room
) -> None:
    context = browser.new_context(viewport=LAPTOP, service_workers="block")
    laptop = enter(context.new_page(), hall, "Restitution", script=False)
    laptop.goto(hall.url + PROMPTER)
    with context.expect_page() as opened:
        laptop.get_by_role("link", name="Ouvrir l’écran de la salle").click()
    stage = opened.value
    other = context.new_page()
    other.goto(hall.url + PROMPTER)
    expect(other.locator("[data-hall]")).to_have_text("L’écran de la salle suit.")

    laptop.keyboard.press("1")
    expect(stage.locator("[data-shown] .nth")).to_contain_text("1/")
    other.keyboard.press("PageDown")
    for page in (laptop, other):
        expect(page.locator(".card[data-shown] [data-where]")).to_contain_text("partie 2/")
    other.close()  # in the middle of it

    # what stands on the second part changes, and a workshop comes: the hall keeps its slide
    for note in emergence_notes(emergence)[:2]:
        emergence.write("highlight", note, chosen=False)
    db.session.rollback()
    emergence.write("add_workshop", title="La transmission", initials="TRA")
    db.session.rollback()
    expect(laptop.get_by_role("link", name="La transmission")).to_be_visible()
    expect(stage.locator("[data-shown] .nth")).to_contain_text("2/")
    laptop.get_by_role("button", name=re.compile("Actualiser la salle")).click()
    expect(stage.locator("#slide-5 h2")).to_contain_text("La transmission")
    assert on_screen(stage).startswith("slide-1")
    expect(stage.locator("[data-shown] li").last).to_be_visible()
    laptop.get_by_role("navigation", name="Diapositives").get_by_role("link", name="La transmission").click()
    expect(stage.locator("[data-shown]")).to_contain_text("Aucune note pour l’instant.")
    expect(stage.locator(".progress [aria-current]")).to_have_accessible_name("La transmission")
    context.close()


def emergence_notes(room: Room) -> list[str]:
    chosen = Note.workshop_id == room.workshop.id, Note.highlight_place.is_not(None)
    return list(db.session.scalars(select(Note.id).where(*chosen).order_by(Note.number)))


def test_without_a_script_the_speaker_reads_everything_and_corrects_a_choice(
    day_of_two: None, people, app, emergence: Room
) -> None:
    speaker: Person = people()
    speaker.enter(code_of(app, emergence.event, None))
    page = speaker.get(PROMPTER)
    assert page.count("<article") == 6
    assert STORY in page
    story = next(line for line in page.split("<form") if "À dire : ÉME" in line)
    address = story.split('action="')[1].split('"')[0]

    page = speaker.post(address, chosen="1", back=PROMPTER)

    assert speaker.status == 200
    assert "Vue de l’orateur" in page
    assert "Ne plus dire : ÉME‑5" in page
