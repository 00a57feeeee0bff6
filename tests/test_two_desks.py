"""Several people at the desk at once: each sees what the others do, and nobody undoes it."""

import re

from browsing import LEND, OPEN, OPENED, enter, note, organise, put_into, sentence, three_notes
from conftest import Server
from playwright.sync_api import Browser, Locator, Page, expect


def at_the_synthesis(browser: Browser, server: Server) -> Page:
    page = organise(browser.new_context(service_workers="block").new_page(), server)
    page.goto(f"{server.url}/{server.day}/synthese")
    return page


def take(page: Page, *texts: str) -> None:
    for text in texts:
        page.locator(".slip", has_text=text).get_by_role("checkbox").press("Space")


def opened(page: Page, name: str) -> Locator:
    theme = page.locator(".theme", has=page.locator("h3", has_text=name))
    if not theme.locator("details").evaluate("(one) => one.open"):
        theme.locator("summary").press("Enter")
    return theme


def among_the_notes(page: Page) -> Page:
    page.locator(".slip input").first.focus()
    return page


def rename(page: Page, name: str, new: str) -> None:
    field = opened(page, name).get_by_label("Nom du thème")
    field.fill(new)
    field.press("Enter")


def test_what_one_does_appears_at_the_others_and_undoes_nothing(browser: Browser, server: Server) -> None:
    three_notes(browser, server)
    ann, bob = at_the_synthesis(browser, server), at_the_synthesis(browser, server)
    expect(bob.locator(".slip")).to_have_count(3)

    take(bob, LEND)
    bob.locator("#sentence").press_sequentially("Bob écrit enc")
    take(ann, OPEN, OPENED)
    ann.keyboard.press("t")
    ann.keyboard.type("Lieux")
    ann.keyboard.press("Enter")
    expect(bob.locator(".theme h3")).to_contain_text(re.compile(r"Lieux\s+2.notes"))
    expect(bob.locator(".slip", has_text=OPEN)).to_contain_text("· Lieux ·")
    expect(bob.locator("#sentence")).to_be_focused()
    expect(bob.locator("#sentence")).to_have_value("Bob écrit enc")
    expect(bob.locator("#count")).to_have_text("1 note prise")

    opened(bob, "Lieux")
    ann.get_by_label("Nom du thème").evaluate("(field) => field.closest('details').open = true")
    ann.get_by_label("Nom du thème").fill("Lieux ouverts")
    ann.keyboard.press("Enter")
    expect(bob.locator(".theme h3")).to_contain_text("Lieux ouverts")
    expect(bob.get_by_label("Nom du thème")).to_be_visible()  # it is still open

    bob.get_by_label("Nom du thème").fill("Lieux du soir")
    bob.keyboard.press("Tab")
    expect(bob.get_by_role("button", name="Renommer")).to_be_focused()
    opened(ann, "Lieux ouverts").get_by_role("button", name="Défaire le thème").press("Enter")
    expect(ann.locator("#themes")).to_contain_text("Aucun thème")
    expect(bob.locator(".slip", has_text=OPEN)).to_contain_text("sans thème")
    expect(bob.get_by_label("Nom du thème")).to_have_value("Lieux du soir")  # not taken from under his hands
    bob.keyboard.press("Enter")
    expect(bob.locator("#themes [role=alert]")).to_have_text(re.compile("Ce thème n’existe plus.*Ses notes sont toutes là"))  # fmt: skip
    expect(bob.locator(".slip")).to_have_count(3)

    for page in (ann, bob):
        take(page, OPEN, OPENED)
    sentence(among_the_notes(ann), "Ouvrir le soir", "r")
    sentence(among_the_notes(bob), "ouvrir le SOIR", "r")
    for page in (ann, bob):
        expect(page.locator("#mergers .made")).to_have_count(1)
    bob.locator("#mergers summary").press("Enter")
    bob.get_by_label("Formulation", exact=True).fill("Ouvrir le soir et le samedi")
    ann.get_by_role("button", name="Défaire la synthèse 1").press("Enter")
    expect(ann.locator("#mergers")).to_contain_text("Aucune.")
    bob.get_by_role("button", name="Enregistrer la formulation").press("Enter")
    expect(bob.locator("#mergers [role=alert]")).to_have_text("Cette synthèse n’existe pas, ou plus.")

    take(bob, OPEN, LEND)
    sentence(among_the_notes(bob), "Un seul atelier", "c")
    expect(bob.locator("#prise [role=alert]")).to_contain_text("au moins deux ateliers")
    expect(bob.locator("#prise [role=alert]")).to_be_focused()
    expect(bob.locator("#sentence")).to_have_value("Un seul atelier")
    expect(bob.locator("#count")).to_have_text("2 notes prises")
    for page in (ann, bob):
        page.context.close()


