"""The organiser's days: all of them, and a new one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time

from flask import Blueprint, flash, redirect, request, url_for
from sqlalchemy import ColumnExpressionArgument, func, select
from sqlalchemy.orm import InstrumentedAttribute
from werkzeug.wrappers import Response

from contrib import clock
from contrib.access import roles
from contrib.access.roles import ORGANISER
from contrib.desk.forms import NewDayForm
from contrib.programme import cache, hours, toml_file
from contrib.programme.operations import copy_of, from_text, name_of, set_up
from contrib.programme.toml_file import BrokenProgramme
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Refused, Values
from contrib.store.models import Event, Note
from contrib.store.report_models import ReportEdition
from contrib.web.pages import rendered
from exports.text import counted

bp = Blueprint("days", __name__, url_prefix="/journees")
FILE, NOTHING = "fichier", "vide"
"""What a new day may start from, beside the name of another day."""
MOST_MODELS = 4
SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip


@bp.get("")
@roles.only(ORGANISER)
def day_list() -> str:
    """Today's day first, then those that come, those that were, and what was put away."""
    return rendered("desk/days.html", DaysPage(rows=list(_rows())))


@bp.get("/nouvelle")
@roles.only(ORGANISER)
def new_day() -> str:
    return _new(NewDayForm(formdata=None))


@bp.post("")
@roles.only(ORGANISER, set_up)
def creation() -> Response | tuple[str, int]:
    form = NewDayForm()
    try:
        if not form.validate():
            raise Refused(form.sentence())
        values = _wanted(form)
    except Refused as refusal:
        return _new(form, str(refusal)), refusal.status
    name = values["event"]["name"]
    log.write(set_up, roles.author(), values, event=log.new_id(), id=form.operation.data or None)
    flash("La journée est créée. Tout se change ici à tout moment, même le jour même.")
    return redirect(url_for("desk.programme", event_name=name), 303)


# --- a new one ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDayPage:
    form: NewDayForm
    models: Sequence[Event]
    sentence: str


def _new(form: NewDayForm, sentence: str = "") -> str:
    return rendered("desk/new_day.html", NewDayPage(form=form, models=_models(), sentence=sentence))


def _models() -> list[Event]:
    """The newest days that another may be like."""
    days = [event for event in cache.current().events if not event.archived_at and not event.rehearsal_of]
    return sorted(days, key=lambda event: event.created_at, reverse=True)[:MOST_MODELS]


def _wanted(form: NewDayForm) -> Values:
    """The payload of the new day: what it starts from, under what was typed. Raises Refused."""
    values = _base(form.base.data or "")
    event = values["event"]
    for column in ("title", "date", "place", "workshops_start", "workshops_end", "plenary_at"):
        typed = form[column].data
        if typed:
            event[column] = typed.isoformat() if isinstance(typed, date | time) else typed
    for column, sentence in (("title", "un titre"), ("date", "une date")):
        if not event.get(column):
            raise Refused(f"La journée a besoin d’{sentence}.")
    event.setdefault("plenary_at", time(16, 30).isoformat())
    problem = hours.problem({column: from_text(column, event.get(column)) for column, _ in hours.NAMES})
    if problem:
        raise Refused(problem)
    taken = [one.name for one in cache.current().events]
    event["name"] = name_of(event["title"], from_text("date", event["date"]), taken)
    event["scope"] = event["name"]
    return values


def _base(chosen: str) -> Values:
    """What the day starts from: a file, nothing, or the workshops of another day."""
    if chosen == FILE:
        file = request.files.get("file")
        if not file or not file.filename:
            raise Refused("Choisissez le fichier du programme (.toml).")
        try:
            return toml_file.as_values(toml_file.read_bytes(file.read(), file.filename))
        except BrokenProgramme as error:
            raise Refused(str(error)) from error
    model = next((event for event in _models() if event.name == chosen), None)
    if model is None:
        return {"event": {"timezone": "Europe/Paris"}, "workshops": []}
    values = copy_of(model)
    kept = {name: values["event"][name] for name in ("organiser", "timezone")}
    alike = [{**row, "room": None, "speaker": None, "generation": 1} for row in values["workshops"]]
    return {"event": kept, "workshops": alike}


# --- all of them ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A day as its line says it, with the one thing to do there."""

    event: Event
    month: str
    """« sept. 2021 »"""
    is_today: bool
    facts: str
    state: tuple[str, str]
    """Grade and words of its badge; both empty where there is nothing to say."""
    endpoint: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysPage:
    rows: list[Row]


def _rows() -> Iterator[Row]:
    notes = _numbers(Note.event_id, Note.kind == "note", Note.live)
    editions = _numbers(ReportEdition.event_id, ReportEdition.published_at.is_not(None))
    for event in sorted(cache.current().events, key=_order):
        endpoint, words = _door(event, editions.get(event.id, 0))
        yield Row(
            event=event,
            month=f"{SHORT_MONTHS[event.date.month - 1]} {event.date.year}",
            is_today=not event.archived_at and _from_today(event) == 0,
            facts=" · ".join(_facts(event, notes.get(event.id, 0))),
            state=_state(event, editions.get(event.id, 0)),
            endpoint=endpoint,
            words=words,
        )


def _numbers(day: InstrumentedAttribute[str], *wanted: ColumnExpressionArgument[bool]) -> dict[str, int]:
    """How many rows there are, by the id of their day."""
    rows = db.session.execute(select(day, func.count()).where(*wanted).group_by(day))
    return {row[0]: row[1] for row in rows}


def _from_today(event: Event) -> int:
    """Days from today to it; negative where it is over."""
    return (event.date - clock.local(clock.now(), event.timezone).date()).days


def _order(event: Event) -> tuple[bool, bool, int]:
    away = _from_today(event)
    return bool(event.archived_at), away < 0, abs(away)


def _facts(event: Event, notes: int) -> Iterator[str]:
    if event.rehearsal_of or event.fictional:
        yield f"{'Répétition' if event.rehearsal_of else 'Démonstration'}, notes fictives"
    if event.place:
        yield event.place
    yield counted(len(event.workshops), "atelier", "ateliers") if event.workshops else "aucun atelier"
    if notes:
        yield counted(notes, "note", "notes")
    if _from_today(event) >= 0:
        yield f"restitution à {clock.french_hour(event.plenary_at)}"


def _state(event: Event, editions: int) -> tuple[str, str]:
    if event.archived_at:
        return "todo", "rangée" if event.rehearsal_of else "archivée"
    if editions:
        return "ok", f"rapport publié, {counted(editions, 'édition', 'éditions')}"
    without = [workshop for workshop in event.workshops if not workshop.question]
    if _from_today(event) >= 0 and without:
        return "wait", f"programme à finir : {counted(len(without), 'atelier', 'ateliers')} sans question"
    return "", ""


def _door(event: Event, editions: int) -> tuple[str, str]:
    if event.archived_at:
        return "desk.workshops", "Revoir"
    if editions:
        return "public.page", "Lire le rapport"
    return ("desk.programme", "Préparer") if _from_today(event) > 0 else ("desk.workshops", "Ouvrir")
