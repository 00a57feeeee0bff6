"""The programme as rows: set up, changed at any moment, rehearsed, started afresh.

Notes are never in the way.
"""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from contrib import clock
from contrib.forms import fold
from contrib.programme import hours
from contrib.programme.sequences import parse_sequences
from contrib.programme.toml_file import (
    EVENT_KEYS,
    RUBRIC_KEYS,
    WORKSHOP_KEYS,
    BrokenProgramme,
    check_initials,
)
from contrib.store.log import Kind, Refused, Values, Write, new_id, verb
from contrib.store.models import Event, Note, Notice, Rubric, Workshop

_DATES: dict[str, Any] = {
    "date": date,
    "workshops_start": time,
    "workshops_end": time,
    "plenary_at": time,
    "ends_at": time,
}


def from_text(name: str, value: Any) -> Any:
    """A column of `Event` from its JSON form."""
    return _DATES[name].fromisoformat(value) if name in _DATES and value else value


@verb("set_up", Kind.PROGRAMME, personal=("event.sequences", "workshops.speaker"))
def set_up(session: Session, write: Write) -> Values:
    """Rows for a new event; nothing where its name exists already."""
    values = write.values
    name = values["event"]["name"]
    if session.scalar(select(Event.id).where(Event.name == name)):
        return {"event": None}
    columns = {key: from_text(key, value) for key, value in values["event"].items()}
    columns.setdefault("scope", name)
    event = Event(id=write.event_id, created_at=write.at, **columns)
    session.add(event)
    for position, row in enumerate(values["workshops"]):
        make_workshop(session, event.id, position, row)
    return {"event": event.id}


def make_workshop(session: Session, event_id: str, position: int, row: Values) -> Workshop:
    given = {key: value for key, value in row.items() if key != "rubrics"}
    workshop = Workshop(id=new_id(), event_id=event_id, position=position, **given)
    session.add(workshop)
    session.flush()
    for index, rubric in enumerate(row["rubrics"]):
        session.add(Rubric(id=new_id(), workshop_id=workshop.id, position=index, **rubric))
    return workshop


def copy_of(event: Event) -> Values:
    """The programme of an event as `set_up` values: how a trial becomes a fresh day."""
    return {
        "event": {
            column: value.isoformat() if isinstance(value, date | time) else value
            for column in (*(k.into for k in EVENT_KEYS.values()), "sequences", "scope", "fictional",
                           "presenter_generation", "retired_codes", "timed_notices")
            for value in (getattr(event, column),)
        },
        "workshops": [
            {
                **{key.into: getattr(w, key.into) for key in WORKSHOP_KEYS.values()},
                "generation": w.generation,
                "rubrics": [
                    {key.into: getattr(r, key.into) for key in RUBRIC_KEYS.values()}
                    for r in w.rubrics
                ],
            }
            for w in event.workshops
        ],
    }  # fmt: skip


@verb("clear_trial", Kind.PROGRAMME)
def clear_trial(session: Session, write: Write) -> Values:
    """Archive the trial under another name and start the day afresh; nothing is deleted."""
    trial = session.get(Event, write.event_id)
    if trial is None or trial.archived_at:
        raise Refused("Cette journée est déjà archivée.")
    if trial.rehearsal_of or open_rehearsal_of(session, trial.id):
        raise Refused("Rangez d’abord la répétition : rien n’en reste dans la journée.", 409)
    values = copy_of(trial)
    number = 1
    while session.scalar(select(Event.id).where(Event.name == f"{trial.name}-essai-{number}")):
        number += 1
    trial.name = f"{trial.name}-essai-{number}"
    trial.archived_at = write.at
    session.flush()
    fresh = Write(id=write.id, event_id=new_id(), author=write.author, values=values)
    fresh.at, fresh.seq = write.at, write.seq
    return {**set_up.apply(session, fresh), "trial": trial.name}


def open_rehearsal_of(session: Session, event_id: str) -> Event | None:
    """The rehearsal of a day that is not put away; None where there is none."""
    return session.scalar(
        select(Event).where(Event.rehearsal_of == event_id, Event.archived_at.is_(None)).limit(1)
    )


REHEARSAL = timedelta(minutes=30)
"""How long the workshops of a rehearsal last; the plenary begins five minutes later."""


