"""The stage: what a hall sees, whatever was noted, whatever the screen, with the network or without."""

from collections.abc import Iterator
from pathlib import Path

import machine
import pytest
from browsing import enter, page_is_kept
from conftest import FLAGS, Room, Server
from firefox import ENTER, PAGE_DOWN, Firefox
from office import pages
from playwright.sync_api import Browser, BrowserContext, Page, expect
from waiting import eventually

from contrib.store.db import db

WIDE = {"width": 1920, "height": 1080}
MESSAGE = "Avant le dossier, il y a une envie : accueillons-la sans lui demander de statuts."
LONG = " ".join(
    f"Pour la mesure {n}, ouvrir les centres sociaux le soir et le samedi, sans dossier à remplir."
    for n in range(9)
)
ADDRESS = "https://exemple.fr/" + "sans-fin/" * 40
STAGE = "/lievin-2021/plein-ecran"


@pytest.fixture
def hall(emergence: Room, numerique: Room, tmp_path: Path) -> Iterator[Server]:
    """A day whose notes are hard to show: long ones, one verbatim alone, workshops that chose nothing."""
    emergence.write("message", text=MESSAGE, base="")
    emergence.write("speaker", name="Madame Marie-Emmanuelle de Saint-Exupéry-Vandenbroucke, présidente")
    for number in range(3):
        emergence.note(f"{number} {LONG}", "recommandations", highlight=True)
    emergence.note(f"Lire {ADDRESS}", "experiences", highlight=True)
    numerique.note("J’ai attendu trois ans qu’on me rappelle.", "verbatim", highlight=True)
    db.session.rollback()
    server = Server(tmp_path / "data").start()
    yield server
    server.kill()


def on_stage(context: BrowserContext, server: Server) -> Page:
    page = enter(context.new_page(), server, "Restitution", script=False)
    page.goto(server.url + STAGE)
    page.wait_for_selector("[data-shown]")
    page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    return page


def shown(page: Page) -> str:
    """The slide on the screen, and its part."""
    return page.locator("[data-shown]").evaluate(
        "(slide) => `${slide.dataset.slide} ${slide.querySelector('.nth').textContent}`.trim()"
    )


# what is said on the screen is all there, in order, within its slide and its screen, and large enough
FAULTS = """() => {
  const faults = [];
  const words = (element) => element.textContent.replace(/\\s+/g, "");
  const parts = [...document.querySelectorAll(".reel .slide")];
  for (const source of document.querySelectorAll("#slides .slide")) {
    const own = parts.filter(({ dataset }) => dataset.slide === source.id);
    const said = own.map((part) => words(part.querySelector(".slide-body"))).join("");
    if (said !== words(source.querySelector(".slide-body"))) faults.push(`${source.id} does not say the same`);
  }
  const unit = Math.max(Math.min(innerHeight / 1080, innerWidth / 1920), 0.36);
  for (const part of parts) {
    const body = part.querySelector(".slide-body");
    const foot = body.getBoundingClientRect().bottom;
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      const { left, right, top, bottom } = range.getBoundingClientRect();
      const low = body.contains(walker.currentNode) ? foot : innerHeight;
      if (bottom > low + 2 || right > innerWidth + 1 || left < -1 || top < -1) faults.push(`${part.dataset.slide}: ${walker.currentNode.data}`);
    }
    for (const point of part.querySelectorAll(".points li")) {
      const size = parseFloat(getComputedStyle(point).fontSize);
      if (size < 44 * unit - 0.01) faults.push(`${part.dataset.slide}: ${size}`);
    }
  }
  return faults;
}"""


def test_a_slide_goes_on_where_it_does_not_fit_and_says_every_word(browser: Browser, hall: Server) -> None:
    context = browser.new_context(viewport=WIDE)
    page = on_stage(context, hall)
    parts = {}
    for width, height in ((1920, 1080), (1366, 768), (1024, 768), (390, 844), (800, 400)):
        page.set_viewport_size({"width": width, "height": height})
        fits = f"document.querySelector('.reel .slide').getBoundingClientRect().width === {width}"
        assert eventually(lambda fits=fits: page.evaluate(fits))
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.evaluate(FAULTS) == [], (width, height)
        parts[width] = page.locator(".reel [data-slide=slide-1]").count()
    assert parts[1920] >= 2
    assert parts[390] != parts[1920], "another screen, other parts"

    # the place is kept: the slide, and the text that stood there
    page.set_viewport_size(WIDE)
    page.keyboard.press("1")
    page.keyboard.press("PageDown")
    expect(page.locator("[data-shown] .nth")).to_have_text(f"2/{parts[1920]}")
    [first, *_] = page.locator("[data-shown] li").all_inner_texts()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("[data-shown] .nth")).to_contain_text(f"/{parts[390]}")
    expect(page.locator("[data-shown] .slide-body")).to_contain_text(first[:30])
    page.set_viewport_size(WIDE)
    expect(page.locator("[data-shown] .nth")).to_have_text(f"2/{parts[1920]}")

    page.keyboard.press("4")
    expect(page.locator("[data-shown] li")).to_have_text(
        "Un verbatim : J’ai attendu trois ans qu’on me rappelle."
    )
    context.close()


