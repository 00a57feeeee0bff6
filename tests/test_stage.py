"""The stage: one slide on one screen, with the keys that a presenter knows."""

from browsing import all_received, enter, note
from conftest import Server
from playwright.sync_api import Browser, Page, expect

WIDE = {"width": 1920, "height": 1080}


def test_each_key_moves_a_whole_slide_and_points_can_be_read_from_afar(
    browser: Browser, page: Page, server: Server
) -> None:
    enter(page, server)
    note(page, "Ouvrir les centres sociaux le soir et le samedi")
    all_received(page)
    page.get_by_role("button", name="À dire en plénière").click()
    expect(page.locator(".chosen li")).to_have_count(1)
    presenter = enter(browser.new_context(viewport=WIDE).new_page(), server, "Restitution", script=False)
    presenter.goto(f"{server.url}/lievin-2021/plein-ecran")
    expect(presenter.locator("#slide-1 ol li")).to_have_text(
        "Ouvrir les centres sociaux le soir et le samedi"
    )
    size = presenter.locator("#slide-1 li").evaluate("(line) => parseFloat(getComputedStyle(line).fontSize)")
    assert size >= 44
    expect(presenter.locator("#slide-1 .next")).to_have_text("Ensuite : La consolidation")

    for key, slide in (
        ("ArrowRight", 2),
        ("PageDown", 3),
        ("ArrowLeft", 2),
        ("4", 4),
        ("Home", 1),
        ("End", 4),
    ):
        presenter.keyboard.press(key)
        expect(presenter.locator(f"#slide-{slide}")).to_be_focused()
        top = presenter.locator(f"#slide-{slide}").evaluate("(slide) => slide.getBoundingClientRect().top")
        assert abs(top) < 2, (key, top)

    presenter.keyboard.press("b")
    expect(presenter.locator("body.is-black")).to_have_count(1)
    presenter.keyboard.press("ArrowLeft")
    expect(presenter.locator("body.is-black")).to_have_count(0)
    expect(presenter.locator("#slide-3")).to_be_focused()
    presenter.context.close()
