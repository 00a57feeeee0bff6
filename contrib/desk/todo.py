"""What is left to do, computed: before the day, in the afternoon, after it. It empties itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import session
from sqlalchemy import func, select

from contrib import clock
from contrib.access import public_address
from contrib.backup import schedule
from contrib.documents import editions
from contrib.documents.operations import choose_stationery
from contrib.plenary.rooms import Day, Room, State, by_urgency
from contrib.programme import cache, hours
from contrib.store.db import db
from contrib.store.log import Kind, verbs_of
from contrib.store.models import Edition, Event, Operation
from contrib.synthesis import likeness, queries
from contrib.web.pages import said
from exports.digest import french_date
from exports.text import counted

NOW, SOON, LATER = "no", "wait", "todo"
"""How a task is marked: at once, soon, in its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    grade: str
    title: str
    text: str = ""
    endpoint: str = ""
    """Where it is done; empty where that is not a page."""
    link: str = ""
    workshop: str | None = None
    """The name of the workshop that the page is about."""
    only: str | None = None
    """Which notes of the synthesis page."""


def tasks(event: Event, rooms: Sequence[Room]) -> list[Task]:
    """In the order in which they are to be done."""
    day = Day(event=event, now=clock.now())
    nothing_noted = not any(room.summary.notes for room in rooms)
    if not day.has_begun or (nothing_noted and not day.is_today):
        return list(_before(day, rooms))
    found = [*_with_rooms(by_urgency(rooms)), *(_to_look_at(event) if day.is_today else ())]
    return found + list(_after(day) if day.now >= day.plenary else _soon(day))


# --- before the day ------------------------------------------------------------------------------------


def _before(day: Day, rooms: Sequence[Room]) -> Iterator[Task]:
    event = day.event
    if clock.local(day.now, event.timezone).date() > event.date:
        yield Task(
            grade=NOW, title="Corriger la date :", text=f"le {french_date(event.date)} est passé.",
            endpoint="desk.programme", link="Programme",
        )  # fmt: skip
    wrong = hours.problem({column: getattr(event, column) for column, _ in hours.NAMES})
    if wrong:
        yield Task(grade=NOW, title="Corriger les heures.", text=wrong, endpoint="desk.programme", link="Programme")  # fmt: skip
    if event.workshops_start is None or event.workshops_end is None:
        yield Task(
            grade=SOON, title="Dire quand les ateliers commencent et finissent :",
            text="leurs pages comptent les minutes.", endpoint="desk.programme", link="Programme",
        )  # fmt: skip
    yield from _speaking_time(day, rooms)
    if not rooms:
        yield Task(grade=NOW, title="Ajouter un atelier.", endpoint="desk.programme", link="Programme")
    for column, title in (("room", "Donner une salle à"), ("speaker", "Trouver qui parle pour")):
        without = [room.workshop for room in rooms if not getattr(room.workshop, column)]
        if without:
            yield Task(
                grade=SOON, title=f"{title} {_named([one.title for one in without])}.",
                endpoint="desk.workshop", link="Programme", workshop=without[0].name,
            )  # fmt: skip
    yield from _machine(rooms)
    if not event.rehearsal_of and not any(one.rehearsal_of == event.id for one in cache.current().events):
        yield Task(
            grade=LATER, title="Répéter la journée :", text="trente minutes, des notes fictives, rien qui reste.",
            endpoint="desk.settings", link="Réglages",
        )  # fmt: skip


