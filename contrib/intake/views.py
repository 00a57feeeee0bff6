"""Files come in: a workshop's own, read into a preview; and what browsers saved, for the organiser."""

import io
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from contrib.access import roles
from contrib.access.roles import ORGANISER, ROOM, Target
from contrib.digest import take
from contrib.documents import stationery_files
from contrib.documents.views import WORD
from contrib.forms import OperationForm
from contrib.intake import operations, saved_file
from contrib.intake.csv_file import import_rows, read_csv
from contrib.intake.document_file import Line, pasted, read_lines
from contrib.intake.limits import MOST_LINES, UnreadableFile
from contrib.intake.saved_file import Outcome
from contrib.intake.sorting import ASIDE, Candidate, chosen_rows, sort_lines, still_too_long
from contrib.store.db import db
from contrib.store.models import Event, Installation, Workshop
from contrib.web.actions import Page
from contrib.web.pages import rendered
from exports.documents.report_reading import recognised
from exports.documents.trame import compile_trame
from exports.ooxml.stationery import open_stationery
from exports.text import counted

bp = Blueprint("intake", __name__, url_prefix="/<event_name>")

OWN = {
    "rapport": "Ce fichier est le rapport de suivi fait ici : il ne contient aucune note nouvelle. Corrigé dans "
    "Word, il se rend à l’organisation, page « Rapport », « Rendre le fichier relu ».",
    "restitution": "Ce fichier est la restitution faite ici : ses notes sont déjà reçues. Pour les corriger, "
    "modifiez-les dans l’atelier.",
}
"""Documents of ours that are no notes, and where each belongs."""
NO_FILE = "Choisissez d’abord le ou les fichiers à reprendre."


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


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePage:
    event: Event
    workshop: Workshop
    preview: Preview | None = None
    sentence: str = ""
    typed: str = ""
    pasting: bool = False
    """The page was opened for a list, not for a file."""
    aside: str = ASIDE


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """One file of the organiser's, and what came of it: an outcome, or the sentence that says why not."""

    name: str
    outcome: Outcome | None = None
    added: int | None = None
    """Notes of a table that are new; None for a saved file."""
    known: int = 0
    too_long: tuple[str, ...] = ()
    """A sentence for each row that was left out."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilesPage:
    event: Event
    reports: tuple[ImportReport, ...] = ()
    rebuild: bool = False
    sentence: str = ""


# --- a workshop brings a file or a pasted list ---------------------------------------------------


@bp.get("/ateliers/<workshop_name>/importer")
@roles.only(ROOM)
def file(target: Target) -> str:
    return _file_page(target.the_workshop, pasting="liste" in request.args)


@bp.post("/ateliers/<workshop_name>/importer")
@roles.only(ROOM)
def preview(target: Target) -> Page:
    """A file or a pasted list is read; nothing is written yet."""
    workshop = target.the_workshop
    sent, typed = request.files.get("file"), request.form.get("text", "")
    try:
        name, lines = _read(sent, typed)
    except UnreadableFile as error:
        return _file_page(workshop, sentence=str(error), typed=typed), 422
    candidates = sort_lines(db.session(), workshop, lines)
    return _file_page(workshop, preview=Preview(name=name, candidates=candidates), pasting=not _brought(sent))


@bp.post("/ateliers/<workshop_name>/importer/notes")
@roles.only(ROOM, operations.import_rows)
def taken(target: Target) -> Page:
    """The lines of the preview, as they were sorted there."""
    workshop = target.the_workshop
    texts, choices = request.form.getlist("line"), request.form.getlist("choice")
    if len(texts) != len(choices) or not texts:
        sentence = "Cette page était incomplète : choisissez le fichier à nouveau."
        return _file_page(workshop, sentence=sentence), 422
    lines = list(zip(texts, choices, strict=True))
    rows = chosen_rows(workshop, lines)
    added = known = 0
    if rows:
        added, known = import_rows(target.event.id, roles.author(), rows, workshop=workshop.id)
    sentence = (
        f"{counted(len(texts), 'ligne lue', 'lignes lues')} : {counted(added, 'note ajoutée', 'notes ajoutées')}, "
        f"{counted(max(0, len(texts) - len(rows)), 'laissée de côté', 'laissées de côté')}"
    )
    long = still_too_long(lines)
    if long:
        sentence += f". {counted(long, 'texte est encore trop long', 'textes sont encore trop longs')}"
    flash(f"{sentence}{f', {known} déjà là' if known else ''}.")
    named: dict[str, Any] = {"event_name": target.event.name, "workshop_name": workshop.name}
    return redirect(url_for("capture.workshop", **named), 303)


@bp.get("/ateliers/<workshop_name>/trame.docx")
@roles.only(ROOM)
def trame(target: Target) -> Response:
    """The workshop's trame: to print, or to type in when there is no network."""
    workshop = target.the_workshop
    digest = take(db.session(), db.session.get_one(Event, target.event.id))
    chosen = stationery_files.in_force(db.session.get_one(Installation, 1)).content
    stationery = open_stationery(chosen) if chosen is not None else None
    content = io.BytesIO(compile_trame(digest, workshop.name, stationery=stationery).content)
    return send_file(content, mimetype=WORD, as_attachment=True, download_name=f"trame-{workshop.name}.docx")


