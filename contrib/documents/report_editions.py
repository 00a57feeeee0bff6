"""Editions of the report: frozen with all their files, then public for good."""

import io
import json
import shutil
import subprocess
import tempfile
import threading
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from contrib import clock, report_digest
from contrib.digest import take
from contrib.documents import latest_document
from contrib.documents.operations import freeze_report
from contrib.memory import remembered
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author, Kind, Refused, last_seq
from contrib.store.models import Event
from contrib.store.report_models import Publication, ReportEdition
from exports.digest import Digest, UnreadableDigest, from_json, to_json
from exports.documents.report_changes import report_changes
from exports.documents.report_content import Content, content_of
from exports.documents.report_site import Edition, answered, frozen_files, site
from exports.system import write_whole

OFFICE_FILES = {
    "odt": "odt",
    # since LibreOffice 7.4 the filter has to say it: a tagged file that names PDF/UA-1
    "pdf": 'pdf:writer_pdf_Export:{"PDFUACompliance":{"type":"boolean","value":"true"},'
    '"UseTaggedPDF":{"type":"boolean","value":"true"}}',
}
"""What LibreOffice makes of the Word file, where it is installed: by ending, its filter."""
OFFICE_S = 180
LOOK_S = 10.0
"""Between two looks for an edition that has not been given to LibreOffice."""


def taken(event: Event) -> Digest:
    """The day and what the editors made of it, as it stands."""
    return take(db.session(), db.session.get_one(Event, event.id), report=True)


def of(event: Event) -> list[ReportEdition]:
    """The editions of a report, the last one first."""
    rows = select(ReportEdition).where(ReportEdition.event_id == event.id)
    return list(db.session.scalars(rows.order_by(ReportEdition.number.desc())))


def freeze(event: Event, author: Author, *, operation: str | None = None) -> log.Receipt:
    """Keep the report as it is now, with all its files. Raises Refused, Hopeless or OSError."""
    now, last = taken(event), next(iter(of(event)), None)
    number = last.number + 1 if last else 1
    changes = report_changes(_digest(last), now) if last else ()
    frozen = report_digest.as_edition(now, number, clock.now().replace(microsecond=0), changes)
    checked = latest_document.finish(frozen, report=True)
    fingerprint = checked.compiled.fingerprint
    files = frozen_files(frozen, checked.compiled.content, fingerprint, fonts())
    key = f"rapport-{frozen.taken_at:%Y%m%dT%H%M%SZ}-{fingerprint[:16]}"
    write_whole(_path(key, "zip"), packed({"digest.json": to_json(frozen).encode(), **files}))
    values = {
        "number": number,
        "fingerprint": fingerprint,
        "file": key,
        "changes": json.dumps(changes, ensure_ascii=False),
    }
    return log.write(freeze_report, author, values, event=event.id, id=operation)


def files_of(edition: ReportEdition) -> dict[str, bytes]:
    """Every file of an edition, with what LibreOffice has made of it so far. Raises OSError."""
    with zipfile.ZipFile(io.BytesIO(_path(edition.file, "zip").read_bytes())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for ending in OFFICE_FILES:
        path = _path(edition.file, ending)
        if path.exists() and path.stat().st_size:
            files[f"rapport.{ending}"] = path.read_bytes()
    return files


def present(event: Event) -> Content | None:
    """The edition that is public, with the answers of today. Raises Refused where its files are gone."""
    row = next((one for one in of(event) if one.published_at), None)
    return content_of(answered(_digest(row), taken(event))) if row else None


@dataclass(slots=True)
class Sites:
    """The public sides that this server made last: everybody may ask for them."""

    made: dict[str, tuple[object, dict[str, bytes]]] = field(default_factory=dict)
    """By event id, what it was made from, and its files."""
    lock: threading.Lock = field(default_factory=threading.Lock)


def public_site(event: Event) -> dict[str, bytes]:
    """The whole public side: what was published, and nothing else. Raises OSError.

    Everybody may ask for it while notes are typed: no note makes it anew.
    """
    sites, rows = remembered(Sites), of(event)
    there = [
        (row.file, ending) for row in rows for ending in OFFICE_FILES if _path(row.file, ending).exists()
    ]
    state = (last_seq(db.session(), event.id, Kind.REPORT, Kind.PROGRAMME), there)
    with sites.lock:
        known = sites.made.get(event.id)
        if known is None or known[0] != state:
            known = sites.made[event.id] = (state, _site(event, rows))
        return known[1]


def _site(event: Event, rows: list[ReportEdition]) -> dict[str, bytes]:
    published = []
    for row in rows:
        if row.published_at is not None:
            files = files_of(row)
            published.append(
                Edition(
                    number=row.number,
                    digest=from_json(files.pop("digest.json").decode()),
                    published_at=row.published_at,
                    fingerprint=row.fingerprint,
                    changes=tuple(json.loads(row.changes)),
                    files=files,
                )
            )
    publication = db.session.get(Publication, event.id)
    closed = publication is not None and publication.closed_at is not None
    return site(published, taken(event), closed=closed, fonts=fonts())


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def fonts() -> dict[str, bytes]:
    """What the page carries along: it is complete without us."""
    folder = Path(current_app.static_folder or "") / "fonts"
    return {name: (folder / f"atelier-{name}.woff2").read_bytes() for name in ("serif", "sans")}


def look() -> None:
    """Make what LibreOffice can make of each edition, one file a turn: a turn of the background."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        return
    for row in db.session.scalars(select(ReportEdition).order_by(ReportEdition.frozen_at.desc())):
        for ending, target in OFFICE_FILES.items():
            if not _path(row.file, ending).exists() and _path(row.file, "zip").exists():
                made = _converted(office, files_of(row)["rapport.docx"], ending, target)
                # an empty file says that it was tried: it is not offered, and not tried again
                write_whole(_path(row.file, ending), made)
                return


def _converted(office: str, document: bytes, ending: str, target: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="contrib-") as name:
        folder = Path(name)
        (folder / "rapport.docx").write_bytes(document)
        command = [
            office, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--convert-to", target, "--outdir", str(folder), str(folder / "rapport.docx"),
        ]  # fmt: skip
        try:
            subprocess.run(command, capture_output=True, timeout=OFFICE_S, check=False)  # noqa: S603  found in the path
        except (OSError, subprocess.TimeoutExpired):
            return b""
        made = folder / f"rapport.{ending}"
        return made.read_bytes() if made.exists() else b""


def _digest(edition: ReportEdition) -> Digest:
    """Raises Refused where its files were moved away or damaged."""
    try:
        return from_json(files_of(edition)["digest.json"].decode())
    except (OSError, UnreadableDigest, KeyError, zipfile.BadZipFile) as error:
        raise Refused(
            f"Les fichiers de l’édition n° {edition.number} ne se lisent plus : reprenez-les d’une copie.",
            409,
        ) from error


def _path(key: str, ending: str) -> Path:
    folder: Path = current_app.config["DATA"]
    return folder / "versions" / f"{key}.{ending}"
