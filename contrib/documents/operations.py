"""Which Word file our documents are made with, where the last one is also written; the report's editions."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from contrib.store.log import Kind, Refused, Values, Write, verb
from contrib.store.models import Installation, Stationery
from contrib.store.report_models import ReportEdition


@verb("add_stationery", Kind.DOCUMENT)
def add_stationery(session: Session, write: Write) -> Values:
    """A file that was checked and kept; the same file again is the same row."""
    key, name = write.values["stationery"], write.values["name"]
    held = session.get(Stationery, key)
    if held is None:
        session.add(Stationery(id=key, name=name, added_at=write.at))
    else:
        held.name, held.added_at = name, write.at
    return {"stationery": key}


@verb("choose_stationery", Kind.INSTALLATION, Kind.DOCUMENT)
def choose_stationery(session: Session, write: Write) -> Values:
    """The stationery of the next documents; empty for the built-in one."""
    key = write.values["stationery"]
    if key and session.get(Stationery, key) is None:
        raise Refused("Ce modèle Word n’est pas connu ici : envoyez-le d’abord.")
    session.get_one(Installation, 1).stationery_id = key or None
    return {}


@verb("choose_folder", Kind.INSTALLATION)
def choose_folder(session: Session, write: Write) -> Values:
    """Where the last document is also written; empty for nowhere."""
    session.get_one(Installation, 1).output_folder = write.values["folder"] or None
    return {}


@verb("freeze_report", Kind.REPORT)
def freeze_report(session: Session, write: Write) -> Values:
    """One row that points to stored files: only its publication is added later."""
    numbers = select(ReportEdition.number).where(ReportEdition.event_id == write.event_id)
    number = max(session.scalars(numbers), default=0) + 1
    if write.values["number"] != number:
        raise Refused(
            f"L’édition n° {number} vient d’être figée par quelqu’un d’autre : voyez la liste.", 409
        )
    session.add(
        ReportEdition(
            id=write.id,
            event_id=write.event_id,
            number=number,
            frozen_at=write.at,
            fingerprint=write.values["fingerprint"],
            file=write.values["file"],
            changes=write.values["changes"],
        )
    )
    return {"edition": number}


@verb("publish_report", Kind.REPORT)
def publish_report(session: Session, write: Write) -> Values:
    """From now on everybody may read this edition; it stays readable for good."""
    edition = session.scalar(
        select(ReportEdition).where(
            ReportEdition.event_id == write.event_id, ReportEdition.number == write.values["number"]
        )
    )
    if edition is None:
        raise Refused("Cette édition n’existe pas.", 404)
    edition.published_at = edition.published_at or write.at
    return {"edition": edition.number}
