"""What goes on after the day: frozen versions, and the follow-up report."""

import io

from flask import Blueprint, flash, redirect, send_file, url_for
from werkzeug.wrappers import Response

from contrib.access import roles
from contrib.access.roles import ORGANISER, PRESENTER, Target
from contrib.documents import editions, latest_document
from contrib.documents.views import WORD
from contrib.forms import OperationForm
from contrib.plenary.views import compiled, restitution_page
from contrib.store.log import Refused
from contrib.web.actions import Page
from exports.documents.rescue import Hopeless
from exports.system import reason

bp = Blueprint("publication", __name__, url_prefix="/<event_name>")


@bp.get("/rapport.docx")
@roles.only(ORGANISER)
def report(target: Target) -> Response:
    """The follow-up report, first form, as of this moment."""
    latest = compiled(target.event)
    try:
        checked = latest_document.finish(latest.digest, report=True)
    except Hopeless as error:
        raise Refused(
            "Le rapport ne peut pas être compilé pour l’instant. Les notes sont toutes gardées.", 500
        ) from error
    content = io.BytesIO(checked.compiled.content)
    name = f"rapport-{target.event.name}.docx"
    return send_file(content, mimetype=WORD, as_attachment=True, download_name=name)


@bp.post("/versions")
@roles.only(ORGANISER, editions.freeze_edition)
def edition_creation(target: Target) -> Page:
    """Freeze the restitution as it is now."""
    form = OperationForm()
    try:
        receipt = editions.freeze(target.event, roles.author(), operation=form.operation.data or None)
    except Refused as refusal:
        return restitution_page(target.event, frozen=str(refusal)), 409
    except OSError as error:
        return restitution_page(target.event, frozen=f"Rien n’a été figé : {reason(error)}."), 500
    flash(f"La version n° {receipt.outcome['edition']} est figée : elle ne changera plus.")
    return redirect(url_for("plenary.restitution", event_name=target.event.name, _anchor="versions"), 303)


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
