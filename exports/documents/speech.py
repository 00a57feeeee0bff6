"""What a workshop says in plenary: chosen from its notes, the same for paper and screen."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from exports.digest import NATURES, Announcement, Digest, Note, Workshop
from exports.excerpt import excerpt, sentences
from exports.text import NBSP, NNBSP, counted

LONG_WORDS = 30
"""Above this number of words a highlight is « un peu longue pour être dite »."""
WITHOUT_THEME = "Sans thème"

WORDS_A_MINUTE = 140
"""A slow reading voice, with its pauses, in a large hall."""


def spoken(words: int) -> str:
    """How long so many words take to say, to the next half minute."""
    halves = -(-words * 2 // WORDS_A_MINUTE)
    minutes, half = divmod(halves, 2)
    if not minutes:
        return "30\u00a0secondes" if half else "0\u00a0minute"
    return counted(minutes, "minute", "minutes") + (" et demie" if half else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What a workshop spoke of: a theme (else a rubric), how often, and one sentence of it."""

    label: str
    count: int
    sentence: str
    note: Note
    """The one that the sentence is from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What a workshop says, the same on page one, pages to say, stage and the presenter's page."""

    chosen: tuple[Note, ...]
    """In the order set by hand; nothing else is « à dire »."""
    weights: tuple[Weight, ...]
    """Where nothing was chosen: the heaviest first."""


SENTENCE = 140
"""Characters of the sentence that stands for a theme."""


def speech(workshop: Workshop) -> Speech:
    chosen = workshop.highlights
    return Speech(chosen=chosen, weights=() if chosen else tuple(_weights(workshop)))


def told_as(note: Note) -> str:
    """« Un verbatim », before a note that is no recommendation; empty for one."""
    nature = NATURES.get(note.nature or "")
    words = nature.told_as if nature else ""
    return words[:1].upper() + words[1:]


def _weights(workshop: Workshop) -> Iterator[Weight]:
    """By theme where there are themes, else by rubric; those that are in none come last."""
    by_theme = any(note.theme for note in workshop.notes)
    groups: dict[str, list[Note]] = {}
    for rubric in workshop.rubrics:
        for note in rubric.notes:
            groups.setdefault((note.theme or WITHOUT_THEME) if by_theme else rubric.label, []).append(note)
    for note in workshop.unsorted:
        groups.setdefault((note.theme or WITHOUT_THEME) if by_theme else "À classer", []).append(note)
    last = (WITHOUT_THEME, "À classer")
    for label, notes in sorted(groups.items(), key=lambda item: (item[0] in last, -len(item[1]))):
        note = _typical(notes)
        yield Weight(label=label, count=len(notes), sentence=excerpt(note.text, SENTENCE), note=note)


def _typical(notes: Sequence[Note]) -> Note:
    """The first whose first sentence is whole and says something; else the first."""

    def is_good(note: Note) -> bool:
        first = next(iter(sentences(note.text)), "")
        return 30 <= len(first) <= SENTENCE and "//" not in first

    return next((note for note in notes if is_good(note)), notes[0])


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


def lacking(digest: Digest) -> str:
    """The same in one line that a presenter can say; empty where nothing is missing."""
    workshops = digest.workshops
    silent = [w.title for w in workshops if not w.notes]
    without = [w.title for w in workshops if w.notes and not w.message]
    unready = [w.title for w in workshops if w.notes and w.ready_at is None]
    late = sum(w.announcement.unsent + w.announcement.lost for w in workshops)
    parts = [
        _of(silent, workshops, "les notes"),
        _of(without, workshops, "le message clé"),
        _of(unready, workshops, "le « c’est prêt »"),
        counted(late, "note annoncée", "notes annoncées") if late else "",
    ]
    told = [part for part in parts if part]
    return f"Il manque{NBSP}: {f'{NNBSP}; '.join(told)}." if told else ""


def _of(names: list[str], workshops: Sequence[Workshop], what: str) -> str:
    """« le message clé (L’émergence, Le numérique) »; how many instead, where names would be long."""
    if not names:
        return ""
    if len(names) == len(workshops) > 1:
        return f"{what} (tous les ateliers)"
    if sum(map(len, names)) > 60:
        return f"{what} ({counted(len(names), 'atelier', 'ateliers')})"
    return f"{what} ({', '.join(names)})"


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