def test_firefox_moves_whole_slides_too_and_cuts_nothing(hall: Server, tmp_path: Path) -> None:
    firefox = Firefox(tmp_path / "profile")
    firefox.ask("browsingContext.setViewport", context=firefox.window, viewport=WIDE)
    firefox.goto(hall.url)
    firefox.run("document.getElementById('code').focus()")
    firefox.type(hall.code("Restitution").lower() + ENTER)
    firefox.until("document.querySelector('h1')?.textContent.trim()", "Restitution")
    firefox.goto(hall.url + STAGE)
    firefox.until("document.querySelector('[data-shown]') !== null")
    firefox.run("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")

    assert firefox.run(f"({FAULTS})()") == []
    last = firefox.run("document.querySelectorAll('.reel [data-slide=slide-1]').length")
    assert last > 1
    for part in range(1, last + 1):
        firefox.type(PAGE_DOWN)
        firefox.until("document.querySelector('[data-shown]').dataset.slide", "slide-1")
        firefox.until("document.querySelector('[data-shown] .nth').textContent", f"{part}/{last}")
    firefox.type("b")
    firefox.until("document.body.classList.contains('is-black')")
    firefox.type(PAGE_DOWN)
    firefox.until("document.querySelector('[data-shown]').dataset.slide", "slide-2")
    firefox.type("4")
    firefox.until("document.querySelector('[data-shown]').dataset.slide", "slide-4")
    shown_box = "(({x, y, width, height}) => ({x, y, width, height}))"
    box = firefox.run(f"{shown_box}(document.querySelector('[data-shown]').getBoundingClientRect())")
    assert box == {"x": 0, "y": 0, **WIDE}
    firefox.kill()


LOCKS = (
    "navigator.wakeLock.request = (kind) => Promise.resolve((window.locks = [...(window.locks || []), kind]))"
)


def test_each_key_moves_a_whole_slide(browser: Browser, hall: Server) -> None:
    context = browser.new_context(viewport=WIDE)
    context.add_init_script(LOCKS)
    page = on_stage(context, hall)
    assert shown(page) == "ouverture"
    assert not page.locator(".top").is_visible(), "no menu"
    expect(page.locator("[data-shown] .next")).to_have_text("4 ateliers")
    last = page.locator(".reel [data-slide=slide-1]").count()

    for key, slide in (
        ("PageDown", f"slide-1 1/{last}"),
        ("ArrowRight", f"slide-1 2/{last}"),
        (" ", f"slide-1 3/{last}"),
        ("Shift+Space", f"slide-1 2/{last}"),
        ("PageUp", f"slide-1 1/{last}"),
        ("2", "slide-2"),
        ("ArrowLeft", f"slide-1 {last}/{last}"),
        ("4", "slide-4"),
        ("8", "slide-4"),
        ("End", "fin"),
        ("ArrowDown", "fin"),
        ("Home", "ouverture"),
    ):
        page.keyboard.press(key)
        assert shown(page) == slide, key
        expect(page.locator("[data-shown]")).to_be_focused()
        assert page.locator("[data-shown]").bounding_box() == {"x": 0, "y": 0, **WIDE}

    for key in ("b", "."):
        page.keyboard.press(key)
        expect(page.locator("body.is-black")).to_have_count(1)
        page.keyboard.press(key)
        expect(page.locator("body.is-black")).to_have_count(0)
    page.keyboard.press("b")
    page.keyboard.press("PageDown")
    expect(page.locator("body.is-black")).to_have_count(0)

    page.keyboard.press("f")
    assert eventually(lambda: page.evaluate("document.fullscreenElement !== null"))
    page.keyboard.press("f")
    assert eventually(
        lambda: page.evaluate(
            "!document.fullscreenElement && !matchMedia('(display-mode: fullscreen)').matches"
        )
    )  # until both are so, Échap is the browser's
    page.keyboard.press("Escape")
    expect(page.locator(".reel.is-all")).to_have_count(1)
    expect(page.locator(".reel [data-slide=fin]")).to_be_in_viewport()
    page.locator(".reel [data-slide=slide-3]").click()
    assert shown(page) == "slide-3"
    page.mouse.click(1500, 600)
    assert shown(page) == "slide-4"
    page.mouse.click(100, 600)
    assert shown(page) == "slide-3"

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert page.evaluate("locks") == ["screen", "screen"], "asked again when the page is seen again"
    context.close()


