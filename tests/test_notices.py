"""Words of the desk: one line to the workshops, acknowledged there by a person, and seen at the desk."""

import re

import pytest
from browsing import axe, enter, organise
from conftest import Clock, Person, Room, Server, code_of
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from contrib.notices import offers
from contrib.store.db import db
from contrib.store.models import Notice, Workshop


def send(desk: Person, room: Room, **fields: str) -> str:
    desk.get(f"/{room.event.name}/organisation")
    return desk.post(f"/{room.event.name}/organisation/mots", **fields)


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def sent(page: str) -> list[str]:
    found = re.search(r'<ul class="plain sent">(.*?)</ul>', page, re.S)
    return [plain(line) for line in re.findall(r"<li>(.*?)</li>", found[1], re.S)] if found else []


def shown(page: str) -> list[str]:
    return [plain(line) for line in re.findall(r'<div class="desk-message"><p>(.*?)</p>', page, re.S)]


def rows() -> list[tuple[str, str]]:
    """Text and workshop of all words, in order."""
    db.session.rollback()
    found = select(Notice.text, Workshop.name).join(Workshop, Workshop.id == Notice.workshop_id)
    return [
        (text.replace("\u00a0", " "), name)
        for text, name in db.session.execute(found.order_by(Notice.sent_at, Workshop.position))
    ]


def test_a_word_is_shown_acknowledged_and_seen_at_the_desk(
    people, app, emergence: Room, numerique: Room, desk: Person, at: Clock
) -> None:
    at(16, 12)
    paul, jeanne = people(), people()
    paul.enter(code_of(app, emergence.event, "emergence"))
    jeanne.enter(code_of(app, emergence.event, "numerique"))
    page = send(desk, emergence, text="Il reste 8 minutes : choisissez 3 notes", to="")
    assert "Le mot est parti" in page
    assert sent(page) == [
        "16 h 12 « Il reste 8 minutes : choisissez 3 notes » Pas encore lu par"
        " L’émergence, La consolidation, La concrétisation, L’outil numérique."
    ]
    word = "L’organisation, à 16 h 12 : Il reste 8 minutes : choisissez 3 notes"
    assert shown(paul.get(emergence.path)) == shown(jeanne.get(numerique.path)) == [word]

    at(16, 13)
    action = re.search(r'data-acknowledges[^>]*formaction="([^"]+)"', paul.page)
    assert action
    paul.post(action[1])
    assert shown(paul.get(emergence.path)) == []
    assert shown(jeanne.get(numerique.path)) == [word]
    assert sent(desk.get(f"/{emergence.event.name}/organisation")) == [
        "16 h 12 « Il reste 8 minutes : choisissez 3 notes » Lu par L’émergence à 16 h 13 ;"
        " pas encore par La consolidation, La concrétisation, L’outil numérique."
    ]

    jeanne.post(action[1].replace("emergence", "numerique"))
    assert jeanne.status == 403, "a word of another workshop is not acknowledged"


def test_a_word_goes_to_one_workshop_or_to_those_that_are_not_ready(emergence: Room, desk: Person) -> None:
    send(desk, emergence, text="À vous seuls", to="numerique")
    emergence.write("ready", ready=True)
    send(desk, emergence, text="Encore un effort", to="pas-prets")

    assert rows() == [
        ("À vous seuls", "numerique"),
        ("Encore un effort", "consolidation"),
        ("Encore un effort", "concretisation"),
        ("Encore un effort", "numerique"),
    ]


def test_what_cannot_be_sent_is_refused_with_a_sentence(emergence: Room, desk: Person) -> None:
    assert "Écrivez d’abord le mot, en une ligne." in send(desk, emergence, text="  ", to="")
    assert desk.status == 422
    assert "Un mot tient en 200 caractères." in send(desk, emergence, text="x" * 201, to="")
    assert "x" * 201 in desk.page, "what was typed is still in its field"
    for workshop in emergence.event.workshops:
        Room(emergence.event, workshop.name).write("ready", ready=True)
    assert "Tous les ateliers sont prêts" in send(desk, emergence, text="Vite", to="pas-prets")
    assert rows() == []


