"""A second process that compiles documents, so that no note waits while one is compiled.

A compiler is a pure function from a frozen digest to bytes: it can run anywhere. Where
there is no second process (a test, a system that refuses one), it runs here.
"""

import logging
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from multiprocessing.connection import wait
from typing import Any, TypeVar

from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.orm import Session

from contrib.digest import take
from contrib.store import heartbeats
from contrib.store.db import db, prepare_sqlite
from contrib.store.models import Event
from exports.digest import Digest, to_json, typeset_digest
from exports.documents.rescue import CheckedDocument, finish_report, finish_restitution
from exports.documents.speech import Weight, speech
from exports.ooxml.stationery import open_stationery

logger = logging.getLogger(__name__)
T = TypeVar("T")

_pool: ProcessPoolExecutor | None = None


def start() -> None:
    """From here on documents are compiled beside this process."""
    global _pool
    _pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=_give_way)


def stop() -> None:
    global _pool
    if _pool is not None:
        _pool.shutdown(cancel_futures=True)
    _pool = None


def finish(
    digest: Digest, *, record: bool = True, report: bool = False, stationery: bytes | None = None
) -> CheckedDocument:
    """The restitution (or the report) of a digest, inspected; `stationery` as `prepare` made it.

    Raises Hopeless.
    """
    work = partial(_finish, digest, record, report, stationery)
    return _beside(work, otherwise=work)


def _beside(work: Callable[[], T], *, otherwise: Callable[[], T]) -> T:
    """What `work` returns in the second process; what `otherwise` returns here, where there is none."""
    global _pool
    pool = _pool
    if pool is not None:
        try:
            return pool.submit(work).result()
        except (BrokenProcessPool, OSError):
            # killed for its memory, or never allowed to start
            logger.warning("The second process has ended: documents are compiled in this one.")
            _pool = None
    return otherwise()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A snapshot of a day, packed, and the document that was made of it."""

    seq: int
    taken_at: datetime
    packed: bytes
    json: str
    """The same for another server process; empty where there is none."""
    checked: CheckedDocument
    weights: Mapping[str, tuple[Weight, ...]]
    """By workshop id what one spoke of that chose nothing."""


def compile_event(
    event_id: str,
    *,
    record: bool,
    stationery: bytes | None,
    now: datetime,
    heard: Mapping[heartbeats.Laptop, heartbeats.Heartbeat],
) -> Snapshot:
    """The restitution of a day as it is stored now, read and made beside this process.

    `now` and `heard` are what only this process knows. Raises Hopeless.
    """
    asked = (event_id, record, stationery, now, heard)
    return _beside(
        partial(_compile_there, db.engine.url, *asked), otherwise=partial(_compile, db.engine, *asked)
    )


def unpacked(packed: bytes) -> Digest:
    digest: Digest = pickle.loads(packed)  # noqa: S301  ours, from our own process
    return digest


def _compile_there(address: URL, *asked: Any) -> Snapshot:
    return _compile(_engine(address), *asked)


@lru_cache(maxsize=1)
def _engine(address: URL) -> Engine:
    """The second process's own way to the store: it only reads."""
    engine = create_engine(address, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    return engine


def weights(digest: Digest) -> dict[str, tuple[Weight, ...]]:
    """What each workshop spoke of that chose nothing, by its id."""
    return {workshop.id: speech(workshop).weights for workshop in typeset_digest(digest).workshops}


def _compile(
    engine: Engine,
    event_id: str,
    record: bool,
    stationery: bytes | None,
    now: datetime,
    heard: Mapping[heartbeats.Laptop, heartbeats.Heartbeat],
) -> Snapshot:
    with Session(engine) as session:
        snapshot = take(session, session.get_one(Event, event_id), now=now, heard=heard)
    checked = _finish(snapshot, record, False, stationery)
    return Snapshot(
        seq=snapshot.seq,
        taken_at=snapshot.taken_at,
        packed=pickle.dumps(snapshot),
        json="" if engine.dialect.name == "sqlite" else to_json(snapshot),
        checked=checked,
        weights=weights(snapshot),
    )


def _finish(digest: Digest, record: bool, report: bool, stationery: bytes | None) -> CheckedDocument:
    opened = open_stationery(stationery) if stationery is not None else None
    if report:
        return finish_report(digest, stationery=opened)
    return finish_restitution(digest, record=record, stationery=opened)


def _give_way() -> None:
    """In the second process: Ctrl+C is the server's, and nobody survives its SIGKILL.

    It says nothing, and gives way: a note that somebody types comes before a document.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)  # what is wrong with a document comes back as its warnings
    if hasattr(os, "nice"):
        os.nice(10)
    end_with_parent()


def end_with_parent() -> None:
    """From here on this process ends when the one that started it does, even by SIGKILL."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(0)
