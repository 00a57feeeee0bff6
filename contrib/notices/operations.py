"""Words of the desk: sent to workshops, and acknowledged there by a person."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from contrib.store.log import Kind, Refused, Values, Write, verb
from contrib.store.models import Event, Notice, Workshop

ALL, UNREADY = "", "pas-prets"
"""To whom, where it is not one workshop's name."""


@verb("send_notice", Kind.NOTICE)
def send_notice(session: Session, write: Write) -> Values:
    """One line to one workshop, to all, or to those that are not ready. What goes by itself goes once."""
    values = write.values
    timed = values.get("timed")
    if timed and session.scalar(
        select(Notice.id).where(Notice.event_id == write.event_id, Notice.timed == timed).limit(1)
    ):
        raise Refused("Ce mot est déjà parti.", 409)
    event = session.get_one(Event, write.event_id)
    addressed = [one for one in event.workshops if _is_addressed(one, values["to"])]
    if not addressed:
        raise Refused(
            "Tous les ateliers sont prêts : choisissez à qui ce mot est destiné."
            if values["to"] == UNREADY
            else "Cet atelier n’existe pas, ou plus : ce mot n’est pas parti.",
        )
    for number, workshop in enumerate(addressed, 1):
        session.add(
            Notice(
                id=f"{write.id}.{number}",
                event_id=event.id,
                workshop_id=workshop.id,
                sending=write.id,
                text=values["text"],
                sent_at=write.at,
                timed=timed,
            )
        )
    return {"workshops": len(addressed)}


def _is_addressed(workshop: Workshop, to: str) -> bool:
    if to == UNREADY:
        return workshop.ready_at is None
    return to in (ALL, workshop.name)


@verb("acknowledge", Kind.NOTICE)
def acknowledge(session: Session, write: Write) -> Values:
    """« Bien reçu »: the first who says so counts."""
    notice = session.get(Notice, write.subject)
    if notice is None or notice.workshop_id != write.workshop_id:
        raise Refused("Ce mot n’est pas pour cet atelier.", 403)
    notice.read_at = notice.read_at or write.at
    return {}


@verb("time_notices", Kind.PROGRAMME)
def time_notices(session: Session, write: Write) -> Values:
    """Which words go by themselves."""
    session.get_one(Event, write.event_id).timed_notices = json.dumps(write.values["minutes"])
    return {}
