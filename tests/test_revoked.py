"""Revoked is revoked: a renewed code, a removed workshop, a trial that was put away."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

from browsing import all_received, enter, note
from conftest import Person, Room, Server, code_of
from playwright.sync_api import Page, expect
from waiting import eventually

from contrib.access import passwords, sheets
from contrib.access.roles import current_event
from contrib.store.db import db
from contrib.store.log import Refused
from contrib.store.models import Event


def test_the_code_of_a_workshop_that_was_removed_and_added_again_stays_revoked(
    app, day: Event, people
) -> None:
    organiser, paul = people(), people()
    organiser.organise()
    desk = f"/{day.name}/organisation"
    organiser.post(f"{desk}/ateliers", title="Santé", initials="SAN")
    name, path = "sante", f"/{day.name}/ateliers/sante"
    db.session.expire_all()
    first = code_of(app, day, name)
    paul.enter(first)
    organiser.post(f"{desk}/codes/{name}/renewal")
    organiser.post(f"{desk}/ateliers/{name}/removal")
    organiser.post(f"{desk}/ateliers", title="Santé", initials="SAN")
    db.session.expire_all()
    again = code_of(app, day, name)

    paul.get(path)
    assert paul.status == 401
    paul.enter(first)
    assert paul.status == 422
    paul.enter(again)
    assert paul.status == 200


def test_a_code_renewed_on_the_day_is_renewed_for_the_trial_too(
    app, day: Event, people, emergence: Room
) -> None:
    name, paul, eve, organiser = day.name, people(), people(), people()
    paul.enter(code_of(app, day, "emergence"))
    eve.enter(code_of(app, day, None))
    organiser.organise()
    organiser.post(f"/{name}/organisation/reglages/essais", confirmation="commencer")
    trial = f"/{name}-essai-1"
    paul.get(f"{trial}/ateliers/emergence")
    assert paul.status == 200
    organiser.post(f"/{name}/organisation/codes/emergence/renewal")
    organiser.post(f"/{name}/organisation/codes/renewal")

    def refused(person: Person, path: str) -> bool:
        person.post(path, follow=False, text="Encore", parts="one")
        return person.status == 401

    assert refused(paul, f"{trial}/ateliers/emergence/notes")
    assert refused(paul, f"/{name}/ateliers/emergence/notes")
    assert refused(eve, f"{trial}/synthese/points-communs")
    new = current_event()
    assert new is not None
    paul.enter(code_of(app, new, "emergence"))
    assert paul.status == 200


def test_who_is_not_signed_in_sends_little_and_is_told_in_a_sentence(
    app, day: Event, people, emergence: Room
) -> None:
    stranger, paul = people(), people()
    paul.enter(code_of(app, day, "emergence"))
    big = "x" * 300_000

    page = stranger.post(f"{emergence.path}/notes", text=big)
    assert (stranger.status, "trop gros" in page) == (413, True)
    stranger.post("/", code="AAAAA-AAAAA", kept="Un texte long sur son chemin. " * 2_000)
    assert stranger.status == 422
    paul.post(f"{emergence.path}/notes", text=big, parts="one")
    assert paul.status == 422, "their text is read, and kept in the box"
    assert big in paul.page


def test_a_copy_of_the_cookie_of_somebody_who_left_opens_nothing(app, day: Event, people) -> None:
    paul, thief, desk, thief_of_desk = people(), people(), people(), people()
    paul.enter(code_of(app, day, "emergence"))
    desk.organise()
    path = f"/{day.name}/ateliers/emergence"
    for victim, copy in ((paul, thief), (desk, thief_of_desk)):
        cookie = victim.client.get_cookie("contrib")
        copy.client.set_cookie("contrib", cookie.value)
        copy.get(path)
        assert copy.status == 200
        victim.get(path)
        victim.post("/sortir")
        copy.get(path)
        assert copy.status == 401
    thief_of_desk.get(f"/{day.name}/organisation/programme")
    assert thief_of_desk.status == 401

    # and the person themselves comes back with the code
    paul.enter(code_of(app, day, "emergence"))
    assert paul.status == 200


def test_leaving_a_lent_laptop_takes_the_texts_along(page: Page, server: Server) -> None:
    enter(page, server)
    note(page, "Une confidence")
    page.locator("#message-text").fill("Un message")
    page.locator("#text").click()
    expect(page.locator("form:has(#message-text) [data-field-state]")).to_have_text("Reçu")
    all_received(page)
    page.get_by_role("button", name="Sortir").click()
    page.wait_for_selector("#code")

    assert page.evaluate(KEPT) == [0, 0]


def test_leaving_says_what_is_not_received_and_keeps_it(page: Page, server: Server) -> None:
    enter(page, server)
    note(page, "Reçue")
    all_received(page)
    page.route("**/notes*", lambda route: route.abort())
    note(page, "Pas encore reçue")
    page.locator("#text").fill("Pas même notée")
    leave = page.get_by_role("button", name="Sortir")
    eventually(lambda: page.evaluate(KEPT) == [2, 1])
    leave.click()
    expect(page.locator(".who .alert")).to_contain_text("2 textes ne sont pas encore reçus. Ils restent")
    page.get_by_role("button", name="Sortir quand même").click()
    page.wait_for_selector("#code")

    assert page.evaluate(KEPT) == [1, 1]
    page.unroute("**/notes*")
    enter(page, server)
    expect(page.locator(".note .said")).to_have_text(["Reçue", "Pas encore reçue"])
    expect(page.locator("#text")).to_have_value("Pas même notée")


KEPT = """async () => {
  const db = await new Promise((resolve) => {
    const open = indexedDB.open("contrib");
    open.onsuccess = () => resolve(open.result);
  });
  const count = (name) => new Promise((resolve) => {
    const request = db.transaction(name).objectStore(name).count();
    request.onsuccess = () => resolve(request.result);
  });
  const found = [await count("operations"), await count("drafts")];
  db.close();
  return found;
}"""
"""Operations and drafts that this browser holds."""


def test_the_code_of_a_sheet_is_in_no_address_that_a_server_sees(page: Page, server: Server) -> None:
    code = server.code("L’émergence").replace("-", "")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.url}/#{code}")
    page.wait_for_selector("[data-alive=journal]")

    assert page.url == f"{server.url}/{server.day}/ateliers/emergence"
    assert not [address for address in asked if code in address.partition("#")[0]]

    other = page.context.browser.new_context().new_page()  # type: ignore[union-attr]
    other.goto(f"{server.url}/e/{code}")  # a sheet that was printed before
    other.wait_for_selector("[data-alive=journal]")
    other.context.close()


def test_the_qr_code_of_a_sheet_carries_the_code_behind_the_number_sign(app, day: Event) -> None:
    with app.test_request_context():
        address = sheets.code_address(code_of(app, day, "emergence").replace("-", ""))

    assert re.fullmatch(r"http://[\d.]+:\d+/#[0-9A-Z]{10}", address)


def test_a_wrong_password_costs_no_derivation_and_too_many_at_once_are_told(app, day: Event, people) -> None:
    stored = passwords.hashed("ABCD-EFGH-JKMN-PQRS")
    derived = stored.rpartition("$")[0]
    start = time.thread_time()
    assert passwords.opens(derived, "abcd efgh jkmn pqrs")  # as it was stored before
    one_derivation = time.thread_time() - start
    start = time.thread_time()
    assert not any(passwords.opens(stored, f"WRONG-{n}") for n in range(200))
    assert time.thread_time() - start < one_derivation

    assert passwords.opens(stored, "abcd-efgh-jkmn-pqrs")
    with ThreadPoolExecutor(30) as crowd:
        answers = list(crowd.map(lambda _: outcome_of(derived), range(30)))
    assert passwords.TOO_MANY in answers
    assert set(answers) == {passwords.TOO_MANY, "False"}


def outcome_of(stored: str) -> str:
    try:
        return str(passwords.opens(stored, "WRONG"))
    except Refused as refusal:
        return str(refusal)
