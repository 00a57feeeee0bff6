"""A workshop brings a file or a pasted list: read, shown line by line, and taken."""

import io
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from contrib import store
from contrib.access import roles
from contrib.db import db
from contrib.digest import take
from contrib.intake.csv_file import UnreadableFile, import_rows
from contrib.intake.document_file import Line, pasted, read_lines
from contrib.intake.sorting import ASIDE, Candidate, chosen_rows, sort_lines
from contrib.models import Event, Installation, Workshop
from contrib.publish.views import WORD
from contrib.stationery import shelf
from exports.stationery import open_stationery
from exports.text import counted
from exports.trame import compile_trame

bp = Blueprint("file", __name__, url_prefix="/<event_name>/ateliers/<workshop_name>")

Answer = Response | str | tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What was read, before anything is taken."""

    name: str
    candidates: list[Candidate]

    @property
    def notes(self) -> int:
        return sum(one.choice != ASIDE and not one.known for one in self.candidates)

    @property
    def known(self) -> int:
        return sum(one.choice != ASIDE and one.known for one in self.candidates)

    @property
    def aside(self) -> int:
        return sum(one.choice == ASIDE for one in self.candidates)


@bp.get("/importer")
def shown(event_name: str, workshop_name: str) -> Answer:
    return _page(roles.find_workshop(event_name, workshop_name))


@bp.post("/importer")
def preview(event_name: str, workshop_name: str) -> Answer:
    """A file or a pasted list is read; nothing is written yet."""
    here = roles.find_workshop(event_name, workshop_name)
    file, typed = request.files.get("file"), request.form.get("text", "")
    try:
        name, lines = _read(file, typed)
    except UnreadableFile as error:
        return _page(here, sentence=str(error), typed=typed), 422
    candidates = sort_lines(db.session(), here, lines)
    return _page(here, preview=Preview(name=name, candidates=candidates))


@bp.post("/importer/notes")
def taken(event_name: str, workshop_name: str) -> Answer:
    """The lines of the preview, as they were sorted there."""
    here = roles.find_workshop(event_name, workshop_name)
    texts, choices = request.form.getlist("line"), request.form.getlist("choice")
    if len(texts) != len(choices) or not texts:
        return _page(here, sentence="Cette page était incomplète : choisissez le fichier à nouveau."), 422
    rows = chosen_rows(here, zip(texts, choices, strict=True))
    event_id = here.event_id
    added, known = import_rows(event_id, roles.author(), rows, workshop=here.id) if rows else (0, 0)
    sentence = (
        f"{counted(len(texts), 'ligne lue', 'lignes lues')} : {counted(added, 'note ajoutée', 'notes ajoutées')}, "
        f"{counted(len(texts) - len(rows), 'laissée de côté', 'laissées de côté')}"
    )
    flash(f"{sentence}{f', {known} déjà là' if known else ''}.")
    return redirect(url_for("capture.workshop", event_name=event_name, workshop_name=workshop_name), 303)


@bp.get("/trame.docx")
def trame(event_name: str, workshop_name: str) -> Response:
    """The workshop's trame: to print, or to type in when there is no network."""
    here = roles.find_workshop(event_name, workshop_name)
    digest = take(db.session(), db.session.get_one(Event, here.event_id))
    paper = shelf.in_force(db.session.get_one(Installation, 1)).content
    compiled = compile_trame(
        digest, here.name, stationery=open_stationery(paper) if paper is not None else None
    )
    content = io.BytesIO(compiled.content)
    return send_file(content, mimetype=WORD, as_attachment=True, download_name=f"trame-{here.name}.docx")


def _read(file: Any, typed: str) -> tuple[str, list[Line]]:
    """The name of what was brought, and its lines. Raises UnreadableFile."""
    lines = pasted(typed)
    if file is not None and file.filename:
        name = f"{file.filename}, et la liste collée" if lines else file.filename
        return name, [*read_lines(file.filename, file.stream.read()), *lines]
    if not lines:
        raise UnreadableFile("Choisissez un fichier, ou collez une liste.")
    return "Liste collée", lines


def _page(here: Workshop, **extra: Any) -> str:
    return render_template(
        "intake/file.html",
        event=here.event,
        workshop=here,
        preview=extra.get("preview"),
        sentence=extra.get("sentence", ""),
        typed=extra.get("typed", ""),
        aside=ASIDE,
        operation=store.new_id(),
    )
