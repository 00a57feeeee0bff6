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

from sqlalchemy import Engine, bindparam, func, insert, select, text, update
from sqlalchemy.orm import Session

from contrib import clock, turns
from contrib.db import WRITES, db
from contrib.models import Operation
from contrib.prepared import Prepared, driver

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


def last_of_all(session: Session) -> int:
    """The last operation; 0 before the first."""
    return _LAST.scalar(session) or 0


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
        self.error: BaseException | None = None
        self.called = threading.Event()
        """Set when it is done, or when it is its turn to lead."""

    @property
    def done(self) -> bool:
        return self.receipt is not None or self.error is not None


class _Door:
    """Group commit: the first of those who wait commits for all of them, in one transaction.

    An fsync costs 8 ms on a slow disk, whether it keeps one write or sixty-four. Whoever was
    served leaves at once; the next one who waits leads the next group.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._waiting: deque[_Job] = deque()
        self._led = False

    def pass_through(self, name: str, asked: Write) -> Receipt:
        """The receipt, once it is on disk. Raises what the verb raised."""
        job = _Job(name, asked)
        with self._lock:
            self._waiting.append(job)
            leads, self._led = not self._led, True
        if not leads:
            with turns.aside():
                job.called.wait()
        if not job.done:
            with turns.taken_again():
                self._lead(job)
        if job.receipt is None:
            raise job.error or RuntimeError("The door forgot a write.")
        return job.receipt

    def _lead(self, leader: _Job) -> None:
        """Commit the group at whose head the leader waits, and call the next one."""
        with self._lock:
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_IN_A_BATCH))]
        try:
            self._commit(batch)
        except BaseException as end:  # the process is being stopped: nobody waits for ever
            for job in batch:
                job.error = job.error or end
            raise
        finally:
            for job in batch:
                job.called.set()
            with self._lock:
                self._led = bool(self._waiting)
                if self._led:
                    self._waiting[0].called.set()

    def _commit(self, jobs: list[_Job]) -> None:
        """One transaction for all; where it is void, one for each. Nothing is acknowledged before."""
        try:
            came = self._in_one_transaction(jobs)
        except Exception as error:
            if len(jobs) == 1:
                jobs[0].error = error
                return
            for job in jobs:
                self._commit([job])
            return
        for job, answer in zip(jobs, came, strict=True):
            if isinstance(answer, Receipt):
                job.receipt = answer
            else:
                job.error = answer

    def _in_one_transaction(self, jobs: list[_Job]) -> list[Receipt | Refused | NotYetReceived]:
        """What came of each, once it is committed."""
        came: list[Receipt | Refused | NotYetReceived] = []
        # what the verbs change is flushed at the end of each, once
        with Session(self._engine, autoflush=False) as session:
            session.connection(execution_options={WRITES: True})
            sql = driver(session).execute
            log = _Log(session)
            for job in jobs:
                sql("SAVEPOINT one")
                try:
                    came.append(log.apply(job.name, replace(job.asked)))
                except (Refused, NotYetReceived) as refusal:
                    came.append(refusal)
                    sql("ROLLBACK TO SAVEPOINT one")
                    session.expunge_all()
                # any other error voids the batch: a full disk makes SQLite roll all of it back,
                # and later savepoints would run in autocommit (8 of 19 were told « ok » and
                # were absent), so all are replayed in transactions of their own
                sql("RELEASE SAVEPOINT one")
            # as SQL: the driver's own commit() says nothing where there is no transaction
            turns.leave()
            sql("COMMIT")
        return came


def _door(engine: Engine) -> _Door:
    with _DOORS_LOCK:
        return _DOORS.setdefault(engine, _Door(engine))


_LAST = Prepared(select(func.max(Operation.seq)))
_KNOWN = Prepared(
    select(Operation.seq, Operation.payload_hash, Operation.received_at, Operation.outcome).where(
        Operation.id == bindparam("id")
    )
)
_OPERATION = Prepared(insert(Operation.__table__))  # type: ignore[arg-type]
_OUTCOME = Prepared(
    update(Operation)
    .where(Operation.seq == bindparam("number"))
    .values(subject=bindparam("about"), outcome=bindparam("came"))
)


class _Log:
    """The log while a batch is written: which operations it holds, and the next number."""

    def __init__(self, session: Session) -> None:
        self._session = session
        if session.get_bind().dialect.name == "postgresql":
            # gap-free across processes: the number is taken under a lock held to the commit
            session.execute(text("SELECT pg_advisory_xact_lock(20210930)"))
        self._last = last_of_all(session)

    def apply(self, name: str, asked: Write) -> Receipt:
        """One operation and what its verb changes; the stored receipt where it is known."""
        mark = _hash(name, asked)
        shown_id = asked.id
        known = _KNOWN(self._session, id=asked.id)
        if known and known[0].payload_hash != mark:
            # Back, change, send again: another content under the same id is a new operation;
            # its id follows from both, so that this one too is applied once however often it is sent
            asked.id = hashlib.sha256(f"{asked.id} {mark}".encode()).hexdigest()[:32]
            known = _KNOWN(self._session, id=asked.id)
        for row in known:
            return Receipt(id=shown_id, seq=row.seq, at=row.received_at, outcome=json.loads(row.outcome))
        asked.at = clock.now()
        asked.seq = self._last + 1
        _OPERATION(
            self._session,
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
        outcome = _VERBS[name](self._session, asked)
        self._session.flush()
        written = json.dumps(outcome, ensure_ascii=False)
        _OUTCOME(self._session, number=asked.seq, about=asked.subject, came=written)
        self._last = asked.seq
        return Receipt(id=shown_id, seq=asked.seq, at=asked.at, outcome=outcome)


def _hash(name: str, asked: Write) -> str:
    content = [name, asked.event_id, asked.workshop_id, asked.subject, asked.values]
    plain = json.dumps(content, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()
