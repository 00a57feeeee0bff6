"""The frozen values that documents are made from, and their canonical JSON.

Strings are stored as they were typed. `typeset_digest` returns the same digest with
every printed string passed through `exports.text.typeset`; fields of type `Key`
(ids, slugs, natures) are left as they are.
"""

import dataclasses
import json
import types
import typing
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from exports.keys import Key as Key
from exports.keys import Source
from exports.report import Report
from exports.text import typeset

Values = TypeVar("Values")

FORMAT = 4
"""The number that the JSON carries; a reader refuses another one in a sentence."""
READABLE = (2, 3, 4)
"""Format 2 had no editions; 3 neither a report, an order of themes, nor notes of after the restitution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nature:
    """What a rubric gathers."""

    label: str
    told_as: str = ""
    """What is said before it in plenary, where it is no recommendation."""


NATURES = {
    "recommandation": Nature(label="Recommandation"),
    "condition": Nature(label="Condition"),
    "experience": Nature(label="Expérience", told_as="une expérience"),
    "debat": Nature(label="Point de débat", told_as="un désaccord"),
    "verbatim": Nature(label="Verbatim", told_as="un verbatim"),
    "question": Nature(label="Question ouverte", told_as="une question ouverte"),
}
"""By the name that the programme file and the rows use. A new nature is one line here."""


class UnreadableDigest(ValueError):
    """The JSON is not a digest of this format; the message is a French sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One standing text of a note. Two stand while a conflict is not settled."""

    revision: Key
    text: str
    received_at: datetime
    signature: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    id: Key
    reference: Key | None
    nature: Key | None
    wordings: tuple[Wording, ...]
    rank: int | None = None
    """Place among the workshop's highlights, from 1; None where it was not chosen."""
    theme: str | None = None
    late: bool = False
    """Received after what the restitution was read from: « après la restitution »."""

    @property
    def text(self) -> str:
        return self.wordings[0].text

    @property
    def in_conflict(self) -> bool:
        return len(self.wordings) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    name: Key
    nature: Key | None
    label: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What the laptops of a workshop last said of themselves (server time)."""

    heard_at: datetime | None = None
    """None where no laptop ever gave a sign."""
    unsent: int = 0
    """Notes announced and not received, by laptops that still give signs."""
    lost: int = 0
    """The same, by laptops that gave no sign since `lost_at`."""
    lost_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    id: Key
    name: Key
    initials: Key
    title: str
    question: str
    room: str | None = None
    speaker: str | None = None
    minutes: int = 5
    expected_highlights: int = 3
    participants: int | None = None
    ready_at: datetime | None = None
    added_since_ready: int = 0
    announcement: Announcement = Announcement()
    message: Note | None = None
    rubrics: tuple[Rubric, ...] = ()
    unsorted: tuple[Note, ...] = ()
    syntheses: tuple[Note, ...] = ()
    """What it says for several notes: the mergers that were chosen here, as notes among its highlights."""
    received: int = 0
    withdrawn: int = 0

    @property
    def notes(self) -> tuple[Note, ...]:
        """Every note in printed order: by rubric, then the unsorted ones."""
        return tuple(n for rubric in self.rubrics for n in rubric.notes) + self.unsorted

    @property
    def highlights(self) -> tuple[Note, ...]:
        said = (*self.notes, *self.syntheses)
        return tuple(sorted((n for n in said if n.rank), key=lambda n: n.rank or 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Convergence:
    """A sentence that rests on notes of several workshops, written by a human."""

    id: Key
    text: str
    notes: tuple[Key, ...] = ()
    """Ids of the notes that it rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger:
    """One wording that stands for several notes and cites them all."""

    id: Key
    text: str
    notes: tuple[Key, ...] = ()


