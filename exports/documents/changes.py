"""What changed from one digest to a later one, note by note, in French sentences."""

from collections.abc import Iterable, Iterator, Sequence

from exports.digest import Convergence, Digest, Merger, Note, Workshop
from exports.documents.record import printed_reference
from exports.excerpt import excerpt
from exports.text import NBSP, counted

MOST = 200
"""Sentences about notes; what is beyond is counted."""
SHOWN = 140
"""Characters of a text."""


def changes(before: Digest, after: Digest) -> tuple[str, ...]:
    """Sentences, each without a full stop; empty where the two say the same."""
    of_notes = list(_of_notes(before, after))
    lines = of_notes[:MOST]
    if len(of_notes) > MOST:
        lines.append(f"et {counted(len(of_notes) - MOST, 'autre changement', 'autres changements')}")
    for new, old in _workshops(before, after):
        lines += _of_workshop(new, old)
    lines += _of_sentences("point commun", before.convergences, after.convergences)
    lines += _of_sentences("recommandation de synthèse", before.mergers, after.mergers)
    if _said_syntheses(before) != _said_syntheses(after):
        lines.append("les recommandations de synthèse à dire ont changé")
    named = [_named(w) != _named(o) for w, o in _workshops(before, after)]
    if before.event != after.event or any(named) or len(before.workshops) != len(after.workshops):
        lines.append("programme modifié")
    return tuple(lines)


def _of_notes(before: Digest, after: Digest) -> Iterator[str]:
    """In printed order; those that are gone come last."""
    old, new = _notes(before), _notes(after)
    here, there = _places(before), _places(after)
    for key, note in new.items():
        if key not in old:
            yield f"{printed_reference(note)} ajoutée{NBSP}: {_quoted(note)}"
            continue
        was = old[key]
        if _texts(note) != _texts(was):
            yield f"{printed_reference(note)}, texte modifié{NBSP}: {_quoted(was)} devient {_quoted(note)}"
        if there[key] != here[key]:
            yield f"{printed_reference(note)} reclassée{NBSP}: {' · '.join(filter(None, there[key]))}"
        if bool(note.rank) != bool(was.rank):
            yield f"{printed_reference(note)} {'choisie' if note.rank else 'n’est plus choisie'} pour la plénière"
    for key, note in old.items():
        if key not in new:
            yield f"{printed_reference(note)} retirée{NBSP}: {_quoted(note)}"


def _of_workshop(new: Workshop, old: Workshop) -> Iterator[str]:
    if (new.message and _texts(new.message)) != (old.message and _texts(old.message)):
        was, now = (_quoted(message) if message else "vide" for message in (old.message, new.message))
        yield f"message clé de {new.title}{NBSP}: {was} devient {now}"
    both = {note.id for note in new.highlights} & {note.id for note in old.highlights}
    order = [[note.id for note in one.highlights if note.id in both] for one in (new, old)]
    if order[0] != order[1]:
        yield f"{new.title}{NBSP}: les notes à dire ont changé d’ordre"


def _of_sentences(
    what: str, before: Sequence[Convergence | Merger], after: Sequence[Convergence | Merger]
) -> Iterator[str]:
    old, new = {one.id: one for one in before}, {one.id: one for one in after}
    for key, one in new.items():
        if key not in old:
            yield f"{what} en plus{NBSP}: «{NBSP}{excerpt(one.text, SHOWN)}{NBSP}»"
        elif (one.text, one.notes) != (old[key].text, old[key].notes):
            yield f"{what} modifié{'e' if what.startswith('r') else ''}{NBSP}: «{NBSP}{excerpt(one.text, SHOWN)}{NBSP}»"
    for key, one in old.items():
        if key not in new:
            yield f"{what} en moins{NBSP}: «{NBSP}{excerpt(one.text, SHOWN)}{NBSP}»"


def _quoted(note: Note) -> str:
    """« the text », both where two stand."""
    shown = f"{NBSP}» et «{NBSP}".join(excerpt(text, SHOWN) or text[:SHOWN] for text in _texts(note))
    return f"«{NBSP}{shown}{NBSP}»"


def _said_syntheses(digest: Digest) -> list[tuple[str, int | None]]:
    return [(note.id, note.rank) for workshop in digest.workshops for note in workshop.syntheses]


def _notes(digest: Digest) -> dict[str, Note]:
    return {note.id: note for workshop in digest.workshops for note in workshop.notes}


def _texts(note: Note) -> tuple[str, ...]:
    return tuple(wording.text for wording in note.wordings)


def _places(digest: Digest) -> dict[str, tuple[str, str | None]]:
    """By note its rubric and its theme."""
    found: dict[str, tuple[str, str | None]] = {}
    for workshop in digest.workshops:
        for rubric in workshop.rubrics:
            found |= {note.id: (rubric.label, note.theme) for note in rubric.notes}
        found |= {note.id: ("À classer", note.theme) for note in workshop.unsorted}
    return found


def _workshops(before: Digest, after: Digest) -> Iterable[tuple[Workshop, Workshop]]:
    """The workshops that stand in both: as they are, and as they were."""
    old = {workshop.id: workshop for workshop in before.workshops}
    return [(workshop, old[workshop.id]) for workshop in after.workshops if workshop.id in old]


def _named(workshop: Workshop) -> tuple[object, ...]:
    labels = tuple((rubric.name, rubric.label) for rubric in workshop.rubrics)
    return (
        workshop.title, workshop.question, workshop.speaker, workshop.minutes, workshop.participants, labels,
    )  # fmt: skip
