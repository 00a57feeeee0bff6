"""Nothing typed is lost: a real browser, a real server, and everything that cuts them apart."""

import contextlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import machine
import pytest
from browsing import (
    all_received,
    edit,
    enter,
    note,
    note_in_a_reopened_page,
    organise,
    other_tab,
    page_is_kept,
    pointed_at,
    received,
)
from conftest import FLAGS, Server
from playwright.sync_api import Browser, BrowserType, Error, Page, Route, expect
from waiting import eventually


def test_notes_typed_without_network_wait_here_and_leave_when_it_returns(page: Page, server: Server) -> None:
    enter(page, server)
    page.context.set_offline(True)
    note(page, "Première sans réseau")
    note(page, "Deuxième sans réseau")
    expect(page.locator("#state")).to_contain_text(
        "2 notes sont encore sur cet ordinateur. Le réseau est coupé"
    )
    expect(page.locator("#waiting li")).to_have_count(2)
    assert received(page) == []

    page.context.set_offline(False)

    all_received(page)
    expect(page.locator("#waiting")).to_be_hidden()
    assert received(page) == ["Première sans réseau", "Deuxième sans réseau"]


def test_edits_marks_and_withdrawals_made_offline_are_applied_in_order(page: Page, server: Server) -> None:
    enter(page, server)
    note(page, "Départ")
    note(page, "À retirer")
    expect(page.locator(".note")).to_have_count(2)
    page.context.set_offline(True)
    edit(page)
    page.locator("[data-edit-box]").fill("Arrivée")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="À dire en plénière : ÉME‑1").click()
    pointed_at(page, 1).locator("summary").click()
    page.locator(".note").nth(1).get_by_role("button", name="Retirer").click()
    expect(page.locator("#waiting li")).to_have_count(3)
    page.context.set_offline(False)

    all_received(page)
    expect(page.locator(".note.is-chosen .said")).to_have_text("Arrivée")
    expect(page.locator(".note.is-withdrawn")).to_contain_text("À retirer")


def test_a_server_killed_under_the_page_and_restarted_gets_every_note_once(
    page: Page, own_server: Server
) -> None:
    enter(page, own_server)
    note(page, "Avant la panne")
    all_received(page)
    own_server.kill()
    note(page, "Pendant la panne")
    expect(page.locator("#state")).to_contain_text("Le serveur ne répond plus depuis")
    own_server.start()

    all_received(page)
    assert received(page) == ["Avant la panne", "Pendant la panne"]


DRAFTS = """() => new Promise((resolve) => {
  const open = indexedDB.open("contrib");
  open.onsuccess = () => {
    const all = open.result.transaction("drafts").objectStore("drafts").getAll();
    all.onsuccess = () => { open.result.close(); resolve(all.result.map((draft) => draft.text)); };
  };
})"""


def drafts_on_disk(page: Page, *texts: str) -> None:
    """Wait until the browser holds these drafts: a tab that is closed then leaves them behind."""
    kept = eventually(lambda: found if set(texts) <= set(found := page.evaluate(DRAFTS)) else None)
    assert kept, page.evaluate(DRAFTS)