def merger_reference(number: int) -> Key:
    """What a merger is called where notes have their reference; `number` from 1, in the digest's order."""
    return Key(f"synthèse {number}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """One line of the day's programme."""

    at: time
    title: str
    speakers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    id: Key
    name: Key
    title: str
    subtitle: str | None = None
    date: date
    place: str | None = None
    organiser: str | None = None
    timezone: Key
    plenary_at: time
    fictional: bool = False
    sequences: tuple[Sequence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A frozen version of a document, and what changed since the one before."""

    number: int
    """From 1."""
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    event: Event
    taken_at: datetime
    """The server's time of the snapshot."""
    seq: int
    """The last operation that the snapshot contains."""
    workshops: tuple[Workshop, ...] = ()
    convergences: tuple[Convergence, ...] = ()
    mergers: tuple[Merger, ...] = ()
    themes: tuple[str, ...] = ()
    """In the order set by hand."""
    edition: Edition | None = None
    """None while the document follows the notes."""
    report: Report | None = None
    """What the editors made of the day; None in a restitution."""

    def moment(self, at: datetime) -> str:
        """`at` in the event's zone with its date: « 30 septembre 2021 à 16 h 24 »."""
        local = at.astimezone(ZoneInfo(self.event.timezone))
        return f"{french_date(local.date())} à {local.hour} h {local.minute:02}"

    def clock(self, at: datetime) -> str:
        """`at` in the event's zone: « à 16 h 24 », « le 2 octobre 2021 à 9 h 05 » on another day."""
        local = at.astimezone(ZoneInfo(self.event.timezone))
        hour = f"{local.hour} h {local.minute:02}"
        if local.date() == self.event.date:
            return f"à {hour}"
        return f"le {french_date(local.date())} à {hour}"


MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet",
    "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def french_date(day: date) -> str:
    """« 30 septembre 2021 », « 1er octobre 2021 »."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def to_json(digest: Digest) -> str:
    """Canonical JSON: sorted keys, no optional white space, times in ISO 8601."""
    body = {"format": FORMAT, **dataclasses.asdict(digest)}
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def from_json(text: str) -> Digest:
    """The digest that `to_json` wrote. Raises UnreadableDigest with a French sentence."""
    try:
        body = json.loads(text)
    except ValueError as error:
        raise UnreadableDigest("ce fichier n’est pas un digest (du JSON en UTF-8).") from error
    if not isinstance(body, dict) or body.pop("format", None) not in READABLE:
        raise UnreadableDigest(f"ce fichier n’est pas un digest de format {FORMAT}.")
    try:
        digest = typing.cast(Digest, _build(Digest, body, "digest"))
        ZoneInfo(digest.event.timezone)
        return digest
    except (TypeError, ValueError, KeyError, OSError) as error:
        if isinstance(error, UnreadableDigest):
            raise
        raise UnreadableDigest("il manque quelque chose à ce digest, ou une valeur est mauvaise.") from error


def typeset_digest(digest: Digest) -> Digest:
    """The same digest, every printed string cleaned and set in French typography."""
    return typeset_values(digest)


def typeset_values(values: Values) -> Values:
    """The same of any value, or tuple of values."""
    return typing.cast(Values, _typeset(values))


def _plain(value: object) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    raise TypeError(type(value).__name__)


@lru_cache
def _fields(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


@lru_cache
def _prose_fields(cls: type) -> tuple[str, ...]:
    """The fields of a class in which `_typeset` may find something to change."""
    return tuple(name for name, hint in _fields(cls).items() if _holds_prose(hint))


def _holds_prose(hint: Any) -> bool:
    if hint is str or dataclasses.is_dataclass(hint):
        return True
    return any(_holds_prose(arg) for arg in typing.get_args(hint))


def _typeset(value: Any) -> Any:
    if isinstance(value, str):
        return typeset(value)
    if isinstance(value, tuple):
        return tuple([_typeset(item) for item in value])
    if isinstance(value, Note):
        return _typeset_note(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changes = {}
        for name in _prose_fields(type(value)):
            before = getattr(value, name)
            after = _typeset(before)
            if after is not before and after != before:
                changes[name] = after
        return replace(value, **changes) if changes else value
    return value


def _typeset_note(note: Note) -> Note:
    """By hand, because there are 10,000 of them: the general way is three times slower."""
    wordings = tuple(
        [
            Wording(
                revision=wording.revision,
                text=typeset(wording.text),
                received_at=wording.received_at,
                signature=wording.signature and typeset(wording.signature),
            )
            for wording in note.wordings
        ]
    )
    return Note(
        id=note.id,
        reference=note.reference,
        nature=note.nature,
        wordings=wordings,
        rank=note.rank,
        theme=note.theme and typeset(note.theme),
        late=note.late,
    )


def _build(hint: Any, value: Any, where: str) -> Any:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        if value is None:
            return None
        return _build(next(a for a in args if a is not type(None)), value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise UnreadableDigest(f"« {where} » devrait être une liste.")
        return tuple(_build(args[0], item, where) for item in value)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _build_class(hint, value, where)
    if hint in (datetime, date, time):
        return hint.fromisoformat(value)
    wanted = str if hint in (Key, Source) else hint
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise UnreadableDigest(f"« {where} » n’a pas la forme attendue.")
    return value


def _build_class(cls: type, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise UnreadableDigest(f"« {where} » devrait être un objet.")
    hints = _fields(cls)
    unknown = sorted(set(value) - set(hints))
    if unknown:
        raise UnreadableDigest(f"« {where} » contient une clé inconnue : {unknown[0]}.")
    return cls(**{k: _build(hints[k], v, f"{where}.{k}") for k, v in value.items()})
