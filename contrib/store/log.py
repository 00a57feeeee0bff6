"""The log of operations, and the one door through which every write goes.

A verb is a function `(session, write) -> plain values`. It never commits and never reads
the request: the door begins (before any read), gives the write its number, and commits.
"""

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from uuid import uuid4
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Table, func, insert, select, text, update
from sqlalchemy.orm import Session

from contrib import clock
from contrib.store.commit import GroupCommit
from contrib.store.db import db
from contrib.store.models import Operation, is_own_id

Values = dict[str, Any]
STRANGE_ID = (
    "Cette page a envoyé un identifiant que le serveur n’attend pas : rien n’a été enregistré. "
    "Rouvrez la page, puis recommencez."
)
OPERATIONS = cast(Table, Operation.__table__)


class Refused(Exception):
    """What is asked cannot be done as it is: a French sentence, and the status that says so."""

    def __init__(self, sentence: str, status: int = 422) -> None:
        super().__init__(sentence)
        self.status = status


class NotYetReceived(Exception):
    """The write rests on a text that has not arrived: ask again, never a conflict."""


class Kind(StrEnum):
    """What a verb changes: caches, « depuis le téléchargement » and a purge go by it."""

    NOTE = "note"
    """Notes that were not there."""
    TEXT = "texte"
    """The words of what is there."""
    CHOICE = "choix"
    """What is said in plenary and in which order; what is withdrawn."""
    ORDER = "rangement"
    """Rubric, theme and place of a note."""
    PROGRAMME = "programme"
    """The day, its workshops and rubrics, and what a workshop says of itself."""
    REPORT = "rapport"
    """What the editors write and decide after the day."""
    PEOPLE = "personnes"
    NOTICE = "mots"
    """What the desk tells workshops; no document holds it."""
    DOCUMENT = "documents"
    INSTALLATION = "installation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who writes: a laptop, and a signature if one was given."""

    device: str | None = None
    person_id: str | None = None