def test_a_ready_made_word_of_this_moment_goes_with_one_press(
    emergence: Room, desk: Person, at: Clock
) -> None:
    at(16, 15)
    page = desk.get(f"/{emergence.event.name}/organisation")
    made = re.findall(r'name="offer" value="([^"]+)"', page)
    assert made[0] == "Il reste 5 minutes : choisissez 3 notes et écrivez votre message clé."

    send(desk, emergence, offer=made[0], text="", to="emergence")
    assert rows() == [(made[0], "emergence")]


def test_words_go_by_themselves_at_their_hour_once_and_where_they_are_wanted(
    emergence: Room, desk: Person, at: Clock
) -> None:
    at(16, 0)
    offers.look()
    assert rows() == [], "nobody asked for it"
    page = f"/{emergence.event.name}/organisation"
    desk.get(page)
    desk.post(f"{page}/mots/heures", minutes=["5", "0"])
    assert re.findall(r'value="(\d+)" checked', desk.page) == ["5", "0"]
    emergence.write("ready", ready=True)
    db.session.rollback()
    for hour, minute in ((16, 14), (16, 15), (16, 16), (16, 18), (16, 23)):
        at(hour, minute)
        db.session.rollback()
        offers.look()
    five = offers.told(emergence.event, 5).replace("\u00a0", " ")
    assert rows() == [(five, "consolidation"), (five, "concretisation"), (five, "numerique")]
    assert sent(desk.get(page))[0].startswith("16 h 15 « Il reste 5 minutes")
    assert "(de lui-même)" in desk.page


def test_a_workshop_that_was_told_something_can_still_be_removed(emergence: Room, desk: Person) -> None:
    send(desk, emergence, text="Bonjour", to="")
    desk.post(f"/{emergence.event.name}/organisation/ateliers/numerique/removal")
    assert desk.status == 200
    assert "numerique" not in [name for _, name in rows()]
    assert "L’outil numérique" not in " ".join(sent(desk.get(f"/{emergence.event.name}/organisation")))


def test_a_word_arrives_in_an_open_page_beside_the_box_and_is_acknowledged_with_the_keyboard(
    browser: Browser, server: Server
) -> None:
    size = {"width": 1366, "height": 768}
    room = browser.new_context(viewport=size, service_workers="block")
    page = enter(room.new_page(), server)
    page.locator("#text").press_sequentially("Je suis en train d’écr")
    desk = organise(browser.new_context(viewport=size).new_page(), server)
    desk.locator("#text").focus()
    desk.keyboard.type("Il reste 5 minutes : choisissez 3 notes")
    desk.keyboard.press("Tab")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")  # everybody, those that are not ready, the first workshop
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.locator(".sent li")).to_contain_text("Pas encore lu par L’émergence.")

    word = page.locator(".desk-message")
    expect(word).to_contain_text("Il reste 5 minutes : choisissez 3 notes")
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#text")).to_have_value("Je suis en train d’écr")
    box = page.locator("#text").bounding_box()
    told = word.bounding_box()
    assert box
    assert told
    assert told["y"] + told["height"] <= box["y"]
    assert box["y"] + box["height"] < 400
    page.keyboard.type("ire")

    room.set_offline(True)
    word.get_by_role("button").press("Enter")
    expect(word).to_contain_text("Pas encore transmis")
    room.set_offline(False)
    word.get_by_role("button").press("Enter")
    expect(word).to_have_count(0)
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#text")).to_have_value("Je suis en train d’écrire")
    expect(desk.locator(".sent li")).to_contain_text("Lu par L’émergence")
    room.close()
    desk.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_where_words_and_a_rehearsal_are_shown(
    browser: Browser, own_server: Server, scheme: str
) -> None:
    context = browser.new_context(
        color_scheme=scheme, bypass_csp=True, viewport={"width": 1366, "height": 768}
    )
    page = organise(context.new_page(), own_server)
    page.goto(f"{own_server.url}/lievin-2021/organisation/reglages")
    page.get_by_role("button", name="Ouvrir une répétition").click()
    page.get_by_role("button", name="Gardez votre page ouverte").click()
    expect(page.locator(".sent li")).to_have_count(1)
    page.locator(".notices summary").click()
    desk = page.url
    faults = []
    for path in (desk, desk.replace("organisation", "ateliers/emergence")):
        page.goto(path)
        faults += [(path, *fault) for fault in axe(page)]
    expect(page.locator(".desk-message")).to_have_count(1)
    context.close()
    assert faults == []
