"""The document at any moment: compiled when asked, and every 2 s while notes arrive.

The last good one is remembered; where compiling fails it is served, and said to be old.
"""

import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from contrib import clock
from contrib.documents import process, stationery_files
from contrib.memory import remembered
from contrib.programme import cache
from contrib.store import heartbeats, shared
from contrib.store.db import db
from contrib.store.log import last_seq
from contrib.store.models import Event, Installation, PrintedDocument
from exports.digest import Digest, from_json
from exports.documents.rescue import CheckedDocument
from exports.documents.speech import Weight
from exports.system import reason

EVERY_S = 2.0
"""Between two looks for something new to compile."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class LatestDocument:
    """A compiled document and what it contains."""

    content: bytes
    filename: str
    seq: int
    taken_at: datetime
    fingerprint: str
    packed: bytes | str
    """The digest, as it came from the process that compiles, or as JSON from another server process."""
    made_from: tuple[int, str]
    """The state of the day that it was compiled from."""
    made_at: datetime
    pages: int
    weighed: Mapping[str, tuple[Weight, ...]] | None
    """By workshop id what one spoke of that chose nothing; None where another server process compiled it."""
    replaced: tuple[str, ...] = ()
    """References of the notes that had to be left out for Word to open the document."""
    warnings: tuple[str, ...] = ()
    """What inspection says of it, as French sentences; nothing that stops Word."""
    stationery_problem: str = ""
    """Why the organiser's stationery was left aside; empty where it was not."""
    stale: bool = False
    """True where compiling failed and this is the last good one."""

    @cached_property
    def digest(self) -> Digest:
        """Unpacked when somebody reads it: most documents are compiled again before anybody does."""
        return from_json(self.packed) if isinstance(self.packed, str) else process.unpacked(self.packed)

    @cached_property
    def weights(self) -> Mapping[str, tuple[Weight, ...]]:
        return process.weights(self.digest) if self.weighed is None else self.weighed


class NothingCompiled(Exception):
    """No document could be compiled, and there is no earlier one."""