@dataclass(slots=True, kw_only=True)
class Write:
    """What a verb is given. `seq` and `at` are set by the door."""

    id: str
    event_id: str
    author: Author
    values: Values
    workshop_id: str | None = None
    subject: str | None = None
    device_time: str | None = None
    seq: int = 0
    at: datetime = field(default_factory=clock.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The door's answer, committed to disk: what was asked under which id, what came of it."""

    id: str
    seq: int
    at: datetime
    outcome: Values


@dataclass(frozen=True, slots=True)
class Verb:
    """An operation under the name that the log keeps."""

    name: str
    kinds: frozenset[Kind]
    personal: tuple[str, ...]
    """Values that may hold a person's name, as paths (`workshops.speaker`): the log leaves them out."""
    apply: Callable[[Session, Write], Values]


VERBS: dict[str, Verb] = {}


def verb(
    name: str, *kinds: Kind, personal: tuple[str, ...] = ()
) -> Callable[[Callable[[Session, Write], Values]], Verb]:
    """Register a function as the verb of that name."""

    def register(function: Callable[[Session, Write], Values]) -> Verb:
        if name in VERBS:
            raise ValueError(f"Two verbs are called {name}.")
        made = VERBS[name] = Verb(name, frozenset(kinds), personal, function)
        return made

    return register


def verbs_of(*kinds: Kind) -> frozenset[str]:
    """The names of the verbs that change one of these."""
    return frozenset(name for name, one in VERBS.items() if one.kinds.intersection(kinds))


def new_id() -> str:
    return uuid4().hex


def write(
    verb: Verb,
    author: Author,
    values: Values,
    *,
    event: str,
    workshop: str | None = None,
    subject: str | None = None,
    id: str | None = None,
    device_time: str | None = None,
) -> Receipt:
    """Apply a verb once and commit. The same id with the same content is answered again.

    Raises Refused or NotYetReceived; then nothing was written.
    """
    if id is not None and not is_own_id(id):
        raise Refused(STRANGE_ID)
    asked = Write(
        id=id or new_id(),
        event_id=event,
        author=author,
        values=values,
        workshop_id=workshop,
        subject=subject,
        device_time=device_time,
    )
    db.session.rollback()  # what this request has read so far is older than the answer
    return door(db.engine).submit((verb, asked))


Asked = tuple[Verb, Write]
_DOORS: WeakKeyDictionary[Engine, GroupCommit[Asked, Receipt]] = WeakKeyDictionary()
_DOORS_LOCK = threading.Lock()


def door(engine: Engine) -> GroupCommit[Asked, Receipt]:
    """The door of a database: one for each engine."""
    with _DOORS_LOCK:
        if engine not in _DOORS:
            _DOORS[engine] = GroupCommit(engine, _begin, (Refused, NotYetReceived))
        return _DOORS[engine]


def last_of_all(session: Session) -> int:
    """The last operation; 0 before the first."""
    # plain SQL: each of 200 polls a second asks this, and SQLAlchemy's way around it takes as long again
    last: int | None = session.connection().exec_driver_sql("SELECT max(seq) FROM operation").scalar()
    return last or 0


def last_seq(session: Session, event_id: str, *kinds: Kind) -> int:
    """The last operation of an event, of any kind or of these; 0 before the first."""
    found = select(func.max(Operation.seq)).where(Operation.event_id == event_id)
    if kinds:
        found = found.where(Operation.verb.in_(verbs_of(*kinds)))
    return session.scalar(found) or 0


def _begin(session: Session) -> Callable[[Asked], Receipt]:
    """What applies one write of a group; numbers are given from the last one on."""
    if session.get_bind().dialect.name == "postgresql":
        # gap-free across processes: the number is taken under a lock held to the commit
        session.execute(text("SELECT pg_advisory_xact_lock(20210930)"))
    last = last_of_all(session)

    def apply(asked: Asked) -> Receipt:
        nonlocal last
        verb, write = asked
        receipt, written = _apply(session, verb, replace(write, seq=last + 1))
        last += written
        return receipt

    return apply


def _apply(session: Session, verb: Verb, asked: Write) -> tuple[Receipt, bool]:
    """One operation and what its verb changes; the stored receipt, and False, where it is known."""
    content = _hash(verb, asked)
    shown_id = asked.id
    known = _known(session, asked.id)
    if known is not None and known.payload_hash != content:
        # Back, change, send again: another content under the same id is a new operation; its
        # id follows from both, so that this one too is applied once however often it is sent
        asked.id = hashlib.sha256(f"{asked.id} {content}".encode()).hexdigest()[:32]
        known = _known(session, asked.id)
    if known is not None:
        outcome = json.loads(known.outcome)
        return Receipt(id=shown_id, seq=known.seq, at=known.received_at, outcome=outcome), False
    asked.at = clock.now()
    row = {
        "seq": asked.seq,
        "id": asked.id,
        "event_id": asked.event_id,
        "workshop_id": asked.workshop_id,
        "device": asked.author.device,
        "person_id": asked.author.person_id,
        "verb": verb.name,
        "subject": asked.subject,
        "payload": json.dumps(nameless(asked.values, verb.personal), ensure_ascii=False, sort_keys=True),
        "payload_hash": content,
        "device_time": asked.device_time,
        "received_at": asked.at,
        "outcome": "{}",
    }
    session.execute(insert(OPERATIONS), row)
    outcome = verb.apply(session, asked)
    session.flush()
    came = {"subject": asked.subject, "outcome": json.dumps(outcome, ensure_ascii=False)}
    session.execute(update(OPERATIONS).where(Operation.seq == asked.seq).values(came))
    return Receipt(id=shown_id, seq=asked.seq, at=asked.at, outcome=outcome), True


def _known(session: Session, id: str) -> Any:
    """The row of an operation; None where there is none."""
    columns = (Operation.seq, Operation.payload_hash, Operation.received_at, Operation.outcome)
    return session.execute(select(*columns).where(Operation.id == id)).one_or_none()


def _hash(verb: Verb, asked: Write) -> str:
    content = [verb.name, asked.event_id, asked.workshop_id, asked.subject, asked.values]
    plain = json.dumps(content, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def nameless(values: Values, personal: tuple[str, ...]) -> Values:
    """The values without those that may hold a name: a name stands in one row, never in the log."""
    for path in personal:
        values = _without(values, path.split("."))
    return values


def _without(value: Any, path: list[str]) -> Any:
    if isinstance(value, list):
        return [_without(one, path) for one in value]
    if not isinstance(value, dict) or path[0] not in value:
        return value
    inner = _without(value[path[0]], path[1:]) if path[1:] else None
    return {**value, path[0]: inner}
