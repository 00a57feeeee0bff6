"""All notes as a table: CSV that opens right in a French Excel, and JSON with everything.

The CSV is UTF-8 with a BOM, semicolons and CRLF (what a French Excel expects on a double
click). A text that begins like a formula gets an apostrophe in front; the import of this
application takes it away again.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from exports.digest import Digest, Note, Workshop

COLUMNS = (
    "id", "reference", "atelier", "rubrique", "texte", "theme", "a_dire", "autre_redaction", "recue_le",
)  # fmt: skip
_BEGINS = r"\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]"
"""Also after white space, and as full-width signs: a spreadsheet takes these for a formula too."""
_FORMULA = re.compile(rf"'*{_BEGINS}")
_NEUTRALISED = re.compile(rf"'+{_BEGINS}")


def notes_csv(digest: Digest) -> bytes:
    """One line a note, in printed order; texts as they were typed."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(digest):
        writer.writerow([neutralised(row[name]) for name in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def notes_json(digest: Digest) -> bytes:
    """The same lines, and each workshop's question and key message; texts as they were typed."""
    body = {
        "journee": {
            "nom": digest.event.name,
            "titre": digest.event.title,
            "date": digest.event.date.isoformat(),
            "lieu": digest.event.place,
        },
        "etat": digest.taken_at.isoformat(),
        "ateliers": [
            {
                "nom": workshop.name,
                "titre": workshop.title,
                "question": workshop.question,
                "message_cle": [w.text for w in workshop.message.wordings] if workshop.message else [],
                "participants": workshop.participants,
                "notes_retirees": workshop.withdrawn,
            }
            for workshop in digest.workshops
        ],
        "points_communs": [{"texte": c.text, "notes": list(c.notes)} for c in digest.convergences],
        "syntheses": [{"texte": m.text, "notes": list(m.notes)} for m in digest.mergers],
        "notes": list(_rows(digest)),
    }
    return json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True).encode()


def neutralised(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def restored(text: str) -> str:
    """What `neutralised` was given."""
    return text[1:] if _NEUTRALISED.match(text) else text


def _rows(digest: Digest) -> Iterator[dict[str, Any]]:
    for workshop in digest.workshops:
        for rubric in workshop.rubrics:
            for note in rubric.notes:
                yield _row(workshop, rubric.name, note)
        for note in workshop.unsorted:
            yield _row(workshop, "", note)


def _row(workshop: Workshop, rubric: str, note: Note) -> dict[str, Any]:
    return {
        "id": note.id,
        "reference": note.reference or "",
        "atelier": workshop.name,
        "rubrique": rubric,
        "texte": note.text,
        "theme": note.theme or "",
        "a_dire": "oui" if note.rank else "non",
        "autre_redaction": note.wordings[1].text if note.in_conflict else "",
        "recue_le": note.wordings[0].received_at.isoformat(),
    }
