"""Frozen editions: digest, bytes and fingerprint are kept; a correction is another edition."""

import errno
import json
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from contrib import digest
from contrib.documents import latest_document
from contrib.documents.latest_document import LatestDocument
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author, Kind, Refused, Values, Write, verb
from contrib.store.models import Edition, Event
from exports.digest import Digest, UnreadableDigest, from_json
from exports.digest import to_json as digest_json
from exports.documents.changes import changes
from exports.ooxml.inspection.rules import Package
from exports.ooxml.measured import to_json
from exports.system import write_whole


def of(event: Event) -> list[Edition]:
    """The editions of a day, the last one first."""
    rows = select(Edition).where(Edition.event_id == event.id).order_by(Edition.number.desc())
    return list(db.session.scalars(rows))


def same_as(event: Event, document: LatestDocument) -> Edition | None:
    """The last version, where it says what this document says."""
    last = next(iter(of(event)), None)
    return last if last is not None and last.content == document.fingerprint else None


@dataclass(frozen=True, slots=True)
class Frozen:
    """The version that says what there is now."""

    number: int
    fresh: bool
    """False where nothing had changed since it was frozen."""


def freeze(event: Event, author: Author, *, operation: str | None = None, name: str = "") -> Frozen:
    """Compile what there is now and keep it for good; twice without a change is one version.

    Raises Refused, NothingCompiled or OSError.
    """
    document = latest_document.compile_now(event)
    if document.stale:
        raise Refused("Le document ne peut pas être compilé pour l’instant : rien n’a été figé.")
    last = next(iter(of(event)), None)
    same = last is not None and last.content == document.fingerprint
    said = changes_since(last, document.digest) if last and not same else ()
    if last is not None and (same or (last.content is None and not said)):
        if name:
            log.write(name_edition, author, {"name": name}, event=event.id, subject=last.id, id=operation)
        return Frozen(last.number, fresh=False)
    number = last.number + 1 if last else 1
    frozen = digest.as_edition(document.digest, number, said)
    checked = latest_document.finish(frozen)
    files = {"docx": checked.compiled.content, "json": digest_json(frozen).encode()}
    fingerprint = checked.compiled.fingerprint
    key = f"{frozen.taken_at:%Y%m%dT%H%M%SZ}-{fingerprint[:16]}"
    for ending, content in files.items():
        _write(key, ending, content)
    details = {
        "number": number,
        "fingerprint": fingerprint,
        "content": document.fingerprint,
        "seq": frozen.seq,
        "taken_at": frozen.taken_at.isoformat(),
        "file": key,
        "pages": to_json(checked.compiled.page_map),
        "changes": json.dumps(said, ensure_ascii=False),
        "name": name,
    }
    log.write(freeze_edition, author, details, event=event.id, id=operation)
    return Frozen(number, fresh=True)


def changes_since(last: Edition, now: Digest) -> tuple[str, ...]:
    """What a version that is frozen now would say of the last one."""
    try:
        return changes(from_json(read(last, "json").decode()), now)
    except (OSError, UnreadableDigest):  # its files were moved away or damaged
        return (f"comparaison impossible : les fichiers de la version n° {last.number} ne se lisent plus",)


@verb("freeze_edition", Kind.DOCUMENT, personal=("name",))
def freeze_edition(session: Session, write: Write) -> Values:
    """One row that points to stored bytes: nothing writes it again."""
    last = session.scalar(
        select(Edition.number)
        .where(Edition.event_id == write.event_id)
        .order_by(Edition.number.desc())
        .limit(1)
    )
    number = (last or 0) + 1
    if write.values["number"] != number:
        raise Refused(f"La version n° {number} vient d’être figée par quelqu’un d’autre : voyez la liste.")
    session.add(
        Edition(
            id=write.id,
            event_id=write.event_id,
            number=number,
            frozen_at=write.at,
            fingerprint=write.values["fingerprint"],
            content=write.values["content"],
            seq=write.values["seq"],
            name=write.values["name"] or None,
            file=write.values["file"],
            page_map=write.values["pages"],
            changes=write.values["changes"],
        )
    )
    return {"edition": number}


@verb("name_edition", Kind.DOCUMENT, personal=("name",))
def name_edition(session: Session, write: Write) -> Values:
    """What people call a version; the version itself does not change."""
    found = session.get(Edition, write.subject)
    if found is None or found.event_id != write.event_id:
        raise Refused("Cette version figée n’existe pas.", 404)
    found.name = write.values["name"] or None
    return {"number": found.number}


def read(edition: Edition, ending: str) -> bytes:
    """The stored bytes: `docx` or `json`. Raises OSError."""
    content = _path(edition.file, ending).read_bytes()
    if not content or (ending == "docx" and Package(content).broken):
        raise OSError(errno.EIO, "damaged", str(_path(edition.file, ending)))
    return content


def _write(key: str, ending: str, content: bytes) -> None:
    """What is there already is left as it is."""
    path = _path(key, ending)
    if not path.exists():
        write_whole(path, content)


def _path(key: str, ending: str) -> Path:
    folder: Path = current_app.config["DATA"]
    return folder / "versions" / f"{key}.{ending}"
