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
from datetime import UTC, date, datetime
from datetime import time as clock

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from exports.digest import Digest, Event, Key, Note, Rubric, Wording, Workshop
from exports.inspection import inspect
from exports.restitution import compile_restitution

SIZES = (130, 1_000, 10_000)
DOCUMENTED_UP_TO = 1_000
AT = datetime(2021, 9, 30, 14, 24, tzinfo=UTC)
SYLLABLES = [
    "ac",
    "bi",
    "cou",
    "dra",
    "é",
    "fon",
    "gri",
    "hé",
    "in",
    "jau",
    "ka",
    "li",
    "mon",
    "neu",
    "ou",
    "pra",
    "qui",
    "ré",
    "sol",
    "tur",
    "u",
    "vi",
    "zon",
]


def sentence(number: int) -> str:
    """Twelve to thirty words that no other number has: text that is as hard to squeeze as speech."""
    state = number * 2654435761 % 2**32

    def draw(most: int) -> int:
        nonlocal state
        state = (state * 1664525 + 1013904223) % 2**32
        return (state >> 8) % most

    words = []
    for _ in range(12 + draw(19)):
        words.append("".join(SYLLABLES[draw(len(SYLLABLES))] for _ in range(1 + draw(3))))
    return " ".join(words).capitalize() + " : c’est dit !"


def digest_of(notes: int) -> Digest:
    """A day of four workshops with so many notes, no two alike."""
    rows = []
    for index in range(notes):
        text = sentence(index)
        key = Key(f"n{index}")
        wording = Wording(revision=key, text=text, received_at=AT)
        rows.append(
            Note(
                id=key,
                reference=Key(f"A{'BCDE'[index % 4]}-{index // 4 + 1}"),
                nature=Key("recommandation"),
                wordings=(wording,),
                rank=index // 4 + 1 if index < 12 else None,
                theme=f"Thème {index // 4 % 6}",
            )
        )
    workshops = tuple(
        Workshop(
            id=Key(f"w{n}"),
            name=Key(f"w{n}"),
            initials=Key(f"A{'BCDE'[n]}"),
            title=f"Atelier {n + 1}",
            question="Quels espaces d’accueil et quel accompagnement ?",
            received=len(rows[n::4]),
            rubrics=(
                Rubric(
                    name=Key("r"),
                    nature=Key("recommandation"),
                    label="Recommandations",
                    notes=tuple(rows[n::4]),
                ),
            ),
        )
        for n in range(4)
    )
    event = Event(
        id=Key("e"), name=Key("e"), title="Une journée", date=date(2021, 9, 30),
        timezone=Key("Europe/Paris"), plenary_at=clock(16, 30),
    )  # fmt: skip
    return Digest(event=event, taken_at=AT, seq=1, workshops=workshops)


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
        "import sys; sys.path[:0] = ['tests/bench', '.'];"
        "from compile import digest_of, compile_restitution;"
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
