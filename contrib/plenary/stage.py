"""The slides of the hall, and what the speaker's laptop shows beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import time

from sqlalchemy import and_, func, select

from contrib.plenary.essentials import essentials, rested_on
from contrib.store.db import db
from contrib.store.models import Event, Note, Revision, Rubric, Workshop
from exports.digest import Digest
from exports.documents.speech import Speech
from exports.text import typeset

TOLD = ("experience", "verbatim")
"""Natures of notes that are stories."""
STORIES, LISTED = 5, 100
"""Of a workshop, beside its slide: at first, and on demand; beyond, its own page has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    event: Event
    content: Digest
    """Without its notes: they are in the speeches."""
    speeches: dict[str, Speech]
    """By workshop id."""
    times: Sequence[time]
    origins: dict[str, list[Workshop]]
    """The workshops that a point commun rests on, by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A note that is not on the screen and can be told, or chosen."""

    id: str
    reference: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories:
    first: tuple[Story, ...]
    others: tuple[Story, ...]
    beyond: int
    """How many others there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompter(Stage):
    stories: dict[str, Stories]
    """By workshop id."""


def stage(event: Event) -> Stage:
    said = essentials(event)
    from_notes = rested_on(event, said.content)
    origins = {}
    for point in said.content.convergences:
        found = {one.id: one for _, one in (from_notes[key] for key in point.notes if key in from_notes)}
        origins[str(point.id)] = sorted(found.values(), key=lambda workshop: workshop.position)
    return Stage(
        event=event,
        content=said.content,
        speeches=said.speeches,
        times=said.times,
        origins=origins,
    )


def prompter(event: Event) -> Prompter:
    slides = stage(event)
    return Prompter(
        **{one.name: getattr(slides, one.name) for one in fields(slides)},
        stories={workshop.id: _stories(workshop) for workshop in event.workshops},
    )


def _stories(workshop: Workshop) -> Stories:
    """The first of its experiences and verbatims that are not chosen, in their places."""
    of_a_story = Rubric.id == Note.rubric_id, Rubric.nature.in_(TOLD)
    untold = (
        Note.workshop_id == workshop.id,
        Note.kind == "note",
        Note.live,
        Note.highlight_place.is_(None),
    )
    rows = db.session.execute(
        select(Note.id, Note.number, func.min(Revision.text))
        .join(Revision, (Revision.note_id == Note.id) & Revision.standing)
        .join(Rubric, and_(*of_a_story))
        .where(*untold)
        .group_by(Note.id, Note.number, Note.place)
        .order_by(Note.place, Note.id)
        .limit(LISTED)
    ).all()
    number = db.session.scalar(select(func.count(Note.id)).join(Rubric, and_(*of_a_story)).where(*untold))
    told = tuple(
        Story(id=id, reference=workshop.reference(number), text=typeset(text)) for id, number, text in rows
    )
    return Stories(first=told[:STORIES], others=told[STORIES:], beyond=(number or 0) - len(told))