def answer_like_a_portal(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<h1>Bienvenue sur le Wi-Fi</h1>")


def answer_like_a_proxy(route: Route) -> None:
    route.fulfill(status=502, content_type="text/html", body="Bad gateway")


def answer_with_a_redirect(route: Route) -> None:
    route.fulfill(status=302, headers={"Location": "/"}, body="")


@pytest.mark.parametrize(
    ("handler", "sentence"),
    [
        (answer_like_a_portal, "Le Wi-Fi demande une connexion"),
        (answer_with_a_redirect, "Le Wi-Fi demande une connexion"),
        (answer_like_a_proxy, "Un intermédiaire du réseau refuse l’envoi"),
    ],
)
def test_what_answers_in_our_place_is_named_and_acknowledges_nothing(
    page: Page, server: Server, handler, sentence: str
) -> None:
    enter(page, server)
    page.route("**/*", handler)
    note(page, "Gardée")
    expect(page.locator("#state")).to_contain_text(sentence)
    expect(page.locator("#waiting li")).to_have_count(1)
    page.unroute("**/*")

    all_received(page)
    assert received(page) == ["Gardée"]


def test_a_response_lost_after_the_commit_makes_one_note(page: Page, server: Server) -> None:
    enter(page, server)
    lost = []

    def lose(route: Route) -> None:
        route.fetch()
        lost.append(route.request.url)
        route.abort()

    page.route("**/notes?*", lose)
    with page.expect_event("requestfailed", lambda request: "/notes?" in request.url):
        note(page, "Écrite, réponse perdue")
    page.unroute("**/notes?*")

    all_received(page)
    assert lost
    assert received(page) == ["Écrite, réponse perdue"]


def test_a_renewed_code_strands_nothing(browser: Browser, page: Page, server: Server) -> None:
    enter(page, server)
    desk = organise(browser.new_context().new_page(), server)
    desk.goto(f"{server.url}/{server.day}/organisation/codes")
    desk.locator("details summary").first.click()
    desk.get_by_role("button", name="Renouveler ce code").first.click()
    code = desk.locator("td code").first.inner_text()
    note(page, "Sous l’ancien code")
    expect(page.locator("#state")).to_contain_text("Le code de l’atelier est à entrer à nouveau")
    other = page.context.new_page()
    other.goto(server.url)
    other.fill("#code", code)
    other.keyboard.press("Enter")
    other.wait_for_selector("#text")

    all_received(page)
    expect(page.locator(".note .said")).to_have_text(["Sous l’ancien code"])
    desk.context.close()


def test_two_tabs_send_each_note_once(page: Page, server: Server) -> None:
    enter(page, server)
    second = other_tab(page)
    page.context.set_offline(True)
    for number in range(3):
        note(page, f"Onglet un, {number}")
        note(second, f"Onglet deux, {number}")
    page.context.set_offline(False)

    all_received(page)
    all_received(second)
    expect(page.locator(".note")).to_have_count(6)
    assert len(set(received(page))) == 6


def test_two_tabs_each_keep_their_own_draft_and_a_closed_one_is_taken_over(
    page: Page, server: Server
) -> None:
    enter(page, server)
    second = other_tab(page)
    page.locator("#text").fill("Phrase du premier onglet")
    second.locator("#text").fill("Phrase du second onglet")
    drafts_on_disk(second, "Phrase du premier onglet", "Phrase du second onglet")
    second.reload()
    second.wait_for_selector("[data-alive=journal]")
    expect(second.locator("#text")).to_have_value("Phrase du second onglet")
    expect(page.locator("#text")).to_have_value("Phrase du premier onglet")

    page.close()
    second.reload()

    expect(second.locator("#text")).to_have_value("Phrase du premier onglet\nPhrase du second onglet")


def test_two_tabs_that_edit_one_note_each_keep_their_own_text_and_both_stand(
    page: Page, server: Server
) -> None:
    enter(page, server)
    note(page, "Un café ouvert")
    all_received(page)
    second = other_tab(page)
    boxes = []
    for tab, text in ((page, "Un café ouvert le soir"), (second, "Un café ouvert le dimanche")):
        edit(tab)
        boxes.append(tab.locator("[data-edit-box]"))
        boxes[-1].fill(text)
        drafts_on_disk(tab, text)  # while the tab is in front: the browser slows the others
    second.reload()
    second.wait_for_selector("[data-alive=journal]")
    edit(second)
    expect(second.locator("[data-edit-box]")).to_have_value("Un café ouvert le dimanche")
    expect(boxes[0]).to_have_value("Un café ouvert le soir")

    for tab in (page, second):
        tab.locator("[data-edit-box]").press("Control+Enter")

    for tab in (page, second):
        all_received(tab)
        expect(tab.locator(".conflict blockquote p")).to_have_text(
            ["Un café ouvert le soir", "Un café ouvert le dimanche"]
        )


def test_an_edit_whose_tab_was_closed_is_found_again_in_another(page: Page, server: Server) -> None:
    enter(page, server)
    note(page, "Un café ouvert")
    all_received(page)
    second = other_tab(page)
    edit(page)
    page.locator("[data-edit-box]").fill("Un café ouvert le soir")
    drafts_on_disk(second, "Un café ouvert le soir")

    page.close()
    edit(second)

    expect(second.locator("[data-edit-box]")).to_have_value("Un café ouvert le soir")
    second.locator("[data-edit-box]").press("Control+Enter")
    all_received(second)
    expect(second.locator(".note .said")).to_have_text(["Un café ouvert le soir"])
    expect(second.locator(".conflict")).to_have_count(0)


def test_two_facilitators_on_the_same_note_find_both_texts(
    browser: Browser, page: Page, server: Server
) -> None:
    enter(page, server)
    note(page, "Départ")
    other = enter(browser.new_context().new_page(), server)
    expect(other.locator(".note")).to_have_count(1)
    page.context.set_offline(True)
    for who, text in ((page, "Version hors réseau"), (other, "Version en ligne")):
        edit(who)
        who.locator("[data-edit-box]").fill(text)
        who.keyboard.press("Control+Enter")
        expect(who.locator("[data-edit-box]")).to_have_count(0)
    all_received(other)
    page.context.set_offline(False)
    all_received(page)

    for who in (page, other):
        expect(who.locator(".versions blockquote p")).to_have_text(
            ["Version en ligne", "Version hors réseau"]
        )
    page.get_by_role("button", name="Garder ce texte").nth(1).click()
    expect(other.locator(".versions")).to_have_count(0)
    expect(other.locator(".note .said")).to_have_text("Version hors réseau")
    other.context.close()


def test_ready_says_not_to_close_while_something_is_still_here(page: Page, server: Server) -> None:
    enter(page, server)
    page.context.set_offline(True)
    note(page, "Encore ici")
    page.get_by_role("button", name="C’est prêt pour la plénière").click()
    expect(page.locator("#closing-answer")).to_contain_text("Ne fermez pas : 2 changements sont encore ici.")
    expect(page.locator("#ways-out li")).to_have_count(2)
    page.context.set_offline(False)
    all_received(page)
    page.get_by_role("button", name="Finalement").or_(
        page.get_by_role("button", name="C’est prêt")
    ).first.click()
    expect(page.locator("#closing-answer")).to_have_text("Tout est reçu, vous pouvez fermer cet ordinateur.")


def test_the_file_holds_what_was_not_sent_and_what_is_known(
    page: Page, server: Server, tmp_path: Path
) -> None:
    enter(page, server)
    note(page, "Reçue")
    all_received(page)
    page.context.set_offline(True)
    note(page, "Pas encore partie")
    with page.expect_download() as download:
        page.get_by_role("button", name="Sauver mes notes dans un fichier").click()
    download.value.save_as(tmp_path / "notes.txt")

    text = (tmp_path / "notes.txt").read_text("utf-8-sig")
    assert "Pas encore reçues par le serveur (1)\n- Pas encore partie" in text
    assert "Notes connues de ce navigateur (1)\n- Reçue (ÉME‑1)" in text


def test_without_indexeddb_the_page_promises_less_and_the_form_works(
    browser: Browser, server: Server
) -> None:
    context = browser.new_context()
    context.add_init_script("Object.defineProperty(window, 'indexedDB', {get: () => undefined})")
    page = enter(context.new_page(), server, script=False)
    expect(page.locator("#promise")).to_contain_text("ne peut rien garder")
    page.locator("#text").fill("Sans journal")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note .said")).to_have_text("Sans journal")
    context.close()


def test_without_indexeddb_and_without_server_the_text_stays_in_the_box(
    browser: Browser, own_server: Server
) -> None:
    context = browser.new_context(service_workers="block")
    context.add_init_script("Object.defineProperty(window, 'indexedDB', {get: () => undefined})")
    page = enter(context.new_page(), own_server, script=False)
    page.wait_for_selector("[data-alive=forms]")
    own_server.kill()
    page.locator("#text").fill("Sans journal, sans serveur")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#noter .alert")).to_contain_text("votre texte est encore dans la boîte")
    expect(page.locator("#text")).to_have_value("Sans journal, sans serveur")
    expect(page.locator("#state")).to_contain_text("n’est que sur cette page")
    expect(page.locator("#state")).not_to_contain_text("rien ne se perd")
    own_server.start()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note .said")).to_have_text("Sans journal, sans serveur")
    context.close()


def test_a_browser_without_room_says_so_and_sends_plainly_or_keeps_the_text_in_the_box(
    page: Page, server: Server
) -> None:
    settings = {"origin": server.url, "quotaSize": 1}
    page.context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", settings)
    enter(page, server)
    page.locator("#text").fill("Une phrase de trop")
    expect(page.locator("#promise")).to_contain_text("Ce navigateur ne garde plus rien")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#noter .alert")).to_contain_text("votre texte est encore dans la boîte")
    expect(page.locator("#text")).to_have_value("Une phrase de trop")
    expect(page.locator("#state")).to_contain_text("n’est que sur cette page")

    page.context.set_offline(False)
    page.keyboard.press("Control+Enter")

    expect(page.locator(".note .said")).to_have_text(["Une phrase de trop"])


class KillableBrowser:
    """Chromium on a profile of its own, killed with SIGKILL and opened again."""

    def __init__(self, kind: BrowserType, profile: Path) -> None:

        self.kind, self.profile, self.path = kind, profile, machine.chromium()
        self.open()

    def open(self) -> None:
        self.context = self.kind.launch_persistent_context(
            self.profile, executable_path=self.path, args=FLAGS, headless=True
        )
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()

    def kill(self) -> None:
        found = subprocess.run(
            ["pgrep", "-f", f"user-data-dir={self.profile}"], capture_output=True, text=True
        )
        for pid in found.stdout.split():
            try:
                os.kill(int(pid), signal.SIGKILL)
            except ProcessLookupError:
                continue
        mine = ["pgrep", "-f", f"user-data-dir={self.profile}"]
        eventually(lambda: not subprocess.run(mine, capture_output=True).stdout)
        with contextlib.suppress(Error):  # the browser is dead: that is the point
            self.context.close()
        for lock in self.profile.glob("Singleton*"):
            lock.unlink()


@pytest.mark.parametrize("kills", [int(os.environ.get("CONTRIB_KILLS", "3"))])
def test_a_browser_killed_in_mid_typing_keeps_every_note_and_the_draft(
    browser: Browser, own_server: Server, tmp_path: Path, kills: int
) -> None:
    room = KillableBrowser(browser.browser_type, tmp_path / "profile")
    enter(room.page, own_server)
    kept = []
    for round in range(kills):
        page = room.page
        own_server.kill()
        page.locator("#text").fill(f"Note {round}")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#waiting li").last).to_contain_text(f"Note {round}")
        kept.append(f"Note {round}")
        page.keyboard.type(f"Brouillon {round}", delay=5)
        drafts_on_disk(page, f"Brouillon {round}")
        room.kill()
        own_server.start()
        room.open()
        room.page.goto(f"{own_server.url}/lievin-2021/ateliers/emergence")
        if room.page.locator("#code").count():
            # a browser writes cookies to disk within 30 s: after an earlier kill the code is
            # asked again, and any valid one releases what is kept
            enter(room.page, own_server)
        room.page.wait_for_selector("[data-alive=journal]")
        expect(room.page.locator("#text")).to_have_value(f"Brouillon {round}")
        all_received(room.page)
        expect(room.page.locator(".note .said")).to_have_text(kept)
    room.context.close()


def test_clearing_the_trial_keeps_the_draft_of_an_open_page(
    browser: Browser, page: Page, server: Server
) -> None:
    enter(page, server)
    page.locator("#text").fill("Une phrase pas encore notée")
    before = page.get_attribute("[data-workshop]", "data-workshop")
    desk = organise(browser.new_context().new_page(), server)
    desk.goto(f"{server.url}/{server.day}/organisation/reglages")
    desk.fill("#confirmation", "commencer")
    desk.get_by_role("button", name="Effacer les essais").click()
    expect(desk.get_by_text("La journée commence")).to_be_visible()
    expect(page.locator("[data-workshop]")).not_to_have_attribute("data-workshop", before or "")

    expect(page.locator("#text")).to_have_value("Une phrase pas encore notée")
    desk.context.close()


def test_a_refusal_is_told_apart_from_what_is_being_sent(page: Page, server: Server) -> None:
    enter(page, server)
    page.locator("#number").evaluate("(field) => field.removeAttribute('data-most')")  # a page of before
    page.fill("#number", "vingt")
    page.locator("#text").click()

    expect(page.locator("#state")).to_have_text("1 refus est à relire ci-dessous.")
    expect(page.locator("#waiting li")).to_contain_text("Participants : vingt Refusé : Le nombre")


def test_a_colleague_s_news_leave_the_chosen_rubric_alone(
    browser: Browser, page: Page, server: Server
) -> None:
    enter(page, server)
    page.locator("#choices").get_by_text("Recommandations").click()
    page.locator("#text").click()
    other = enter(browser.new_context().new_page(), server)
    note(other, "D’une collègue")
    expect(page.locator(".note")).to_have_count(1)

    assert page.locator("#choices").get_by_label("Recommandations").is_checked()
    other.context.close()


def test_the_presenter_s_page_follows_within_seconds(browser: Browser, page: Page, server: Server) -> None:
    enter(page, server)
    presenter = enter(browser.new_context().new_page(), server, "Restitution", script=False)
    note(page, "À l’instant")
    page.get_by_role("button", name="À dire en plénière : ÉME‑1").click()

    expect(presenter.locator("#essentials")).to_contain_text("À l’instant")
    expect(presenter.locator("#dashboard")).to_contain_text("1 note, 1 choisie sur 3")
    presenter.context.close()


def test_on_a_plain_http_network_address_the_journal_holds_and_the_page_says_to_keep_the_tab(
    browser: Browser, own_server: Server, tmp_path: Path
) -> None:

    # 127.0.0.1 counts as secure; a name that leads there does not
    name = f"http://salle.example:{own_server.port}"
    context = browser.browser_type.launch_persistent_context(
        tmp_path / "profile",
        executable_path=machine.chromium(),
        args=[*FLAGS, "--host-resolver-rules=MAP salle.example 127.0.0.1"],
    )
    page = context.pages[0]
    page.goto(name)
    assert page.evaluate("isSecureContext") is False
    page.fill("#code", own_server.code("L’émergence"))
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-alive=journal]")
    expect(page.locator("#promise")).to_contain_text("(sauf en navigation privée)")
    own_server.kill()
    note(page, "Sans https, sans serveur")
    expect(page.locator("#waiting li")).to_have_count(1)
    own_server.start()
    all_received(page)
    assert received(page) == ["Sans https, sans serveur"]
    context.close()


