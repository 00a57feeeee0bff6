"""What the follow-up report adds to a digest: chapters, decisions about notes, answers, edition.

A chapter is written; a recommendation is a note or a merger, perhaps in the words of the report.
"""

import base64
from dataclasses import dataclass
from datetime import date, datetime, time

from exports.keys import Key, Source

LICENCE = "Licence Ouverte 2.0"
STATUSES = {
    "retenue": "Retenue",
    "en-cours": "En cours",
    "realisee": "Réalisée",
    "ecartee": "Écartée",
}
"""What may be answered to a recommendation, by the name that rows and data use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageText:
    """One standing text of a passage. Two stand while a conflict is not settled."""

    revision: Key
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A place of the report where somebody writes."""

    key: Key
    """`introduction`, `sequence-0930`, `atelier-emergence`: the same for the life of the report."""
    kind: Key
    """One of CHAPTER_KINDS."""
    title: str
    workshop: Key | None = None
    """The id of the workshop that the chapter is about."""
    at: time | None = None
    """The hour of the sequence that it is about."""
    texts: tuple[PassageText, ...] = ()
    reviewed: bool = False
    """A second reader has read the text that stands."""

    @property
    def in_conflict(self) -> bool:
        return len(self.texts) > 1


CHAPTER_KINDS = ("introduction", "sequence", "workshop", "crossing", "conclusion", "method", "abbreviations")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What the editors decided about a note or a merger."""

    id: Key
    """Of the note or the merger."""
    texts: tuple[PassageText, ...] = ()
    """Its words in the report; none where they are the workshop's own."""
    kept: bool | None = None
    """In the chapter (True) or in the annex (False); None: as its nature has it."""
    place: int | None = None
    """Among the others of its group, where somebody ordered them."""
    reviewed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that a chapter shows, with the words that stand for it."""

    key: Key
    """By which texts name it."""
    content: Key
    """Its bytes, in base64."""
    ending: Key
    """`jpg` or `png`."""
    width: int
    height: int
    """Pixels."""
    alternative: str = ""
    """What it shows, for who does not see it; empty while nobody has said it."""
    credit: str = ""
    """Whose it is."""

    @property
    def described(self) -> str:
        return self.alternative or UNDESCRIBED

    @property
    def bytes(self) -> bytes:
        return base64.b64decode(self.content)


UNDESCRIBED = "Image à décrire"
"""Stands for an alternative text that nobody wrote yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a recommendation: one dated entry of *suites données*."""

    id: Key
    about: Key
    """The id of the note or the merger."""
    status: Key
    """One of STATUSES."""
    who: str
    text: str
    on: date
    link: Key | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEdition:
    """A frozen edition of the report, and what changed since the one before."""

    number: int
    """From 1."""
    frozen_at: datetime
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the editors made of the day."""

    chapters: tuple[Chapter, ...] = ()
    edited: tuple[Edited, ...] = ()
    pictures: tuple[Picture, ...] = ()
    """Those that the texts show, by key."""
    answers: tuple[Answer, ...] = ()
    licence: str = LICENCE
    expected_on: date | None = None
    """When an answer is expected to the recommendations that have none."""
    edition: ReportEdition | None = None
    """None while the report is being worked on."""
