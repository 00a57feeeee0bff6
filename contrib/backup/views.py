"""The organiser's page for copies: where they go, when the last one was made, one now."""

import io
import tempfile
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, send_file, session, url_for
from werkzeug.wrappers import Response

from contrib.access import roles
from contrib.access.roles import ORGANISER, Target
from contrib.backup import archive, schedule
from contrib.backup.archive import CopyFailed
from contrib.backup.operations import choose_copy_folder
from contrib.backup.schedule import Backup
from contrib.backup.takeaway import pack
from contrib.documents import latest_document
from contrib.documents.latest_document import NothingCompiled
from contrib.forms import FolderForm
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Refused
from contrib.store.models import Event, Installation
from contrib.web.actions import Page
from contrib.web.pages import rendered
from exports.documents.rescue import Hopeless

bp = Blueprint("backup", __name__, url_prefix="/<event_name>")


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiesPage:
    event: Event
    last: Backup | None
    problem: str
    there: Path
    elsewhere: bool
    """Whether copies go to a folder that the organiser chose."""
    folder: str
    sentence: str


@bp.get("/organisation/copies")
@roles.only(ORGANISER)
def shown_now(target: Target) -> str:
    return _page(target.event)


@bp.post("/organisation/copies")
@roles.only(ORGANISER)
def copy(target: Target) -> Page:
    """A copy now, into the folder."""
    made = schedule.copy_now()
    if made.problem:
        return _page(target.event), 500
    flash(f"La copie {made.file} est écrite dans {made.folder}.")
    return redirect(url_for("backup.shown_now", event_name=target.event.name), 303)


@bp.get("/organisation/copies/derniere.zip")
@roles.only(ORGANISER)
def download(target: Target) -> Response:
    """A fresh copy, into the organiser's own browser."""
    name = f"copie-{target.event.name}.zip"
    latest = latest_document.last_good(target.event.id)
    with tempfile.TemporaryDirectory(prefix="contrib-") as folder:
        path = Path(folder) / name
        try:
            archive.write(path, db.engine, current_app.config["DATA"], latest.content if latest else None)
        except CopyFailed as error:
            raise Refused(str(error), 500) from error
        content = io.BytesIO(path.read_bytes())
    return send_file(content, mimetype="application/zip", as_attachment=True, download_name=name)


@bp.post("/organisation/copies/dossier")
@roles.only(ORGANISER, choose_copy_folder)
def folder(target: Target) -> Page:
    form = FolderForm()
    chosen = form.folder.data or ""
    problem = "" if form.validate() else form.sentence()
    if chosen and not problem and not latest_document.is_folder(chosen):
        problem = f"Le dossier {chosen} n’existe pas sur l’ordinateur du serveur. La clé est-elle branchée ?"
    if problem:
        return _page(target.event, sentence=problem, folder=chosen), 422
    values = {"folder": str(Path(chosen).resolve()) if chosen else ""}
    operation = form.operation.data or None
    log.write(choose_copy_folder, roles.author(), values, event=target.event.id, id=operation)
    made = schedule.copy_now()
    if not made.problem:
        flash(f"La copie {made.file} y est écrite, et d’autres suivront toutes les trois minutes.")
    return redirect(url_for("backup.shown_now", event_name=target.event.name), 303)


@bp.get("/emporter.zip")
@roles.only(ORGANISER)
def takeaway(target: Target) -> Response:
    """The whole day in one zip."""
    try:
        content = io.BytesIO(pack(target.event))
    except (NothingCompiled, Hopeless, CopyFailed) as error:
        sentence = str(error) or "Les documents ne peuvent pas être compilés pour l’instant."
        raise Refused(f"{sentence} Les notes sont toutes gardées.", 500) from error
    name = f"{target.event.name}.zip"
    session["taken_away"] = target.event.id
    return send_file(content, mimetype="application/zip", as_attachment=True, download_name=name)


def _page(event: Event, *, sentence: str = "", folder: str | None = None) -> str:
    chosen = db.session.get_one(Installation, 1).copy_folder or ""
    page = CopiesPage(
        event=event,
        last=schedule.last_good(),
        problem=schedule.problem(),
        there=schedule.folder(),
        elsewhere=bool(chosen),
        folder=chosen if folder is None else folder,
        sentence=sentence,
    )
    return rendered("backup/shown.html", page)