def _speaking_time(day: Day, rooms: Sequence[Room]) -> Iterator[Task]:
    last = day.at(day.event.ends_at)
    needed = sum(room.workshop.minutes for room in rooms)
    if last is None or last <= day.plenary:
        return
    there = int((last - day.plenary).total_seconds() // 60)
    if needed > there:
        yield Task(
            grade=SOON, title="Revoir les temps de parole :",
            text=f"les ateliers parlent {counted(needed, 'minute', 'minutes')}, la restitution en dure {there}.",
            endpoint="desk.programme", link="Programme",
        )  # fmt: skip


def _machine(rooms: Sequence[Room]) -> Iterator[Task]:
    """Another device, copies, letterhead."""
    if not public_address.arrivals() and not any(room.news for room in rooms):
        yield Task(
            grade=SOON, title="Essayer depuis un autre appareil :", text="aucun n’est encore arrivé.",
            endpoint="desk.address", link="Adresse et essai",
        )  # fmt: skip
    if not schedule.is_elsewhere():
        yield Task(
            grade=SOON, title="Mettre les copies sur une clé USB :",
            text="elles sont sur le disque du serveur.", endpoint="backup.shown_now", link="Copies",
        )  # fmt: skip
    installation = cache.current().installation
    if not (installation and installation.stationery_id) and not _stationery_was_chosen():
        yield Task(
            grade=LATER, title="Choisir l’en-tête du document :",
            text="celui de votre organisme, ou celui d’origine.",
            endpoint="documents.shown_now", link="Modèle Word",
        )  # fmt: skip


def _stationery_was_chosen() -> bool:
    """Whether somebody ever chose one, the built-in one included."""
    return bool(db.session.scalar(select(Operation.seq).where(Operation.verb == choose_stationery.name).limit(1)))  # fmt: skip


def _named(titles: Sequence[str]) -> str:
    """« L’émergence et Le numérique »; how many where there are more than three."""
    if len(titles) > 3:
        return counted(len(titles), "atelier", "ateliers")
    return " et ".join(part for part in (", ".join(titles[:-1]), titles[-1]) if part)


# --- in the afternoon, and after it ----------------------------------------------------------------------


def _with_rooms(rooms: Sequence[Room]) -> Iterator[Task]:
    for room in rooms:
        workshop, why = room.workshop, f"{' ; '.join(room.reasons)}."
        if room.state is State.SILENT:
            where = f", {workshop.room}" if workshop.room else ""
            yield Task(
                grade=NOW, title=f"Aller voir {workshop.title}{where}.",
                text=f"{why[:1].upper()}{why[1:]}",
                endpoint="intake.saved_files" if room.held else "", link="Reprendre un fichier sauvé",
            )  # fmt: skip
        elif room.state is State.LATE:
            yield Task(
                grade=SOON, title=f"Relancer {workshop.title} :", text=why,
                endpoint="capture.workshop", link="Ouvrir ses notes", workshop=workshop.name,
            )  # fmt: skip


def _to_look_at(event: Event) -> Iterator[Task]:
    unread = queries.unread(db.session(), event)
    if unread:
        yield Task(
            grade=LATER, title="Lire les notes :",
            text=f"{counted(unread, 'note n’a été lue', 'notes n’ont été lues')} par personne à ce bureau.",
            endpoint="synthesis.synthesis", link="Synthèse", only="a-lire",
        )  # fmt: skip
    waiting = likeness.waiting(db.session(), event)
    if waiting and waiting.alone:
        yield Task(
            grade=LATER, title="Ne pas perdre les voix seules :",
            text=f"{counted(waiting.alone, 'note ne ressemble', 'notes ne ressemblent')} à aucune autre.",
            endpoint="synthesis.synthesis", link="Les lire", only="seules",
        )  # fmt: skip
    if waiting and waiting.pairs:
        yield Task(
            grade=LATER, title="Regarder les paires :",
            text=f"{counted(waiting.pairs, 'paire attend', 'paires attendent')} un oui ou un non.",
            endpoint="synthesis.pairs", link="Paires",
        )  # fmt: skip


def _soon(day: Day) -> Iterator[Task]:
    if day.is_today and not editions.of(day.event):
        hour = clock.french_hour(day.event.plenary_at)
        yield Task(
            grade=LATER, title="Figer la restitution", text=f"à {hour}, après « c’est prêt ».",
            endpoint="publication.versions", link="Versions",
        )  # fmt: skip


def _after(day: Day) -> Iterator[Task]:
    last = next(iter(editions.of(day.event)), None)
    if last is None:
        yield Task(
            grade=SOON, title="Figer la restitution :", text="aucune version ne l’est encore.",
            endpoint="publication.versions", link="Versions",
        )  # fmt: skip
    elif _changed_since(day.event, last):
        yield Task(
            grade=LATER, title=f"Figer une version n° {last.number + 1} :",
            text=f"des notes ont changé depuis celle {_of_hour(said(day.event, last.frozen_at))}.",
            endpoint="publication.versions", link="Versions",
        )  # fmt: skip
    if session.get("taken_away") != day.event.id:
        yield Task(
            grade=LATER, title="Emporter la journée :", text="documents, notes et copie en un fichier.",
            endpoint="publication.versions", link="Versions",
        )  # fmt: skip


def _changed_since(event: Event, last: Edition) -> bool:
    frozen_at = select(Operation.seq).where(Operation.id == last.id).scalar_subquery()
    kinds = verbs_of(Kind.NOTE, Kind.TEXT, Kind.CHOICE, Kind.ORDER)
    after = Operation.event_id == event.id, Operation.seq > frozen_at, Operation.verb.in_(kinds)
    return bool(db.session.scalar(select(func.count()).where(*after)))


def _of_hour(moment: str) -> str:
    """« de 16 h 30 », « du 2 octobre à 9 h 05 »."""
    return f"du {moment[3:]}" if moment.startswith("le ") else f"de {moment}"
