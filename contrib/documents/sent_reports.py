"""The digests of the reports that were sent to be corrected: what a returned file is compared with."""

from pathlib import Path

from flask import current_app

from contrib.documents import report_editions
from contrib.store.log import Refused
from contrib.store.models import Event
from exports.digest import Digest, UnreadableDigest, from_json, to_json
from exports.documents.report_reading import recognised
from exports.system import write_whole


def keep(digest: Digest, fingerprint: str) -> None:
    """What a file was made of, under its fingerprint: the last of those that read the same. Raises OSError."""
    write_whole(_path(fingerprint), to_json(digest).encode())


def base_of(event: Event, content: bytes) -> Digest:
    """The digest that a returned file was made of. Raises Refused in a sentence."""
    found = recognised(content)
    if found is None:
        raise Refused(
            "Ce fichier n’est pas un rapport fait ici : rendez celui que vous avez téléchargé, corrigé dans "
            "Word ou LibreOffice (.docx)."
        )
    if found.kind != "rapport":
        raise Refused("Ce fichier est la restitution : c’est le rapport qui se corrige et se rend ici.")
    if found.event != event.name:
        raise Refused("Ce fichier est le rapport d’une autre journée : ouvrez-la, et rendez-le là-bas.")
    try:
        return _read(event, found.fingerprint)
    except (OSError, UnreadableDigest, KeyError) as error:
        raise Refused(
            "Ce rapport a été fait sur une autre installation, ou avant une reprise : nous ne savons pas de "
            "quoi il part, donc pas ce qui a changé."
        ) from error


def _read(event: Event, fingerprint: str) -> Digest:
    for edition in report_editions.of(event):
        if edition.fingerprint.startswith(fingerprint):
            return from_json(report_editions.files_of(edition)["digest.json"].decode())
    return from_json(_path(fingerprint).read_bytes().decode())


def _path(fingerprint: str) -> Path:
    folder: Path = current_app.config["DATA"]
    return folder / "versions" / f"envoi-{fingerprint[:16]}.json"
