"""Rows -> what the capture page shows. The same cards serve the page and the live feed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from contrib.forms import fold
from contrib.store.models import Event, Note, Person, Revision, Theme, Workshop, message_id
from contrib.web.pages import said
from exports.documents.speech import LONG_WORDS
from exports.text import word_count


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    revision: str
    text: str
    signature: str | None
    at: str


_PIECES = re.compile(r"\s+|\S+")


def _against(pieces: list[str], other: list[str]) -> list[tuple[str, bool]]:
    marked = [False] * len(pieces)
    for kind, start, end, _, _ in SequenceMatcher(None, pieces, other, autojunk=False).get_opcodes():
        if kind != "equal":
            marked[start:end] = [not piece.isspace() for piece in pieces[start:end]]
    return list(zip(pieces, marked, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One note as everybody sees it: nothing in it depends on who looks."""

    id: str
    reference: str
    wordings: tuple[Wording, ...]
    rubric_id: str | None
    signature: str | None
    received: str
    seq: int
    chosen: bool
    withdrawn: bool
    theme: str | None
    too_long: bool
    edited: bool

    @property
    def text(self) -> str:
        return self.wordings[0].text

    @property
    def compared(self) -> list[list[tuple[str, bool]]]:
        """Each text of a conflict in pieces; true marks those that another text does not have."""
        first, *others = [_PIECES.findall(wording.text) for wording in self.wordings]
        return [_against(first, others[0]), *(_against(pieces, first) for pieces in others)]

    @property
    def revision(self) -> str:
        return self.wordings[0].revision


TO_SORT = "a-classer"
"""What the notes without a rubric are called in addresses."""
FIRST = 40
"""Notes that come with the page; the others follow in slices."""
SLICE = 100
START = "."
"""The cursor before the first note: place and id of the last one that was given, with a dot between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A rubric with its notes, or the first of them; « À classer » comes first."""

    id: str
    label: str
    cards: tuple[Card, ...]
    count: int
    """All its notes, those that are not on the page among them; withdrawn ones are not counted."""
    rest: str
    """The cursor of those that follow; empty where all are here."""


_NOTES = (
    select(
        Note.id,
        Note.number,
        Note.rubric_id,
        Note.highlight_place,
        Note.withdrawn_at,
        Note.created_at,
        Note.changed_seq,
        Note.place,
        Person.name.label("signature"),
        Theme.name.label("theme"),
    )
    .outerjoin(Note.person)
    .outerjoin(Note.theme)
    .where(Note.kind == "note")
    .order_by(Note.place, Note.id)
)
_WORDINGS = (
    select(
        Revision.id,
        Revision.note_id,
        Revision.text,
        Revision.created_at,
        Person.name.label("signature"),
    )
    .outerjoin(Revision.person)
    .order_by(Revision.seq)
)


def part(
    session: Session, event: Event, workshop: Workshop, section: str, after: str, most: int
) -> tuple[tuple[Card, ...], str]:
    """Notes of a rubric in order of place, from a cursor on, and the cursor of the rest."""
    place, _, note_id = after.partition(".")
    rows = session.execute(
        _NOTES.where(
            Note.workshop_id == workshop.id,
            Note.rubric_id.is_not_distinct_from(None if section == TO_SORT else section),
            tuple_(Note.place, Note.id) > tuple_(place, note_id),
        ).limit(most + 1)
    ).all()
    given = rows[:most]
    rest = (f"{given[-1].place}.{given[-1].id}" if given else after) if len(rows) > most else ""
    which = Note.id.in_([row.id for row in given])
    return tuple(_cards(session, event, workshop, given, which)), rest


def found(session: Session, event: Event, workshop: Workshop, words: str) -> list[Section]:
    """The notes that hold all these words, whatever their case and accents."""
    wanted = fold(words).split()
    by_section: dict[str, list[Card]] = {}
    for one in cards(session, event, workshop):
        text = fold(" ".join([one.reference, *(wording.text for wording in one.wordings)]))
        if all(word in text for word in wanted):
            by_section.setdefault(one.rubric_id or TO_SORT, []).append(one)
    return [
        Section(id=key, label=label, cards=tuple(has), count=len(has), rest="")
        for key, label in labels(workshop)
        for has in [by_section.get(key, [])]
    ]


def cards(session: Session, event: Event, workshop: Workshop) -> list[Card]:
    """All notes of a workshop in order of place."""
    rows = session.execute(_NOTES.where(Note.workshop_id == workshop.id)).all()
    return _cards(session, event, workshop, rows, Note.workshop_id == workshop.id)


def _cards(
    session: Session, event: Event, workshop: Workshop, rows: Sequence[Any], which: ColumnElement[bool]
) -> list[Card]:
    texts: dict[str, list[Wording]] = {}
    for row in session.execute(_WORDINGS.join(Revision.note).where(which, Revision.standing)):
        texts.setdefault(row.note_id, []).append(_wording(event, row))
    return [_card(event, workshop, row, tuple(texts[row.id])) for row in rows]


