"""The heart of the afternoon in Firefox: noted, cut off, killed, and all of it there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Server
from firefox import ENTER, Firefox

STATE = "document.getElementById('state').textContent"
ALIVE = "document.querySelector('[data-alive=journal]') !== null"
NOTES = "[...document.querySelectorAll('.note .said')].map((note) => note.textContent)"
WAITING = "document.querySelectorAll('#waiting li').length"


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    window = Firefox(tmp_path / "profile")
    yield window
    window.kill()


def enter(firefox: Firefox, server: Server) -> None:
    firefox.goto(server.url)
    firefox.run("document.getElementById('code').focus()")
    firefox.type(server.code("L’émergence").lower() + ENTER)
    firefox.until(ALIVE)


def note(firefox: Firefox, text: str) -> None:
    firefox.run("document.getElementById('text').focus()")
    firefox.type(text)
    firefox.press_control_enter()
    firefox.until("document.getElementById('text').value", "")


def test_firefox_killed_while_the_server_is_away_keeps_notes_and_draft(
    firefox: Firefox, own_server: Server
) -> None:
    enter(firefox, own_server)
    note(firefox, "Avant la panne")
    firefox.until(STATE, "Tout est reçu")
    firefox.until(NOTES, ["Avant la panne"])
    page = firefox.run("location.href")
    own_server.kill()
    note(firefox, "Pendant la panne")
    firefox.until(f"{STATE}.includes('Le serveur ne répond plus depuis')")
    firefox.type("Une phrase inachev")
    firefox.run("new Promise((resolve) => setTimeout(resolve, 150))")

    firefox.kill()
    own_server.start()
    firefox.open()
    firefox.goto(page)
    if not firefox.run(ALIVE):  # Firefox writes cookies every few seconds: the code is asked again
        enter(firefox, own_server)

    firefox.until("document.getElementById('text').value", "Une phrase inachev")
    firefox.until(STATE, "Tout est reçu")
    firefox.until(NOTES, ["Avant la panne", "Pendant la panne"])


def test_firefox_edits_marks_and_withdraws_while_the_server_is_away(
    firefox: Firefox, own_server: Server
) -> None:
    enter(firefox, own_server)
    note(firefox, "Départ")
    note(firefox, "À retirer")
    firefox.until(f"{NOTES}.length", 2)
    own_server.kill()
    firefox.point_at(".note")
    firefox.click(".note [data-edit]")
    firefox.until("document.activeElement.matches('[data-edit-box]')")
    firefox.run("document.activeElement.select()")
    firefox.type("Arrivée")
    firefox.press_control_enter()
    firefox.until(WAITING, 1)
    firefox.click(".note [aria-pressed]")
    firefox.until(WAITING, 2)
    firefox.point_at(".note:nth-of-type(2)")
    firefox.click(".note:nth-of-type(2) [name=withdrawn]")
    firefox.until(WAITING, 3)
    own_server.start()

    firefox.until(STATE, "Tout est reçu")
    firefox.until("document.querySelector('.note.is-chosen .said')?.textContent", "Arrivée")
    firefox.until("document.querySelector('.note.is-withdrawn s')?.textContent", "À retirer")


def test_a_private_window_of_firefox_is_told_what_it_would_lose(tmp_path: Path, own_server: Server) -> None:
    profile = tmp_path / "private"
    profile.mkdir()
    (profile / "user.js").write_text('user_pref("browser.privatebrowsing.autostart", true);')
    window = Firefox(profile)
    try:
        enter(window, own_server)
        window.until(
            "document.getElementById('promise').textContent.startsWith('Fenêtre privée\\u00a0: ce qui n’est pas encore reçu')"
        )
        note(window, "Notée en privé")
        window.until(STATE, "Tout est reçu")
    finally:
        window.kill()
