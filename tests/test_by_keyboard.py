"""The last half hour without a mouse: every deed at the desk, and what axe says of pages with a refusal."""

import re

from browsing import axe, organise, put_into, sentence, three_notes
from conftest import Server
from playwright.sync_api import Browser, Locator, Page, expect

MOST_STOPS = 250


def in_both_themes(page: Page) -> list[tuple[str, str, str]]:
    """What axe finds in the light and in the dark."""
    faults = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour on its way to another
        faults += [(scheme, *fault) for fault in axe(page)]
    return faults


def reach(page: Page, wanted: Locator) -> None:
    """Go there with Tab alone."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_STOPS):
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {wanted}")


def press(page: Page, name: str | re.Pattern[str], role: str = "button") -> None:
    reach(page, page.get_by_role(role, name=name, exact=isinstance(name, str)))
    page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    reach(page, page.get_by_label(label, exact=True).locator("visible=true"))
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def unfold(page: Page, summary: Locator) -> None:
    reach(page, summary)
    page.keyboard.press("Enter")


def take(page: Page, *numbers: int) -> None:
    """Notes by their place in the list: arrows go there, Space takes."""
    reach(page, page.locator(".slip input").first)
    at = 0
    for number in numbers:
        for _ in range(number - at):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        at = number


def into_theme(page: Page, name: str, *numbers: int) -> None:
    take(page, *numbers)
    put_into(page, name)


def said(page: Page, text: str, key: str, *numbers: int) -> None:
    take(page, *numbers)
    sentence(page, text, key)


def desk_with_three_notes(browser: Browser, server: Server) -> Page:
    three_notes(browser, server)
    size = {"width": 1366, "height": 768}
    context = browser.new_context(viewport=size, bypass_csp=True, service_workers="block")
    return organise(context.new_page(), server)


def test_every_deed_of_the_last_half_hour_is_done_with_the_keyboard_alone(
    browser: Browser, server: Server
) -> None:
    page = desk_with_three_notes(browser, server)
    page.goto(f"{server.url}/{server.day}/synthese")
    expect(page.locator(".slip")).to_have_count(3)
    theme = page.locator(".theme")

    said(page, "Aller là où sont les gens", "c", 0, 1, 2)
    expect(page.locator("#points-communs .made")).to_have_count(1)
    write(page, "Qu’est-ce qu’un thème, ici ? Une cause, un public, un levier…", "Un levier")
    expect(page.get_by_text("La lentille est enregistrée.")).to_be_visible()
    into_theme(page, "Lieux", 0)
    into_theme(page, "Prêts", 1, 2)
    unfold(page, theme.nth(0).locator("summary"))
    write(page, "Nom du thème", "Lieux ouverts")
    expect(theme.nth(0).locator("h3")).to_contain_text("Lieux ouverts")
    unfold(page, theme.nth(1).locator("summary"))
    press(page, "Monter Prêts")
    expect(theme.nth(0).locator("h3")).to_contain_text("Prêts")
    unfold(page, theme.nth(0).locator("summary"))
    press(page, "Je les ai lues : ce thème tient")
    expect(theme.nth(0).locator("h3")).to_contain_text("il tient")
    unfold(page, theme.nth(1).locator("summary"))
    reach(page, page.get_by_label("Le réunir à").locator("visible=true"))
    page.keyboard.type("Prêts")
    press(page, "Réunir les thèmes")
    expect(page.locator(".theme h3")).to_contain_text(re.compile(r"Prêts\s+3.notes"))

    said(page, "Ouvrir le soir", "r", 0, 2)
    expect(page.locator("#mergers .made")).to_have_count(1)
    press(page, "À dire : synthèse 1")
    expect(page.get_by_role("button", name="À dire : synthèse 1")).to_have_attribute("aria-pressed", "true")
    unfold(page, page.locator("#mergers summary"))
    reach(page, page.get_by_label("Formulation"))
    page.keyboard.press("Control+A")
    page.keyboard.type("Ouvrir le soir et le samedi")
    press(page, "Enregistrer la formulation")
    expect(page.locator("#mergers .made > p")).to_contain_text("Ouvrir le soir et le samedi")
    unfold(page, page.locator(".theme summary"))
    press(page, "Défaire le thème : ses notes restent")
    expect(page.locator("#themes")).to_contain_text("Aucun thème")
    press(page, "Défaire la synthèse 1")
    expect(page.locator("#mergers")).to_contain_text("Aucune.")

    press(page, re.compile("ressemblances de ÉME.1"), "link")
    expect(page.locator(".near mark").first).to_be_visible()
    faults = in_both_themes(page)
    press(page, "Les lier")
    expect(page.locator("#near")).to_contain_text(re.compile("ÉME.1 et NUM.1"))
    press(page, re.compile("ressemblances de ÉME.1"), "link")
    expect(page.locator(".near .level").first).to_contain_text("liées")
    press(page, re.compile("Rien à voir"))
    expect(page.locator(".near")).to_have_count(0)
    page.goto(f"{server.url}/{server.day}/synthese/paires")
    expect(page.get_by_text("Plus aucune paire")).to_be_visible()

    page.goto(f"{server.url}/{server.day}/organisation")
    write(page, "Un message aux ateliers", "On se retrouve dans la grande salle")
    expect(page.locator("#desk-sent")).to_contain_text("On se retrouve dans la grande salle")
    ready_made = page.locator("#desk-offers button").first
    offered = ready_made.inner_text()
    reach(page, ready_made)
    page.keyboard.press("Enter")
    expect(page.locator("#desk-sent")).to_contain_text(offered)

    page.goto(f"{server.url}/{server.day}/versions")
    press(page, "Figer quand même")
    expect(page.locator(".versions-list li")).to_have_count(1)
    unfold(page, page.locator(".versions-list summary").last)
    write(page, "Nom de la version n° 1", "Lue à 16 h 30")
    expect(page.locator(".versions-list li")).to_contain_text("« Lue à 16\u00a0h\u00a030 »")
    faults += in_both_themes(page)
    assert faults == []
    page.context.close()


def test_pairs_have_two_keys_and_a_page_with_a_refusal_has_no_fault_that_axe_knows(
    browser: Browser, server: Server
) -> None:
    page = desk_with_three_notes(browser, server)
    pairs = f"{server.url}/{server.day}/synthese/paires"
    page.goto(pairs)
    faults = in_both_themes(page)
    page.keyboard.press("o")
    expect(page.get_by_role("heading", name=re.compile("sont liées"))).to_be_visible()
    faults += in_both_themes(page)
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".duel article")).to_have_count(2)
    page.keyboard.press("n")
    expect(page.get_by_text("Plus aucune paire")).to_be_visible()

    page.goto(f"{server.url}/{server.day}/synthese")
    said(page, "Un seul atelier", "c", 1, 2)
    faults += refused(page, "au moins deux ateliers")
    into_theme(page, "Lieux", 0)
    into_theme(page, "Prêts", 1)
    unfold(page, page.locator(".theme summary").first)
    write(page, "Nom du thème", "Prêts")
    faults += refused(page, "Un thème s’appelle déjà « Prêts »")
    page.goto(f"{server.url}/{server.day}/organisation")
    press(page, "Envoyer")
    faults += refused(page, "Écrivez")
    page.goto(f"{server.url}/{server.day}/organisation/programme")
    page.get_by_label("Fin des ateliers").fill("18:45")
    press(page, "Enregistrer la journée")
    faults += refused(page, "Ces heures ne se suivent pas")
    assert faults == []
    page.context.close()


def refused(page: Page, sentence: str) -> list[tuple[str, str, str]]:
    """The page again with its sentence, where the eyes and the keyboard are; and what axe says of it."""
    alert = page.locator("[role=alert]")
    expect(alert).to_contain_text(sentence)
    expect(alert).to_be_in_viewport()
    return in_both_themes(page)
