"""The press: the document at any moment. Compiles, remembers the last good one, and says which.

It compiles when asked, and every 2 s in the background while notes arrive.
"""

import logging
import threading
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from contrib import clock
from contrib.capture import presence
from contrib.day import today
from contrib.db import db
from contrib.models import Event, Installation
from contrib.publish import worker
from contrib.stationery import shelf
from contrib.store import last_seq
from exports.digest import Digest
from exports.rescue import Finished
from exports.system import reason

EVERY = 2.0
"""Seconds between two looks for something new to print."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Printed:
    """A compiled document and what it contains."""

    content: bytes
    filename: str
    seq: int
    taken_at: datetime
    fingerprint: str
    pages: int
    packed: bytes
    """The digest, as it came from the other process."""
    state: object = None
    """What it was printed from: the same again is the same document."""
    replaced: tuple[str, ...] = ()
    """References of the notes that had to be left out for Word to open the document."""
    warnings: tuple[str, ...] = ()
    """What inspection says of it, as French sentences; nothing that stops Word."""
    stationery: str = ""
    """The id of the organiser's stationery that was asked for."""
    stationery_problem: str = ""
    """Why it was left aside; empty where it was not."""
    stale: bool = False
    """True where compiling failed and this is the last good one."""

    @cached_property
    def digest(self) -> Digest:
        """Unpacked when somebody reads it: most documents are printed again before anybody does."""
        return worker.unpacked(self.packed)


class NothingPrinted(Exception):
    """No document could be compiled, and there is no earlier one."""


_good: dict[tuple[str, bool], Printed] = {}
_lock = threading.Lock()
_folder_problem: dict[str, str] = {}


def printed_seq(event_id: str) -> int:
    """The last operation in the last good complete document; 0 before the first."""
    good = _good.get((event_id, True))
    return good.seq if good else 0


def print_now(event: Event, *, record: bool = True) -> Printed:
    """The document as of now. On a fault, the last good one, marked stale."""
    with Session(db.engine) as session:
        seq = last_seq(session, event.id)
        installation = session.get_one(Installation, 1)
        chosen, paper = installation.stationery_id or "", shelf.in_force(installation)
    key, moment, signs = (event.id, record), clock.now(), presence.live()
    with _lock:
        last = _good.get(key)
        state = (seq, moment.replace(microsecond=0), chosen, signs)
        if last and last.state == state:
            return last
        try:
            taken = worker.print_event(
                event.id, record=record, stationery=paper.content, now=moment, signs=signs
            )
        except Exception as error:
            log.exception("The document could not be compiled")
            if last is None:
                raise NothingPrinted from error
            return replace(last, stale=True)
        finished = taken.finished
        local = clock.local(taken.taken_at, event.timezone)
        name = f"restitution-{local.hour}h{local.minute:02}{'' if record else '-a-dire'}.docx"
        _good[key] = Printed(
            content=finished.compiled.content,
            filename=name,
            seq=taken.seq,
            taken_at=taken.taken_at,
            fingerprint=finished.compiled.fingerprint,
            pages=finished.compiled.page_map.total,
            packed=taken.packed,
            state=state,
            replaced=finished.replaced,
            warnings=tuple(map(str, finished.warnings)),
            stationery=chosen,
            stationery_problem=paper.problem or (_REFUSED if finished.stationery_refused else ""),
        )
        return _good[key]


def finish(content: Digest, *, report: bool = False) -> Finished:
    """The restitution (or the report) of a digest, with the stationery in force. Raises Hopeless."""
    paper = shelf.in_force(db.session.get_one(Installation, 1))
    return worker.finish(content, report=report, stationery=paper.content)


_REFUSED = "Avec le modèle Word choisi, Word n’ouvrirait pas ce document : le modèle d’origine est employé."


def last_good(event_id: str) -> bytes | None:
    """The last complete document, as it is served."""
    good = _good.get((event_id, True))
    return good.content if good else None


def warnings(event: Event) -> tuple[str, ...] | None:
    """What inspection says of the last good document; None before the first."""
    good = _good.get((event.id, True))
    return good.warnings if good else None


def stationery_problem(event: Event) -> str:
    """Why the chosen stationery was left aside in the last good document; empty if it was not."""
    good = _good.get((event.id, True))
    return good.stationery_problem if good else ""


def folder_problem() -> str:
    """Why the last document could not be written into the chosen folder; empty if it was."""
    return _folder_problem.get("", "")


def is_folder(name: str) -> bool:
    try:
        return Path(name).is_dir()
    except (OSError, ValueError):
        return False


def deliver(printed: Printed, folder: str) -> str:
    """Write the document into the organiser's folder, whole or not at all.

    Returns a French sentence when it failed, else an empty string.
    """
    target = Path(folder) / "restitution.docx"
    draft = target.with_name(".restitution.docx.tmp")
    try:
        draft.write_bytes(printed.content)
        draft.replace(target)
    except OSError as error:
        return f"Le dossier {folder} ne peut pas être écrit : {reason(error)}. La clé est-elle branchée ?"
    return ""


def start(app: Flask) -> None:
    """Look every 2 s whether something new is to be printed. Stops with the process."""
    stop = threading.Event()
    app.extensions["press_stop"] = stop
    worker.start()

    def run() -> None:
        delivered: tuple[str, int, str] | None = None
        while not stop.wait(EVERY):
            try:
                with app.app_context():
                    delivered = _round(delivered)
            except Exception:
                log.exception("The press missed a round")

    threading.Thread(target=run, name="press", daemon=True).start()


def stop(app: Flask) -> None:
    app.extensions["press_stop"].set()
    worker.stop()


def _round(delivered: tuple[str, int, str] | None) -> tuple[str, int, str] | None:
    day = today()
    event = day.current
    if event is None or day.installation is None:
        return delivered
    good = _good.get((event.id, True))
    if good is None or good.seq != last_seq(db.session(), event.id):
        good = print_now(event)
    folder = day.installation.output_folder or ""
    now = (event.id, good.seq, folder)
    if not folder:
        _folder_problem.pop("", None)
    elif now != delivered or folder_problem():
        _folder_problem[""] = deliver(good, folder)
    return now
