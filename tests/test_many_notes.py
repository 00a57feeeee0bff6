"""A workshop that wrote a great deal: the page stays light, and every note is reached."""

from browsing import all_received, edit, enter, note, pointed_at
from conftest import Server
from playwright.sync_api import Browser, Page, expect

WHEN_KEPT = """
new MutationObserver(() => {
  if (!document.querySelector('[data-box=kept]') || performance.firstRequests) return;
  const loaded = ['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind));
  const asked = loaded.filter(({ name }) => !name.startsWith('data:')); // a sign drawn in a stylesheet
  performance.firstRequests = asked.map(({ name, encodedBodySize }) => [name, encodedBodySize]);
}).observe(document, { attributes: true, childList: true, subtree: true });
"""
"""What was loaded when one can type and the draft is kept: address and bytes of each."""


def write_many(page: Page, count: int, rubric: str) -> None:
    """A list of so many notes, in one rubric."""
    page.locator("#choices").get_by_text(rubric, exact=True).click()
    page.locator("#text").fill("\n".join(f"{rubric}, phrase numéro {n}" for n in range(1, count + 1)))
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name=f"{count} notes").click()
    all_received(page)


def test_a_page_of_many_notes_comes_light_and_then_whole(page: Page, server: Server) -> None:
    enter(page, server)
    write_many(page, 160, "Recommandations")
    write_many(page, 70, "Verbatim")
    page.add_init_script(WHEN_KEPT)
    page.goto(page.url.split("?")[0])
    page.wait_for_selector("[data-whole=yes]")
    first = page.evaluate("performance.firstRequests")
    names = " ".join(address.rsplit("/", 1)[-1] for address, _ in first)
    assert len(first) <= 8, names
    assert sum(size for _, size in first) < 110_000, names
    expect(page.locator(".note")).to_have_count(230)
    texts = page.locator("#notes .note .said").all_text_contents()
    assert texts[:160] == [f"Recommandations, phrase numéro {n}" for n in range(1, 161)]
    assert texts[160:] == [f"Verbatim, phrase numéro {n}" for n in range(1, 71)]
    elements = page.evaluate(
        "Math.max(...[...document.querySelectorAll('.note')].map(n => n.querySelectorAll('*').length + 1))"
    )
    assert elements <= 9
    expect(page.locator("#jump a")).to_have_text(
        ["À classer 0", "Recommandations 160", "Expériences fertiles 0"]
        + ["Points de débat 0", "Verbatim 70", "Questions ouvertes 0"]
    )


def test_a_note_far_down_is_reached_by_its_rubric_its_reference_and_the_search(
    page: Page, server: Server
) -> None:
    enter(page, server)
    write_many(page, 120, "Recommandations")
    write_many(page, 20, "Verbatim")
    page.locator("#jump").get_by_text("Verbatim").click()
    expect(page.get_by_text("Verbatim, phrase numéro 1", exact=True)).to_be_in_viewport()

    expect(page.locator("#latest")).to_contain_text("Verbatim, phrase numéro 20")
    page.locator("#latest a").click()
    expect(page.locator(".note:focus")).to_contain_text("Verbatim, phrase numéro 20")

    page.locator("#find").fill("NUMERO 117")
    expect(page.locator("#found")).to_have_text("1 note trouvée")
    expect(page.locator(".note:visible")).to_have_count(1)
    expect(page.locator(".note:visible")).to_contain_text("Recommandations, phrase numéro 117")
    page.keyboard.press("Escape")
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator(".note:visible")).to_have_count(140)


def test_a_page_that_begins_at_a_note_far_down_becomes_whole(page: Page, server: Server) -> None:
    enter(page, server)
    write_many(page, 20, "Verbatim")
    write_many(page, 60, "Recommandations")
    expect(page.locator(".note")).to_have_count(80)
    far = page.locator(".note", has_text="Recommandations, phrase numéro 55").get_attribute("data-note")
    page.goto(f"{page.url.split('?')[0]}?note={far}#note-{far}")
    page.wait_for_selector("[data-whole=yes]")

    assert page.locator("#notes .note .said").all_text_contents() == [
        *(f"Recommandations, phrase numéro {n}" for n in range(1, 61)),
        *(f"Verbatim, phrase numéro {n}" for n in range(1, 21)),
    ]


def test_without_a_script_links_reach_every_note_and_the_search_finds(
    browser: Browser, page: Page, server: Server
) -> None:
    enter(page, server)
    write_many(page, 95, "Recommandations")
    write_many(page, 45, "Verbatim")
    plain = enter(browser.new_context(java_script_enabled=False).new_page(), server, script=False)
    start, seen = plain.url, set()
    for rubric in ("Recommandations", "Verbatim"):
        plain.goto(start)
        plain.locator("#jump").get_by_text(rubric).click()
        while True:
            seen.update(plain.locator(".note .said").all_inner_texts())
            more = plain.get_by_role("link", name=f"La suite de « {rubric} »")
            if not more.count():
                break
            more.click()
    assert len(seen) == 140

    plain.locator("#find").fill("numero 44")
    plain.keyboard.press("Enter")
    expect(plain.locator(".note .said")).to_have_text(
        ["Recommandations, phrase numéro 44", "Verbatim, phrase numéro 44"]
    )
    plain.context.close()


