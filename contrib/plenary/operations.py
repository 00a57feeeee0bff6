"""Points communs: what organiser and presenter write about several workshops."""

import re

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contrib.forms import fold
from contrib.store.log import Kind, Refused, Values, Write, verb
from contrib.store.models import Convergence, Note, Workshop

MOST_CONVERGENCES = 3


@verb("relate", Kind.TEXT)
def relate(session: Session, write: Write) -> Values:
    """A point commun, with the references of the notes that it rests on."""
    standing = session.scalar(
        select(func.count()).where(Convergence.event_id == write.event_id, Convergence.withdrawn_at.is_(None))
    )
    if (standing or 0) >= MOST_CONVERGENCES:
        raise Refused("Trois points communs au plus se disent en plénière : retirez-en un d’abord.")
    notes = notes_named(session, write.event_id, write.values["references"])
    session.add(
        Convergence(
            id=write.id,
            event_id=write.event_id,
            text=write.values["text"],
            references=" ".join(note.id for note in notes),
            created_seq=write.seq,
        )
    )
    return {"convergence": write.id}


@verb("unrelate", Kind.TEXT)
def unrelate(session: Session, write: Write) -> Values:
    """Withdraw a point commun; its text stays in the log."""
    found = session.get(Convergence, write.subject)
    if found is None or found.event_id != write.event_id:
        raise Refused("Ce point commun n’existe pas, ou plus.")
    found.withdrawn_at = write.at
    return {}


def notes_named(session: Session, event_id: str, text: str) -> list[Note]:
    """The notes of « ÉME-12, num 3 ». Raises Refused naming the first that is unknown."""
    initials = {
        fold(workshop.initials): workshop.id
        for workshop in session.scalars(select(Workshop).where(Workshop.event_id == event_id))
    }
    found: list[Note] = []
    for word in re.findall(r"[^\s,;()]+(?:\s*[-\u2010-\u2015 ]\s*\d+)?", text):
        if word in ("et", "ou"):
            continue
        match = re.fullmatch(r"([^\W\d_]{2,5})\s*[-\u2010-\u2015 ]?\s*(\d{1,6})", word)
        workshop_id = initials.get(fold(match[1])) if match else None
        note = (
            session.scalar(select(Note).where(Note.workshop_id == workshop_id, Note.number == int(match[2])))
            if match and workshop_id
            else None
        )
        if note is None:
            raise Refused(f"La référence « {word} » n’existe pas. Écrivez-la comme dans les notes : ÉME-12.")
        if note not in found:
            found.append(note)
    return found
