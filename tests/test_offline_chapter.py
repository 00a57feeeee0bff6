"""The report is written on a train: all of it is kept on this computer, and both sides of a conflict are kept."""

import re

from browsing import organise
from conftest import Server
from photographs import photograph
from playwright.sync_api import Locator, Page, expect
from visitor import Visitor
from waiting import eventually

DRAFTS = """() => new Promise((resolve) => {
  indexedDB.open("contrib").onsuccess = ({ target: { result: db } }) => {
    db.transaction("drafts").objectStore("drafts").getAll().onsuccess = ({ target: { result } }) => {
      db.close();
      resolve(result.map(({ text }) => text).join());
    };
  };
})"""
"""The drafts that are on disk."""


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_selector("[data-alive=journal]")
    return page


def box(page: Page):
    return page.locator("#chapter-text")


def save(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer le texte").click()


def test_a_chapter_typed_without_network_leaves_later_and_nothing_is_written_over(
    page: Page, server: Server
) -> None:
    organise(page, server)
    address = page.url + "/rapport/chapitres/introduction"
    state, preview = page.locator("[data-state]"), page.locator(".leaf")
    opened(page, address)

    page.context.set_offline(True)
    box(page).fill("Tapé dans le train.")
    save(page)
    expect(state).to_contain_text("1 changement est encore sur cet ordinateur. Le réseau est coupé depuis")
    box(page).fill("Tapé dans le train, puis relu.")
    save(page)
    expect(state).to_contain_text("2 changements sont encore sur cet ordinateur")
    page.context.set_offline(False)
    expect(preview).to_contain_text("Tapé dans le train, puis relu.")
    expect(page.locator(".conflict")).to_have_count(0)

    _a_draft_is_there_again(page, address)
    _both_sides_of_a_conflict_are_kept(page, server, address)


def _a_draft_is_there_again(page: Page, address: str) -> None:
    """Not saved, and the tab is closed; then a picture is added to what was typed."""
    page.wait_for_selector("[data-alive=journal]")
    box(page).fill("Tapé et pas enregistré.")
    assert eventually(lambda: "Tapé et pas enregistré." in page.evaluate(DRAFTS))
    opened(page, address)
    expect(box(page)).to_have_value("Tapé et pas enregistré.")
    expect(page.locator("[data-state]")).to_contain_text("Texte repris de cet ordinateur")
    page.get_by_text("Ajouter une image").click()
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
    page.get_by_label("L’image").set_input_files(photo)
    page.get_by_role("button", name="Ajouter l’image au texte").click()
    expect(page.locator(".leaf img")).to_have_count(1)
    page.wait_for_selector("[data-alive=journal]")
    assert "Tapé et pas enregistré." in box(page).input_value()
    assert "![](image:" in box(page).input_value(), "the draft does not come back over it"
    page.context.set_offline(True)
    picture = page.locator(".pictures li")
    picture.get_by_label("Crédit").fill("Ville de Liévin")
    picture.get_by_role("button", name="Enregistrer").click()
    expect(picture.locator("[data-state]")).to_contain_text("1 changement est encore sur cet ordinateur")
    page.context.set_offline(False)
    expect(page.locator(".leaf figcaption")).to_contain_text("Ville de Liévin")
    page.wait_for_selector("[data-alive=journal]")


def _both_sides_of_a_conflict_are_kept(page: Page, server: Server, address: str) -> None:
    page.context.set_offline(True)
    box(page).fill("Tapé ici.")
    save(page)
    expect(page.locator("[data-state]")).to_contain_text("est encore sur cet ordinateur")
    other = Visitor(server)
    other.post("/organisation", password=server.password())
    path = address.removeprefix(server.url)
    base = re.search(r'name="base"\s+value="([^"]+)"', other.get(path))[1]
    event = path.split("/")[1]
    other.post(
        f"/{event}/organisation/rapport/passages", key="chapter:introduction", text="Tapé là-bas.", base=base
    )
    page.context.set_offline(False)
    expect(page.locator(".conflict")).to_contain_text("Deux rédactions")
    said = page.locator(".writing blockquote").all_inner_texts()
    assert sorted(said) == ["Tapé ici.", "Tapé là-bas."]


def test_rewordings_orders_and_choices_made_without_network_leave_later_and_a_conflict_shows_both(
    page: Page, server: Server
) -> None:
    _noted(server, "Ouvrir le soir", "Prêter une clé", "Un café mobile")
    organise(page, server)
    address = page.url + "/rapport/chapitres/atelier-emergence"
    opened(page, address)
    night, key, van = (page.locator(f"#eme-{number}") for number in (1, 2, 3))

    page.context.set_offline(True)
    reword(night, "Ouvrir deux soirs par semaine")
    expect(night.locator("[data-state]")).to_contain_text(
        "1 changement est encore sur cet ordinateur. Le réseau"
    )
    van.get_by_role("button", name="Monter").click()
    van.get_by_role("button", name="Monter").click()
    key.get_by_role("button", name="Mettre en annexe").click()
    expect(key.locator("[data-state]")).to_contain_text("4 changements sont encore sur cet ordinateur")
    key.get_by_label("Dans le rapport").fill("Tapé et pas enregistré")
    assert eventually(lambda: "Tapé et pas enregistré" in page.evaluate(DRAFTS))
    page.context.set_offline(False)
    expect(night.locator("[data-state]")).to_have_text("Texte reçu.")
    expect(key.get_by_label("Dans le rapport")).to_have_value(
        "Tapé et pas enregistré"
    )  # nobody is interrupted

    opened(page, address)
    printed = page.locator(".reword h3").all_inner_texts()
    assert [one.split()[0] for one in printed] == ["ÉME\u20113", "ÉME\u20111"]
    expect(night.get_by_label("Dans le rapport")).to_have_value("Ouvrir deux soirs par semaine")
    expect(page.locator("#t-annex")).to_contain_text("1")
    _both_rewordings_are_kept(page, server, address)


def reword(card: Locator, text: str) -> None:
    card.get_by_label("Dans le rapport").fill(text)
    card.get_by_role("button", name="Enregistrer").click()


def _noted(server: Server, *texts: str) -> None:
    """Recommendations of L’émergence."""
    facilitator = Visitor(server)
    facilitator.post("/", code=server.code("L’émergence"))
    workshop = f"/{server.day}/ateliers/emergence"
    rubric = re.search(r'value="(\w+)"[^>]*>\s*<span>Recommandations', facilitator.get(workshop))
    assert rubric
    for text in texts:
        facilitator.post(f"{workshop}/notes", text=text, rubric=rubric[1], parts="one")


def _both_rewordings_are_kept(page: Page, server: Server, address: str) -> None:
    night = page.locator("#eme-1")
    page.context.set_offline(True)
    reword(night, "Dit ici")
    expect(night.locator("[data-state]")).to_contain_text("est encore sur cet ordinateur")
    other = Visitor(server)
    other.post("/organisation", password=server.password())
    card = other.get(address.removeprefix(server.url)).split('id="eme-1"')[1]
    fields = {name: re.search(rf'name="{name}"\s+value="([^"]+)"', card)[1] for name in ("key", "base")}
    other.post(f"/{server.day}/organisation/rapport/passages", text="Dit là-bas", **fields)
    page.context.set_offline(False)
    expect(night.locator(".conflict")).to_contain_text("Deux rédactions")
    assert sorted(night.locator("blockquote").all_inner_texts()) == ["Dit ici", "Dit là-bas"]
