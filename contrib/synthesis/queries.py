"""Rows -> what the synthesis page shows: all notes of all workshops, and what was made of them."""

import hashlib
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
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
from contrib.synthesis.opposition import debate
from contrib.synthesis.resemblance import Neighbour, Pair, Resemblance
from contrib.web.pages import said

VERY_CLOSE, SAME_SUBJECT = 0.5, 0.25
"""From these scores on: « très proche », « même sujet ». Below, nothing is said."""
SAMPLE = 5
"""Notes of a theme that are looked at before it is final."""
QUEUE = 200
"""The day's best pairs, from which those that were judged are left out."""


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
class Near:
    """A note that resembles the one in question."""

    slip: Slip
    level: str
    debate: str
    """Why it may be a point de débat; empty where nothing says so."""
    shared: tuple[str, ...]
    elsewhere: bool
    word: str
    """What was said of the pair: linked, debate, or nothing yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duel:
    """Two notes side by side, of which one says whether they belong together."""

    one: Slip
    other: Slip
    level: str
    debate: str
    shared: tuple[str, ...]


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
        .where(Note.event_id == event.id, Note.kind == "note", Note.withdrawn_at.is_(None), Revision.standing)
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


# --- resemblance: kept by this process, brought up to date when a page asks, never when a note is saved ----

_INDEXES: dict[str, Resemblance] = {}
_TEXTS: dict[str, dict[str, str]] = {}
_LOCK = threading.Lock()


def _index_of(event_id: str, slips: dict[str, Slip]) -> Resemblance:
    """The day's index, with the texts of these notes and no others. The lock is held."""
    index = _INDEXES.setdefault(event_id, Resemblance())
    known = _TEXTS.setdefault(event_id, {})
    for key in known.keys() - slips.keys():
        index.remove(key)
        del known[key]
    for key, slip in slips.items():
        if known.get(key) != slip.text:
            index.put(key, slip.text)
            known[key] = slip.text
    return index


def near(event: Event, board: Board, slip: Slip, also: Slip | None, most: int) -> list[Near]:
    """What resembles a note, or two that were linked; what was refused with one of them is left out."""
    ours = [one for one in (slip, also) if one is not None]
    with _LOCK:
        index = _index_of(event.id, board.slips)
        asked = most + len(board.verdicts) + 1
        found = index.nearest_to("\n".join(one.text for one in ours), asked)
    nears = []
    for neighbour in found:
        there = board.slips[str(neighbour.key)]
        word = board.word(slip.id, there.id)
        if there in ours or not _counts(neighbour):
            continue
        if any(board.word(one.id, there.id) == "refused" for one in ours):
            continue
        nears.append(
            Near(
                slip=there,
                level=_level(neighbour.score),
                debate=debate(slip.text, there.text),
                shared=neighbour.shared,
                elsewhere=there.workshop.id != slip.workshop.id,
                word=word,
            )
        )
    return nears[:most]


def duels(event: Event, board: Board) -> list[Duel]:
    """The day's best pairs that nobody has judged, nor put together otherwise."""
    with _LOCK:
        found = _index_of(event.id, board.slips).pairs(QUEUE + len(board.verdicts))
    return [
        Duel(
            one=one,
            other=other,
            level=_level(pair.score),
            debate=debate(one.text, other.text),
            shared=pair.shared,
        )
        for pair in found
        for one, other in [(board.slips[str(pair.one)], board.slips[str(pair.other)])]
        if _counts(pair) and not board.word(one.id, other.id) and not set(one.mergers) & set(other.mergers)
    ][:QUEUE]


def alone(event: Event, board: Board) -> set[str]:
    """Notes seules de leur avis: nobody put them with another, and none resembles them."""
    with _LOCK:
        index = _index_of(event.id, board.slips)
        crowd = {group.theme.id for group in board.groups if len(group.slips) > 1}
        return {
            key
            for key, slip in board.slips.items()
            if key not in board.tied and slip.theme_id not in crowd
            if not any(_counts(one) for one in index.nearest(key, 3))
        }


def _counts(found: Neighbour | Pair) -> bool:
    """Whether it is worth a look: near enough, and for a reason that can be shown."""
    return found.score >= SAME_SUBJECT and bool(found.shared)


def _level(score: float) -> str:
    return "Très proche" if score >= VERY_CLOSE else "Même sujet"


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
