"""Every field of the capture page keeps what is typed, and the page never says otherwise."""

from browsing import all_received, edit, enter, note
from conftest import Server
from playwright.sync_api import Page, expect

MESSAGE = "Avant le dossier, il y a une envie : accueillons-la sans lui demander de statuts."


def beside(page: Page, field: str) -> str:
    return f"form:has({field}) [data-field-state]"


def test_message_participants_and_speaker_save_themselves(page: Page, server: Server) -> None:
    enter(page, server)
    page.locator("#message-text").press_sequentially(MESSAGE)
    page.locator("#number").press_sequentially("24")
    page.locator("#speaker").press_sequentially("Mme Le Goff-Vandenbroucke")
    expect(page.locator(beside(page, "#speaker"))).to_have_text("Pas encore reçu")

    page.locator("#text").click()
    for field in ("#message-text", "#number", "#speaker"):
        expect(page.locator(beside(page, field))).to_have_text("Reçu")
    all_received(page)

    page.reload()
    expect(page.locator("#message-text")).to_have_value(MESSAGE)
    expect(page.locator("#number")).to_have_value("24")
    expect(page.locator("#speaker")).to_have_value("Mme Le Goff-Vandenbroucke")


def test_ready_first_saves_what_was_typed_a_moment_before(page: Page, server: Server) -> None:
    enter(page, server)
    page.locator("#message-text").fill(MESSAGE)
    page.get_by_role("button", name="C’est prêt pour la plénière").press("Enter")

    expect(page.locator("#closing-answer")).to_have_text("Tout est reçu, vous pouvez fermer cet ordinateur.")
    page.reload()
    expect(page.locator("#message-text")).to_have_value(MESSAGE)


def test_a_field_typed_offline_is_there_again_and_leaves_with_the_network(page: Page, server: Server) -> None:
    enter(page, server)
    page.context.set_offline(True)
    page.locator("#message-text").fill(MESSAGE)
    page.locator("#number").fill("24")
    expect(page.locator(beside(page, "#message-text"))).to_have_text("Sur cet ordinateur")
    expect(page.locator("#state")).not_to_have_text("Tout est reçu")

    page.context.set_offline(False)
    expect(page.locator(beside(page, "#message-text"))).to_have_text("Reçu")
    expect(page.locator("#message-now")).to_have_attribute("data-text", MESSAGE)


def test_a_tab_closed_in_mid_sentence_finds_its_message_again(page: Page, server: Server) -> None:
    enter(page, server)
    page.clock.install()  # the pause after which a field saves itself never ends
    page.locator("#message-text").press_sequentially(MESSAGE[:30])
    page.clock.run_for(200)
    expect(page.locator(beside(page, "#message-text"))).to_have_text("Pas encore reçu")
    again = page.context.new_page()
    page.close()
    again.goto(f"{server.url}/{server.day}/ateliers/emergence")

    expect(again.locator("#message-text")).to_have_value(MESSAGE[:30])
    expect(again.locator(beside(again, "#message-text"))).to_have_text("Reçu")


def test_ready_names_the_field_that_is_wrong_and_what_is_in_the_box(page: Page, server: Server) -> None:
    enter(page, server)
    page.locator("#number").fill("vingt")
    page.locator("#text").fill("Pas encore notée")
    page.get_by_role("button", name="C’est prêt pour la plénière").click()

    expect(page.locator("#closing-answer")).to_have_text(
        "Pas encore : il reste quelque chose sur cette page."
    )
    expect(page.locator("#closing-left li")).to_have_text(
        [
            "Participants : Le nombre de participants va de 0 à 5 000, en chiffres.",
            "La boîte contient un texte qui n’est pas noté.",
        ]
    )
    expect(page.locator("#ways-out")).to_be_hidden()
    expect(page.locator("#state")).to_have_text("Pas encore reçu : Participants")
    page.locator("#closing-left a").first.click()
    expect(page.locator("#number")).to_be_focused()

    page.keyboard.press("Control+A")
    page.keyboard.type("20")
    page.locator("#text").press("Control+Enter")
    expect(page.locator("#closing-answer")).to_have_text("Tout est reçu, vous pouvez fermer cet ordinateur.")
    page.locator("#text").fill("Une idée de plus")
    expect(page.locator("#closing-answer")).to_contain_text("il reste quelque chose")


def test_a_cut_without_a_line_is_refused_before_it_waits(page: Page, server: Server) -> None:
    enter(page, server)
    note(page, "Deux idées en une phrase")
    all_received(page)
    line = page.locator(".note").first
    edit(page)
    page.get_by_role("button", name="Couper en deux").click()
    expect(line.get_by_role("alert")).to_have_text(
        "Laissez une ligne vide à l’endroit où couper la note en deux."
    )
    expect(page.locator("#waiting li")).to_have_count(0)

    line.locator("textarea").fill("Une idée\n\nUne autre idée")
    page.get_by_role("button", name="Couper en deux").click()
    expect(page.locator(".note .said")).to_have_text(["Une idée", "Une autre idée"])


