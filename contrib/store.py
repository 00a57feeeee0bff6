"""The one door through which every write goes.

A verb is a function `(session, write) -> plain values`. It never commits and never reads
the request: the door begins (before any read), gives the write its number, and commits.
"""

import hashlib
import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from contrib import clock
from contrib.db import WRITES, db
from contrib.models import Operation

Values = dict[str, Any]


class Refused(Exception):
    """The write cannot be accepted as it is; the message is a French sentence."""


class NotYetReceived(Exception):
    """The write rests on a text that has not arrived: ask again, never a conflict."""


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


Verb = Callable[[Session, Write], Values]
_VERBS: dict[str, Verb] = {}
_DOORS: WeakKeyDictionary[Engine, "_Door"] = WeakKeyDictionary()
_DOORS_LOCK = threading.Lock()
MOST_IN_A_BATCH = 64


def verb(name: str) -> Callable[[Verb], Verb]:
    """Register an operation under the name that the log keeps."""

    def register(function: Verb) -> Verb:
        if name in _VERBS:
            raise ValueError(f"Two verbs are called {name}.")
        _VERBS[name] = function
        return function

    return register


def new_id() -> str:
    return uuid4().hex


def write(
    name: str,
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
    return _door(db.engine).pass_through(name, asked)


def last_seq(session: Session, event_id: str) -> int:
    """The last operation of an event; 0 before the first."""
    found = session.scalar(select(func.max(Operation.seq)).where(Operation.event_id == event_id))
    return found or 0


class _Job:
    """One write that waits at the door, and what came of it."""

    def __init__(self, name: str, asked: Write) -> None:
        self.name = name
        self.asked = asked
        self.receipt: Receipt | None = None
        self.error: Exception | None = None

    @property
    def done(self) -> bool:
        return self.receipt is not None or self.error is not None


class _Door:
    """Group commit: whoever gets the lock commits for all who wait, in one transaction.

    An fsync costs 8 ms on a slow disk, whether it keeps one write or sixty-four.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._waiting: deque[_Job] = deque()

    def pass_through(self, name: str, asked: Write) -> Receipt:
        """The receipt, once it is on disk. Raises what the verb raised."""
        job = _Job(name, asked)
        self._waiting.append(job)
        with self._lock:
            while not job.done:
                batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_IN_A_BATCH))]
                self._commit(batch)
        if job.receipt is None:
            raise job.error or RuntimeError("The door forgot a write.")
        return job.receipt

    def _commit(self, jobs: list[_Job]) -> None:
        """One transaction for all; where it is void, one for each. Nothing is acknowledged before."""
        try:
            receipts = self._in_one_transaction(jobs)
        except Exception as error:
            left = [job for job in jobs if not job.done]
            if len(jobs) == 1:
                for job in left:
                    job.error = error
                return
            for job in left:
                self._commit([job])
            return
        for job, receipt in receipts:
            job.receipt = receipt

    def _in_one_transaction(self, jobs: list[_Job]) -> list[tuple[_Job, Receipt]]:
        """The receipts of those that were committed; a refused one keeps its error."""
        receipts = []
        with Session(self._engine) as session:
            connection = session.connection(execution_options={WRITES: True})
            for job in jobs:
                try:
                    with session.begin_nested():
                        receipts.append((job, _apply(session, job.name, replace(job.asked))))
                except (Refused, NotYetReceived) as refusal:
                    job.error = refusal
                # any other error voids the batch: a full disk makes SQLite roll all of it back,
                # and later savepoints would run in autocommit (8 of 19 were told « ok » and
                # were absent), so the others are replayed in transactions of their own
            session.flush()
            if connection.dialect.name == "sqlite":
                # as SQL: the driver's own commit() says nothing where there is no transaction
                connection.exec_driver_sql("COMMIT")
            session.commit()
        return receipts


def _door(engine: Engine) -> _Door:
    with _DOORS_LOCK:
        return _DOORS.setdefault(engine, _Door(engine))


def _apply(session: Session, name: str, asked: Write) -> Receipt:
    mark = _hash(name, asked)
    known = session.scalar(select(Operation).where(Operation.id == asked.id))
    if known is not None and known.payload_hash == mark:
        outcome = json.loads(known.outcome)
        return Receipt(id=asked.id, seq=known.seq, at=known.received_at, outcome=outcome)
    shown_id = asked.id
    if known is not None:
        # Back, change, send again: another content under the same id is a new operation
        asked.id = new_id()
    asked.at = clock.now()
    asked.seq = _next_seq(session)
    row = Operation(
        seq=asked.seq,
        id=asked.id,
        event_id=asked.event_id,
        workshop_id=asked.workshop_id,
        device=asked.author.device,
        person_id=asked.author.person_id,
        verb=name,
        subject=asked.subject,
        payload=json.dumps(asked.values, ensure_ascii=False, sort_keys=True),
        payload_hash=mark,
        device_time=asked.device_time,
        received_at=asked.at,
        outcome="{}",
    )
    session.add(row)
    session.flush()
    outcome = _VERBS[name](session, asked)
    row.outcome = json.dumps(outcome, ensure_ascii=False)
    row.subject = asked.subject
    return Receipt(id=shown_id, seq=asked.seq, at=asked.at, outcome=outcome)


def _next_seq(session: Session) -> int:
    if session.get_bind().dialect.name == "postgresql":
        # gap-free across processes: the number is taken under a lock held to the commit
        session.execute(text("SELECT pg_advisory_xact_lock(20210930)"))
    return (session.scalar(select(func.max(Operation.seq))) or 0) + 1


def _hash(name: str, asked: Write) -> str:
    content = [name, asked.event_id, asked.workshop_id, asked.subject, asked.values]
    plain = json.dumps(content, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()
