"""Rows -> what the synthesis page shows: all notes of all workshops, and what was made of them."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contrib.forms import fold
from contrib.store.models import (
    Convergence,
    Event,
    Merger,
    Note,
    Person,
    Reading,
    Revision,
    Rubric,
    Theme,
    Verdict,
    Workshop,
)
from contrib.synthesis.operations import standing, themes_of
from contrib.web.pages import said

SAMPLE = 5
"""Notes of a theme that are looked at before it is final."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A note as the desk takes it up."""

    id: str
    reference: str
    text: str
    workshop: Workshop
    received: str
    nature: str
    theme: str | None
    theme_id: str | None
    chosen: bool
    readers: tuple[str, ...]
    """Signatures of who looked at it; « un ordinateur » where nobody signed."""
    mergers: tuple[int, ...] = ()
    """Numbers of the syntheses that cite it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A theme with its notes."""

    theme: Theme
    slips: tuple[Slip, ...]

    @property
    def workshops(self) -> tuple[Workshop, ...]:
        return tuple({slip.workshop.id: slip.workshop for slip in self.slips}.values())

    @property
    def sample(self) -> tuple[Slip, ...]:
        """Five of its notes in an order that prefers none: by a hash of their ids."""
        return tuple(sorted(self.slips, key=lambda slip: hashlib.sha256(slip.id.encode()).digest())[:SAMPLE])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A synthesis or a point commun, with the notes that it cites."""

    row: Merger | Convergence
    slips: tuple[Slip, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything of a day, as of one reading."""

    slips: dict[str, Slip]
    groups: tuple[Group, ...]
    mergers: tuple[Sentence, ...]
    convergences: tuple[Sentence, ...]
    verdicts: dict[tuple[str, str], str]
    """By the two ids in order."""
    tied: frozenset[str]
    """Notes that somebody put together with another one."""

    @property
    def unread(self) -> int:
        return sum(not slip.readers for slip in self.slips.values())

    def word(self, one: str, other: str) -> str:
        return self.verdicts.get((min(one, other), max(one, other)), "")


def unread(session: Session, event: Event) -> int:
    """How many notes nobody at the desk has looked at."""
    there = Note.event_id == event.id, Note.kind == "note", Note.live
    read = select(Reading.note_id).where(Reading.event_id == event.id)
    return session.scalar(select(func.count()).where(*there, Note.id.not_in(read))) or 0


def board(session: Session, event: Event) -> Board:
    mergers = standing(session, event.id, Merger)
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, merger in enumerate(mergers, 1):
        for key in merger.references.split():
            numbers[key].append(number)
    verdicts = {
        (row.one_id, row.other_id): row.word
        for row in session.scalars(select(Verdict).where(Verdict.event_id == event.id))
    }
    convergences = standing(session, event.id, Convergence)
    tied = {key for row in mergers for key in row.references.split()}
    tied |= {key for row in convergences for key in row.references.split()}
    tied |= {key for pair, word in verdicts.items() if word != "refused" for key in pair}
    slips = _slips(session, event, numbers)

    def sentences(rows: Sequence[Merger | Convergence]) -> tuple[Sentence, ...]:
        return tuple(
            Sentence(row=row, slips=tuple(slips[k] for k in row.references.split() if k in slips))
            for row in rows
        )

    return Board(
        slips=slips,
        groups=tuple(
            Group(theme=theme, slips=tuple(s for s in slips.values() if s.theme_id == theme.id))
            for theme in themes_of(session, event.id)
        ),
        mergers=sentences(mergers),
        convergences=sentences(convergences),
        verdicts=verdicts,
        tied=frozenset(tied),
    )


def _slips(session: Session, event: Event, numbers: dict[str, list[int]]) -> dict[str, Slip]:
    """Notes that are not withdrawn, the newest first."""
    readers: dict[str, list[str]] = defaultdict(list)
    for note_id, name in session.execute(
        select(Reading.note_id, Person.name).outerjoin(Reading.person).where(Reading.event_id == event.id)
    ):
        readers[note_id].append(name or "un ordinateur")
    rows = session.execute(
        select(
            Note.id, Note.number, Note.workshop_id, Note.created_at, Note.highlight_place, Note.theme_id,
            Theme.name.label("theme"), Revision.text, Rubric.nature,
        )
        .join(Revision, Revision.note_id == Note.id)
        .outerjoin(Note.theme)
        .outerjoin(Rubric, Rubric.id == Note.rubric_id)
        .where(Note.event_id == event.id, Note.kind == "note", Note.live, Revision.standing)
        .order_by(Note.created_seq.desc(), Note.number.desc(), Revision.seq)
    ).all()  # fmt: skip
    workshops = {workshop.id: workshop for workshop in event.workshops}
    slips: dict[str, Slip] = {}
    for row in rows:
        if row.id in slips:
            continue
        workshop = workshops[row.workshop_id]
        slips[row.id] = Slip(
            id=row.id,
            reference=workshop.reference(row.number),
            text=row.text,
            workshop=workshop,
            received=said(event, row.created_at),
            nature=row.nature or "",
            theme=row.theme,
            theme_id=row.theme_id,
            chosen=row.highlight_place is not None,
            readers=tuple(dict.fromkeys(readers[row.id])),
            mergers=tuple(numbers[row.id]),
        )
    return slips


def asked_for(board: Board, workshop: str, state: str, words: str, lone: set[str]) -> list[Slip]:
    """The notes of the page: of one workshop, in one state, with all these words."""
    wanted = fold(words).split()
    tests: dict[str, Callable[[Slip], bool]] = {
        "a-lire": lambda slip: not slip.readers,
        "sans-theme": lambda slip: slip.theme_id is None,
        "choisies": lambda slip: slip.chosen,
        "seules": lambda slip: slip.id in lone,
    }
    return [
        slip
        for slip in board.slips.values()
        if workshop in ("", slip.workshop.name)
        and (state not in tests or tests[state](slip))
        and all(word in fold(f"{slip.text} {slip.reference} {slip.theme or ''}") for word in wanted)
    ]