def test_a_refused_change_is_put_aside_with_its_text_and_stops_nothing_else(
    page: Page, server: Server
) -> None:
    enter(page, server)
    note(page, "Une première")
    all_received(page)
    line = page.locator(".note").first
    edit(page)
    line.locator("[name=base]").evaluate("(field) => (field.value = '0'.repeat(32))")  # a text of nowhere
    line.locator("textarea").fill("Une première, corrigée")
    page.get_by_role("button", name="Enregistrer", exact=True).first.click()
    expect(page.locator("#waiting li")).to_contain_text("n’est pas encore arrivé")

    # the star of the same note does not wait for its text
    line.get_by_role("button", name="À dire en plénière").click()
    expect(page.locator("[id^=chosen-]")).to_have_count(1)

    page.get_by_role("button", name="Laisser de côté").click()
    all_received(page)
    page.locator("#aside summary").click()
    expect(page.locator("#aside li")).to_contain_text("Une première, corrigée")
    page.locator("#aside").get_by_role("button", name="Reprendre").click()
    expect(line.locator("textarea")).to_have_value("Une première, corrigée")
    page.get_by_role("button", name="Enregistrer", exact=True).first.click()
    expect(page.locator(".note .said")).to_have_text(["Une première, corrigée"])


def test_words_typed_after_a_click_on_a_rubric_land_in_the_box(page: Page, server: Server) -> None:
    enter(page, server)
    page.locator("#choices").get_by_text("Verbatim").click()
    page.keyboard.insert_text("« Éme")  # signs without a key of their own: Alt + 0201, a phone's keys
    page.keyboard.type("rgence")

    expect(page.locator("#text")).to_have_value("« Émergence")
    assert page.locator("#choices").get_by_label("Verbatim").is_checked()


def test_a_signature_saves_itself_and_signs_the_next_note(page: Page, server: Server) -> None:
    enter(page, server)
    page.locator("summary", has_text="Signer mes notes").click()
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("A. B.")
    page.locator("#text").click()
    expect(page.locator("#name")).to_be_hidden()  # the menu closes when one goes elsewhere
    expect(page.locator(beside(page, "#name"))).to_have_text("Reçu")
    expect(page.locator("[data-shows=signature]")).to_have_text("A. B.")
    note(page, "Signée")
    expect(page.locator(".note .meta")).to_contain_text("A. B.")


def test_a_colleague_s_participants_and_speaker_arrive(page: Page, server: Server) -> None:
    enter(page, server)
    other = enter(page.context.browser.new_context().new_page(), server)  # type: ignore[union-attr]
    other.locator("#number").fill("31")
    other.locator("#speaker").fill("Amina")
    other.locator("#text").click()

    expect(page.locator("#number")).to_have_value("31")
    expect(page.locator("#speaker")).to_have_value("Amina")
    other.context.close()


def test_a_common_message_settles_two_when_it_is_left_not_at_a_pause(page: Page, server: Server) -> None:
    enter(page, server)
    other = enter(page.context.browser.new_context().new_page(), server)  # type: ignore[union-attr]
    for one, text in ((page, "Le premier"), (other, "Le second")):
        one.context.set_offline(True)
        one.locator("#message-text").fill(text)
        one.locator("#text").click()
        expect(one.locator(beside(one, "#message-text"))).to_have_text("Sur cet ordinateur")
    page.context.set_offline(False)
    other.context.set_offline(False)
    for one in (page, other):
        expect(one.locator("#message .conflict blockquote")).to_have_count(2)

    page.locator("#message-text").fill("Le texte commun")
    other.locator("#number").fill("12")
    other.locator("#text").click()
    expect(page.locator("#number")).to_have_value("12")  # more than a pause has passed
    expect(page.locator("#message .conflict blockquote")).to_have_count(2)
    page.locator("#text").click()
    expect(other.locator("#message-now")).to_have_attribute("data-text", "Le texte commun")
    expect(other.locator("#message .conflict")).to_have_count(0)
    other.context.close()


def test_a_received_message_is_not_wiped_by_news_that_are_older(page: Page, server: Server) -> None:
    enter(page, server)
    page.locator("#number").fill("24")
    page.locator("#text").click()
    now = page.locator("[data-now-of=participants]")
    expect(now).to_have_attribute("data-text", "24")  # made a moment ago: not anew for two seconds
    page.route("**/feed?*", lambda route: route.abort())  # what the page knows of colleagues stays as it is
    page.locator("#message-text").fill(MESSAGE)
    page.locator("#text").click()

    expect(page.locator(beside(page, "#message-text"))).to_have_text("Reçu")
    expect(page.locator("#message-text")).to_have_value(MESSAGE)
