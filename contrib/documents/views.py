"""The organiser's page for the Word file: send it, see what is said of it, try it, choose it."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, request, send_file, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from contrib.access import roles
from contrib.access.roles import ORGANISER, Target
from contrib.documents import latest_document, operations, stationery_files
from contrib.forms import Line, OperationForm
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Refused
from contrib.store.models import Event, Installation, Stationery
from contrib.web.actions import Action, Page, Tried, back_to, register
from contrib.web.pages import rendered
from exports.documents.prepare import Prepared, prepare
from exports.ooxml.container import Unfit
from exports.system import reason

bp = Blueprint("documents", __name__, url_prefix="/<event_name>/organisation/modele")

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_SHOWN = 5


class ChoiceForm(OperationForm):
    stationery = Line()


ACTIONS = (
    Action(
        ORGANISER, "choice", "/choice", operations.choose_stationery, ChoiceForm,
        done="Le modèle est en service : le prochain document est fait avec lui.",
    ),
    Action(
        ORGANISER, "built-in", "/origine", operations.choose_stationery, asks=lambda form: {"stationery": ""},
        done="Le modèle d’origine est en service.",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class StationeryPage:
    event: Event
    known: Sequence[Stationery]
    chosen: str
    """The id of the one in force; empty for the built-in one."""
    problem: str
    warnings: tuple[str, ...] | None
    """What inspection says of the last document; None before the first."""
    sentence: str
    refused: str
    """The name of a file that was not taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatePage:
    event: Event
    stationery: Stationery
    prepared: Prepared
    in_force: bool


@bp.get("")
@roles.only(ORGANISER)
def shown_now(target: Target) -> str:
    return _page(target.event)


@bp.post("")
@roles.only(ORGANISER, operations.add_stationery)
def candidates(target: Target) -> Page:
    """A file is sent: checked, kept, and shown with what was noticed."""
    event, form, file = target.event, OperationForm(), request.files.get("file")
    if not form.validate() or file is None or not file.filename:
        return _page(event, sentence="Choisissez d’abord un fichier Word (.docx ou .dotx)."), 422
    content = file.stream.read()
    name = file.filename.replace("\\", "/").rsplit("/", 1)[-1][:120]
    try:
        prepare(content)
        key = stationery_files.keep(content)
    except Unfit as error:
        return _page(event, sentence=str(error), refused=name), 422
    except OSError as error:
        return _page(event, sentence=f"Le fichier n’a pas pu être gardé : {reason(error)}."), 500
    values = {"stationery": key, "name": name}
    operation = form.operation.data or None
    log.write(operations.add_stationery, roles.author(), values, event=event.id, id=operation)
    return redirect(url_for("documents.candidate", event_name=event.name, key=key), 303)


@bp.get("/<key>")
@roles.only(ORGANISER)
def candidate(target: Target, key: str) -> str:
    """What was noticed about one file, its trial document, and the choice."""
    page = CandidatePage(
        event=target.event,
        stationery=_find(key),
        prepared=_prepared(key),
        in_force=db.session.get_one(Installation, 1).stationery_id == key,
    )
    return rendered("documents/candidate.html", page)


@bp.get("/<key>/essai.docx")
@roles.only(ORGANISER)
def trial(target: Target, key: str) -> Response:
    _find(key)
    content = io.BytesIO(_prepared(key).trial)
    return send_file(content, mimetype=WORD, as_attachment=True, download_name="essai-du-modele.docx")


def _again(tried: Tried) -> str:
    return _page(tried.target.event, sentence=tried.sentence)


def _page(event: Event, *, sentence: str = "", refused: str = "") -> str:
    newest = select(Stationery).order_by(Stationery.added_at.desc()).limit(MOST_SHOWN)
    latest = latest_document.last_good(event.id)
    page = StationeryPage(
        event=event,
        known=db.session.scalars(newest).all(),
        chosen=db.session.get_one(Installation, 1).stationery_id or "",
        problem=latest_document.stationery_problem(event),
        warnings=latest.warnings if latest else None,
        sentence=sentence,
        refused=refused,
    )
    return rendered("documents/shown.html", page)


def _find(key: str) -> Stationery:
    found = db.session.get(Stationery, key)
    if found is None:
        raise Refused("Ce modèle Word n’est pas connu ici : envoyez-le d’abord.", 404)
    return found


def _prepared(key: str) -> Prepared:
    try:
        return prepare(stationery_files.read(key))
    except OSError as error:
        raise Refused(
            "Le fichier de ce modèle n’est plus dans le dossier des données : envoyez-le à nouveau.", 404
        ) from error
    except Unfit as error:
        raise Refused(str(error)) from error


register(bp, ACTIONS, again=_again, answer=back_to("documents.shown_now"))