def card(session: Session, event: Event, workshop: Workshop, note_id: str) -> Card | None:
    """One note; None where this workshop has none of that id."""
    one = _NOTES.where(Note.workshop_id == workshop.id, Note.id == note_id)
    row = session.execute(one).one_or_none()
    return _card(event, workshop, row, standing(session, event, note_id)) if row else None


def labels(workshop: Workshop) -> list[tuple[str, str]]:
    """Id and label of what notes are sorted under, « À classer » first."""
    return [(TO_SORT, "À classer"), *((rubric.id, rubric.label) for rubric in workshop.rubrics)]


def counts(session: Session, workshop: Workshop) -> dict[str, int]:
    """How many notes stand under each rubric, by its id; withdrawn ones are not counted."""
    rows = session.execute(
        select(Note.rubric_id, func.count())
        .where(Note.workshop_id == workshop.id, Note.kind == "note", Note.live)
        .group_by(Note.rubric_id)
    )
    return {rubric_id or TO_SORT: count for rubric_id, count in rows}


def sections(
    session: Session, event: Event, workshop: Workshop, *, only: str = "", after: str = START
) -> list[Section]:
    """The first notes of the page, or those of one rubric from a cursor on."""
    numbers = counts(session, workshop)
    made = []
    left = FIRST
    for key, label in labels(workshop):
        most = left if only in ("", key) else 0
        cards, rest = part(session, event, workshop, key, after if key == only else START, most)
        left -= len(cards)
        made.append(Section(id=key, label=label, cards=cards, count=numbers.get(key, 0), rest=rest))
    return made


def where(session: Session, workshop: Workshop, note_id: str) -> tuple[str, str]:
    """The rubric of a note and the cursor just before it; of the whole page where there is none."""
    row = session.execute(
        select(Note.rubric_id, Note.place).where(Note.workshop_id == workshop.id, Note.id == note_id)
    ).one_or_none()
    return (row.rubric_id or TO_SORT, f"{row.place}.") if row else ("", START)


def latest(session: Session, event: Event, workshop: Workshop) -> Card | None:
    """The last note that arrived: in view under the box, wherever it was sorted."""
    note_id = session.scalar(
        select(Note.id)
        .where(Note.workshop_id == workshop.id, Note.kind == "note", Note.live)
        .order_by(Note.created_seq.desc(), Note.number.desc())
        .limit(1)
    )
    return card(session, event, workshop, note_id) if note_id else None


def highlights(session: Session, event: Event, workshop: Workshop) -> list[Card]:
    """The notes chosen for the plenary, in the order set by hand."""
    chosen = session.scalars(
        select(Note.id)
        .where(
            Note.workshop_id == workshop.id,
            Note.kind == "note",
            Note.highlight_place.is_not(None),
            Note.live,
        )
        .order_by(Note.highlight_place, Note.id)
    )
    found = [card(session, event, workshop, note_id) for note_id in chosen]
    return [one for one in found if one is not None]


def message(session: Session, event: Event, workshop: Workshop) -> tuple[Wording, ...]:
    """The standing texts of the key message; none while it is empty."""
    return standing(session, event, message_id(workshop.id))


def standing(session: Session, event: Event, note_id: str) -> tuple[Wording, ...]:
    """The texts of a note that nothing has replaced: one, or two while they conflict."""
    rows = session.execute(_WORDINGS.where(Revision.note_id == note_id, Revision.standing))
    return tuple(_wording(event, row) for row in rows)


def history(session: Session, event: Event, note_id: str) -> list[Wording]:
    """Every text of a note, the newest first."""
    rows = session.execute(_WORDINGS.where(Revision.note_id == note_id)).all()
    return [_wording(event, row) for row in reversed(rows)]


def held(session: Session, workshop: Workshop) -> dict[str, int]:
    """By rubric id how many notes it holds, withdrawn ones among them."""
    numbers = (
        select(Note.rubric_id, func.count()).where(Note.workshop_id == workshop.id).group_by(Note.rubric_id)
    )
    return {rubric: count for rubric, count in session.execute(numbers) if rubric}


def _card(event: Event, workshop: Workshop, note: Any, wordings: tuple[Wording, ...]) -> Card:
    return Card(
        id=note.id,
        reference=workshop.reference(note.number),
        wordings=wordings,
        rubric_id=note.rubric_id,
        signature=note.signature,
        received=said(event, note.created_at),
        seq=note.changed_seq,
        chosen=note.highlight_place is not None,
        withdrawn=note.withdrawn_at is not None,
        theme=note.theme,
        too_long=note.highlight_place is not None and word_count(wordings[0].text) > LONG_WORDS,
        edited=wordings[0].revision != note.id,
    )


def _wording(event: Event, revision: Any) -> Wording:
    return Wording(
        revision=revision.id,
        text=revision.text,
        signature=revision.signature,
        at=said(event, revision.created_at),
    )
