"""The page where a corrected report comes back from Word, and what is decided about each change."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField

from contrib.access import roles
from contrib.access.roles import ORGANISER, Target
from contrib.forms import OperationForm, Word
from contrib.publication import returns
from contrib.publication.operations import receive_report, settle_changes
from contrib.publication.returns import Returned
from contrib.store.log import Refused
from contrib.store.models import Event
from contrib.store.report_models import ReturnedFile
from contrib.web.actions import Page
from contrib.web.pages import rendered
from exports.documents.report_content import Content, content_of
from exports.documents.report_reading import KINDS, Change
from exports.formatted import Picture
from exports.system import reason

bp = Blueprint("returns", __name__, url_prefix="/<event_name>/organisation/rapport/retours")


class ChoiceForm(OperationForm):
    changes = Word()
    """Ids, separated by spaces: one change, or all of a chapter."""
    accepted = BooleanField(false_values=("0", ""))


class PlaceForm(OperationForm):
    passage = Word()
    """Its id in the file."""
    chapter = Word()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnsPage:
    event: Event
    files: list[ReturnedFile]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPage:
    event: Event
    returned: Returned
    groups: list[tuple[str, list[tuple[Change, list[tuple[str, str]]]]]]
    """By place in the report, its changes with their words marked."""
    kinds: dict[str, str]
    chapters: list[tuple[str, str]]
    """Key and title of each."""
    sentence: str


@bp.get("")
@roles.only(ORGANISER)
def file_list(target: Target) -> str:
    return _list(target.event)


@bp.post("")
@roles.only(ORGANISER, receive_report)
def files(target: Target) -> Page:
    """A corrected file is sent: compared, kept, and shown with what changed."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _list(target.event, sentence="Choisissez d’abord le rapport corrigé (.docx)."), 422
    name = file.filename.replace("\\", "/").rsplit("/", 1)[-1]
    try:
        key = returns.receive(target.event, name, file.stream.read(), roles.author())
    except Refused as refusal:
        return _list(target.event, sentence=str(refusal)), refusal.status
    except OSError as error:
        return _list(target.event, sentence=f"Le fichier n’a pas pu être gardé : {reason(error)}."), 500
    return redirect(url_for("returns.file", event_name=target.event.name, key=key), 303)


@bp.get("/<key>")
@roles.only(ORGANISER)
def file(target: Target, key: str) -> str:
    return _page(target.event, key)


@bp.post("/<key>/choix")
@roles.only(ORGANISER, settle_changes)
def choices(target: Target, key: str) -> Page:
    form = ChoiceForm()
    if not form.validate():
        raise Refused(form.sentence())
    returned = returns.find(target.event, key)
    ids = (form.changes.data or "").split()
    try:
        returns.settle(target.event, returned, ids, bool(form.accepted.data), roles.author())
    except Refused as refusal:
        return _page(target.event, key, sentence=str(refusal)), refusal.status
    flash(
        "C’est accepté : le texte du rapport a changé."
        if form.accepted.data
        else "C’est refusé : le texte reste."
    )
    return _back(target, key, ids)


@bp.post("/<key>/placements")
@roles.only(ORGANISER, settle_changes)
def placements(target: Target, key: str) -> Page:
    """« Le mettre ici » : what the file has and we could not place, into a chapter that somebody names."""
    form = PlaceForm()
    if not form.validate():
        raise Refused(form.sentence())
    returned = returns.find(target.event, key)
    try:
        returns.place(
            target.event, returned, form.passage.data or "", form.chapter.data or "", roles.author()
        )
    except Refused as refusal:
        return _page(target.event, key, sentence=str(refusal)), refusal.status
    flash("C’est à la fin de ce chapitre : déplacez-le dans le texte s’il le faut.")
    return redirect(url_for("returns.file", event_name=target.event.name, key=key, _anchor="t-unplaced"), 303)


def _back(target: Target, key: str, ids: list[str]) -> Response:
    anchor = f"c-{ids[0]}" if ids else None
    return redirect(url_for("returns.file", event_name=target.event.name, key=key, _anchor=anchor), 303)


def _list(event: Event, *, sentence: str = "") -> str:
    page = ReturnsPage(event=event, files=returns.of(event), sentence=sentence)
    return rendered("publication/returns.html", page)


def _page(event: Event, key: str, *, sentence: str = "") -> str:
    returned = returns.find(event, key)
    groups: dict[str, list[tuple[Change, list[tuple[str, str]]]]] = {}
    sent = content_of(returned.sent)
    places = {key: place for place, key in enumerate(_keys(sent))}
    for one in sorted(returned.reading.changes, key=lambda one: places.get(one.key, 0)):
        groups.setdefault(one.where, []).append((one, returns.marked(one.old, one.new)))
    page = ReturnPage(
        event=event,
        returned=returned,
        groups=list(groups.items()),
        kinds=KINDS,
        chapters=[(one.chapter.key, one.chapter.title) for one in sent.passages],
        sentence=sentence,
    )
    return rendered("publication/return.html", page)


def _keys(content: Content) -> Iterator[str]:
    """What changes may be about, in the order of the report."""
    entries = {
        one.passage.chapter.key: [e for g in one.groups for e in g.entries] for one in content.workshops
    }
    entries[content.crossing.chapter.key] = list(content.mergers)
    for passage in content.passages:
        yield f"chapter:{passage.chapter.key}"
        shown = (block.key for version in passage.versions for block in version if isinstance(block, Picture))
        yield from (f"picture:{key}" for key in shown)
        yield from (f"note:{entry.id}" for entry in entries.get(passage.chapter.key, ()))
