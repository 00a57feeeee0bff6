"""When copies are made, where, and how many are kept."""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask, current_app

from contrib import clock
from contrib.copies import archive
from contrib.copies.archive import CopyFailed, Holding
from contrib.day import today
from contrib.db import db
from contrib.publish import press

LOOK_S = 20
EVERY = timedelta(minutes=3)
KEPT = 12
"""Copies of a folder; older ones give way, but never one of before an upgrade."""
PREFIX = "copie-"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The last round: a copy and what it holds, or the sentence that says why not."""

    at: datetime
    folder: Path
    file: str = ""
    holding: Holding | None = None
    problem: str = ""


_last: dict[str, Made] = {}
_lock = threading.Lock()


def folder() -> Path:
    """Where copies go: the organiser's folder, else the data folder's own."""
    day = today()
    chosen = day.installation.copy_folder if day.installation else None
    data: Path = current_app.config["DATA"]
    return Path(chosen) if chosen else data / "copies"


def is_elsewhere() -> bool:
    """Whether copies go to a folder that the organiser chose."""
    day = today()
    return bool(day.installation and day.installation.copy_folder)


def last() -> Made | None:
    return _last.get("")


def last_good() -> Made | None:
    """The last copy that was made, wherever."""
    return _last.get("good")


def problem() -> str:
    """Why the last copy could not be made; empty if it was."""
    made = last()
    return made.problem if made else ""


def copy_now() -> Made:
    """Make a copy; the outcome is also what the pages show."""
    with _lock:
        there, now = folder(), clock.now()
        day = today()
        event = day.current
        name = event.name if event else "journee"
        path = there / f"{PREFIX}{name}-{now:%Y%m%dT%H%M%SZ}.zip"
        good = press.last_good(event.id) if event else None
        try:
            if is_elsewhere() and not there.is_dir():
                raise CopyFailed(f"Le dossier {there} n’est pas là : la clé USB est-elle branchée ?")
            there.mkdir(parents=True, exist_ok=True)
            holding = archive.write(path, db.engine, current_app.config["DATA"], good)
            _keep_the_last(there)
            made = Made(at=now, folder=there, file=path.name, holding=holding)
            _last["good"] = made
        except CopyFailed as error:
            made = Made(at=now, folder=there, problem=str(error) + _meanwhile(path.name, good))
        except OSError:
            sentence = f"Le dossier {there} ne peut pas être écrit."
            made = Made(at=now, folder=there, problem=sentence + _meanwhile(path.name, good))
        _last[""] = made
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
    _last["good"] = Made(at=clock.now(), folder=data / "copies", file=name, holding=holding)
    return sentence


def before_upgrade(engine_data: Path, version: str) -> None:
    """A copy that no later one replaces. Raises CopyFailed: then nothing is upgraded."""
    there = engine_data / "copies"
    there.mkdir(parents=True, exist_ok=True)
    archive.write(there / f"avant-mise-a-jour-{version}-{clock.now():%Y%m%dT%H%M%SZ}.zip", db.engine, engine_data)  # fmt: skip


def start(app: Flask) -> None:
    """From here on, a copy at most every 3 minutes while something happens."""
    stop = threading.Event()
    app.extensions["copies_stop"] = stop

    def run() -> None:
        while not stop.wait(LOOK_S):
            try:
                with app.app_context():
                    _round()
            except Exception:
                log.exception("A round of copies was missed")

    threading.Thread(target=run, name="copies", daemon=True).start()


def stop(app: Flask) -> None:
    app.extensions["copies_stop"].set()


def _round() -> None:
    before = last()
    if before and not before.problem and before.folder == folder() and _is_fresh(before):
        return
    if today().seq:
        copy_now()


def _is_fresh(made: Made) -> bool:
    """Whether a copy that was made holds all there is, or is not yet due to be followed."""
    whole = made.holding is not None and made.holding.seq == today().seq
    return whole or clock.now() - made.at < EVERY


def _keep_the_last(there: Path) -> None:
    for old in sorted(there.glob(f"{PREFIX}*.zip"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)