def test_it_holds_still_and_says_truthfully_how_much_changed(
    browser: Browser, hall: Server, emergence: Room, numerique: Room
) -> None:
    context = browser.new_context(viewport=WIDE)
    page = on_stage(context, hall)
    page.keyboard.press("4")
    offer = page.locator("[data-refresh]")
    expect(offer).to_be_hidden()

    verbatim = numerique.note("Pas de plateforme sans personne", "recommandations", highlight=True)
    numerique.write("message", text="Une personne pour animer", base="")
    numerique.note("Reçue, pas choisie", "recommandations")
    emergence.write("speaker", name="Quelqu’un d’autre")
    db.session.rollback()
    expect(offer).to_have_text("Actualiser : 3 changements")
    expect(page.locator("[data-shown] li")).to_have_count(1)
    expect(page.locator("[data-shown] .say")).to_have_count(0)
    numerique.write("highlight", verbatim, chosen=False)
    expect(offer).to_have_text("Actualiser : 2 changements")

    offer.click()
    assert shown(page) == "slide-4"
    expect(page.locator("[data-shown] .say")).to_have_text("Une personne pour animer")
    expect(offer).to_be_hidden()
    context.close()


def test_with_no_network_at_all_the_pages_of_the_plenary_open(browser: Browser, hall: Server) -> None:
    context = browser.new_context(viewport=WIDE, accept_downloads=True)
    desk = enter(context.new_page(), hall, "Restitution", script=False)
    expect(desk.locator("[data-kept]")).to_contain_text("Gardé dans ce navigateur")
    for path in ("/lievin-2021/restitution", STAGE, "/lievin-2021/orateur"):
        page_is_kept(desk, path)
    hall.kill()

    # never opened before
    page = context.new_page()
    page.goto(hall.url + STAGE)
    page.wait_for_selector("[data-shown]")
    page.keyboard.press("4")
    expect(page.locator("[data-shown] li")).to_contain_text("J’ai attendu trois ans")
    page.reload()
    page.wait_for_selector("[data-shown]")
    assert shown(page) == "slide-4"
    assert page.evaluate("document.fonts.check('20px \"Atelier Serif\"')")
    page.goto(f"{hall.url}/lievin-2021/orateur")
    page.keyboard.press("PageDown")
    expect(page.locator(".card[data-shown] h2")).to_have_text("L’émergence")

    desk.reload()
    expect(desk.locator(".aged")).to_contain_text("Le serveur ne répond plus")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Télécharger le document Word").click()
    assert download.value.path().read_bytes()[:2] == b"PK"
    context.close()


def test_on_plain_http_the_open_page_stays_and_warns_before_it_is_loaded_again(
    browser: Browser, hall: Server, tmp_path: Path
) -> None:
    context = browser.browser_type.launch_persistent_context(
        tmp_path / "profile",
        executable_path=machine.chromium(),
        args=[*FLAGS, "--host-resolver-rules=MAP salle.example 127.0.0.1"],
    )
    page = context.pages[0]
    page.goto(f"http://salle.example:{hall.port}")
    page.fill("#code", hall.code("Restitution"))
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Restitution')")
    page.goto(f"http://salle.example:{hall.port}{STAGE}")
    page.wait_for_selector("[data-shown]")
    page.keyboard.press("4")
    hall.kill()
    page.evaluate("document.addEventListener('silence', () => (window.silent = true))")
    assert eventually(lambda: page.evaluate("window.silent === true"))

    with page.expect_event("dialog") as asked:
        page.evaluate("setTimeout(() => location.reload())")
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    assert shown(page) == "slide-4"
    expect(page.locator("[data-shown] li")).to_contain_text("J’ai attendu trois ans")
    context.close()


def test_the_same_slides_are_printed_several_a_page_and_read_without_a_script(
    browser: Browser, hall: Server, tmp_path: Path
) -> None:
    context = browser.new_context(viewport=WIDE)
    page = on_stage(context, hall)
    page.keyboard.press("3")
    printed = tmp_path / "slides.pdf"
    page.pdf(path=printed, prefer_css_page_size=True)
    plain = browser.new_context(java_script_enabled=False, storage_state=context.storage_state()).new_page()
    plain.goto(hall.url + STAGE)

    sheets = pages(printed)
    assert len(sheets) < 5, "six slides"
    whole = "".join("".join(sheets).split())
    assert whole.count("L’émergence") == 1, "whole, not in parts"
    for said in (MESSAGE, LONG, ADDRESS, "Un verbatim", "Merci. Tout ce qui a été noté est gardé."):
        assert whole.count("".join(said.split())) == (3 if said == LONG else 1), said
    assert plain.locator("#slides .slide").count() == 6
    assert LONG in plain.locator("#slide-1").inner_text().replace("\u00a0", " ").replace("\n", " ")
    expect(plain.locator(".deck")).to_be_hidden()
    plain.context.close()
    context.close()
