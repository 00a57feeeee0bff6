"""What people do in a real browser: enter, note, look at what was received."""

from collections.abc import Callable

from conftest import ROOT, Server
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from waiting import eventually


def enter(page: Page, server: Server, title: str = "L’émergence", *, script: bool = True) -> Page:
    page.goto(server.url)
    page.fill("#code", server.code(title).lower().replace("-", " "))
    page.keyboard.press("Enter")
    page.wait_for_selector("#text" if "Restitution" not in title else "h1")
    if script:
        page.wait_for_selector("[data-alive=journal]")
    return page


def organise(page: Page, server: Server) -> Page:
    page.goto(f"{server.url}/organisation")
    page.fill("#password", server.password())
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Les ateliers')")
    return page


def note(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#text")).to_have_value("")


def received(page: Page) -> list[str]:
    return page.locator(".note .said").all_inner_texts()


def pointed_at(page: Page, number: int = 0) -> Locator:
    """The line of actions, in the note that the mouse points at."""
    page.locator(".note").nth(number).hover()
    return page.locator(".note").nth(number).locator("#act")


def edit(page: Page, number: int = 0) -> None:
    pointed_at(page, number).get_by_role("link", name="Modifier").click()


def all_received(page: Page) -> None:
    expect(page.locator("#state")).to_have_text("Tout est reçu")


def other_tab(page: Page) -> Page:
    """The same workshop once more, in the same browser."""
    second = page.context.new_page()
    second.goto(page.url)
    second.wait_for_selector("[data-alive=journal]")
    return second


def page_is_kept(page: Page, path: str = "") -> None:
    """The service worker has the page (or that of another path), and with it all that it loads."""
    kept = "(path) => caches.open('contrib-pages').then((all) => all.match(path || location.pathname)).then(Boolean)"
    assert eventually(lambda: page.evaluate(kept, path))


def note_in_a_reopened_page(context: BrowserContext, address: str, back: Callable[[], object]) -> Page:
    """While nothing answers, the page opens again and takes a note; `back` brings the server back."""
    again = context.new_page()
    again.goto(address)
    again.wait_for_selector("[data-alive=journal]")
    expect(again.locator("#promise")).to_contain_text("Page rouverte sans réseau")
    note(again, "Pendant la coupure")
    expect(again.locator("#state")).to_contain_text("1 note est encore sur cet ordinateur")
    back()
    all_received(again)
    assert received(again) == ["Avant la coupure", "Pendant la coupure"]
    return again


def axe(page: Page) -> list[tuple[str, str]]:
    """What axe finds on a page: the rule, and the first element. The context bypasses its content policy."""
    page.add_script_tag(path=str(ROOT / "tools/node_modules/axe-core/axe.min.js"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
    return [(fault["id"], fault["nodes"][0]["html"][:120]) for fault in found]


# --- at the desk ----------------------------------------------------------------------------------

OPEN = "Ouvrir les centres sociaux le soir, sans dossier"
OPENED = "Que les centres sociaux restent ouverts le soir"
LEND = "Prêter du matériel entre associations"


def three_notes(browser: Browser, server: Server) -> None:
    """Two of L’émergence, one of L’outil numérique that says what one of them says."""
    for title, texts in (("L’émergence", (OPEN, LEND)), ("L’outil numérique", (OPENED,))):
        table = enter(browser.new_context(service_workers="block").new_page(), server, title)
        for text in texts:
            note(table, text)
        all_received(table)
        table.context.close()


def sentence(page: Page, text: str, key: str) -> None:
    """On the notes that were taken: R makes a synthesis of it, C a point commun. The focus is among the notes."""
    page.keyboard.press(key)
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")


def put_into(page: Page, theme: str) -> None:
    """The notes that were taken, after T. The focus is among the notes."""
    page.keyboard.press("t")
    page.keyboard.type(theme)
    page.keyboard.press("Enter")
    expect(page.locator(".theme h3", has_text=theme)).to_be_visible()
