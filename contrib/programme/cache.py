"""The programme in memory: every request reads it, and few ever change it.

The log says when it is stale: rows change only with an operation (law 8), so the number of
the last one is a version. Objects are detached: they can be read by any thread, and changed
by none. It pays: a feed is seven times faster.
"""

import threading
from dataclasses import dataclass, replace
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, selectinload

from contrib import clock
from contrib.store.db import Version, db, version
from contrib.store.log import VERBS, Kind, last_of_all, verbs_of
from contrib.store.models import EndedSession, Event, Installation, Operation, Workshop

Position = tuple[int, str]
"""The number of an operation, and its id: the same number with another id is another history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedProgramme:
    """How things stand after operation `seq`."""

    seq: int
    programme_seq: int
    """The last operation that changed the programme or a person: a version of what pages show of them."""
    positions: dict[str, Position]
    """By workshop id its last operation; by event id the last one that is no workshop's."""
    events: tuple[Event, ...] = ()
    installation: Installation | None = None
    ended: frozenset[str] = frozenset()
    """The sessions that were left."""

    @property
    def event(self) -> Event | None:
        """The day that is not archived; of several a rehearsal, else today's, else the newest."""
        open_days = [event for event in self.events if event.archived_at is None]
        now = clock.now()

        def rank(event: Event) -> tuple[bool, bool, datetime]:
            is_today = clock.local(now, event.timezone).date() == event.date
            return bool(event.rehearsal_of), is_today, event.created_at

        return max(open_days, key=rank, default=None)

    def named(self, name: str) -> Event | None:
        return next((event for event in self.events if event.name == name), None)

    def rehearsal_of(self, day: Event) -> Event | None:
        """The rehearsal that is open beside a day."""
        return next((one for one in self.events if one.rehearsal_of == day.id and not one.archived_at), None)

    def now(self, workshop: Workshop) -> Workshop:
        """A workshop as it is here: it may have been read before the write that is being answered."""
        every = (one for event in self.events for one in event.workshops)
        return next((one for one in every if one.id == workshop.id), workshop)

    def after_rehearsal(self, workshop: Workshop) -> Workshop | None:
        """The day's own, where a workshop is that of a rehearsal that was put away."""
        if not workshop.event.rehearsal_of or not workshop.event.archived_at:
            return None
        of_days = (
            one for event in self.events if event.id == workshop.event.rehearsal_of for one in event.workshops
        )
        return next((one for one in of_days if one.name == workshop.name), None)

    def position(self, workshop: Workshop) -> Position:
        """The last operation that a workshop's page depends on: its own, or the day's."""
        nothing = (0, "")
        return max(self.positions.get(workshop.id, nothing), self.positions.get(workshop.event_id, nothing))


_CACHED: WeakKeyDictionary[Engine, CachedProgramme] = WeakKeyDictionary()
_AS_OF: WeakKeyDictionary[Engine, tuple[Version, CachedProgramme]] = WeakKeyDictionary()
"""What was read last, and the version of the store just before."""
_LOCK = threading.Lock()
_TRIES = 5
_MANY = 1_000
"""More new operations than this are counted by the database, not read one by one."""


def current() -> CachedProgramme:
    """The programme as the request's own transaction sees it, or as it is before one has begun."""
    session = db.session()
    if not session.in_transaction():
        return _before_reading(session)
    transaction, seen = session.info.get("programme", (None, None))
    if transaction is not session.get_transaction():
        seen = _follow(session)
        session.info["programme"] = (session.get_transaction(), seen)
    found: CachedProgramme = seen
    return found


def _before_reading(session: Session) -> CachedProgramme:
    """The programme, without a look at the database where nothing was committed since the last one."""
    now = version(db.engine)
    if now is not None:
        known_at, known = _AS_OF.get(db.engine, (None, None))
        if known is not None and known_at == now:
            return known
    seen = _follow(session)
    session.info["programme"] = (session.get_transaction(), seen)
    if now is not None:
        _AS_OF[db.engine] = now, seen
    return seen


def _follow(session: Session) -> CachedProgramme:
    """The programme at the session's snapshot, never ahead of it: a feed must not skip a note."""
    for _ in range(_TRIES):
        last = last_of_all(session)
        with _LOCK:
            known = _CACHED.get(db.engine)
            if known is not None and known.seq <= last:
                if known.seq < last:
                    many = last - known.seq > _MANY
                    known = _whole(session, last) if many else _later(session, known, last)
                    _CACHED[db.engine] = known
                return known
            if known is None:
                break
        session.rollback()  # somebody else was quicker: look again, and see what they have seen
    with _LOCK:  # the first time, or a backup was put back
        known = _CACHED[db.engine] = _whole(session, last_of_all(session))
    return known


def _whole(session: Session, last: int) -> CachedProgramme:
    ends = select(func.max(Operation.seq)).group_by(Operation.event_id, Operation.workshop_id)
    rows = session.execute(
        select(Operation.seq, Operation.id, Operation.event_id, Operation.workshop_id).where(
            Operation.seq.in_(ends)
        )
    )
    positions = {workshop or event: (seq, id) for seq, id, event, workshop in rows}
    return _read(CachedProgramme(seq=last, programme_seq=last, positions=positions))


def _later(session: Session, before: CachedProgramme, last: int) -> CachedProgramme:
    positions = dict(before.positions)
    programme_seq = before.programme_seq
    harmless = VERBS.keys() - verbs_of(Kind.PROGRAMME, Kind.INSTALLATION, Kind.PEOPLE)
    columns = (Operation.seq, Operation.id, Operation.event_id, Operation.workshop_id, Operation.verb)
    rows = session.execute(select(*columns).where(Operation.seq > before.seq).order_by(Operation.seq))
    for seq, id, event, workshop, verb in rows:
        positions[workshop or event] = (seq, id)
        if verb not in harmless:
            programme_seq = seq
    later = replace(before, seq=last, programme_seq=programme_seq, positions=positions)
    return later if programme_seq == before.programme_seq else _read(later)


def _read(cached: CachedProgramme) -> CachedProgramme:
    """The same with its programme, read whole and detached."""
    whole = selectinload(Event.workshops).selectinload(Workshop.rubrics)
    with Session(db.engine) as session:
        events = tuple(session.scalars(select(Event).options(whole).order_by(Event.created_at)))
        for event in events:
            for workshop in event.workshops:
                assert workshop.event is event  # loaded now: nothing can be fetched later
                assert all(rubric.workshop is workshop for rubric in workshop.rubrics)
        installation = session.get(Installation, 1)
        ended = frozenset(session.scalars(select(EndedSession.id)))
        session.expunge_all()
    return replace(cached, events=events, installation=installation, ended=ended)
