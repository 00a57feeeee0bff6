"""The organiser's page for the Word file: send it, see what is said of it, try it, choose it."""

import io
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from contrib import store
from contrib.access import roles
from contrib.db import db
from contrib.errors import Refusal
from contrib.forms import Line, OperationForm
from contrib.models import Event, Installation, Stationery
from contrib.publish import press
from contrib.publish.views import WORD
from contrib.stationery import shelf
from exports.container import Unfit
from exports.stationery.prepare import Prepared, prepare
from exports.system import reason

bp = Blueprint("stationery", __name__, url_prefix="/<event_name>/organisation/modele")
MOST_SHOWN = 5


class ChoiceForm(OperationForm):
    stationery = Line()


@bp.get("")
@roles.organiser_only
def shown(event: Event) -> str:
    return _page(event)


@bp.post("")
@roles.organiser_only
def candidates(event: Event) -> Response | tuple[str, int]:
    """A file is sent: checked, kept, and shown with what was noticed."""
    form, file = OperationForm(), request.files.get("file")
    if not form.validate() or file is None or not file.filename:
        return _page(event, sentence="Choisissez d’abord un fichier Word (.docx ou .dotx)."), 422
    content = file.stream.read()
    name = file.filename.replace("\\", "/").rsplit("/", 1)[-1][:120]
    try:
        prepare(content)
        key = shelf.keep(content)
    except Unfit as error:
        return _page(event, sentence=str(error), refused=name), 422
    except OSError as error:
        return _page(event, sentence=f"Le fichier n’a pas pu être gardé : {reason(error)}."), 500
    event_name = event.name
    store.write(
        "add_stationery",
        roles.author(),
        {"stationery": key, "name": name},
        event=event.id,
        id=form.operation.data or None,
    )
    return redirect(url_for("stationery.candidate", event_name=event_name, key=key), 303)


@bp.get("/<key>")
@roles.organiser_only
def candidate(event: Event, key: str) -> str:
    """What was noticed about one file, its trial document, and the choice."""
    return render_template(
        "stationery/candidate.html",
        event=event,
        stationery=_find(key),
        prepared=_prepared(key),
        in_force=db.session.get_one(Installation, 1).stationery_id == key,
        operation=store.new_id(),
    )


@bp.get("/<key>/essai.docx")
@roles.organiser_only
def trial(event: Event, key: str) -> Response:
    _find(key)
    content = io.BytesIO(_prepared(key).trial)
    return send_file(content, mimetype=WORD, as_attachment=True, download_name="essai-du-modele.docx")


@bp.post("/choice")
@roles.organiser_only
def choice(event: Event) -> Response | tuple[str, int]:
    form = ChoiceForm()
    key, event_name = form.stationery.data or "", event.name
    try:
        store.write(
            "choose_stationery",
            roles.author(),
            {"stationery": key},
            event=event.id,
            id=form.operation.data or None,
        )
    except store.Refused as refusal:
        return _page(event, sentence=str(refusal)), 409
    flash(
        "Le modèle est en service : le prochain document est fait avec lui."
        if key
        else "Le modèle d’origine est de nouveau en service."
    )
    return redirect(url_for("stationery.shown", event_name=event_name), 303)


def _page(event: Event, **extra: Any) -> str:
    newest = select(Stationery).order_by(Stationery.added_at.desc()).limit(MOST_SHOWN)
    installation = db.session.get_one(Installation, 1)
    return render_template(
        "stationery/shown.html",
        event=event,
        known=db.session.scalars(newest).all(),
        chosen=installation.stationery_id or "",
        problem=press.stationery_problem(event),
        warnings=press.warnings(event),
        sentence=extra.get("sentence", ""),
        refused=extra.get("refused", ""),
        operation=store.new_id(),
    )


def _find(key: str) -> Stationery:
    found = db.session.get(Stationery, key)
    if found is None:
        raise Refusal("Ce modèle Word n’est pas connu ici : envoyez-le d’abord.", 404)
    return found


def _prepared(key: str) -> Prepared:
    try:
        return prepare(shelf.read(key))
    except OSError as error:
        raise Refusal(
            "Le fichier de ce modèle n’est plus dans le dossier des données : envoyez-le à nouveau.", 404
        ) from error
    except Unfit as error:
        raise Refusal(str(error), 422) from error