def test_on_a_secure_origin_the_page_can_be_reopened_while_nothing_answers(
    browser: Browser, own_server: Server
) -> None:
    context = browser.new_context()
    page = enter(context.new_page(), own_server)
    assert page.evaluate("isSecureContext") is True
    note(page, "Avant la coupure")
    all_received(page)
    address = page.url.split("#")[0]
    page_is_kept(page)
    own_server.kill()
    page.close()

    again = note_in_a_reopened_page(context, address, own_server.start)

    again.get_by_role("button", name="Sortir").click()
    again.wait_for_selector("#code")
    assert eventually(lambda: not again.evaluate("caches.has('contrib-pages')"))
    context.close()


AHEAD = """
const Real = Date;
const ahead = 400 * 24 * 3600 * 1000;
globalThis.Date = class extends Real {
  constructor(...given) { given.length ? super(...given) : super(Real.now() + ahead); }
  static now() { return Real.now() + ahead; }
};
"""


def test_a_laptop_whose_clock_and_zone_are_wrong_changes_neither_order_nor_hours(
    browser: Browser, own_server: Server
) -> None:
    wrong = browser.new_context(service_workers="block", timezone_id="America/New_York")
    wrong.add_init_script(AHEAD)
    right = browser.new_context(service_workers="block")
    begun = datetime.now(UTC)
    pages = [enter(context.new_page(), own_server) for context in (wrong, right, wrong)]
    texts = ["Une, horloge en avance", "Deux, horloge juste", "Trois, horloge en avance"]
    for page, text in zip(pages, texts, strict=True):
        note(page, text)
        all_received(page)
    for page in pages:
        expect(page.locator(".note .said")).to_have_text(texts)
    hours = [page.locator(".note [data-when]").all_inner_texts() for page in pages]
    assert [[hour.split(" · ")[0] for hour in one] for one in hours] == [
        [hour.split(" · ")[0] for hour in hours[1]]
    ] * 3

    own_server.kill()
    note(pages[0], "Pendant la panne")
    since = datetime.now(ZoneInfo("Europe/Paris"))
    minutes = [since - timedelta(minutes=late) for late in (0, 1)]
    said = "|".join(f"{at.hour}\u00a0h\u00a0{at.minute:02}" for at in minutes)
    expect(pages[0].locator("#state")).to_contain_text(re.compile(f"ne répond plus depuis ({said})"))
    with sqlite3.connect(own_server.data / "contrib.sqlite3") as store:
        rows = store.execute(
            "SELECT device_time, received_at FROM operation WHERE verb = 'record' ORDER BY seq"
        ).fetchall()
    their_years = [datetime.fromisoformat(typed).year for typed, _ in rows]
    assert their_years == [(begun + timedelta(days=ahead)).year for ahead in (400, 0, 400)]
    for _, at in rows:
        assert begun <= datetime.fromisoformat(at).replace(tzinfo=UTC) <= datetime.now(UTC)
    wrong.close()
    right.close()


