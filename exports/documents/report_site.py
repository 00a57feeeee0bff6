"""The public side of a report as files with relative links: served by us, or by anybody's server.

index.html                the present edition, with the answers known today
donnees/…                 the same as data
2/index.html, 2/rapport.docx, …   each edition as it was frozen
atom.xml                  the editions, for who wants to be told
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from exports.digest import Digest, french_date
from exports.documents.report_content import content_of
from exports.documents.report_data import data_files
from exports.documents.report_page import (
    Download,
    EditionLine,
    Published,
    compile_announcement,
    compile_page,
)

LABELS = {
    "rapport.docx": ("Rapport, Word", ".docx"),
    "rapport.pdf": ("Rapport, PDF accessible", "PDF/UA"),
    "rapport.odt": ("Rapport, texte ouvert", ".odt"),
    "recommandations.csv": ("Recommandations et dernière suite, tableur", ".csv"),
    "suites.csv": ("Suites données, tableur", ".csv"),
    "notes.csv": ("Toutes les notes, tableur", ".csv"),
    "donnees.json": ("Données complètes", ".json"),
    "datapackage.json": ("Description des données", ".json"),
}
"""What is offered, in this order."""
DATA = "donnees"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A frozen edition and its files by name."""

    number: int
    digest: Digest
    published_at: datetime
    fingerprint: str
    changes: tuple[str, ...]
    files: Mapping[str, bytes]

    @property
    def on(self) -> str:
        return self.digest.moment(self.published_at).rpartition(" à ")[0]


def frozen_files(
    digest: Digest, document: bytes, fingerprint: str, fonts: Mapping[str, bytes]
) -> dict[str, bytes]:
    """What an edition is for good: its Word file, its page, its data."""
    content = content_of(digest)
    edition = content.report.edition
    if edition is None:
        raise ValueError("This digest is of no edition.")
    data = data_files(content)
    files = {"rapport.docx": document, **data}
    published = Published(
        state=f"figé le {french_date(edition.frozen_at.date())}",
        number=edition.number,
        on=french_date(edition.frozen_at.date()),
        fingerprint=fingerprint,
        downloads=_downloads(files, "", ""),
        home="../",
    )
    return {"index.html": compile_page(content, published, fonts), **files}


def site(
    editions: Sequence[Edition],
    now: Digest,
    *,
    closed: bool,
    fonts: Mapping[str, bytes],
) -> dict[str, bytes]:
    """Every public file by its path. `now` gives the answers of today; nothing else of it is told."""
    if not editions:
        return {"index.html": compile_announcement(content_of(now), Published(state="à paraître"), fonts)}
    ordered = sorted(editions, key=lambda one: one.number, reverse=True)
    present = ordered[0]
    today = content_of(answered(present.digest, now))
    data = data_files(today)
    published = Published(
        state="clos" if closed else "publié",
        number=present.number,
        on=present.on,
        fingerprint=present.fingerprint,
        downloads=_downloads(present.files, f"{present.number}/", f"{DATA}/", data),
        editions=tuple(EditionLine(e.number, e.on, f"{e.number}/", e.changes) for e in ordered),
        feed="atom.xml",
    )
    page = compile_page(today, published, fonts)
    files = {"index.html": page, "atom.xml": _atom(ordered)}
    files |= {f"{DATA}/{name}": content for name, content in data.items()}
    for edition in ordered:
        files |= {f"{edition.number}/{name}": content for name, content in edition.files.items()}
    return files


def answered(digest: Digest, now: Digest) -> Digest:
    """An edition with the answers of today: they come after it was frozen."""
    if digest.report is None:
        return digest
    answers = now.report.answers if now.report else ()
    return replace(digest, report=replace(digest.report, answers=answers))


def _downloads(
    files: Mapping[str, bytes], folder: str, data_folder: str, data: Mapping[str, bytes] | None = None
) -> tuple[Download, ...]:
    found = []
    for name, (label, kind) in LABELS.items():
        if data is not None and name in data:
            found.append(Download(f"{data_folder}{name}", label, kind, len(data[name])))
        elif name in files:
            found.append(Download(f"{folder}{name}", label, kind, len(files[name])))
    return tuple(found)


def _atom(editions: Sequence[Edition]) -> bytes:
    """RFC 4287, with relative links; an entry for each edition."""
    event = editions[0].digest.event
    tag = f"tag:{event.name},{event.date.isoformat()}:rapport"
    author = f"<author><name>{escape(event.organiser or event.title)}</name></author>"
    entries = "".join(
        f"<entry><id>{tag}/{one.number}</id><title>Édition n° {one.number}</title>"
        f"<updated>{one.published_at.isoformat()}</updated>"
        f'<link href="{one.number}/" rel="alternate" type="text/html"/>'
        f"<summary>{escape(' ; '.join(one.changes) or 'Première édition.')}</summary></entry>"
        for one in editions
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">'
        f"<id>{tag}</id><title>Rapport de suivi : {escape(event.title)}</title>{author}"
        f"<updated>{editions[0].published_at.isoformat()}</updated>"
        f'<link href="atom.xml" rel="self"/><link href="./" rel="alternate"/>{entries}</feed>\n'
    ).encode()
