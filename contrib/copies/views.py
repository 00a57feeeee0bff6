"""The organiser's page for copies: where they go, when the last one was made, one now."""

import io
import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from contrib import store
from contrib.access import roles
from contrib.copies import archive, rounds
from contrib.copies.archive import CopyFailed
from contrib.db import db
from contrib.desk.forms import FolderForm
from contrib.errors import Refusal
from contrib.models import Event, Installation
from contrib.publish import press

bp = Blueprint("copies", __name__, url_prefix="/<event_name>/organisation/copies")


@bp.get("")
@roles.organiser_only
def shown(event: Event) -> str:
    return _page(event)


@bp.post("")
@roles.organiser_only
def copy(event: Event) -> Response | tuple[str, int]:
    """A copy now, into the folder."""
    made = rounds.copy_now()
    if made.problem:
        return _page(event), 500
    flash(f"La copie {made.file} est écrite dans {made.folder}.")
    return redirect(url_for("copies.shown", event_name=event.name), 303)


@bp.get("/derniere.zip")
@roles.organiser_only
def download(event: Event) -> Response:
    """A fresh copy, into the organiser's own browser."""
    name = f"copie-{event.name}.zip"
    with tempfile.TemporaryDirectory(prefix="contrib-") as there:
        path = Path(there) / name
        try:
            archive.write(path, db.engine, current_app.config["DATA"], press.last_good(event.id))
        except CopyFailed as error:
            raise Refusal(str(error), 500) from error
        content = io.BytesIO(path.read_bytes())
    return send_file(content, mimetype="application/zip", as_attachment=True, download_name=name)


@bp.post("/dossier")
@roles.organiser_only
def folder(event: Event) -> Response | tuple[str, int]:
    form = FolderForm()
    chosen, event_name = form.folder.data or "", event.name
    if not form.validate():
        return _page(event, sentence=form.sentence(), folder=chosen), 422
    if chosen and not press.is_folder(chosen):
        sentence = f"Le dossier {chosen} n’existe pas sur l’ordinateur du serveur. La clé est-elle branchée ?"
        return _page(event, sentence=sentence, folder=chosen), 422
    values = {"folder": str(Path(chosen).resolve()) if chosen else ""}
    store.write("choose_copy_folder", roles.author(), values, event=event.id, id=form.operation.data or None)
    made = rounds.copy_now()
    if not made.problem:
        flash(f"La copie {made.file} y est écrite, et d’autres suivront toutes les trois minutes.")
    return redirect(url_for("copies.shown", event_name=event_name), 303)


def _page(event: Event, **extra: Any) -> str:
    chosen = db.session.get_one(Installation, 1).copy_folder or ""
    return render_template(
        "copies/shown.html",
        event=event,
        last=rounds.last_good(),
        problem=rounds.problem(),
        there=rounds.folder(),
        elsewhere=bool(chosen),
        folder=extra.get("folder", chosen),
        sentence=extra.get("sentence", ""),
        operation=store.new_id(),
    )
