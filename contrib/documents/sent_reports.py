"""The digests of the reports that were sent to be corrected: what a returned file is compared with.

`envoi-*` is what was sent, and goes once there are too many or it is old; `retour-*` is what a file that came back
was made of, and stays with that file.
"""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from flask import current_app

from contrib import clock
from contrib.documents import report_editions
from contrib.store.log import Refused
from contrib.store.models import Event
from exports.digest import Digest, UnreadableDigest, from_json, to_json
from exports.documents.report_reading import recognised
from exports.system import write_whole

MOST = 200
"""Reports of one day that were sent and did not come back: each download of another state is one."""
FOR = timedelta(days=180)
"""How long they are kept: a corrected file comes back within weeks."""


def keep(digest: Digest, fingerprint: str) -> None:
    """What a file was made of, under its fingerprint: the last of those that read the same. Raises OSError."""
    held = _path(RETURNED, digest.event.id, fingerprint)
    write_whole(
        held if held.exists() else _path(SENT, digest.event.id, fingerprint), to_json(digest).encode()
    )
    _forget_old(digest.event.id)


def hold(event: Event, content: bytes) -> None:
    """Its file came back: what it was made of stays with it. Raises OSError."""
    found = recognised(content)
    if found is not None:
        with suppress(FileNotFoundError):  # it was made of an edition, or came back before
            sent = _path(SENT, event.id, found.fingerprint)
            sent.replace(_path(RETURNED, event.id, found.fingerprint))


def _forget_old(event_id: str) -> None:
    ages: list[tuple[float, Path]] = []
    for path in _folder().glob(f"{SENT}-{event_id}-*.json"):
        with suppress(FileNotFoundError):  # another process forgets it at this moment
            ages.append((path.stat().st_mtime, path))
    oldest = (clock.now() - FOR).timestamp()
    for number, (sent_at, path) in enumerate(sorted(ages, reverse=True)):
        if number >= MOST or sent_at < oldest:
            path.unlink(missing_ok=True)


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
            "Ce rapport a été fait sur une autre installation, avant une reprise, ou il y a très longtemps : nous "
            "ne savons pas de quoi il part, donc pas ce qui a changé."
        ) from error


def _read(event: Event, fingerprint: str) -> Digest:
    for edition in report_editions.of(event):
        if edition.fingerprint.startswith(fingerprint):
            return from_json(report_editions.files_of(edition)["digest.json"].decode())
    held = _path(RETURNED, event.id, fingerprint)
    return from_json((held if held.exists() else _path(SENT, event.id, fingerprint)).read_bytes().decode())


SENT, RETURNED = "envoi", "retour"


def _path(kind: str, event_id: str, fingerprint: str) -> Path:
    return _folder() / f"{kind}-{event_id}-{fingerprint[:16]}.json"


def _folder() -> Path:
    data: Path = current_app.config["DATA"]
    return data / "versions"
