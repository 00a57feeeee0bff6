"""*Emporter la journée*: everything in one zip, on the evening of the day."""

import io
import tempfile
import zipfile
from pathlib import Path

from flask import current_app

from contrib.backup import archive
from contrib.documents import latest_document, report_editions
from contrib.store.db import db
from contrib.store.models import Event
from exports.digest import french_date, to_json
from exports.documents.report_content import content_of
from exports.documents.report_data import data_files
from exports.opendata import notes_csv, notes_json

KEEP, PUBLISH = "a-garder", "a-publier"
_LISEZMOI = """{title}
{date}

a-publier/          peut être donné à tous : ni clé, ni code, ni nom que vous n’avez pas permis
  rapport.docx      le rapport de suivi tel qu’il est maintenant, à corriger dans Word
  donnees/          recommandations, notes et suites en tableaux, avec leur description
  site/             ce qui est déjà publié, en pages et fichiers pour n’importe quel serveur

a-garder/           pour vous seuls
  restitution.docx  le document de la restitution ; il nomme qui parle
  notes.csv         toutes les notes, pour Excel (double-clic) ; se réimporte sans doubler une note
  notes.json        les mêmes, pour un programme
  digest.json       tout ce que les documents contiennent : « python -m exports restitution digest.json
                    -o restitution.docx » les refait sans serveur
  copie.zip         toute l’installation : « contrib restore CE-FICHIER.zip --data NOUVEAU-DOSSIER »
                    continue la journée sur une autre machine, avec les mêmes codes

La copie contient la clé qui fait les codes : ne la donnez à personne.
"""


def pack(event: Event) -> bytes:
    """The zip. Raises NothingCompiled, Hopeless or CopyFailed."""
    document = latest_document.compile_now(event)
    report = report_editions.taken(event)
    title, date = event.title, french_date(event.date)
    public = {
        "rapport.docx": latest_document.finish(report, report=True).compiled.content,
        **{f"donnees/{name}": content for name, content in data_files(content_of(report)).items()},
        **{f"site/{name}": content for name, content in report_editions.public_site(event).items()},
    }
    with tempfile.TemporaryDirectory(prefix="contrib-") as name:
        copy = Path(name) / "copie.zip"
        archive.write(copy, db.engine, current_app.config["DATA"], document.content)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
            zipped.writestr("LISEZMOI.txt", _LISEZMOI.format(title=title, date=date))
            for path, content in public.items():
                zipped.writestr(f"{PUBLISH}/{path}", content)
            zipped.writestr(f"{KEEP}/restitution.docx", document.content)
            zipped.writestr(f"{KEEP}/notes.csv", notes_csv(document.digest))
            zipped.writestr(f"{KEEP}/notes.json", notes_json(document.digest))
            zipped.writestr(f"{KEEP}/digest.json", to_json(document.digest))
            zipped.write(copy, archive.NESTED)
    return out.getvalue()
