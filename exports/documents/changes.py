"""What changed from one digest to a later one, in French sentences."""

from collections.abc import Iterable

from exports.digest import Digest, Note, Workshop
from exports.documents.record import printed_reference
from exports.text import counted

MOST_NAMED = 8
"""References named in one sentence; the others are counted."""


def changes(before: Digest, after: Digest) -> tuple[str, ...]:
    """Sentences, each without a full stop; empty where the two say the same."""
    old, new = _notes(before), _notes(after)
    both = [key for key in new if key in old]
    here, there = _places(before), _places(after)
    kinds = (
        ("note ajoutée", "notes ajoutées", [new[k] for k in new if k not in old]),
        ("note retirée", "notes retirées", [old[k] for k in old if k not in new]),
        ("texte modifié", "textes modifiés", [new[k] for k in both if _texts(new[k]) != _texts(old[k])]),
        (
            "note reclassée",
            "notes reclassées",
            [new[k] for k in both if there[k] != here[k]],
        ),
        (
            "choix changé pour la plénière",
            "choix changés pour la plénière",
            [new[k] for k in both if new[k].rank != old[k].rank],
        ),
    )
    lines = [_counted(one, many, notes) for one, many, notes in kinds if notes]
    messages = [
        w.title
        for w, o in _workshops(before, after)
        if (w.message and _texts(w.message)) != (o.message and _texts(o.message))
    ]
    if messages:
        lines.append(
            f"{'message clé modifié' if len(messages) == 1 else 'messages clés modifiés'} ({', '.join(messages)})"
        )
    if [(c.text, c.notes) for c in before.convergences] != [(c.text, c.notes) for c in after.convergences]:
        lines.append("points communs modifiés")
    if [(m.text, m.notes) for m in before.mergers] != [(m.text, m.notes) for m in after.mergers]:
        lines.append("recommandations de synthèse modifiées")
    named = [_named(w) != _named(o) for w, o in _workshops(before, after)]
    if before.event != after.event or any(named) or len(before.workshops) != len(after.workshops):
        lines.append("programme modifié")
    return tuple(lines)


def _counted(one: str, many: str, notes: list[Note]) -> str:
    references = [printed_reference(note) for note in notes if note.reference]
    named = ", ".join(references[:MOST_NAMED])
    more = len(references) - MOST_NAMED
    if more > 0:
        named += f" et {more} autre{'s' if more > 1 else ''}"
    return counted(len(notes), one, many) + (f" ({named})" if named else "")


def _notes(digest: Digest) -> dict[str, Note]:
    return {note.id: note for workshop in digest.workshops for note in workshop.notes}


def _texts(note: Note) -> tuple[str, ...]:
    return tuple(wording.text for wording in note.wordings)


def _places(digest: Digest) -> dict[str, tuple[str | None, str | None]]:
    """By note its rubric and its theme."""
    found: dict[str, tuple[str | None, str | None]] = {}
    for workshop in digest.workshops:
        for rubric in workshop.rubrics:
            found |= {note.id: (rubric.name, note.theme) for note in rubric.notes}
        found |= {note.id: (None, note.theme) for note in workshop.unsorted}
    return found


def _workshops(before: Digest, after: Digest) -> Iterable[tuple[Workshop, Workshop]]:
    """The workshops that stand in both: as they are, and as they were."""
    old = {workshop.id: workshop for workshop in before.workshops}
    return [(workshop, old[workshop.id]) for workshop in after.workshops if workshop.id in old]


def _named(workshop: Workshop) -> tuple[object, ...]:
    return (workshop.title, workshop.question, workshop.speaker, workshop.minutes, workshop.participants)
