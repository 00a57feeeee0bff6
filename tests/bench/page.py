"""The capture page with 10, 300, 1,000 and 2,000 notes: weight, requests, time to type, elements a note.

`python tests/bench/page.py [FOLDER]`: another checkout is measured beside this one, in the same run.
Times are in milliseconds from the address to the event; `x` is the multiple of the page with 10 notes.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import machine
from conftest import FLAGS, Server
from playwright.sync_api import Browser, TimeoutError, sync_playwright

SIZES = (10, 300, 1_000, 2_000)
SLOWER = 4
PATIENCE_MS = 180_000
RUBRICS = ("recommandations", "experiences", "debats")
MARKS = """
performance.marks = {};
new MutationObserver(() => {
  const mark = (name, selector) => {
    if (document.querySelector(selector)) performance.marks[name] ??= performance.now();
  };
  mark("typed", "[data-box=kept], [data-alive=journal]");
  mark("alive", "[data-alive=journal]");
  mark("whole", "[data-whole=yes]");
  if (!performance.marks.typed || performance.loaded) return;
  const loaded = ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind));
  performance.loaded = loaded.map(({ encodedBodySize }) => encodedBodySize);
}).observe(document, { attributes: true, subtree: true });
"""
"""When one can type and the draft is kept, and what was loaded until then; when all works; when all notes are there."""
WORDS = "Ouvrir les centres sociaux le soir et le samedi, sans dossier à remplir, numéro {}"


def filled(folder: Path, notes: int, here: Path) -> Server:
    """A server of that checkout whose first workshop holds so many notes, one in eight still to be sorted."""
    started = (
        f"import runpy, sys; sys.path.insert(0, {str(here)!r});"
        "runpy.run_module('contrib', run_name='__main__', alter_sys=True)"
    )
    server = Server(folder, launcher=[sys.executable, "-c", started])
    server.start()
    table = folder.with_suffix(".csv")
    for start in range(0, notes, 500):
        rows = ["atelier;rubrique;texte"]
        for n in range(start, min(start + 500, notes)):
            rows.append(f"emergence;{RUBRICS[n % 3] if n % 8 else ''};{WORDS.format(n)}")
        table.write_text("\n".join(rows), encoding="utf-8")
        subprocess.run([*server.launcher, "import", str(table), "--data", str(folder)], check=True)
    return server


def measured(browser: Browser, server: Server, slower: int) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, service_workers="block")
    page = context.new_page()
    page.goto(server.url)
    page.fill("#code", server.code("L’émergence"))
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-alive=journal]", timeout=PATIENCE_MS)
    cdp = context.new_cdp_session(page)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    cdp.send("Network.clearBrowserCache")
    page.add_init_script(MARKS)
    page.goto(page.url, wait_until="commit")
    page.wait_for_selector("[data-alive=journal]", timeout=PATIENCE_MS)
    if page.locator("#jump").count():  # before, all notes came with the page
        page.wait_for_selector("[data-whole=yes]", timeout=PATIENCE_MS)
    loaded = page.evaluate("performance.loaded")
    found = {
        "requests": len(loaded),
        "KB": sum(loaded) / 1000,
        **page.evaluate("performance.marks"),
        "elements": page.evaluate(
            "(n => n.reduce((s, e) => s + e.querySelectorAll('*').length + 1, 0) / n.length)"
            "([...document.querySelectorAll('.note:not(.to-sort)')])"
        ),
    }
    context.close()
    return {"whole": found["alive"], **found}


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
                    except TimeoutError:
                        print(
                            f"{name:10} {slower}x slower {notes:5} notes: over {PATIENCE_MS / 1000:.0f} s",
                            flush=True,
                        )
                        continue
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
