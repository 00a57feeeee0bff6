"""Which lines of a file are notes, under which rubric, and which are left aside."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from contrib.capture.operations import is_here
from contrib.forms import NOTE_LIMIT, fold, raw
from contrib.intake.document_file import Line
from contrib.store.log import Values
from contrib.store.models import Event, Workshop
from exports.documents.trame import HOW, UNSORTED
from exports.text import in_thousands

ASIDE = "-"
"""The choice of a line that is left aside; an empty one is « À classer »."""
_DOTS = re.compile(r"[….\s_·-]{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A line, and where it goes unless somebody says otherwise."""

    text: str
    choice: str
    """A rubric's id, empty for « À classer », ASIDE."""
    why: str = ""
    """Why it is left aside, in a few words."""
    too_long: bool = False
    """Whether it has to be cut before it can be a note."""
    known: bool = False
    """Whether the workshop has this note already."""


def sort_lines(session: Session, workshop: Workshop, lines: Iterable[Line]) -> list[Candidate]:
    """Headings that name a rubric sort what follows; the trame's own words are left aside."""
    labels = _labels(workshop)
    own = _own_words(workshop)
    current = ""
    found: list[Candidate] = []
    seen: Counter[str] = Counter()
    for line in lines:
        text = raw(line.text).strip()
        folded = _bare(text)
        named = labels.get(folded)
        if named is not None and (line.heading or not line.rubric):
            current = named
            found.append(Candidate(text=text, choice=ASIDE, why="titre de rubrique"))
        elif line.heading:
            current = ""
            found.append(Candidate(text=text, choice=ASIDE, why="titre"))
        elif _DOTS.fullmatch(text):
            continue  # a line to write on, on which nobody wrote
        elif folded in own:
            found.append(Candidate(text=text, choice=ASIDE, why="texte de la trame"))
        elif len(text) > NOTE_LIMIT:
            why = f"plus de {in_thousands(NOTE_LIMIT)} caractères : coupez-la en deux, à une ligne vide"
            found.append(Candidate(text=text, choice=ASIDE, why=why, too_long=True))
        else:
            choice = labels.get(_bare(line.rubric), current) if line.rubric else current
            key = note_id(workshop, text, seen)
            found.append(Candidate(text=text, choice=choice, known=is_here(session, key)))
    return found


def chosen_rows(workshop: Workshop, lines: Iterable[tuple[str, str]]) -> list[Values]:
    """Rows for `import_rows` of texts and their choices; those left aside are not among them.

    A text over the limit is cut at its empty lines; a piece that is still too long is left out.
    """
    rubrics = {rubric.id for rubric in workshop.rubrics}
    seen: Counter[str] = Counter()
    rows = []
    for text, choice in _pieces(lines):
        if choice == ASIDE or not text or len(text) > NOTE_LIMIT:
            continue
        key = note_id(workshop, text, seen)
        rubric = choice if choice in rubrics else None
        rows.append({"id": key, "workshop": workshop.id, "rubric": rubric, "text": text})
    return rows


def still_too_long(lines: Iterable[tuple[str, str]]) -> int:
    """How many pieces of chosen texts are over the limit."""
    return sum(choice != ASIDE and len(text) > NOTE_LIMIT for text, choice in _pieces(lines))


def _pieces(lines: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for text, choice in lines:
        text = raw(text).strip()
        parts = re.split(r"\n[ \t]*\n", text) if len(text) > NOTE_LIMIT else [text]
        yield from ((part.strip(), choice) for part in parts)


def note_id(workshop: Workshop, text: str, seen: Counter[str]) -> str:
    """The id of the nth note of this text: the same file twice, or with lines added, doubles nothing.

    The rubric is no part of it: a line that was sorted elsewhere the second time is the same line.
    """
    seen[text] += 1
    identity = f"{workshop.event_id}\x1f{workshop.id}\x1f{text}\x1f{seen[text]}"
    return f"lu-{hashlib.sha256(identity.encode()).hexdigest()[:32]}"


def _labels(workshop: Workshop) -> dict[str, str]:
    found = {_bare(UNSORTED): ""}
    for name in ("nature", "name", "label"):
        counts = Counter(_bare(getattr(rubric, name)) for rubric in workshop.rubrics)
        for rubric in workshop.rubrics:
            key = _bare(getattr(rubric, name))
            if key and counts[key] == 1:
                found[key] = rubric.id
    return found


def _own_words(workshop: Workshop) -> set[str]:
    event: Event = workshop.event
    words = {
        f"Trame : {workshop.title}",
        event.title,
        f"Question : {workshop.question}",
        HOW,
        workshop.question,
    }
    return {_bare(text) for text in words}


def _bare(text: str) -> str:
    """Without case, accents, spaces and punctuation around: « Recommandations : »."""
    return re.sub(r"[\W_]+", " ", fold(text)).strip()
