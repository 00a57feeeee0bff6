"""Our whole compile beside zlib alone and python-docx, for 130, 1,000 and 10,000 notes.

    python tests/bench/compile.py [--rounds 5]

All in one run and interleaved: ours (inspection apart), zlib level 6 over the same
document.xml, python-docx the documented way (up to 1,000 notes) and python-docx with care.
Prints the best of the rounds, ratios against zlib, growth from size to size, peak memory
above idle, and what inspection takes; asserts nothing.
"""

import argparse
import io
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from made_up_day import digest_of

from exports.digest import Digest
from exports.documents.restitution import compile_restitution
from exports.ooxml.inspection import inspect

SIZES = (130, 1_000, 10_000)
DOCUMENTED_UP_TO = 1_000


def documented(digest: Digest) -> None:
    """As its documentation shows: add_paragraph, style by name, one table row after the other."""
    document = docx.Document()
    for workshop in digest.workshops:
        document.add_heading(workshop.title, 1)
        for note in workshop.notes:
            paragraph = document.add_paragraph(note.text, style="List Bullet")
            paragraph.add_run(f" {note.reference}")
    document.save(io.BytesIO())


def careful(digest: Digest) -> None:
    """With care: the style looked up once, paragraphs made as elements and appended."""
    document = docx.Document()
    body = document.element.body
    section = body[-1]
    bullet = document.styles["List Bullet"].style_id
    for workshop in digest.workshops:
        document.add_heading(workshop.title, 1)
        for note in workshop.notes:
            paragraph = OxmlElement("w:p")
            style = OxmlElement("w:pStyle")
            style.set(qn("w:val"), bullet)
            properties = OxmlElement("w:pPr")
            properties.append(style)
            paragraph.append(properties)
            for words in (note.text, f" {note.reference}"):
                text = OxmlElement("w:t")
                text.text = words
                run = OxmlElement("w:r")
                run.append(text)
                paragraph.append(run)
            section.addprevious(paragraph)
    document.save(io.BytesIO())


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def peak_memory(notes: int) -> float:
    """MB above an interpreter that has imported the same and compiled nothing."""
    code = (
        "import sys; sys.path[:0] = ['tests', '.'];"
        "from made_up_day import digest_of; from exports.documents.restitution import compile_restitution;"
        "from pathlib import Path;"
        "peak = lambda: int(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]);"
        "d = digest_of({notes}); compile_restitution(digest_of(10));"
        "Path('/proc/self/clear_refs').write_text('5'); before = peak();"
        "compile_restitution(d); print(peak() - before)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code.format(notes=notes)], capture_output=True, text=True, check=True
    )
    return int(run.stdout) / 1000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    rounds = options.parse_args().rounds
    compile_restitution(digest_of(10))
    print(f"{'notes':>7} {'first':>8} {'ours':>8} {'zlib 6':>8} {'ratio':>6} {'careful':>9} {'ratio':>6} {'documented':>11} {'ratio':>6}"
          f" {'inspection':>11} {'memory':>9} {'growth':>7}")  # fmt: skip
    before: tuple[int, float] | None = None
    for size in SIZES:
        taken: dict[str, list[float]] = {}
        for number in range(rounds):
            # another text each time: nothing may be remembered from the round before
            digest = digest_of(size)
            first = replace(digest.workshops[0], question=f"Tour {number} ?")
            digest = replace(digest, workshops=(first, *digest.workshops[1:]))
            start = time.perf_counter()
            content = compile_restitution(digest).content
            taken.setdefault("first" if number == 0 else "ours", []).append(time.perf_counter() - start)
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                body = archive.read("word/document.xml")
            taken.setdefault("zlib", []).append(seconds(lambda body=body: zlib.compress(body, 6)))
            taken.setdefault("careful", []).append(seconds(lambda digest=digest: careful(digest)))
            if size <= DOCUMENTED_UP_TO:
                taken.setdefault("documented", []).append(seconds(lambda digest=digest: documented(digest)))
            if number == 0:
                taken.setdefault("inspection", []).append(seconds(lambda content=content: inspect(content)))
        best = {name: min(values) * 1000 for name, values in taken.items()}
        alone = best["zlib"]
        documented_ms = best.get("documented")
        said = (
            f"{documented_ms:11.0f} {documented_ms / alone:6.1f}" if documented_ms else f"{'–':>11} {'–':>6}"
        )
        growth = f"{best['ours'] / before[1] / (size / before[0]):7.2f}" if before else f"{'–':>7}"
        print(f"{size:7} {best['first']:8.1f} {best['ours']:8.1f} {alone:8.1f} {best['ours'] / alone:6.2f} {best['careful']:9.0f} "
              f"{best['careful'] / alone:6.1f} {said} {best['inspection']:11.0f} {peak_memory(size):6.0f} MB {growth}")  # fmt: skip
        before = (size, best["ours"])
    print(
        "Milliseconds, best of the rounds; « first » sets every text for the first time, the others remember them."
    )


if __name__ == "__main__":
    main()