@verb("open_rehearsal", Kind.PROGRAMME)
def open_rehearsal(session: Session, write: Write) -> Values:
    """A day of its own beside the real one: its programme and codes, beginning now, all of it fictional."""
    day = session.get_one(Event, write.event_id)
    if day.archived_at or day.rehearsal_of:
        raise Refused("Une répétition se fait à partir de la journée elle-même.", 409)
    if open_rehearsal_of(session, day.id):
        raise Refused("Une répétition est déjà ouverte : rangez-la d’abord.", 409)
    number = 1
    while session.scalar(select(Event.id).where(Event.name == f"{day.name}-repetition-{number}")):
        number += 1
    values = copy_of(day)
    values["event"] |= {
        "name": f"{day.name}-repetition-{number}",
        "title": f"Répétition : {day.title}",
        "fictional": True,
        "rehearsal_of": day.id,
        **_from_now(clock.local(write.at, day.timezone)),
    }
    fresh = Write(id=write.id, event_id=new_id(), author=write.author, values=values)
    fresh.at, fresh.seq = write.at, write.seq
    set_up.apply(session, fresh)
    return {"day": values["event"]["name"]}


def _from_now(now: datetime) -> Values:
    """The hours of a rehearsal that begins now, all before midnight."""
    start = min(now, now.replace(hour=23, minute=0)).replace(second=0, microsecond=0)
    hours = {"workshops_start": start, "workshops_end": start + REHEARSAL}
    hours["plenary_at"] = hours["workshops_end"] + timedelta(minutes=5)
    hours["ends_at"] = hours["plenary_at"] + timedelta(minutes=30)
    return {"date": now.date().isoformat()} | {name: at.time().isoformat() for name, at in hours.items()}


@verb("put_away", Kind.PROGRAMME)
def put_away(session: Session, write: Write) -> Values:
    """The rehearsal ends, whole: it stays readable under its own name, and the codes lead to the day again."""
    rehearsal = session.get_one(Event, write.event_id)
    if not rehearsal.rehearsal_of or rehearsal.archived_at:
        raise Refused("Aucune répétition n’est ouverte ici.", 409)
    rehearsal.archived_at = write.at
    return {"day": session.get_one(Event, rehearsal.rehearsal_of).name}


@verb("revise_event", Kind.PROGRAMME)
def revise_event(session: Session, write: Write) -> Values:
    event = session.get_one(Event, write.event_id)
    for column, value in write.values.items():
        setattr(event, column, from_text(column, value))
    problem = hours.problem({column: getattr(event, column) for column, _ in hours.NAMES})
    if problem:
        raise Refused(problem)
    return {}


@verb("revise_sequences", Kind.PROGRAMME, personal=("text",))
def revise_sequences(session: Session, write: Write) -> Values:
    """The day's programme: one line for each sequence, « 11:00 | titre | qui, qui »."""
    session.get_one(Event, write.event_id).sequences = json.dumps(
        parse_sequences(write.values["text"]), ensure_ascii=False
    )
    return {}


@verb("revise_workshop", Kind.PROGRAMME, personal=("speaker",))
def revise_workshop(session: Session, write: Write) -> Values:
    """Its own fields; its rubrics in the order and the words that are given, one more, one less."""
    workshop = _workshop(session, write)
    values = dict(write.values)
    rubrics = values.pop("rubrics", [])
    added, removed = values.pop("added", None), values.pop("removed", None)
    initials = values.pop("initials", "") or workshop.initials
    if initials != workshop.initials:
        if workshop.last_number:
            raise Refused(
                f"Le sigle {workshop.initials} est déjà imprimé dans des références : il ne change plus.", 409
            )
        _check_initials(session, write.event_id, initials, workshop.id)
        workshop.initials = initials
    for column, value in values.items():
        setattr(workshop, column, value)
    _revise_rubrics(workshop, rubrics)
    if added:
        _add_rubric(session, workshop, added)
    if removed:
        _remove_rubric(session, workshop, removed)
    return {}


def _revise_rubrics(workshop: Workshop, given: list[Values]) -> None:
    """Those that are not given stand after the others, as they were."""
    places = {row["id"]: place for place, row in enumerate(given)}
    ordered = sorted(workshop.rubrics, key=lambda one: (places.get(one.id, len(places)), one.position))
    for position, rubric in enumerate(ordered):
        rubric.position = position
    for row in given:
        rubric = _rubric(workshop, row["id"])
        rubric.label, rubric.prompt = row["label"], row["prompt"]


