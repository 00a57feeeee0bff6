"""The capture page with 10, 300, 1,000 and 2,000 notes: weight, requests, time to type, elements a note.

`python tests/bench/page.py [FOLDER]`: another checkout is measured beside this one, in the same run.
Times are in milliseconds from the address to the event; `x` is the multiple of the page with 10 notes.
"""

import sys
import tempfile
import time
from pathlib import Path

import machine
from conftest import FLAGS, Server
from playwright.sync_api import Browser, Request, sync_playwright

from contrib.installation import open_folder
from contrib.intake.csv_file import import_rows, read_csv
from contrib.store.db import db
from contrib.store.log import Author
from contrib.store.models import Event

SIZES = (10, 300, 1_000, 2_000)
SLOWER = 4
WORDS = "Ouvrir les centres sociaux le soir et le samedi, sans dossier à remplir, numéro {}"


def filled(folder: Path, notes: int, here: Path) -> Server:
    """A server of that checkout whose first workshop holds so many notes, one in eight still to be sorted."""
    server = Server(folder, launcher=[sys.executable, "-m", "contrib"])
    server.start()
    server.kill()
    said = server.said
    app, _ = open_folder(folder)
    with app.app_context():
        event = db.session.query(Event).one()
        workshop = event.workshops[0]
        labels = [rubric.label for rubric in workshop.rubrics]
        lines = ["atelier;rubrique;texte"]
        lines += [
            f"{workshop.title};{labels[n % len(labels)] if n % 8 else ''};{WORDS.format(n)}"
            for n in range(notes)
        ]
        for start in range(0, notes, 500):
            part = "\n".join([lines[0], *lines[1 + start : 1 + start + 500]])
            import_rows(event.id, Author(), read_csv(event, part.encode()))
        db.session.remove()
        db.engine.dispose()
    server = Server(
        folder,
        port=server.port,
        launcher=[
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, {str(here)!r}); from contrib.__main__ import main; main()",
        ],
    )
    server.start()
    server.said = said
    return server


def measured(browser: Browser, server: Server, slower: int) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, service_workers="block")
    page = context.new_page()
    page.goto(server.url)
    page.fill("#code", server.code("L’émergence"))
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-alive=journal]", timeout=180_000)
    address = page.url
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    context.new_cdp_session(page).send("Network.clearBrowserCache")
    loaded: list[Request] = []
    page.on("requestfinished", lambda request: loaded.append(request))
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("[data-box=kept], [data-alive=journal]", timeout=180_000)
    page.keyboard.type("x")
    page.wait_for_function("document.querySelector('#text').value === 'x'")
    typed = time.perf_counter() - start
    before = list(loaded)
    page.wait_for_selector("[data-alive=journal]", timeout=180_000)
    alive = time.perf_counter() - start
    wanted = page.evaluate("[...document.querySelectorAll('.count')].length > 0")
    if wanted:
        page.wait_for_selector("[data-whole=yes]", timeout=180_000)
    whole = time.perf_counter() - start
    result = {
        "requests": len(before),
        "KB": sum(one.sizes()["responseBodySize"] for one in before) / 1000,
        "typed": typed * 1000,
        "alive": alive * 1000,
        "whole": whole * 1000,
        "elements": page.evaluate(
            "(n => n.reduce((s, e) => s + e.querySelectorAll('*').length + 1, 0) / n.length)"
            "([...document.querySelectorAll('.note:not(.to-sort)')])"
        ),
    }
    context.close()
    return result


def main(*others: str) -> None:
    checkouts = [Path(one).resolve() for one in others] + [Path(__file__).parents[2]]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=machine.chromium(), args=FLAGS)
        for number, here in enumerate(checkouts):
            name = "this one" if number == len(checkouts) - 1 else here.name
            for slower in (1, SLOWER):
                first = 0.0
                for notes in SIZES:
                    server = filled(Path(folder) / f"{number}-{slower}-{notes}", notes, here)
                    try:
                        found = measured(browser, server, slower)
                    finally:
                        server.kill()
                    first = first or found["whole"]
                    print(
                        f"{name:10} {slower}x slower {notes:5} notes: {found['requests']:3.0f} requests "
                        f"{found['KB']:5.0f} KB, typed {found['typed']:6.0f}, alive {found['alive']:6.0f}, "
                        f"whole {found['whole']:6.0f} (x {found['whole'] / first:4.1f}), "
                        f"{found['elements']:4.1f} elements a note",
                        flush=True,
                    )
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
