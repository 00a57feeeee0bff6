"""What will be said, in the document's own words and order: for the presenter's page and the stage."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time

from sqlalchemy import select

from contrib.digest import take
from contrib.documents import latest_document
from contrib.store.db import db
from contrib.store.models import Event, Note, Workshop
from exports.digest import Digest, typeset_digest, typeset_values
from exports.documents.speech import Speech, missing, speech, start_times


@dataclass(frozen=True, slots=True, kw_only=True)
class Essentials:
    event: Event
    content: Digest
    """Without its notes: they are in the speeches."""
    speeches: dict[str, Speech]
    """By workshop id."""
    gaps: Sequence[str]
    times: Sequence[time]
    replaced: Sequence[str]


def essentials(event: Event) -> Essentials:
    """What is chosen, as of now: read from the rows, so that no page waits for a document.

    Where nothing is, what a workshop spoke of is that of the last document: it weighs all notes.
    """
    good = latest_document.last_good(event.id)
    weighed = {id: weights for id, weights in (good.weights if good else {}).items() if weights}
    taken = take(db.session(), event, said_only=weighed.keys())
    unsaid = tuple(replace(workshop, rubrics=(), unsorted=()) for workshop in taken.workshops)
    content = typeset_digest(replace(taken, workshops=unsaid))
    return Essentials(
        event=event,
        content=content,
        speeches={
            w.id: Speech(chosen=(), weights=weighed[w.id])
            if w.id in weighed and not w.highlights
            else typeset_values(speech(w))
            for w in taken.workshops
        },
        gaps=typeset_values(missing(taken)),
        times=start_times(content),
        replaced=good.replaced if good else (),
    )


def rested_on(event: Event, content: Digest) -> dict[str, tuple[str, Workshop]]:
    """Reference and workshop of the notes that points communs rest on, by their ids."""
    wanted = {key for point in content.convergences for key in point.notes}
    rows = db.session.execute(
        select(Note.id, Note.number, Workshop)
        .join(Workshop, Workshop.id == Note.workshop_id)
        .where(Note.id.in_(wanted), Note.live)
    )
    return {id: (workshop.reference(number), workshop) for id, number, workshop in rows}