def _add_rubric(session: Session, workshop: Workshop, row: Values) -> None:
    name = _free_name(fold(row["label"]), [one.name for one in workshop.rubrics])
    position = max((one.position for one in workshop.rubrics), default=-1) + 1
    session.add(Rubric(id=new_id(), workshop_id=workshop.id, name=name, position=position, **row))


def _remove_rubric(session: Session, workshop: Workshop, rubric_id: str) -> None:
    rubric = _rubric(workshop, rubric_id)
    held = session.scalar(select(func.count()).where(Note.rubric_id == rubric.id)) or 0
    if held:
        raise Refused(
            f"« {rubric.label} » contient {held} note{'s' if held > 1 else ''} (y compris retirées) : "
            "classez-les d’abord ailleurs.",
            409,
        )
    if len(workshop.rubrics) == 1:
        raise Refused("Un atelier garde au moins une rubrique.", 409)
    session.delete(rubric)


@verb("add_workshop", Kind.PROGRAMME)
def add_workshop(session: Session, write: Write) -> Values:
    """A workshop with the rubrics of the first one, to be changed afterwards."""
    event = session.get_one(Event, write.event_id)
    _check_initials(session, event.id, write.values["initials"], None)
    name = _free_name(fold(write.values["title"]), [w.name for w in event.workshops])
    model = event.workshops[0].rubrics if event.workshops else []
    rubrics = [{"name": r.name, "nature": r.nature, "label": r.label, "prompt": r.prompt} for r in model] or [
        {"name": "recommandations", "nature": "recommandation", "label": "Recommandations", "prompt": ""}
    ]
    last = max((w.position for w in event.workshops), default=-1)
    # a code that was retired with a workshop of this name stays so
    generation = json.loads(event.retired_codes).get(name, 0) + 1
    row = {**write.values, "name": name, "rubrics": rubrics, "generation": generation}
    added = make_workshop(session, event.id, last + 1, row)
    return {"workshop": added.name}


@verb("remove_workshop", Kind.PROGRAMME)
def remove_workshop(session: Session, write: Write) -> Values:
    workshop = _workshop(session, write)
    held = session.scalar(select(func.count()).where(Note.workshop_id == workshop.id)) or 0
    if held:
        raise Refused(
            f"« {workshop.title} » contient {held} note{'s' if held > 1 else ''} (y compris retirées "
            "et message clé) : un atelier qui contient des notes ne peut pas être supprimé.",
            409,
        )
    event = workshop.event
    retired = {**json.loads(event.retired_codes), workshop.name: workshop.generation}
    event.retired_codes = json.dumps(retired)
    session.execute(delete(Notice).where(Notice.workshop_id == workshop.id))
    for rubric in list(workshop.rubrics):
        session.delete(rubric)
    session.flush()
    session.delete(workshop)
    return {}


@verb("move_workshop", Kind.PROGRAMME)
def move_workshop(session: Session, write: Write) -> Values:
    """One step up or down in the order of the restitution."""
    event = session.get_one(Event, write.event_id)
    _step(event.workshops, _workshop(session, write), write.values["direction"])
    return {}


def _workshop(session: Session, write: Write) -> Workshop:
    workshop = session.get(Workshop, write.workshop_id)
    if workshop is None or workshop.event_id != write.event_id:
        raise Refused("Cet atelier n’existe pas, ou plus.", 404)
    return workshop


def _rubric(workshop: Workshop, rubric_id: str) -> Rubric:
    found = next((one for one in workshop.rubrics if one.id == rubric_id), None)
    if found is None:
        raise Refused("Cette rubrique n’existe pas, ou plus : rouvrez la page.", 404)
    return found


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


def name_of(title: str, day: date, taken: list[str]) -> str:
    """What a day is called in addresses, and what its codes are derived from: no two have the same."""
    return _free_name(f"{fold(title)[:40]} {day.isoformat().replace('-', ' ')}", taken)


def _step(rows: list[Workshop], row: Workshop, direction: str) -> None:
    """Swap a row with its neighbour and number all of them anew."""
    order = [*rows]
    index = next(i for i, item in enumerate(order) if item.id == row.id)
    target = index + (-1 if direction == "up" else 1)
    if 0 <= target < len(order):
        order[index], order[target] = order[target], order[index]
    for position, item in enumerate(order):
        item.position = position
