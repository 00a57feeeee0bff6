"""The organiser brings back what a browser saved in a file."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request

from contrib.access import roles
from contrib.db import db
from contrib.forms import OperationForm
from contrib.intake import saved_file
from contrib.intake.csv_file import UnreadableFile, import_rows, read_csv
from contrib.intake.saved_file import Outcome
from contrib.models import Event

bp = Blueprint("intake", __name__, url_prefix="/<event_name>/organisation/fichiers")

NO_FILE = "Choisissez d’abord le ou les fichiers à reprendre."


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """One file, and what came of it: an outcome, or the sentence that says why not."""

    name: str
    outcome: Outcome | None = None
    added: int | None = None
    """Notes of a table that are new; None for a saved file."""
    known: int = 0
    problem: str = ""


@bp.get("")
@roles.organiser_only
def saved_files(event: Event) -> str:
    return _page(event)


@bp.post("")
@roles.organiser_only
def saved_files_bring_back(event: Event) -> tuple[str, int]:
    form = OperationForm()
    files = [file for file in request.files.getlist("files") if file.filename]
    if not form.validate() or not files:
        return _page(event, sentence=NO_FILE), 422
    rebuild = request.form.get("rebuild") == "1"
    name = event.name  # the door ends our transaction between two files
    brought = []
    for file in files:
        try:
            brought_bytes = file.stream.read()
            if not saved_file.is_saved_file(brought_bytes):
                day = roles.find_event(name)
                added, known = import_rows(day.id, roles.author(), read_csv(day, brought_bytes))
                brought.append(Brought(name=file.filename or "", added=added, known=known))
                continue
            content = saved_file.read(brought_bytes)
            outcome = saved_file.bring_back(
                db.session(), content, roles.author(), roles.current_event(), rebuild=rebuild
            )
            brought.append(Brought(name=file.filename or "", outcome=outcome))
        except UnreadableFile as error:
            brought.append(Brought(name=file.filename or "", problem=str(error)))
    status = 200 if any(not one.problem for one in brought) else 422
    return _page(roles.find_event(name), brought=brought, rebuild=rebuild), status


def _page(event: Event, **extra: object) -> str:
    return render_template(
        "intake/saved_files.html",
        event=event,
        brought=extra.get("brought", ()),
        rebuild=extra.get("rebuild", False),
        sentence=extra.get("sentence", ""),
    )
