"""Page one is one page, and one can speak from it, on days that nobody prepared."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from made_up_days import day
from material import Material
from office import all_converted, converted, filled, pages
from readback import paragraphs

from exports.digest import Digest
from exports.documents.restitution import compile_restitution
from exports.excerpt import FUNCTION_WORDS
from exports.ooxml.pagination import BLANK
from exports.text import typeset

DAYS = 12


@pytest.mark.parametrize("start", [0, DAYS])
def test_page_one_and_each_page_to_say_are_one_page(start: int, material: Material, tmp_path: Path) -> None:
    """Half of the days are made up, half say what citizens wrote; LibreOffice lays them out.

    Behind the pages to say, which are a sheet a workshop, no page but the last is nearly blank.
    """
    days = {
        number: day(number, material.contributions if number % 2 else ())
        for number in range(start, start + DAYS)
    }
    paths = [tmp_path / f"day-{number}.docx" for number in days]
    for path, digest in zip(paths, days.values(), strict=True):
        path.write_bytes(compile_restitution(digest).content)

    for (number, digest), made in zip(days.items(), all_converted(paths), strict=True):
        told = pages(made)
        contents = next(index for index, page in enumerate(told) if page.lstrip().find("Sommaire") >= 0)
        assert "L’essentiel" in told[0], number
        assert contents == len(digest.workshops) + 1, number
        assert all("À dire : " in page for page in told[1:contents]), number
        assert min(filled(made)[contents:-1]) > BLANK, number


def test_no_sentence_of_page_one_is_a_stump(material: Material) -> None:
    cut = whole = 0
    for number in range(40):
        digest = day(number, material.contributions if number % 2 else ())
        texts = {typeset(wording.text) for w in digest.workshops for n in w.notes for wording in n.wordings}
        for style, line in paragraphs(compile_restitution(digest).content):
            if not style.startswith("Essentiel puce"):
                continue
            said = line.rpartition("\u00a0")[0].replace("\u00a0", " ").replace("\u202f", " ")
            if not said.endswith("…") or any(text.endswith("…") for text in texts if said[-20:] in text):
                whole += 1
                continue
            cut += 1
            last = said.removesuffix("…").strip().split(" ")[-1].strip(",;:«»()").lower()
            assert last.rsplit("’", 1)[-1] not in FUNCTION_WORDS, line
    assert whole > cut


@pytest.mark.parametrize("seed", [3, 8])
def test_a_day_of_eleven_workshops_takes_two_full_pages(seed: int, tmp_path: Path) -> None:
    found = day(seed)
    many = [replace(w, id=f"{w.id}-{n}", name=f"{w.name}-{n}") for n in range(4) for w in found.workshops][
        :11
    ]
    path = tmp_path / "many.docx"
    path.write_bytes(compile_restitution(replace(found, workshops=tuple(many))).content)

    told = pages(converted(path))
    assert "À dire en plénière" in told[2]
    assert len(told[1].splitlines()) > 15


def test_what_nobody_chose_is_said_by_its_weight(material: Material) -> None:
    found = day(5, material.contributions)
    nothing = replace(found, workshops=tuple(map(without_choice, found.workshops)))

    lines = [
        line
        for style, line in paragraphs(compile_restitution(nothing).content)
        if style.startswith("Essentiel puce")
    ]

    assert lines
    assert all(
        re.match(r"(Lieux|Posture des personnes|Sans thème|Rubrique).*, \d+\u00a0notes?", line)
        for line in lines
    )


def without_choice(workshop):
    rubrics = tuple(replace(r, notes=tuple(replace(n, rank=None) for n in r.notes)) for r in workshop.rubrics)
    return replace(workshop, rubrics=rubrics)


def test_an_empty_day_is_two_pages(tmp_path: Path) -> None:
    found = day(7)
    path = tmp_path / "empty.docx"
    path.write_bytes(compile_restitution(emptied(found)).content)

    assert len(pages(converted(path))) == 2


def emptied(digest: Digest) -> Digest:
    workshops = (replace(w, rubrics=(), message=None, received=0, ready_at=None) for w in digest.workshops)
    return replace(digest, workshops=tuple(workshops))
