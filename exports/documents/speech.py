"""What a workshop says in plenary: chosen from its notes, the same for paper and screen."""

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from exports.digest import NATURES, Announcement, Digest, Note, Workshop
from exports.text import counted

LONG_WORDS = 30
"""Above this number of words a highlight is « un peu longue pour être dite »."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is told beside the points: notes of one nature, under its heading."""

    heading: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    chosen: bool
    """False where the workshop has not chosen: `points` are then its recommendations."""
    points: tuple[Note, ...]
    stories: tuple[Story, ...]


def speech(workshop: Workshop) -> Speech:
    """The highlights in the order set by hand, and one of each kind to tell.

    A marked experience, disagreement or verbatim is told; where none is marked, the
    first one that was noted. An open question is told only if it was marked.
    """
    highlights = workshop.highlights
    apart = {name for name, nature in NATURES.items() if nature.told_as}
    points = tuple(note for note in highlights if note.nature not in apart)
    if not highlights:
        points = tuple(_of_nature(workshop, NATURES.keys() - apart)) or workshop.unsorted
    return Speech(chosen=bool(highlights), points=points, stories=tuple(_stories(workshop)))


def _stories(workshop: Workshop) -> Iterator[Story]:
    for name, nature in NATURES.items():
        chosen = tuple(note for note in workshop.highlights if note.nature == name)
        first = () if nature.only_if_chosen else tuple(_of_nature(workshop, {name}))[:1]
        if nature.told_as and (chosen or first):
            yield Story(heading=nature.told_as, notes=chosen or first)


def _of_nature(workshop: Workshop, natures: Set[str]) -> Iterator[Note]:
    for rubric in workshop.rubrics:
        if rubric.nature in natures:
            yield from rubric.notes


def start_times(digest: Digest) -> tuple[time, ...]:
    """When each workshop speaks: the plenary's hour and the minutes of those before."""
    at = datetime.combine(digest.event.date, digest.event.plenary_at)
    times = []
    for workshop in digest.workshops:
        times.append(at.time())
        at += timedelta(minutes=workshop.minutes)
    return tuple(times)


def missing(digest: Digest) -> tuple[str, ...]:
    """Plain sentences on what is not ready, not received or not settled."""
    workshops = digest.workshops
    lines: list[str] = []
    for label, names in (
        ("Pas encore prêts", [w.title for w in workshops if w.ready_at is None]),
        ("Aucune note reçue", [w.title for w in workshops if not w.notes]),
        ("Pas encore de message clé", [w.title for w in workshops if w.notes and not w.message]),
    ):
        if names and len(names) == len(workshops) > 1:
            lines.append(f"{label} : tous les ateliers.")
        elif names:
            lines.append(f"{label} : {', '.join(names)}.")
    for workshop in workshops:
        lines += _missing_of(digest, workshop)
    return tuple(lines)


def _missing_of(digest: Digest, workshop: Workshop) -> Iterator[str]:
    name = workshop.title
    if workshop.added_since_ready:
        number = workshop.added_since_ready
        yield (
            f"{name} : {number} note{'s' if number > 1 else ''}"
            f" ajoutée{'s' if number > 1 else ''} depuis « c’est prêt »."
        )
    disputed = sum(n.in_conflict for n in (*workshop.notes, workshop.message) if n)
    if disputed:
        yield (
            f"{name} : {disputed} note{'s ont' if disputed > 1 else ' a'} deux rédactions,"
            " imprimées toutes les deux."
        )
    told = workshop.announcement
    if told.unsent:
        yield f"{name} : {_announced(told.unsent)}, pas encore reçue{'s' if told.unsent > 1 else ''}."
    if told.lost and told.lost_at:
        yield f"{name} : {_last_words(told, digest.clock)}."


def news(told: Announcement, clock: Callable[[datetime], str]) -> str:
    """When a workshop was last heard of, and what its laptops announced: « inconnu », « à 16 h 24 ».

    `clock` says a moment in words, as after a verb.
    """
    if told.heard_at is None:
        return "inconnu"
    parts = [clock(told.heard_at)]
    if told.unsent:
        parts.append(_announced(told.unsent))
    if told.lost and told.lost_at:
        parts.append(_last_words(told, clock))
    return ", ".join(parts)


def _announced(number: int) -> str:
    return f"{counted(number, 'note', 'notes')} annoncée{'s' if number > 1 else ''}"


def _last_words(told: Announcement, clock: Callable[[datetime], str]) -> str:
    """« 2 notes annoncées à 16 h 02 par un ordinateur qui n’a plus donné signe »."""
    at = clock(told.lost_at) if told.lost_at else ""
    return f"{_announced(told.lost)} {at} par un ordinateur qui n’a plus donné signe"
