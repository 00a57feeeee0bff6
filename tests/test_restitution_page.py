"""The presenter's page: readiness, one button, the essentials; the document is there without network."""

import re

from browsing import all_received, enter, note
from conftest import Person, Room, Server, code_of
from playwright.sync_api import Browser, Page, expect
from readback import text
from waiting import eventually

SIZE = {"width": 1366, "height": 768}
BUTTON = "Télécharger le document Word"


KEPT = """() => new Promise((resolve) => {
  indexedDB.open("contrib-documents").onsuccess = ({ target: { result: db } }) => {
    db.transaction("documents").objectStore("documents").getAll().onsuccess = ({ target }) => {
      db.close();
      resolve(target.result.map((one) => [one.fingerprint, one.bytes.byteLength]));
    };
  };
})"""
"""Fingerprint and length of what this browser keeps."""
CUT = {"X-Document": '{"name": "r.docx", "length": 9000, "fingerprint": "cut", "taken": "", "edition": null}'}


def presenting(browser: Browser, server: Server) -> Page:
    page = browser.new_context(viewport=SIZE, accept_downloads=True).new_page()
    return enter(page, server, "Restitution", script=False)


def test_the_page_is_readiness_one_button_and_what_is_said(people, app, emergence: Room) -> None:
    emergence.note("Ouvrir le soir", "recommandations", highlight=True)
    emergence.note("Pas choisie, donc pas ici", "recommandations")
    presenter: Person = people()
    page = presenter.enter(code_of(app, emergence.event, None))

    assert re.findall(r'class="button main[^"]*"[^>]*>([^<]+)<', page) == [BUTTON]
    assert "0 atelier prêt sur 4" in page
    assert "Ouvrir le soir" in page
    assert "Pas choisie, donc pas ici" not in page
    assert "Figer" not in page
    assert "Emporter" not in page


def test_versions_and_what_is_taken_home_stand_on_a_page_of_their_own(people, app, emergence: Room) -> None:
    presenter, organiser = people(), people()
    presenter.enter(code_of(app, emergence.event, None))
    organiser.organise()
    path = f"/{emergence.event.name}/versions"

    assert f'href="{path}"' in presenter.page, "the menu leads there"
    assert "Emporter la journée" not in presenter.get(path), "the zip holds the key of all codes"
    assert "Emporter la journée" in organiser.get(path)
    organiser.get(f"/{emergence.event.name}/emporter.zip")
    assert organiser.status == 200


def test_the_document_is_kept_in_the_browser_and_handed_over_without_network(
    browser: Browser, server: Server
) -> None:
    room = enter(browser.new_context().new_page(), server)
    note(room, "Ouvrir le soir")
    all_received(room)
    page = presenting(browser, server)
    kept = page.locator("[data-kept]")
    expect(kept).to_contain_text("Gardé dans ce navigateur, même sans réseau")

    with page.expect_download() as download:
        page.get_by_role("link", name=BUTTON).click()
    assert download.value.suggested_filename.startswith("restitution-")

    # a newer one that is cut on its way leaves the one that is here
    before = page.evaluate(KEPT)
    cut = []
    page.route("**/copie.docx", lambda route: (cut.append(route), route.fulfill(body="PK", headers=CUT)))
    note(room, "Et le samedi")
    expect(page.locator(".tile").first).to_contain_text("2 notes")
    assert eventually(lambda: page.evaluate("true") and len(cut) >= 2)
    assert page.evaluate(KEPT) == before

    page.unroute("**/copie.docx")
    assert eventually(lambda: page.evaluate(KEPT) != before)
    [(_, length)] = page.evaluate(KEPT)
    page.context.set_offline(True)
    expect(page.locator(".aged")).to_contain_text("Le serveur ne répond plus")
    with page.expect_download() as download:
        page.get_by_role("link", name=BUTTON).press("Enter")
    content = download.value.path().read_bytes()
    assert len(content) == length
    assert "Et le samedi" in text(content)
    expect(kept).to_contain_text("Le serveur ne répond pas : voici le document gardé ici, état")

    page.context.set_offline(False)
    page.get_by_role("button", name="Sortir").click()
    page.wait_for_selector("#code")
    assert page.evaluate("indexedDB.databases().then((all) => all.map(({name}) => name))") == ["contrib"]
    room.context.close()
    page.context.close()
