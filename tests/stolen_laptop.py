"""A day that goes on from its copy, on another machine."""

import contextlib
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

from browsing import enter, note
from conftest import ROOT, Server
from playwright.sync_api import Browser, expect
from waiting import eventually


def run(*arguments: object, launcher: list[str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [*(launcher or [sys.executable, "-m", "contrib"]), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)


def texts(data: Path) -> list[str]:
    with sqlite3.connect(data / "contrib.sqlite3") as connection:
        rows = connection.execute(
            "SELECT text FROM revision JOIN note ON note.id = revision.note_id WHERE standing ORDER BY text"
        )
        return [text for (text,) in rows]


def forward(port: int, to: int) -> socket.socket:
    """Connections to one port of this machine lead to another, until what comes back is closed."""
    door = socket.create_server(("127.0.0.1", port))

    def pour(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = door.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", to))
                except OSError:
                    near.close()
                    continue
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=pour, args=pair, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return door


def steal_the_laptop(browser: Browser, tmp_path: Path, launcher: list[str] | None = None) -> None:
    """A day is played, the data folder goes, the copy on the key comes to life on another port.

    The address of before leads there, as a router's or a proxy's does when it is told to.
    """
    key = tmp_path / "key"
    key.mkdir()
    server = Server(tmp_path / "data", launcher=launcher).start()
    contexts = [browser.new_context() for _ in range(2)]
    emergence, numerique = (
        enter(context.new_page(), server, title)
        for context, title in zip(contexts, ("L’émergence", "L’outil numérique"), strict=True)
    )
    note(emergence, "Avant la copie, émergence")
    expect(emergence.locator(".note")).to_have_count(1)
    note(numerique, "Avant la copie, numérique")
    expect(numerique.locator(".note")).to_have_count(1)
    contexts.append(browser.new_context())
    organiser = contexts[-1].new_page()
    organiser.goto(f"{server.url}/organisation")
    organiser.fill("#password", server.password())
    organiser.keyboard.press("Enter")
    organiser.wait_for_selector("h1:has-text('Les ateliers')")
    organiser.goto(f"{server.url}/lievin-2021/organisation/copies")
    organiser.fill("#folder", str(key))
    organiser.get_by_role("button", name="Enregistrer ce dossier").click()
    expect(organiser.get_by_text("Dernière copie")).to_be_visible()
    note(emergence, "Après la copie, émergence")
    expect(emergence.locator(".note")).to_have_count(2)
    note(numerique, "Après la copie, numérique")
    expect(numerique.locator(".note")).to_have_count(2)
    expect(emergence.locator("#state")).to_have_text("Tout est reçu")
    expect(numerique.locator("#state")).to_have_text("Tout est reçu")

    server.kill()
    shutil.rmtree(tmp_path / "data")
    copy = sorted(key.glob("copie-*.zip"))[-1]
    answer = run("restore", copy, "--data", tmp_path / "other", launcher=launcher)
    assert answer.returncode == 0, answer.stderr
    assert "2\u00a0notes reprises" in answer.stdout
    again = Server(tmp_path / "other", launcher=launcher).start()
    assert again.port != server.port
    way = forward(server.port, again.port)
    try:
        assert again.code("L’émergence") == server.code("L’émergence")
        for page in (emergence, numerique):
            expect(page.locator("#state")).to_have_text("Tout est reçu")
        wanted = [
            "Après la copie, numérique", "Après la copie, émergence",
            "Avant la copie, numérique", "Avant la copie, émergence",
        ]  # fmt: skip
        eventually(lambda: texts(tmp_path / "other") == wanted)
        assert texts(tmp_path / "other") == wanted
    finally:
        for context in contexts:
            context.close()
        way.close()
        again.kill()
