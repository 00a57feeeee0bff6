"""*Emporter la journée*: everything in one zip, on the evening of the day."""

import io
import tempfile
import zipfile
from pathlib import Path

from flask import current_app

from contrib.copies import archive
from contrib.db import db
from contrib.models import Event
from contrib.publish import press
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
    """The zip. Raises NothingPrinted, Hopeless or CopyFailed."""
    printed = press.print_now(event)
    report = press.finish(printed.digest, report=True)
    title, day = event.title, french_date(event.date)
    with tempfile.TemporaryDirectory(prefix="contrib-") as name:
        copy = Path(name) / archive.NESTED
        archive.write(copy, db.engine, current_app.config["DATA"], printed.content)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
            zipped.writestr("LISEZMOI.txt", _LISEZMOI.format(title=title, date=day, copy=archive.NESTED))
            zipped.writestr("restitution.docx", printed.content)
            zipped.writestr("rapport.docx", report.compiled.content)
            zipped.writestr("notes.csv", notes_csv(printed.digest))
            zipped.writestr("notes.json", notes_json(printed.digest))
            zipped.writestr("digest.json", to_json(printed.digest))
            zipped.write(copy, archive.NESTED)
    return out.getvalue()
