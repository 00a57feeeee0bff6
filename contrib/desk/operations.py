"""What the organiser changes in the programme, at any moment. Notes are never in the way."""

import json
import re
from datetime import time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contrib.models import Event, Note, Rubric, Workshop
from contrib.programme import BrokenProgramme, add_workshop, check_initials, fold, from_text
from contrib.store import Refused, Values, Write, new_id, verb


@verb("revise_event")
def revise_event(session: Session, write: Write) -> Values:
    event = session.get_one(Event, write.event_id)
    for column, value in write.values.items():
        setattr(event, column, from_text(column, value))
    return {}


@verb("revise_sequences")
def revise_sequences(session: Session, write: Write) -> Values:
    """The day's programme: one line for each sequence, « 11:00 | titre | qui, qui »."""
    session.get_one(Event, write.event_id).sequences = json.dumps(
        parse_sequences(write.values["text"]), ensure_ascii=False
    )
    return {}


_HOUR = re.compile(r"([01]?\d|2[0-3])\s?[:hH]\s?([0-5]\d)?")


def parse_sequences(text: str) -> list[Values]:
    """Sequences from their lines. Raises Refused naming the line."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        hour, _, rest = line.partition("|")
        title, _, speakers = rest.partition("|")
        found_hour = _HOUR.fullmatch(hour.strip())
        if found_hour is None:
            raise Refused(f"Ligne {number} : « {hour.strip()} » n’est pas une heure comme 11:00.")
        at = time(int(found_hour[1]), int(found_hour[2] or 0))
        if not title.strip():
            raise Refused(f"Ligne {number} : il manque le titre, après « | ».")
        people = [name.strip() for name in speakers.split(";") if name.strip()]
        found.append({"at": at.isoformat(), "title": title.strip(), "speakers": people})
    return found


def sequences_text(event: Event) -> str:
    """The lines that `parse_sequences` reads."""
    return "\n".join(
        " | ".join(part for part in (row["at"][:5], row["title"], " ; ".join(row["speakers"])) if part)
        for row in json.loads(event.sequences)
    )


@verb("revise_workshop")
def revise_workshop(session: Session, write: Write) -> Values:
    workshop = _workshop(session, write)
    values = dict(write.values)
    initials = values.pop("initials", workshop.initials)
    if initials != workshop.initials:
        if workshop.last_number:
            raise Refused(
                f"Le sigle {workshop.initials} est déjà imprimé dans des références : il ne change plus."
            )
        _check_initials(session, write.event_id, initials, workshop.id)
        workshop.initials = initials
    for column, value in values.items():
        setattr(workshop, column, value)
    return {}


@verb("add_workshop")
def add_one_workshop(session: Session, write: Write) -> Values:
    """A workshop with the rubrics of the first one, to be changed afterwards."""
    event = session.get_one(Event, write.event_id)
    _check_initials(session, event.id, write.values["initials"], None)
    name = _free_name(fold(write.values["title"]), [w.name for w in event.workshops])
    model = event.workshops[0].rubrics if event.workshops else []
    rubrics = [{"name": r.name, "nature": r.nature, "label": r.label, "prompt": r.prompt} for r in model] or [
        {"name": "recommandations", "nature": "recommandation", "label": "Recommandations", "prompt": ""}
    ]
    last = max((w.position for w in event.workshops), default=-1)
    added = add_workshop(session, event.id, last + 1, {**write.values, "name": name, "rubrics": rubrics})
    return {"workshop": added.name}


@verb("remove_workshop")
def remove_workshop(session: Session, write: Write) -> Values:
    workshop = _workshop(session, write)
    held = session.scalar(select(func.count()).where(Note.workshop_id == workshop.id)) or 0
    if held:
        raise Refused(
            f"« {workshop.title} » contient {held} note{'s' if held > 1 else ''} (y compris retirées "
            "et message clé) : un atelier qui contient des notes ne peut pas être supprimé."
        )
    for rubric in list(workshop.rubrics):
        session.delete(rubric)
    session.flush()
    session.delete(workshop)
    return {}


@verb("move_workshop")
def move_workshop(session: Session, write: Write) -> Values:
    """One step up or down in the order of the restitution."""
    event = session.get_one(Event, write.event_id)
    _step(event.workshops, _workshop(session, write), write.values["direction"])
    return {}


@verb("revise_rubric")
def revise_rubric(session: Session, write: Write) -> Values:
    rubric = _rubric(session, write)
    for column, value in write.values.items():
        setattr(rubric, column, value)
    return {}


@verb("add_rubric")
def add_rubric(session: Session, write: Write) -> Values:
    workshop = _workshop(session, write)
    name = _free_name(fold(write.values["label"]), [r.name for r in workshop.rubrics])
    position = max((r.position for r in workshop.rubrics), default=-1) + 1
    session.add(Rubric(id=new_id(), workshop_id=workshop.id, name=name, position=position, **write.values))
    return {}


@verb("remove_rubric")
def remove_rubric(session: Session, write: Write) -> Values:
    rubric = _rubric(session, write)
    held = session.scalar(select(func.count()).where(Note.rubric_id == rubric.id)) or 0
    if held:
        raise Refused(
            f"« {rubric.label} » contient {held} note{'s' if held > 1 else ''} (y compris retirées) : "
            "classez-les d’abord ailleurs."
        )
    if len(rubric.workshop.rubrics) == 1:
        raise Refused("Un atelier garde au moins une rubrique.")
    session.delete(rubric)
    return {}


@verb("move_rubric")
def move_rubric(session: Session, write: Write) -> Values:
    rubric = _rubric(session, write)
    _step(rubric.workshop.rubrics, rubric, write.values["direction"])
    return {}


def _workshop(session: Session, write: Write) -> Workshop:
    workshop = session.get(Workshop, write.workshop_id)
    if workshop is None or workshop.event_id != write.event_id:
        raise Refused("Cet atelier n’existe pas, ou plus.")
    return workshop


def _rubric(session: Session, write: Write) -> Rubric:
    rubric = session.get(Rubric, write.subject)
    if rubric is None or rubric.workshop_id != write.workshop_id:
        raise Refused("Cette rubrique n’existe pas, ou plus.")
    return rubric


def _check_initials(session: Session, event_id: str, initials: str, but: str | None) -> None:
    try:
        check_initials(initials, "Atelier")
    except BrokenProgramme as error:
        raise Refused(str(error)) from error
    for other in session.scalars(select(Workshop).where(Workshop.event_id == event_id)):
        if other.id != but and fold(other.initials) == fold(initials):
            raise Refused(f"Le sigle {initials} est déjà celui de « {other.title} ».")


def _free_name(folded: str, taken: list[str]) -> str:
    plain = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in folded).split())
    plain = plain[:50].strip("-") or "nouveau"
    name, number = plain, 2
    while name in taken:
        name, number = f"{plain}-{number}", number + 1
    return name


def _step(rows: "list[Workshop] | list[Rubric]", row: "Workshop | Rubric", direction: str) -> None:
    """Swap a row with its neighbour and number all of them anew."""
    order = [*rows]
    index = next(i for i, item in enumerate(order) if item.id == row.id)
    target = index + (-1 if direction == "up" else 1)
    if 0 <= target < len(order):
        order[index], order[target] = order[target], order[index]
    for position, item in enumerate(order):
        item.position = position
