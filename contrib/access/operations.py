"""Signing, renewing a code or the organiser's password, finding what a code opens."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from contrib.access import codes
from contrib.store.log import Kind, Refused, Values, Write, verb
from contrib.store.models import EndedSession, Event, Installation, Person, Workshop
from contrib.store.report_models import Partner

SESSION_LIFE = timedelta(days=7)
"""From the code that was typed."""


@verb("renew_password", Kind.INSTALLATION)
def renew_password(session: Session, write: Write) -> Values:
    """A new password closes the sessions that the old one opened; all else stays.

    The payload is the hash: the log never holds the password.
    """
    installation = session.get_one(Installation, 1)
    installation.password_hash = write.values["hash"]
    installation.password_version += 1
    return {}


@verb("renew_code", Kind.PROGRAMME)
def renew_code(session: Session, write: Write) -> Values:
    """The next generation of one code: a workshop's, or the presenter's without a workshop.

    A trial and its day share their codes: what is renewed for one is for the other.
    """
    event = session.get_one(Event, write.event_id)
    if write.workshop_id is None:
        number = event.presenter_generation + 1
        for one in session.scalars(select(Event).where(Event.scope == event.scope)):
            one.presenter_generation = number
        return {}
    renewed = session.get_one(Workshop, write.workshop_id)
    number = renewed.generation + 1
    ids = select(Event.id).where(Event.scope == event.scope)
    namesakes = select(Workshop).where(Workshop.event_id.in_(ids), Workshop.name == renewed.name)
    for workshop in session.scalars(namesakes):
        workshop.generation = number
    return {}


@verb("end_session", Kind.PEOPLE)
def end_session(session: Session, write: Write) -> Values:
    """A session is left for good; those that would have ended by themselves are forgotten."""
    old = EndedSession.ended_at < write.at - SESSION_LIFE
    session.execute(delete(EndedSession).where(old))
    if session.get(EndedSession, write.values["session"]) is None:
        session.add(EndedSession(id=write.values["session"], ended_at=write.at))
    return {}


@verb("sign", Kind.PEOPLE, personal=("name",))
def sign(session: Session, write: Write) -> Values:
    """A person for this laptop's notes, or another name for the person it already is."""
    name = write.values["name"]
    if len(name) > 60:
        raise Refused("Une signature tient en 60 caractères : des initiales suffisent.")
    person = session.get(Person, write.author.person_id) if write.author.person_id else None
    if person is None:
        person = Person(id=write.id)
        session.add(person)
    person.name = name or None
    return {"person": person.id}


Opens = tuple[Event, Workshop | Partner | None]
"""A workshop, the answers of a partner, or the restitution (None)."""


def find_by_code(session: Session, key: str, text: str) -> Opens | None:
    """What a typed code opens, in constant time.

    Where days share their codes it is that of the rehearsal, else of the newest one.
    """
    wanted = codes.typed(text)
    found: Opens | None = None
    order = Event.rehearsal_of.is_not(None), Event.created_at
    open_days = select(Event).where(Event.archived_at.is_(None)).order_by(*order)
    for event in session.scalars(open_days):
        for workshop, code in codes.of_event(key, event):
            if codes.same(code, wanted):
                found = (event, workshop)
    of_open_days = select(Partner, Event).join(Event, Event.id == Partner.event_id)
    for partner, event in session.execute(
        of_open_days.where(Partner.revoked_at.is_(None), Event.archived_at.is_(None))
    ):
        if codes.same(codes.of_partner(key, event, partner), wanted):
            found = (event, partner)
    return found