@dataclass(slots=True)
class Documents:
    """The last good documents that this process made or read."""

    good: dict[tuple[str, bool], LatestDocument] = field(default_factory=dict)
    """By event id, and whether the record is in it."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    delivered: tuple[str, int, str] | None = None
    """Event id, last operation and folder of the document that was last written into a folder."""


FOLDER = "documents-folder"
FAILING = "failing-{}"
"""Whether the document of an event could not be compiled when it was last tried."""


def last_good(event_id: str, *, record: bool = True) -> LatestDocument | None:
    """The last document, as it is served, whichever process made it; None before the first."""
    documents, key = remembered(Documents), (event_id, record)
    if shared.is_shared():
        row = PrintedDocument
        here = row.event_id == event_id, row.record == record
        made_at = db.session.scalar(select(row.made_at).where(*here))
        known = documents.good.get(key)
        if made_at and (known is None or known.made_at != made_at):
            found = db.session.execute(select(row.facts, row.digest, row.content).where(*here)).one()
            documents.good[key] = _read(*found)
    return documents.good.get(key)


def printed_seq(event_id: str) -> int:
    """The last operation in the last good complete document; 0 before the first."""
    if shared.is_shared():  # every page asks for it, every 2 s
        row = PrintedDocument
        return db.session.scalar(select(row.seq).where(row.event_id == event_id, row.record)) or 0
    good = last_good(event_id)
    return good.seq if good else 0


def _keep(event_id: str, record: bool, document: LatestDocument, digest: str) -> None:
    """The document becomes the last good one, unless another process has made a later one."""
    remembered(Documents).good[event_id, record] = document
    if not shared.is_shared():
        return
    plain = {name: getattr(document, name) for name in FACTS}
    row = {
        "event_id": event_id,
        "record": record,
        "seq": document.seq,
        "made_at": document.made_at,
        "facts": json.dumps(plain, default=datetime.isoformat),
        "digest": digest,
        "content": document.content,
    }
    shared.upsert(PrintedDocument, [row], lambda new: PrintedDocument.seq <= new.seq)


FACTS = (
    "filename", "seq", "taken_at", "fingerprint", "made_from", "made_at", "pages", "replaced", "warnings",
    "stationery_problem",
)  # fmt: skip


def _read(facts: str, digest: str, content: bytes) -> LatestDocument:
    plain = json.loads(facts)
    for name in ("taken_at", "made_at"):
        plain[name] = datetime.fromisoformat(plain[name])
    for name in ("made_from", "replaced", "warnings"):
        plain[name] = tuple(plain[name])
    return LatestDocument(content=content, packed=digest, weighed=None, **plain)


def compile_problem(event: Event) -> str:
    """What to say where the last good document is not followed by another one; empty where it is."""
    if not shared.told(FAILING.format(event.id)):
        return ""
    return "Le document n’a pas pu être compilé depuis : celui-ci est le dernier bon. Les notes sont toutes gardées."


def stationery_problem(event: Event) -> str:
    """Why the chosen stationery was left aside in the last good document; empty if it was not."""
    good = last_good(event.id)
    return good.stationery_problem if good else ""


def folder_problem() -> str:
    """Why the last document could not be written into the chosen folder; empty if it was."""
    return shared.told(FOLDER) or ""


def _state(session: Session, event: Event, installation: Installation) -> tuple[int, str]:
    """What a document is compiled from: the last operation, and the stationery that was chosen."""
    return last_seq(session, event.id), installation.stationery_id or ""


def compile_now(event: Event, *, record: bool = True) -> LatestDocument:
    """The document as of now. On a fault, the last good one, marked stale. Raises NothingCompiled."""
    documents = remembered(Documents)
    with Session(db.engine) as session:
        installation = session.get_one(Installation, 1)
        state, stationery = _state(session, event, installation), stationery_files.in_force(installation)
    with documents.lock:  # who waited for it finds what was made meanwhile
        last, moment, heard = last_good(event.id, record=record), clock.now(), heartbeats.live()
        if last and last.made_from == state and abs(moment - last.made_at) < timedelta(seconds=EVERY_S):
            return last
        try:
            snapshot = process.compile_event(
                event.id, record=record, stationery=stationery.content, now=moment, heard=heard
            )
        except Exception as error:
            logger.exception("The document could not be compiled")
            shared.tell(FAILING.format(event.id), value=True)
            if last is None:
                raise NothingCompiled from error
            return replace(last, stale=True)
        shared.tell(FAILING.format(event.id), value=False)
        checked = snapshot.checked
        local = clock.local(snapshot.taken_at, event.timezone)
        document = LatestDocument(
            content=checked.compiled.content,
            filename=f"restitution-{local.hour}h{local.minute:02}{'' if record else '-a-dire'}.docx",
            seq=snapshot.seq,
            taken_at=snapshot.taken_at,
            fingerprint=checked.compiled.fingerprint,
            packed=snapshot.packed,
            made_from=state,
            made_at=moment,
            pages=checked.compiled.page_map.total,
            weighed=snapshot.weights,
            replaced=checked.replaced,
            warnings=tuple(map(str, checked.warnings)),
            stationery_problem=stationery.problem or (_REFUSED if checked.stationery_refused else ""),
        )
        _keep(event.id, record, document, snapshot.json)
        return document


_REFUSED = "Avec le modèle Word choisi, Word n’ouvrirait pas ce document : le modèle d’origine est employé."


def finish(content: Digest, *, report: bool = False) -> CheckedDocument:
    """The restitution (or the report) of a digest, with the stationery in force. Raises Hopeless."""
    stationery = stationery_files.in_force(db.session.get_one(Installation, 1))
    return process.finish(content, report=report, stationery=stationery.content)


def is_folder(name: str) -> bool:
    try:
        return Path(name).is_dir()
    except (OSError, ValueError):
        return False


def deliver(document: LatestDocument, folder: str) -> str:
    """Write the document into the organiser's folder, whole or not at all.

    Returns a French sentence when it failed, else an empty string.
    """
    target = Path(folder) / "restitution.docx"
    draft = target.with_name(".restitution.docx.tmp")
    try:
        draft.write_bytes(document.content)
        draft.replace(target)
    except OSError as error:
        return f"Le dossier {folder} ne peut pas être écrit : {reason(error)}. La clé est-elle branchée ?"
    return ""


def look() -> None:
    """Compile what is new and write it into the organiser's folder: a turn of the background."""
    documents, programme = remembered(Documents), cache.current()
    event = programme.event
    if event is None or programme.installation is None:
        return
    good = last_good(event.id)
    took_over = documents.delivered is None
    if good is None or took_over or good.seq != last_seq(db.session(), event.id):
        good = compile_now(event)
    folder = programme.installation.output_folder or ""
    now, before = (event.id, good.seq, folder), folder_problem()
    problem = before if folder else ""
    if folder and (now != documents.delivered or before):
        problem = deliver(good, folder)
    documents.delivered = now
    if problem != before:
        shared.tell(FOLDER, problem)