def test_a_note_is_chosen_sorted_withdrawn_and_given_back_with_single_keys(
    page: Page, server: Server
) -> None:
    enter(page, server)
    for text in ("Ouvrir le soir", "Ouvrir le samedi"):
        note(page, text)
    all_received(page)
    page.keyboard.press("Escape")
    expect(page.locator(".note:focus")).to_contain_text("Ouvrir le samedi")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".note:focus")).to_contain_text("Ouvrir le soir")

    page.keyboard.press("d")
    expect(page.locator(".chosen li")).to_have_count(1)
    page.keyboard.press("2")
    fertile = page.locator("section", has=page.get_by_role("heading", name="Expériences fertiles"))
    expect(fertile.locator(".note.is-chosen")).to_contain_text("Ouvrir le soir")
    expect(page.locator(".note:focus")).to_contain_text("Ouvrir le soir")
    page.keyboard.press("r")
    expect(page.locator(".note.is-withdrawn")).to_have_count(1)
    expect(page.locator("#done")).to_contain_text("ÉME‑1 est retirée. Elle reste dans l’historique.")
    page.keyboard.press("z")
    expect(page.locator(".note.is-withdrawn")).to_have_count(0)
    expect(page.locator(".chosen li")).to_have_count(1)

    page.keyboard.press("Escape")
    expect(page.locator("#text")).to_be_focused()


def test_a_note_is_one_tab_stop_and_its_actions_are_reached_from_it(page: Page, server: Server) -> None:
    enter(page, server)
    for text in ("Ouvrir le soir", "Ouvrir le samedi"):
        note(page, text)
    all_received(page)
    page.locator(".note").first.focus()
    page.keyboard.press("Tab")
    expect(page.locator(".note:focus")).to_contain_text("Ouvrir le samedi")

    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Modifier ÉME‑2")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(page.locator(".note:focus")).to_contain_text("Ouvrir le samedi")


def test_what_is_typed_after_a_click_on_a_note_is_a_text_and_not_a_command(
    page: Page, server: Server
) -> None:
    enter(page, server)
    note(page, "Ouvrir le soir")
    all_received(page)
    page.locator(".note .said").click()
    page.keyboard.type("Demander au maire")

    expect(page.locator("#text")).to_have_value("Demander au maire")
    expect(page.locator(".chosen li")).to_have_count(0)


def test_what_was_done_by_mouse_is_taken_back_with_one_press(page: Page, server: Server) -> None:
    enter(page, server)
    note(page, "Ouvrir le soir")
    note(page, "Ouvrir le samedi")
    all_received(page)
    recommendations = page.locator("section", has=page.get_by_role("heading", name="Recommandations"))
    page.locator(".note").first.get_by_role("button", name="Recommandations").click()
    expect(recommendations.locator(".note")).to_have_count(1)
    # the next note's star has not slid under the pointer
    expect(page.locator(".stand-in")).to_be_visible()
    expect(page.locator(".note:hover")).to_have_count(0)

    page.get_by_role("button", name="Remettre dans « À classer »").click()
    expect(recommendations.locator(".note")).to_have_count(0)
    expect(page.locator(".stand-in")).to_have_count(0)

    pointed_at(page).locator("summary").click()
    page.get_by_role("button", name="Retirer").click()
    page.locator("#done").get_by_role("button", name="Rétablir").click()
    expect(page.locator(".note.is-withdrawn")).to_have_count(0)

    # the line of actions does not lie over what takes it back in the note itself
    pointed_at(page).locator("summary").click()
    page.locator("#act").get_by_role("button", name="Retirer").click()
    page.locator(".note.is-withdrawn").get_by_role("button", name="Rétablir").click()
    expect(page.locator(".note.is-withdrawn")).to_have_count(0)
    all_received(page)

    # what would do nothing is not offered: alone in its rubric a note has no place to go to
    page.locator(".note").first.get_by_role("button", name="Recommandations").click()
    expect(recommendations.locator(".note")).to_have_count(1)
    recommendations.locator(".note").hover()
    recommendations.locator("#act summary").click()
    line = page.locator("#act .menu-list")
    expect(line.get_by_role("button", name="Retirer")).to_be_visible()
    expect(line.get_by_role("button", name="Monter")).to_be_hidden()
    expect(line.get_by_role("button", name="Descendre")).to_be_hidden()


ON_TOP = """(star) => {
  const { x, y, width, height } = star.getBoundingClientRect();
  return star.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""


def test_what_was_done_is_said_where_no_star_is(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 1366, "height": 650})
    enter(page, server)
    for text in ("Ouvrir le soir", "Former à l’accueil", "Prêter des salles", "Financer le premier euro"):
        note(page, text)
    all_received(page)
    stars = page.locator(".star")
    for number in range(3):  # one after the other, while the sentence about the one before still stands there
        assert stars.nth(number).evaluate(ON_TOP)
        stars.nth(number).click()
        expect(page.locator("#done")).to_contain_text("à dire en plénière")
        expect(page.locator(".chosen li")).to_have_count(number + 1)

    edit(page)
    expect(page.locator("#done")).to_be_hidden()


def test_the_mark_of_a_new_note_is_for_those_of_others(browser: Browser, page: Page, server: Server) -> None:
    enter(page, server)
    other = enter(browser.new_context().new_page(), server)
    note(other, "D’une collègue")
    note(page, "De moi")

    expect(page.locator(".note")).to_have_count(2)
    expect(page.locator(".note.is-new .said")).to_have_text(["D’une collègue"])
    other.context.close()