def _read(file: Any, typed: str) -> tuple[str, list[Line]]:
    """The name of what was brought, and its lines. Raises UnreadableFile."""
    lines = pasted(typed)
    if _brought(file):
        name = f"{file.filename}, et la liste collée" if lines else file.filename
        content = file.stream.read()
        own = recognised(content) if content.startswith(b"PK") else None
        if own is not None and own.kind in OWN:
            raise UnreadableFile(OWN[own.kind])
        return name, [*read_lines(file.filename, content), *lines]
    if not lines:
        raise UnreadableFile("Choisissez un fichier, ou collez une liste.")
    return "Liste collée", lines


def _brought(file: Any) -> bool:
    return file is not None and bool(file.filename)


def _file_page(
    workshop: Workshop,
    *,
    preview: Preview | None = None,
    sentence: str = "",
    typed: str = "",
    pasting: bool = False,
) -> str:
    page = FilePage(
        event=workshop.event,
        workshop=workshop,
        preview=preview,
        sentence=sentence,
        typed=typed,
        pasting=pasting or bool(typed),
    )
    return rendered("intake/file.html", page)


# --- the organiser brings back what browsers saved -----------------------------------------------


@bp.get("/organisation/fichiers")
@roles.only(ORGANISER)
def saved_files(target: Target) -> str:
    return rendered("intake/saved_files.html", SavedFilesPage(event=target.event))


@bp.post("/organisation/fichiers")
@roles.only(ORGANISER, operations.import_rows, operations.restore, operations.restore_choices)
def saved_files_bring_back(target: Target) -> Page:
    form = OperationForm()
    files = [file for file in request.files.getlist("files") if file.filename]
    if not form.validate() or not files:
        return rendered("intake/saved_files.html", SavedFilesPage(event=target.event, sentence=NO_FILE)), 422
    rebuild = request.form.get("rebuild") == "1"
    reports = tuple(_report(target.event, file, rebuild) for file in files)
    status = 200 if any(not one.problem for one in reports) else 422
    page = SavedFilesPage(event=roles.find_event(target.event.name), reports=reports, rebuild=rebuild)
    return rendered("intake/saved_files.html", page), status


def _report(event: Event, file: Any, rebuild: bool) -> ImportReport:
    """Take what one file holds, and say what came of it."""
    name, content = file.filename or "", file.stream.read()
    try:
        if not saved_file.is_saved_file(content):
            long: list[str] = []
            rows = read_csv(event, content, MOST_LINES, long)
            added, known = import_rows(event.id, roles.author(), rows)
            return ImportReport(name=name, added=added, known=known, too_long=tuple(long))
        saved = saved_file.read(content)
        outcome = saved_file.bring_back(
            db.session(), saved, roles.author(), roles.current_event(), rebuild=rebuild
        )
        return ImportReport(name=name, outcome=outcome)
    except UnreadableFile as error:
        return ImportReport(name=name, problem=str(error))
