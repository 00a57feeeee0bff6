"""What a facilitator does, in actions and seconds, in a real browser with 41 notes.

`python tests/bench/actions.py [FOLDER]...`: other checkouts are columns before this one's, « — » where something
cannot be done. An action is a click, a drag, a key or a chord, or one text typed; waiting and looking are none.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import machine
from conftest import FLAGS, Server
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from playwright.sync_api import Error as BrowserError
from visitor import Visitor

NOTES = 41
MOST_TABS = 400
WORKSHOP = "/lievin-2021/ateliers/emergence"
TARGET = 20
"""The note that is looked for, by its number: it stands in the middle of the page."""


@dataclass
class Hand:
    """Somebody at a page, whose actions are counted."""

    page: Page
    address: str
    """Of the QR code."""
    actions: int = 0
    begun: float = field(default_factory=time.perf_counter)

    def click(self, what: Locator) -> None:
        self.actions += 1
        what.click()

    def press(self, key: str) -> None:
        self.actions += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.actions += 1
        self.page.keyboard.type(text)

    def scan(self) -> None:
        self.actions += 1
        self.page.goto(self.address)

    def drag(self, grip: Locator, onto: Locator) -> None:
        self.actions += 1
        grip.hover()
        self.page.mouse.down()
        box = onto.bounding_box()
        assert box
        self.page.mouse.move(box["x"] + 40, box["y"] + box["height"] * 0.2, steps=5)
        self.page.mouse.up()

    def tab_to(self, what: Locator) -> None:
        """With the tabulation alone, as where there is no shorter way."""
        for _ in range(MOST_TABS):
            if what.evaluate("one => one === document.activeElement"):
                return
            self.press("Tab")
        raise LookupError(what)


Story = Callable[[Hand], None]


def in_section(page: Page, label: str, text: str) -> None:
    section = page.locator(".rubric", has=page.get_by_role("heading", name=label))
    expect(section.locator(".said", has_text=text)).to_have_count(1)


def note(page: Page, number: int = TARGET) -> Locator:
    return page.locator(f'.note[data-reference$="-{number}"], .note[data-reference$="‑{number}"]')


def star(page: Page) -> Locator:
    return note(page).locator(".star")


def is_chosen(page: Page) -> None:
    expect(star(page)).to_have_attribute("aria-pressed", "true")


def arrive(hand: Hand) -> None:
    """From the address of the QR code, by somebody who never came."""
    hand.scan()
    expect(hand.page.locator("#text")).to_be_focused()
    hand.type("La première phrase entendue")
    hand.press("Control+Enter")
    expect(hand.page.locator("[data-when]").first).to_contain_text("Reçue")


def next_by_mouse(hand: Hand) -> None:
    hand.click(hand.page.locator(".choice", has_text="Points de débat"))
    hand.type("Un débat")
    hand.click(hand.page.get_by_role("button", name="Noter", exact=True))
    in_section(hand.page, "Points de débat", "Un débat")


def next_by_keyboard(hand: Hand) -> None:
    hand.press("PageDown")
    hand.type("Une recommandation")
    hand.press("Control+Enter")
    in_section(hand.page, "Recommandations", "Une recommandation")


def next_by_radio(hand: Hand) -> None:
    hand.press("Shift+Tab")
    hand.press("ArrowRight")
    hand.press("Tab")
    hand.type("Une recommandation")
    hand.press("Control+Enter")
    in_section(hand.page, "Recommandations", "Une recommandation")


def choose_by_mouse(hand: Hand) -> None:
    hand.click(star(hand.page))
    is_chosen(hand.page)


def choose_by_keyboard(hand: Hand) -> None:
    hand.press("Alt+c")
    hand.type(str(TARGET))
    expect(hand.page.locator(".note:visible")).to_have_count(1)
    hand.press("Control+Enter")
    is_chosen(hand.page)


def choose_by_tabs(hand: Hand) -> None:
    hand.tab_to(star(hand.page))
    hand.press("Enter")
    is_chosen(hand.page)


def sort_by_mouse(hand: Hand) -> None:
    one = note(hand.page, NOTES)
    one.hover()
    hand.click(one.get_by_role("button", name="Verbatim"))
    in_section(hand.page, "Verbatim", f"numéro {NOTES}.")


def sort_by_drag(hand: Hand) -> None:
    one = note(hand.page, NOTES)
    one.hover()
    hand.drag(one.locator(".grip"), hand.page.locator(".choice", has_text="Verbatim"))
    in_section(hand.page, "Verbatim", f"numéro {NOTES}.")


def sort_by_keyboard(hand: Hand) -> None:
    hand.press("Escape")
    hand.press("4")
    in_section(hand.page, "Verbatim", f"numéro {NOTES}.")


def sort_by_tabs(hand: Hand) -> None:
    hand.tab_to(note(hand.page, NOTES).get_by_role("button", name="Verbatim"))
    hand.press("Enter")
    in_section(hand.page, "Verbatim", f"numéro {NOTES}.")


def reorder(move: Callable[[Hand, Locator], None]) -> Story:
    def story(hand: Hand) -> None:
        page = hand.page
        for number in (1, 2):
            note(page, number).locator(".star").click()
            expect(page.locator(".chosen li")).to_have_count(number)
        last = page.locator(".chosen .text").nth(1).inner_text()
        hand.begun = time.perf_counter()
        move(hand, page.locator(".chosen li"))
        expect(page.locator(".chosen .text").nth(0)).to_have_text(last)

    return story


def withdraw_by_mouse(hand: Hand) -> None:
    one = note(hand.page)
    one.hover()
    hand.click(one.locator("summary"))
    hand.click(one.get_by_role("button", name="Retirer"))
    expect(note(hand.page).locator("s")).to_have_count(1)


def withdraw_by_keyboard(hand: Hand) -> None:
    hand.press("Escape")
    hand.press("r")
    expect(hand.page.locator(".note s")).to_have_count(1)


def undone(by: Callable[[Hand], None]) -> Story:
    def story(hand: Hand) -> None:
        withdraw_by_mouse(hand)
        hand.actions, hand.begun = 0, time.perf_counter()
        by(hand)
        expect(note(hand.page).locator("s")).to_have_count(0)

    return story


def typed_into(name: str, text: str) -> Story:
    def story(hand: Hand) -> None:
        box = hand.page.locator(name)
        hand.click(box)
        hand.type(text)
        expect(box.locator("xpath=ancestor::form").locator("[data-field-state]")).to_have_text("Reçu")

    return story


def ready(hand: Hand) -> None:
    hand.click(hand.page.get_by_role("button", name="C’est prêt pour la plénière"))
    expect(hand.page.locator(".ready")).to_contain_text("Prêt depuis")


STORIES: tuple[tuple[str, Story | tuple[Story, Story]], ...] = (
    ("from the QR's address to the first note received", arrive),
    ("next note in another rubric, mouse", next_by_mouse),
    ("next note in another rubric, keyboard", (next_by_radio, next_by_keyboard)),
    ("choose, mouse", choose_by_mouse),
    ("from the box to any star, keyboard", (choose_by_tabs, choose_by_keyboard)),
    ("sort, mouse", sort_by_mouse),
    ("sort, drag", sort_by_drag),
    ("sort the last note, keyboard", (sort_by_tabs, sort_by_keyboard)),
    ("reorder, arrows", reorder(lambda hand, rows: hand.click(rows.nth(1).get_by_title("Plus tôt")))),
    ("reorder, drag", reorder(lambda hand, rows: hand.drag(rows.nth(1).locator(".grip"), rows.nth(0)))),
    ("withdraw, mouse", withdraw_by_mouse),
    ("withdraw the last note, keyboard", withdraw_by_keyboard),
    ("undo, mouse", undone(lambda hand: hand.click(hand.page.get_by_role("button", name="Rétablir").first))),
    ("key message", typed_into("#message-text", "Avant le dossier, il y a une envie.")),
    ("speaker", typed_into("#speaker", "Le centre social de la Gohelle")),
    ("ready", ready),
)
"""Where a pair: the way before there was a shorter one, and the way now."""


def started(folder: Path, here: Path) -> Server:
    """A server of that checkout with so many notes in its first workshop, all of them to be sorted."""
    code = f"import runpy, sys; sys.path.insert(0, {str(here)!r}); runpy.run_module('contrib', run_name='__main__')"
    server = Server(folder, launcher=[sys.executable, "-c", code]).start()
    visitor = Visitor(server)
    visitor.post("/", code=server.code("L’émergence"))
    lines = "\n".join(f"Ouvrir les centres sociaux le soir, numéro {n}." for n in range(1, NOTES + 1))
    status, said = visitor.post(f"{WORKSHOP}/liste", text=lines)
    assert status == 200, said
    return server


def told(browser: Browser, server: Server, story: Story) -> str:
    """« 3 actions, 1.2 s » of one story, on a page of its own."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, service_workers="block")
    context.set_default_timeout(10_000)
    page = context.new_page()
    address = f"{server.url}/#{server.code('L’émergence').replace('-', '')}"
    try:
        if story is not arrive:
            page.goto(address)
            page.wait_for_selector("[data-alive=journal]")
            expect(note(page, NOTES)).to_have_count(1)
            page.locator("#text").focus()
        hand = Hand(page, address)
        story(hand)
        return f"{hand.actions:4} in {time.perf_counter() - hand.begun:5.1f} s"
    except (BrowserError, AssertionError, LookupError):
        return "  —"
    finally:
        context.close()


def main(*others: str) -> None:
    checkouts = [Path(one).resolve() for one in others] + [Path(__file__).parents[2]]
    print(
        f"{'actions and seconds, ' + str(NOTES) + ' notes':52}"
        + "".join(f"{one.name:>18}" for one in checkouts)
    )
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=machine.chromium(), args=FLAGS)
        for row, (name, stories) in enumerate(STORIES):
            print(f"{name:52}", end="", flush=True)
            for number, here in enumerate(checkouts):
                before, now = stories if isinstance(stories, tuple) else (stories, stories)
                server = started(Path(folder) / f"{row}-{number}", here)
                try:
                    print(
                        f"{told(browser, server, now if here == checkouts[-1] else before):>18}",
                        end="",
                        flush=True,
                    )
                finally:
                    server.kill()
            print()
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
