"""Which Word file our documents are made with, and where the last one is also written."""

from sqlalchemy.orm import Session

from contrib.store.log import Kind, Refused, Values, Write, verb
from contrib.store.models import Installation, Stationery


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
