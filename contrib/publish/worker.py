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

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from contrib import turns
from contrib.capture import presence
from contrib.db import db, prepare_sqlite
from contrib.digest import take
from contrib.models import Event
from exports.digest import Digest
from exports.rescue import Finished, finish_report, finish_restitution
from exports.stationery import open_stationery

log = logging.getLogger(__name__)
T = TypeVar("T")

_pool: ProcessPoolExecutor | None = None


def start() -> None:
    """From here on documents are compiled beside this process."""
    global _pool
    _pool = ProcessPoolExecutor(
        1, mp_context=multiprocessing.get_context("spawn"), initializer=_live_as_long_as_the_server
    )


def stop() -> None:
    global _pool
    if _pool is not None:
        _pool.shutdown(wait=False, cancel_futures=True)
    _pool = None


def finish(
    digest: Digest, *, record: bool = True, report: bool = False, stationery: bytes | None = None
) -> Finished:
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
            with turns.aside():
                return pool.submit(work).result()
        except (BrokenProcessPool, OSError):
            # killed for its memory, or never allowed to start
            log.warning("The second process has ended: documents are compiled in this one.")
            _pool = None
    return otherwise()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A snapshot of a day, packed, and the document that was made of it."""

    seq: int
    taken_at: datetime
    packed: bytes
    finished: Finished


def print_event(
    event_id: str,
    *,
    record: bool,
    stationery: bytes | None,
    now: datetime,
    signs: Mapping[presence.Key, presence.Sign],
) -> Taken:
    """The restitution of a day as it is stored now, read and made beside this process.

    `now` and `signs` are what only this process knows. Raises Hopeless.
    """
    asked = (event_id, record, stationery, now, signs)
    address = db.engine.url.render_as_string(hide_password=False)
    return _beside(partial(_print_there, address, *asked), otherwise=partial(_print, db.engine, *asked))


def unpacked(packed: bytes) -> Digest:
    digest: Digest = pickle.loads(packed)  # noqa: S301  ours, from our own process
    return digest


def _print_there(address: str, *asked: Any) -> Taken:
    return _print(_engine(address), *asked)


@lru_cache(maxsize=1)
def _engine(address: str) -> Engine:
    """The second process's own way to the store: it only reads."""
    engine = create_engine(address)
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    return engine


def _print(
    engine: Engine,
    event_id: str,
    record: bool,
    stationery: bytes | None,
    now: datetime,
    signs: Mapping[presence.Key, presence.Sign],
) -> Taken:
    with Session(engine) as session:
        snapshot = take(session, session.get_one(Event, event_id), now=now, signs=signs)
    finished = _finish(snapshot, record, False, stationery)
    return Taken(
        seq=snapshot.seq, taken_at=snapshot.taken_at, packed=pickle.dumps(snapshot), finished=finished
    )


def _finish(digest: Digest, record: bool, report: bool, stationery: bytes | None) -> Finished:
    paper = open_stationery(stationery) if stationery is not None else None
    if report:
        return finish_report(digest, stationery=paper)
    return finish_restitution(digest, record=record, stationery=paper)


def _live_as_long_as_the_server() -> None:
    """In the second process: Ctrl+C is the server's, and nobody survives its SIGKILL.

    It says nothing, and gives way: a note that somebody types comes before a document.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)  # what is wrong with a document comes back as its warnings
    if hasattr(os, "nice"):
        os.nice(10)
    server = multiprocessing.parent_process()
    if server is not None:
        threading.Thread(target=_end_with, args=(server.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(0)
