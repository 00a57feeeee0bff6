"""A note is dragged as well as pressed: under a rubric, to another place, among those to say, and taken back."""

import time
from pathlib import Path

from browsing import all_received, enter, note, pointed_at, received
from conftest import Server
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from waiting import eventually

TEXTS = ("Ouvrir le soir", "Former à l’accueil", "Prêter des salles")


def middle(locator: Locator, at: float = 0.5) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] * at


def shows_what_is_done(page: Page) -> bool:
    return page.locator(":is(.is-target, .is-before, .is-after)").count() == 1


def drag(page: Page, grip: Locator, onto: Locator, *, low: bool = False) -> None:
    """By its grip, with the mouse, to the upper or lower quarter of something, wherever news moves it."""

    def shown() -> bool:
        page.mouse.move(*middle(onto, at=0.8 if low else 0.2), steps=6)
        return shows_what_is_done(page)

    grip.hover()
    page.mouse.down()
    assert eventually(shown)
    page.mouse.up()


def chosen(page: Page) -> list[str]:
    return page.locator(".chosen .text").all_inner_texts()


def test_notes_are_dragged_and_each_step_is_taken_back(browser: Browser, tmp_path: Path) -> None:
    server = Server(tmp_path / "data").start()
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = enter(context.new_page(), server)
    for text in TEXTS:
        note(page, text)
        all_received(page)
    undo = page.locator("#done button")
    rubric = page.locator(".rubric", has=page.get_by_role("heading", name="Points de débat"))

    # under a rubric: onto its choice above the box, or onto its list
    drag(page, pointed_at(page, 0).locator(".grip"), page.locator(".choice", has_text="Points de débat"))
    expect(rubric.locator(".said")).to_have_text([TEXTS[0]])
    drag(page, pointed_at(page, 0).locator(".grip"), rubric)
    expect(rubric.locator(".said")).to_have_text([TEXTS[0], TEXTS[1]])

    # to another place of it, and back
    rubric.locator(".note").nth(1).hover()
    drag(page, rubric.locator(".grip"), rubric.locator(".note").nth(0))
    expect(rubric.locator(".said")).to_have_text([TEXTS[1], TEXTS[0]])
    expect(page.locator("#done")).to_contain_text("ÉME‑2 a changé de place.")
    undo.click()
    expect(rubric.locator(".said")).to_have_text([TEXTS[0], TEXTS[1]])

    # among those to say, in their order, and back
    for number in range(3):
        drag(page, pointed_at(page, number).locator(".grip"), page.locator(".closing h2"))
        expect(page.locator(".chosen li")).to_have_count(number + 1)
    first = chosen(page)
    drag(page, page.locator(".chosen .grip").nth(2), page.locator(".chosen li").nth(0))
    expect(page.locator(".chosen .text")).to_have_text([first[2], first[0], first[1]])
    drag(page, page.locator(".chosen .grip").nth(0), page.locator(".chosen li").nth(1), low=True)
    expect(page.locator(".chosen .text")).to_have_text([first[0], first[2], first[1]])
    undo.click()
    expect(page.locator(".chosen .text")).to_have_text([first[2], first[0], first[1]])

    # Échap on the way, or nowhere: nothing is done
    before = (received(page), chosen(page))
    page.locator(".chosen .grip").nth(0).hover()
    page.mouse.down()
    page.mouse.move(200, 500, steps=4)
    expect(page.locator(".ghost")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".ghost")).to_have_count(0)
    page.mouse.up()
    all_received(page)
    assert (received(page), chosen(page)) == before
    context.close()
    server.kill()


class Finger:
    """One finger on the glass, as the browser gets it: no mouse comes with it. It says that it rests for
    half a second before it is lifted: in full flight it would throw the page, and the next tap only stop it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.glass = page.context.new_cdp_session(page)
        self.clock = time.time() - 60

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        where = [{"x": x, "y": y} for x, y in points]
        self.clock += 0.5 if kind == "touchEnd" else 0.05
        self.glass.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": where, "timestamp": self.clock}
        )

    def takes(self, grip: Locator) -> bool:
        """Whether it has the grip; where news moved that from under the finger, it is lifted again."""
        x, y = middle(grip)
        self.touch("touchStart", (x, y))
        self.touch("touchMove", (x, y - 20))
        ghost = self.page.locator(".ghost")
        if eventually(ghost.count, within_s=5):
            return True
        self.touch("touchEnd")
        return False

    def shows(self, onto: Locator) -> bool:
        """Whether it is shown what letting go there would do."""
        self.touch("touchMove", middle(onto, at=0.2))
        return shows_what_is_done(self.page)

    def drag(self, grip: Locator, onto: Locator) -> None:
        """To the upper quarter of something, wherever news moves the two meanwhile."""
        assert eventually(lambda: self.takes(grip))
        assert eventually(lambda: self.shows(onto))
        self.touch("touchEnd")


def test_a_finger_on_a_tablet_drags_what_the_mouse_does(browser: Browser, server: Server) -> None:
    for number, (width, height) in enumerate(((820, 1180), (1180, 820))):
        viewport: ViewportSize = {"width": width, "height": height}
        context = browser.new_context(viewport=viewport, has_touch=True, is_mobile=True)
        page = enter(context.new_page(), server, ("L’émergence", "La consolidation")[number])
        finger = Finger(page)
        for text in TEXTS:
            note(page, text)
            all_received(page)
        rubric = page.locator(".rubric", has=page.get_by_role("heading", name="Points de débat"))

        # « … » shows the line of actions under the note, large enough, and over nothing
        for moved in range(2):
            page.locator(".note .more").first.tap()
            line = page.locator(".shows-actions #act")
            expect(line.locator(".grip")).to_be_visible()
            low = line.locator("button:visible, a:visible, .grip").evaluate_all(
                "all => all.filter(one => one.getBoundingClientRect().height < 43.5).map(one => one.outerHTML)"
            )
            assert low == []
            finger.drag(line.locator(".grip"), page.locator(".choice", has_text="Points de débat"))
            expect(rubric.locator(".note")).to_have_count(moved + 1)
        first, second = rubric.locator(".said").all_inner_texts()
        rubric.locator(".more").nth(1).tap()
        finger.drag(page.locator("#act .grip"), rubric.locator(".note").nth(0))
        expect(rubric.locator(".said")).to_have_text([second, first])

        # the order to say them in, by their numbers
        for star in page.locator(".star").all():
            star.tap()
        expect(page.locator(".chosen li")).to_have_count(3)
        before = chosen(page)
        page.locator(".chosen").scroll_into_view_if_needed()
        finger.drag(page.locator(".chosen .grip").nth(1), page.locator(".chosen li").nth(0))
        expect(page.locator(".chosen .text")).to_have_text([before[1], before[0], before[2]])
        context.close()
