"""The desk: how each workshop is, how far the day is, what is to be done, where to go next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contrib import clock
from contrib.desk import todo
from contrib.desk.todo import Task
from contrib.documents import editions, latest_document
from contrib.notices import offers, queries
from contrib.notices.queries import Sending
from contrib.plenary import rooms
from contrib.plenary.dashboard import problems
from contrib.plenary.rooms import Day, Room, State
from contrib.store.db import db
from contrib.store.models import Event
from contrib.synthesis import queries as synthesis
from contrib.web.actions import Tried
from contrib.web.pages import said
from exports.text import counted

REGIONS = ("counts", "clock", "dayline", "problems", "rooms", "offers", "sent", "todo", "doors")
"""The parts of the page that follow, by the name of their template."""


MOST_BESIDE = 85
"""Percent of the line: further on, the words of the restitution end where the last hour would."""
FREE_BEFORE = 75
"""Percent of the line: further on, the words of the end of the workshops would stand in those."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A moment on the line of the day."""

    at: float
    """Percent of the line."""
    hour: str
    words: str
    anchor: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dayline:
    gone: int
    """Percent of the line."""
    cuts: tuple[float, ...]
    marks: tuple[Mark, ...]
    told: str
    """The same in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A page that comes next; the full one is the next of all."""

    endpoint: str
    title: str
    text: str
    next: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    event: Event
    rooms: Sequence[Room]
    """The most urgent first."""
    notes: int
    held: int
    ready: int
    dayline: Dayline | None
    problems: Sequence[str]
    tasks: Sequence[Task]
    doors: Sequence[Door]
    sent: Sequence[Sending]
    """The last words to the workshops."""
    offers: Sequence[str]
    timed: Sequence[tuple[int, str, str, bool]]
    """Words that may go by themselves: minutes before the end, hour, text, whether they do."""
    tried: Tried | None


def page(event: Event, tried: Tried | None = None) -> DeskPage:
    found = rooms.of_event(event)
    day = Day(event=event, now=clock.now())
    ready = sum(bool(room.summary.ready) for room in found)
    return DeskPage(
        event=event,
        rooms=rooms.by_urgency(found),
        notes=sum(room.summary.notes for room in found),
        held=sum(room.held for room in found),
        ready=ready,
        dayline=_dayline(day),
        problems=problems(event),
        tasks=todo.tasks(event, found),
        doors=_doors(day, found),
        sent=queries.sent(db.session(), event),
        offers=offers.offered(event),
        timed=_timed(day),
        tried=tried,
    )


def _timed(day: Day) -> list[tuple[int, str, str, bool]]:
    end, wanted = offers.end_of(day.event), offers.wanted(day.event)
    if end is None:
        return []
    return [
        (
            minutes,
            _hour(day, end - timedelta(minutes=minutes)),
            offers.told(day.event, minutes),
            minutes in wanted,
        )
        for minutes in offers.TIMES
    ]


def _dayline(day: Day) -> Dayline | None:
    """None on another day than today, and where the programme does not say when the workshops begin."""
    event, start = day.event, day.start
    if start is None or not day.is_today:
        return None
    last = day.at(event.ends_at) or day.plenary
    whole = max((last - start).total_seconds(), 1)

    def part(moment: datetime) -> float:
        return round(min(max((moment - start).total_seconds() / whole, 0), 1) * 100, 1)

    at_plenary = part(day.plenary)
    crowded = at_plenary > MOST_BESIDE
    marks = [
        Mark(at=0, hour=_hour(day, start), words="début", anchor="start", kind="quiet"),
        Mark(
            at=min(part(day.end), FREE_BEFORE) if crowded else part(day.end),
            hour=_hour(day, day.end),
            words="fin",
            anchor="end",
            kind="due",
        ),
        Mark(
            at=100 if crowded else at_plenary,
            hour=_hour(day, day.plenary),
            words="restitution",
            anchor="end" if crowded else "start",
            kind="due",
        ),
    ]
    if not crowded:
        marks.append(Mark(at=100, hour=_hour(day, last), words="", anchor="end", kind="quiet"))
    now = _hour(day, day.now)
    told = f"{now} : les ateliers finissent à {_hour(day, day.end)}, restitution à {_hour(day, day.plenary)}"
    cuts = tuple(at for at in (part(day.end), at_plenary) if 0 < at < 100)
    return Dayline(gone=round(part(day.now)), cuts=cuts, marks=tuple(marks), told=told)


def _hour(day: Day, moment: datetime) -> str:
    return clock.french_hour(clock.local(moment, day.event.timezone))


def _doors(day: Day, found: Sequence[Room]) -> list[Door]:
    event = day.event
    frozen = next(iter(editions.of(event)), None)
    waited = sum(room.state is not State.READY for room in found)
    document = latest_document.last_good(event.id)
    noted = sum(room.summary.notes for room in found)
    unread = synthesis.unread(db.session(), event)
    read = counted(unread, "note à lire", "notes à lire") if unread else "Toutes les notes sont lues"
    next_one = "plenary.restitution" if day.now >= day.end or not unread else "synthesis.synthesis"
    if not noted and not any(room.news for room in found):
        next_one = "desk.programme"
    printed = "Le document se prépare" if noted else "Aucune note à imprimer"
    if document:
        printed = f"Le document suit les notes, état {clock.when(said(event, document.taken_at))}"
    version = f"La version n° {frozen.number} est figée." if frozen else "Aucune pour l’instant."
    if waited:
        one, many = "atelier n’est pas prêt", "ateliers ne sont pas prêts"
        version = f"{version} {counted(waited, one, many)}."
    texts = (
        ("desk.programme", "Préparer", f"{counted(len(found), 'atelier', 'ateliers')}, codes et fiches"),
        ("synthesis.synthesis", "Synthèse", read if noted else "Aucune note pour l’instant"),
        ("plenary.restitution", "Restitution", printed),
        ("publication.versions", "Figer une version", version),
    )
    return [
        Door(endpoint=endpoint, title=title, text=text, next=endpoint == next_one)
        for endpoint, title, text in texts
    ]