def test_two_quick_presses_make_one_note_and_what_follows_stays_in_the_box(
    page: Page, server: Server
) -> None:
    enter(page, server)
    page.locator("#text").fill("Une fois")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("la suite")

    all_received(page)
    expect(page.locator(".note .said")).to_have_text(["Une fois"])
    expect(page.locator("#text")).to_have_value("la suite")


def test_editing_twice_offline_is_no_conflict_with_oneself(page: Page, server: Server) -> None:
    enter(page, server)
    note(page, "Un")
    expect(page.locator(".note")).to_have_count(1)
    page.context.set_offline(True)
    for text in ("Un deux", "Un deux trois"):
        edit(page)
        page.locator("[data-edit-box]").fill(text)
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-edit-box]")).to_have_count(0)
    page.context.set_offline(False)

    all_received(page)
    expect(page.locator(".note .said")).to_have_text(["Un deux trois"])
    expect(page.locator(".conflict")).to_have_count(0)


def test_a_step_whose_answer_was_lost_is_made_once(page: Page, server: Server) -> None:
    enter(page, server)
    for number in range(1, 5):
        note(page, f"N{number}")
    expect(page.locator(".note")).to_have_count(4)
    page.route("**/place?*", lambda route: (route.fetch(), route.abort()), times=1)
    pointed_at(page, 3).locator("summary").click()
    page.locator(".note").nth(3).get_by_role("button", name="Monter").click()

    all_received(page)
    expect(page.locator(".note .said")).to_have_text(["N1", "N2", "N4", "N3"])


