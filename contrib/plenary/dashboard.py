"""The workshops at a glance, as presenter and organiser see them."""

import shutil
from dataclasses import dataclass

from flask import current_app, session
from sqlalchemy import func, select

from contrib.backup import schedule
from contrib.documents import latest_document
from contrib.plenary import rooms
from contrib.plenary.rooms import Room
from contrib.store.db import DatabaseGone, check_in_place, db
from contrib.store.log import Kind, verbs_of
from contrib.store.models import Event, Note, Operation
from exports.text import counted

LITTLE_ROOM = 100_000_000
"""Bytes free on the server's disk below which its people are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SinceDownload:
    """What happened since this browser last took the document."""

    at: str
    notes: int
    choices: int
    texts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    rooms: list[Room]
    since: SinceDownload | None
    problems: list[str]


def dashboard(event: Event) -> Dashboard:
    return Dashboard(
        rooms=rooms.of_event(event),
        since=_since_download(event),
        problems=problems(event),
    )


def problems(event: Event) -> list[str]:
    """What people have to know before they lose something, as sentences."""
    found = (
        _database_problem(),
        _disk_problem(),
        latest_document.compile_problem(event),
        latest_document.folder_problem(),
        latest_document.stationery_problem(event),
        schedule.problem(),
    )
    return [problem for problem in found if problem]


def _database_problem() -> str:
    """Why nothing is saved any more; empty where it is."""
    try:
        check_in_place(db.session.connection())
    except DatabaseGone as gone:
        return str(gone)
    return ""


def _disk_problem() -> str:
    """A warning while there is still time to make room; empty where there is plenty."""
    try:
        free = shutil.disk_usage(current_app.config["DATA"]).free
    except OSError:
        return ""
    if free >= LITTLE_ROOM:
        return ""
    left = counted(free // 1_000_000, "Mo", "Mo")
    return (
        f"Il ne reste que {left} sur le disque du serveur : libérez de la place, sinon rien ne s’enregistre."
    )


def _since_download(event: Event) -> SinceDownload | None:
    """None where this browser never took the document."""
    taken = session.get("downloaded")
    if not taken:
        return None

    def operations(kind: Kind) -> int:
        after = Operation.event_id == event.id, Operation.seq > taken["seq"]
        of_kind = Operation.verb.in_(verbs_of(kind))
        return db.session.scalar(select(func.count()).where(*after, of_kind)) or 0

    new = Note.event_id == event.id, Note.kind == "note", Note.created_seq > taken["seq"]
    return SinceDownload(
        at=taken["at"],
        notes=db.session.scalar(select(func.count()).where(*new)) or 0,
        choices=operations(Kind.CHOICE),
        texts=operations(Kind.TEXT),
    )