def test_who_comes_second_is_told_what_the_first_did(browser: Browser, server: Server) -> None:
    table = enter(browser.new_context(service_workers="block").new_page(), server)
    for text in (OPEN, OPENED, LEND):
        note(table, text)
    expect(table.locator("#state")).to_have_text("Tout est reçu")
    ann = at_the_synthesis(browser, server)
    for text, name in ((OPEN, "Lieux"), (OPENED, "Prêts"), (LEND, "Temps")):
        take(ann, text)
        put_into(among_the_notes(ann), name)
    bob = at_the_synthesis(browser, server)
    bob.route("**/synthese/feed*", lambda route: route.abort())  # what Ann does has not reached him yet

    rename(ann, "Lieux", "Lieux ouverts")
    expect(ann.locator(".theme h3").first).to_contain_text("Lieux ouverts")  # hers is there before his
    rename(bob, "Lieux", "Lieux du soir")
    refused = bob.locator("#themes [role=alert]")
    expect(refused).to_contain_text("Quelqu’un vient de renommer ce thème : « Lieux ouverts ».")
    expect(refused).to_be_focused()
    name = opened(bob, "Lieux ouverts").get_by_label("Nom du thème")
    expect(name).to_have_value("Lieux du soir")
    name.press("Enter")
    expect(bob.locator(".theme h3").first).to_contain_text("Lieux du soir")

    for page in (ann, bob):
        opened(page, "Temps").get_by_role("button", name="Monter Temps").press("Enter")
        expect(page.locator(".theme h3").nth(1)).to_contain_text("Temps")
    expect(bob.locator(".theme h3").nth(0)).to_contain_text("Lieux du soir")

    for page, theme in ((ann, "Prêts"), (bob, "Lieux du soir")):
        take(page, LEND)
        put_into(among_the_notes(page), theme)
        expect(page.locator(".slip", has_text=LEND)).to_contain_text(theme)
    expect(
        bob.get_by_text("1 note est rangée dans « Lieux du soir » ; 1 note était dans « Prêts ».")
    ).to_be_visible()

    for page, into, said in (
        (ann, "Temps", ann.get_by_text("Toutes ses notes sont dans « Temps ».")),
        (bob, "Lieux du soir", refused),
    ):
        theme = opened(page, "Prêts")
        theme.get_by_label("Le réunir à").select_option(label=into)
        theme.get_by_role("button", name="Réunir les thèmes").press("Enter")
        expect(said).to_be_visible()
    expect(refused).to_contain_text("Ce thème n’existe plus : quelqu’un l’a réuni à un autre")
    expect(bob.locator(".slip", has_text=OPENED)).to_contain_text("Temps")

    said = bob.locator("[aria-labelledby=t-themes] > form [role=alert]")
    for page, text, answer in (
        (ann, "Un public", ann.get_by_text("La lentille est enregistrée.")),
        (bob, "Un levier", said),
    ):
        page.get_by_label("Qu’est-ce qu’un thème, ici").fill(text)
        page.keyboard.press("Enter")
        expect(answer).to_be_visible()
    expect(said).to_contain_text("« Un public ». La vôtre est restée dans la case")
    lens = bob.get_by_label("Qu’est-ce qu’un thème, ici")
    expect(lens).to_have_value("Un levier")
    lens.press("Enter")
    expect(bob.get_by_text("La lentille est enregistrée.")).to_be_visible()
    expect(bob.locator(".slip")).to_have_count(3)
    for page in (table, ann, bob):
        page.context.close()


def test_what_one_presses_is_not_replaced_under_the_finger(browser: Browser, server: Server) -> None:
    three_notes(browser, server)
    ann, bob = at_the_synthesis(browser, server), at_the_synthesis(browser, server)
    take(ann, OPEN, OPENED)
    sentence(among_the_notes(ann), "Ouvrir le soir", "r")
    star = bob.get_by_role("button", name="À dire : synthèse 1")
    star.hover()
    bob.mouse.down()
    take(ann, OPEN, LEND)
    with bob.expect_response(lambda got: "/feed" in got.url and "mergers" in got.json()["regions"]):
        sentence(among_the_notes(ann), "Prêter le soir", "r")
    with bob.expect_response("**/feed*"):  # the answer before it was shown, or put off
        pass
    bob.mouse.up()
    expect(star).to_have_attribute("aria-pressed", "true")
    expect(bob.locator(".made")).to_have_count(2)
    for page in (ann, bob):
        page.context.close()


def test_notes_that_come_move_nothing_on_the_page(browser: Browser, server: Server) -> None:
    three_notes(browser, server)
    table = enter(browser.new_context(service_workers="block").new_page(), server)
    for width, height in ((1366, 768), (390, 844)):
        page = at_the_synthesis(browser, server)
        page.set_viewport_size({"width": width, "height": height})
        before = page.locator(".slip input").first.bounding_box()
        note(table, f"Vue à {width} points")
        expect(page.locator("#news")).to_contain_text("1 note est arrivée depuis. Actualiser")
        assert page.locator(".slip input").first.bounding_box() == before, width
        page.context.close()
    table.context.close()