def test_a_note_kept_offline_while_the_trial_was_cleared_is_shown_not_sent(
    browser: Browser, page: Page, server: Server
) -> None:
    enter(page, server)
    page.context.set_offline(True)
    note(page, "Notée pendant l’essai")
    desk = organise(browser.new_context().new_page(), server)
    desk.goto(f"{server.url}/{server.day}/organisation/reglages")
    desk.fill("#confirmation", "commencer")
    desk.get_by_role("button", name="Effacer les essais").click()
    expect(desk.get_by_text("La journée commence")).to_be_visible()
    page.context.set_offline(False)

    expect(page.locator("#waiting li")).to_contain_text("Refusé")
    expect(page.locator("#waiting li")).to_contain_text("Notée pendant l’essai")
    page.get_by_role("button", name="Reprendre").click()
    expect(page.locator("#text")).to_have_value("Notée pendant l’essai")
    desk.context.close()


def test_a_backup_put_back_under_the_page_is_noticed_even_when_colleagues_wrote_since(
    browser: Browser, page: Page, own_server: Server
) -> None:
    enter(page, own_server)
    note(page, "Avant la copie")
    all_received(page)
    own_server.kill()
    store = own_server.data / "contrib.sqlite3"
    with sqlite3.connect(store) as live:
        live.execute("VACUUM INTO ?", (str(own_server.data / "copie"),))
    own_server.start()
    note(page, "Après la copie")
    all_received(page)
    expect(page.locator(".note")).to_have_count(2)
    page.context.set_offline(True)
    own_server.kill()
    for suffix in ("", "-wal", "-shm"):
        store.with_name(f"contrib.sqlite3{suffix}").unlink(missing_ok=True)
    shutil.copy(own_server.data / "copie", store)
    own_server.start()
    other = enter(browser.new_context().new_page(), own_server)
    for number in range(3):
        note(other, f"D’une collègue {number}")
    all_received(other)
    page.context.set_offline(False)

    expect(other.locator(".note .said").filter(has_text="Après la copie")).to_have_count(1)
    expect(other.locator(".note")).to_have_count(5)
    other.context.close()
