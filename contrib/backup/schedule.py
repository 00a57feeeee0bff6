"""When copies are made, where, and how many are kept."""

import threading
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app

from contrib import clock
from contrib.backup import archive
from contrib.backup.archive import CopyFailed, Holding
from contrib.documents import latest_document
from contrib.memory import remembered
from contrib.programme import cache
from contrib.store import shared
from contrib.store.db import db

LOOK_S = 20.0
"""Between two looks whether a copy is due."""
EVERY = timedelta(minutes=3)
KEPT = 12
"""Copies of a folder; older ones give way, but never one of before an upgrade."""
PREFIX = "copie-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """The last try: a copy and what it holds, or the sentence that says why not."""

    at: datetime
    folder: Path
    file: str = ""
    holding: Holding | None = None
    problem: str = ""


class OneAtATime:
    """Two copies of one second would have one name."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


def folder() -> Path:
    """Where copies go: the organiser's folder, else the data folder's own."""
    installation = cache.current().installation
    chosen = installation.copy_folder if installation else None
    data: Path = current_app.config["DATA"]
    return Path(chosen) if chosen else data / "copies"


def is_elsewhere() -> bool:
    """Whether copies go to a folder that the organiser chose."""
    installation = cache.current().installation
    return bool(installation and installation.copy_folder)


LAST, LAST_GOOD = "copy", "good-copy"


def last() -> Backup | None:
    return _told(LAST)


def last_good() -> Backup | None:
    """The last copy that was made, wherever."""
    return _told(LAST_GOOD)


def _tell(name: str, made: Backup) -> None:
    plain = asdict(made) | {"at": made.at.isoformat(), "folder": str(made.folder)}
    shared.tell(name, plain)


def _told(name: str) -> Backup | None:
    plain = shared.told(name)
    if plain is None:
        return None
    holding = plain["holding"] and Holding(**plain["holding"])
    at, folder = datetime.fromisoformat(plain["at"]), Path(plain["folder"])
    return Backup(**plain | {"at": at, "folder": folder, "holding": holding})


def problem() -> str:
    """Why the last copy could not be made; empty if it was."""
    made = last()
    return made.problem if made else ""


def copy_now() -> Backup:
    """Make a copy; the outcome is also what the pages show."""
    with remembered(OneAtATime).lock:
        there, now = folder(), clock.now()
        event = cache.current().event
        name = event.name if event else "journee"
        path = there / f"{PREFIX}{name}-{now:%Y%m%dT%H%M%SZ}.zip"
        document = latest_document.last_good(event.id) if event else None
        good = document.content if document else None
        try:
            if is_elsewhere() and not there.is_dir():
                raise CopyFailed(f"Le dossier {there} n’est pas là : la clé USB est-elle branchée ?")
            there.mkdir(parents=True, exist_ok=True)
            holding = archive.write(path, db.engine, current_app.config["DATA"], good)
            _keep_the_last(there)
            made = Backup(at=now, folder=there, file=path.name, holding=holding)
            _tell(LAST_GOOD, made)
        except CopyFailed as error:
            made = Backup(at=now, folder=there, problem=str(error) + _meanwhile(path.name, good))
        except OSError:
            sentence = f"Le dossier {there} ne peut pas être écrit."
            made = Backup(at=now, folder=there, problem=sentence + _meanwhile(path.name, good))
        _tell(LAST, made)
        return made


def _meanwhile(name: str, document: bytes | None) -> str:
    """A copy on the server's own disk while the key is out; what to add to the sentence."""
    if not is_elsewhere():
        return ""
    data: Path = current_app.config["DATA"]
    sentence = " En attendant, une copie est faite sur le disque du serveur."
    made = last_good()
    if made and made.folder == data / "copies" and _is_fresh(made):
        return sentence
    try:
        (data / "copies").mkdir(parents=True, exist_ok=True)
        holding = archive.write(data / "copies" / name, db.engine, data, document)
        _keep_the_last(data / "copies")
    except (CopyFailed, OSError):
        return ""
    _tell(LAST_GOOD, Backup(at=clock.now(), folder=data / "copies", file=name, holding=holding))
    return sentence


def before_upgrade(data: Path, version: str) -> None:
    """A copy that no later one replaces. Raises CopyFailed: then nothing is upgraded."""
    there = data / "copies"
    there.mkdir(parents=True, exist_ok=True)
    archive.write(there / f"avant-mise-a-jour-{version}-{clock.now():%Y%m%dT%H%M%SZ}.zip", db.engine, data)  # fmt: skip


def look() -> None:
    """A copy where one is due, at most every 3 minutes while something happens: a turn of the background."""
    before = last()
    if before and not before.problem and before.folder == folder() and _is_fresh(before):
        return
    if cache.current().seq:
        copy_now()


def _is_fresh(made: Backup) -> bool:
    """Whether a copy that was made holds all there is, or is not yet due to be followed."""
    whole = made.holding is not None and made.holding.seq == cache.current().seq
    return whole or clock.now() - made.at < EVERY


def _keep_the_last(there: Path) -> None:
    for old in sorted(there.glob(f"{PREFIX}*.zip"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)
