"""Who is asking, and who may do what. Kept in the signed session.

A session holds scopes with the generation of the code that opened them: a renewed code
shuts out those who came with the old one; a trial's scopes open the fresh day as well.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from flask import abort, g, session
from sqlalchemy import select

from contrib.access import codes
from contrib.access.operations import end_session
from contrib.programme import cache
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author, Verb
from contrib.store.models import Event, Installation, Person, Workshop
from contrib.store.report_models import Partner

View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    """A kind of person; a new one (an editor) is a line here and one in `_HOLDS`."""

    EVERYBODY = "tous"
    FACILITATOR = "atelier"
    """Holds the code of the workshop that is asked for."""
    PRESENTER = "présentateur"
    PARTNER = "partenaire"
    """Answers the recommendations that were published, and opens nothing else."""
    ORGANISER = "organisation"


EVERYBODY = frozenset({Role.EVERYBODY})
ORGANISER = frozenset({Role.ORGANISER})
PRESENTER = frozenset({Role.PRESENTER, Role.ORGANISER})
PARTNER = frozenset({Role.PARTNER})
ROOM = frozenset({Role.FACILITATOR, Role.PRESENTER, Role.ORGANISER})
"""Who may read and change what a workshop says. The presenter among them, withdrawing included: at
16 h 28 it is the presenter who finds the slip, and what is withdrawn is kept and can come back."""


class NeedsCode(Exception):
    """Nobody with that right is asking; errors.py turns it into the page that asks."""

    def __init__(self, role: Role, event: Event | None = None, workshop: Workshop | None = None) -> None:
        super().__init__(role)
        self.role = role
        self.event = event
        self.workshop = workshop


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What an address leads to: a day, perhaps one of its workshops, perhaps one thing in it."""

    event: Event
    workshop: Workshop | None = None
    subject: str | None = None

    @property
    def the_workshop(self) -> Workshop:
        """That of an address that names one."""
        if self.workshop is None:
            raise LookupError("This address names no workshop.")
        return self.workshop


def only(may: frozenset[Role], *verbs: Verb) -> Callable[[View], View]:
    """The view is for these roles, and may write these; `tests/expected/routes.txt` lists them all.

    A view whose address names a day gets its `Target` instead of the names.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(**address: Any) -> Any:
            if "event_name" not in address:
                _require_of_no_day(may)
                return view(**address)
            target, others = find(**address)
            require(may, target)
            return view(target, **others)

        guarded.may, guarded.verbs = may, verbs  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return declare


def find(event_name: str, workshop_name: str | None = None, **others: Any) -> tuple[Target, dict[str, Any]]:
    """What an address names, and the rest of it; 404 where that is not there."""
    event = find_event(event_name)
    workshop = None
    if workshop_name is not None:
        workshop = next((one for one in event.workshops if one.name == workshop_name), None)
        if workshop is None:
            abort(404)
    return Target(event=event, workshop=workshop), others


def find_event(name: str) -> Event:
    event = cache.current().named(name)
    if event is None:
        abort(404)
    g.event = event
    return event


def require(may: frozenset[Role], target: Target) -> None:
    """Raises NeedsCode where nobody of these roles is asking."""
    if not any(_HOLDS[role](target.event, target.workshop) for role in may):
        asked = next(role for role in Role if role in may)
        raise NeedsCode(asked, target.event, target.workshop)


def _require_of_no_day(may: frozenset[Role]) -> None:
    """An address that names no day is everybody's, or the organiser's, who is of the whole installation."""
    if may == ORGANISER:
        if not is_organiser():
            raise NeedsCode(Role.ORGANISER)
    elif may != EVERYBODY:
        raise LookupError("Other roles are of a day, and this address names none.")


def is_facilitator(event: Event, workshop: Workshop | None) -> bool:
    if workshop is None:
        return False
    granted = _held().get("scopes", {}).get(codes.workshop_scope(event, workshop))
    return bool(granted == workshop.generation)


def is_of_the_room(event: Event, workshop: Workshop) -> bool:
    """Whether a laptop of this workshop asks: it holds its code, and is not the organiser's own."""
    return is_facilitator(event, workshop) and not is_organiser()


def is_presenter(event: Event) -> bool:
    granted = _held().get("scopes", {}).get(codes.presenter_scope(event))
    return bool(granted == event.presenter_generation)


def partner(event: Event) -> Partner | None:
    """In whose name this browser answers recommendations."""
    scopes = _held().get("scopes", {})
    if not any("//partenaire/" in scope for scope in scopes):
        return None
    rows = select(Partner).where(Partner.event_id == event.id, Partner.revoked_at.is_(None))
    return next((one for one in db.session.scalars(rows) if codes.partner_scope(event, one) in scopes), None)


def is_organiser() -> bool:
    version = _held().get("organiser")
    return version is not None and version == _installation().password_version


_HOLDS: dict[Role, Callable[[Event, Workshop | None], bool]] = {
    Role.EVERYBODY: lambda event, workshop: True,
    Role.FACILITATOR: is_facilitator,
    Role.PRESENTER: lambda event, workshop: is_presenter(event),
    Role.PARTNER: lambda event, workshop: partner(event) is not None,
    Role.ORGANISER: lambda event, workshop: is_organiser(),
}


def is_known() -> bool:
    """Whether a code or the password ever opened something in this browser."""
    return bool(session.get("scopes") or session.get("organiser"))


def current_event() -> Event | None:
    """The day that is not archived; the newest where there are several."""
    return cache.current().event


def opened_workshops(event: Event) -> list[Workshop]:
    """Those whose notes this browser may take."""
    everywhere = is_organiser()
    return [one for one in event.workshops if everywhere or is_facilitator(event, one)]


def open_workshop(event: Event, workshop: Workshop) -> None:
    _grant(codes.workshop_scope(event, workshop), workshop.generation)


def open_restitution(event: Event) -> None:
    _grant(codes.presenter_scope(event), event.presenter_generation)


def open_answers(event: Event, partner: Partner) -> None:
    _grant(codes.partner_scope(event, partner), codes.PARTNER_GENERATION)


def open_everything() -> None:
    _begin()
    session["organiser"] = _installation().password_version


def close() -> None:
    """Leave: everything but the laptop's own name is forgotten, and copies of the cookie open nothing."""
    device = session.get("device")
    if "id" in session and not _has_ended():
        log.write(end_session, author(), {"session": session["id"]}, event="")
    session.clear()
    if device:
        session["device"] = device


def author() -> Author:
    """The laptop that asks, and its signature."""
    return Author(device=device(), person_id=person_id())


def person_id() -> str | None:
    """Whose signature this laptop writes with."""
    person: str | None = session.get("person")
    return person


def device() -> str:
    if "device" not in session:
        session.permanent = True
        session["device"] = secrets.token_hex(8)
    return str(session["device"])


def signature() -> str | None:
    person = session.get("person")
    return db.session.scalar(select(Person.name).where(Person.id == person)) if person else None


def _grant(scope: str, generation: int) -> None:
    _begin()
    session["scopes"] = {**session.get("scopes", {}), scope: generation}
    device()


def _begin() -> None:
    """A session that opens something has an id, by which it can be ended."""
    if _has_ended():
        session.clear()
    session.permanent = True
    session.setdefault("id", secrets.token_hex(16))


def _has_ended() -> bool:
    return session.get("id") in cache.current().ended


def _held() -> Mapping[str, Any]:
    """What the session opens: nothing once it was left."""
    return {} if _has_ended() else session


def _installation() -> Installation:
    found = cache.current().installation
    if found is None:
        raise LookupError("This store was never installed.")
    return found
