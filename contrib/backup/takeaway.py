"""*Emporter la journée*: everything in one zip, on the evening of the day."""

import io
import tempfile
import zipfile
from pathlib import Path

from flask import current_app

from contrib.backup import archive
from contrib.digest import take
from contrib.documents import latest_document
from contrib.store.db import db
from contrib.store.models import Event
from exports.digest import french_date, to_json
from exports.opendata import notes_csv, notes_json

_LISEZMOI = """{title}
{date}

restitution.docx  le document de la restitution
rapport.docx      le rapport de suivi, à compléter dans Word
notes.csv         toutes les notes, pour Excel (double-clic) ; se réimporte sans doubler une note
notes.json        les mêmes, pour un programme
digest.json       tout ce que les documents contiennent : « python -m exports restitution digest.json
                  -o restitution.docx » les refait sans serveur
{copy}         toute l’installation : « contrib restore CE-FICHIER.zip --data NOUVEAU-DOSSIER »
                  continue la journée sur une autre machine, avec les mêmes codes

Gardez ce fichier pour vous : la copie contient la clé qui fait les codes.
"""


def pack(event: Event) -> bytes:
    """The zip. Raises NothingCompiled, Hopeless or CopyFailed."""
    document = latest_document.compile_now(event)
    day = db.session.get_one(Event, event.id)
    report = latest_document.finish(take(db.session(), day, report=True), report=True)
    title, date = event.title, french_date(event.date)
    with tempfile.TemporaryDirectory(prefix="contrib-") as name:
        copy = Path(name) / archive.NESTED
        archive.write(copy, db.engine, current_app.config["DATA"], document.content)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
            zipped.writestr("LISEZMOI.txt", _LISEZMOI.format(title=title, date=date, copy=archive.NESTED))
            zipped.writestr("restitution.docx", document.content)
            zipped.writestr("rapport.docx", report.compiled.content)
            zipped.writestr("notes.csv", notes_csv(document.digest))
            zipped.writestr("notes.json", notes_json(document.digest))
            zipped.writestr("digest.json", to_json(document.digest))
            zipped.write(copy, archive.NESTED)
    return out.getvalue()
