"""Who is asking: a set of workshops, the presenter, the organiser. Kept in the signed session.

A session holds scopes with the generation of the code that opened them: a renewed code
shuts out those who came with the old one; a trial's scopes open the fresh day as well.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, g, session
from sqlalchemy import select

from contrib.access import codes
from contrib.day import today
from contrib.db import db
from contrib.models import Event, Installation, Person, Workshop
from contrib.store import Author


class NeedsCode(Exception):
    """Nobody with that right is asking; errors.py turns it into the page that asks."""

    def __init__(self, role: str, event: Event | None = None, workshop: Workshop | None = None) -> None:
        super().__init__(role)
        self.role = role
        self.event = event
        self.workshop = workshop


def current_event() -> Event | None:
    """The day that is not archived; the newest where there are several."""
    return today().current


def open_workshop(event: Event, workshop: Workshop) -> None:
    _grant(codes.workshop_scope(event, workshop), workshop.generation)


def open_restitution(event: Event) -> None:
    _grant(codes.presenter_scope(event), event.presenter_generation)


def open_everything() -> None:
    session.permanent = True
    session["organiser"] = _installation().password_version


def close() -> None:
    """Leave: everything but the laptop's own name is forgotten."""
    device = session.get("device")
    session.clear()
    if device:
        session["device"] = device


def is_organiser() -> bool:
    version = session.get("organiser")
    return version is not None and version == _installation().password_version


def is_presenter(event: Event) -> bool:
    granted = session.get("scopes", {}).get(codes.presenter_scope(event))
    return granted == event.presenter_generation or is_organiser()


def may_write(event: Event, workshop: Workshop) -> bool:
    granted = session.get("scopes", {}).get(codes.workshop_scope(event, workshop))
    return granted == workshop.generation or is_organiser()


def opened_workshops(event: Event) -> list[Workshop]:
    return [workshop for workshop in event.workshops if may_write(event, workshop)]


def find_event(name: str) -> Event:
    event = today().named(name)
    if event is None:
        abort(404)
    g.event = event
    return event


def find_workshop(event_name: str, workshop_name: str) -> Workshop:
    """The workshop of an address, for those who hold its code. Raises NeedsCode."""
    event = find_event(event_name)
    workshop = next((w for w in event.workshops if w.name == workshop_name), None)
    if workshop is None:
        abort(404)
    if not may_write(event, workshop) and not is_presenter(event):
        raise NeedsCode("workshop", event, workshop)
    g.workshop = workshop
    return workshop


def presenter_only(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view gets the event; presenter and organiser pass."""

    @wraps(view)
    def guarded(event_name: str, **arguments: Any) -> Any:
        event = find_event(event_name)
        if not is_presenter(event):
            raise NeedsCode("presenter", event)
        return view(event, **arguments)

    return guarded


def organiser_only(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view gets the event; only the organiser passes."""

    @wraps(view)
    def guarded(event_name: str, **arguments: Any) -> Any:
        event = find_event(event_name)
        if not is_organiser():
            raise NeedsCode("organiser", event)
        return view(event, **arguments)

    return guarded


def author() -> Author:
    """The laptop that asks, and its signature."""
    return Author(device=device(), person_id=session.get("person"))


def device() -> str:
    if "device" not in session:
        session.permanent = True
        session["device"] = secrets.token_hex(8)
    return str(session["device"])


def signature() -> str | None:
    person = session.get("person")
    return db.session.scalar(select(Person.name).where(Person.id == person)) if person else None


def _grant(scope: str, generation: int) -> None:
    session.permanent = True
    session["scopes"] = {**session.get("scopes", {}), scope: generation}
    device()


def _installation() -> Installation:
    found = today().installation
    if found is None:
        raise LookupError("This store was never installed.")
    return found
