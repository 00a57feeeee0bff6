"""What goes on after the day: frozen versions, and the follow-up report."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, send_file, url_for
from werkzeug.wrappers import Response
from wtforms.validators import Length

from contrib import clock
from contrib.access import roles
from contrib.access.roles import ORGANISER, PRESENTER, Target
from contrib.documents import editions, latest_document, report_editions, sent_reports
from contrib.documents.views import WORD
from contrib.forms import Line, OperationForm
from contrib.plenary.essentials import essentials
from contrib.plenary.rooms import Day
from contrib.plenary.views import compiled
from contrib.store.log import Refused
from contrib.store.models import Edition, Event
from contrib.web.actions import Action, Page, back_to, register
from contrib.web.pages import rendered
from exports.digest import typeset_values
from exports.documents.rescue import Hopeless
from exports.system import reason

bp = Blueprint("publication", __name__, url_prefix="/<event_name>")


@bp.get("/rapport.docx")
@roles.only(ORGANISER)
def report(target: Target) -> Response:
    """The follow-up report as of this moment."""
    try:
        taken = report_editions.taken(target.event)
        checked = latest_document.finish(taken, report=True)
        sent_reports.keep(taken, checked.compiled.fingerprint)
    except Hopeless as error:
        raise Refused(
            "Le rapport ne peut pas être compilé pour l’instant. Les notes sont toutes gardées.", 500
        ) from error
    content = io.BytesIO(checked.compiled.content)
    name = f"rapport-{target.event.name}.docx"
    return send_file(content, mimetype=WORD, as_attachment=True, download_name=name)


@bp.get("/versions")
@roles.only(PRESENTER)
def versions(target: Target) -> str:
    """Frozen versions, and what is taken home."""
    return _versions(target.event)


@bp.post("/versions")
@roles.only(ORGANISER, editions.freeze_edition)
def edition_creation(target: Target) -> Page:
    """Freeze the restitution as it is now."""
    form, event = NameForm(), target.event
    if not form.validate():
        return _versions(event, sentence=form.sentence()), 422
    try:
        frozen = editions.freeze(
            event, roles.author(), operation=form.operation.data or None, name=form.name.data or ""
        )
    except Refused as refusal:
        return _versions(event, sentence=str(refusal)), 409
    except OSError as error:
        return _versions(event, sentence=f"Rien n’a été figé : {reason(error)}."), 500
    if frozen.fresh:
        flash(f"La version n° {frozen.number} est figée : elle ne changera plus.")
    else:
        flash(f"Rien n’a changé depuis la version n° {frozen.number} : elle reste la dernière.")
    return redirect(url_for("publication.versions", event_name=target.event.name), 303)


@bp.get("/versions/<int:number>.<any(docx, json):ending>")
@roles.only(PRESENTER)
def edition(target: Target, number: int, ending: str) -> Response:
    """The stored bytes of an edition, or its digest."""
    found = next((one for one in editions.of(target.event) if one.number == number), None)
    if found is None:
        raise Refused("Cette version figée n’existe pas.", 404)
    try:
        content = editions.read(found, ending)
    except OSError as error:
        raise Refused(
            "Le fichier de cette version n’est plus dans le dossier des données, ou il est abîmé : "
            "reprenez-le d’une copie.",
            404,
        ) from error
    name = f"restitution-version-{number}.{ending}"
    kind = WORD if ending == "docx" else "application/json"
    return send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)


class NameForm(OperationForm):
    name = Line(validators=[Length(max=80, message="Le nom d’une version tient en 80 caractères.")])


ACTIONS = (
    Action(
        ORGANISER, "edition-name", "/versions/<edition_id>/nom", editions.name_edition, NameForm,
        done="La version n° {number} porte ce nom.",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsPage:
    event: Event
    editions: list[tuple[Edition, list[str]]]
    """Each with what changed since the one before."""
    gaps: Sequence[str]
    """What is not ready."""
    since: Sequence[str] | None
    """What changed since the last version; None before the first."""
    sentence: str
    """Why no version was frozen."""


def _versions(event: Event, *, sentence: str = "") -> str:
    found = editions.of(event)
    page = VersionsPage(
        event=event,
        editions=[(one, json.loads(one.changes)) for one in found],
        gaps=_gaps(event),
        since=_since(event, found[0]) if found else None,
        sentence=sentence,
    )
    return rendered("publication/versions.html", page)


def _gaps(event: Event) -> list[str]:
    day = Day(event=event, now=clock.now())
    ends = clock.french_hour(clock.local(day.end, event.timezone))
    soon = [f"Les ateliers ne sont pas finis : ils finissent à {ends}."] if day.is_today and day.now < day.end else []  # fmt: skip
    return [*soon, *essentials(event).gaps]


def _since(event: Event, last: Edition) -> Sequence[str]:
    document = compiled(event)
    if editions.same_as(event, document):
        return ()
    return typeset_values(editions.changes_since(last, document.digest))


register(
    bp,
    ACTIONS,
    again=lambda tried: _versions(tried.target.event, sentence=tried.sentence),
    answer=back_to("publication.versions"),
)
