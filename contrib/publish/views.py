"""The presenter's page, the Word document at any moment, the full-screen view."""

import io
import json
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, send_file, session, url_for
from werkzeug.wrappers import Response

from contrib import store
from contrib.access import roles
from contrib.capture import board
from contrib.copies.archive import CopyFailed
from contrib.db import db
from contrib.errors import Refusal
from contrib.forms import OperationForm
from contrib.models import Event
from contrib.publish import editions, press
from contrib.publish.forms import ConvergenceForm, WithdrawalForm
from contrib.publish.glance import at_a_glance
from contrib.publish.press import NothingPrinted, Printed
from contrib.publish.takeaway import pack
from exports.digest import Digest, typeset_digest
from exports.rescue import Hopeless
from exports.speech import Speech, missing, speech, start_times
from exports.system import reason

bp = Blueprint("publish", __name__, url_prefix="/<event_name>")

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/restitution")
@roles.presenter_only
def restitution(event: Event) -> str:
    return _page(event)


@bp.get("/restitution/feed")
@roles.presenter_only
def restitution_feed(event: Event) -> Response:
    """The live part of the page, when something happened since `since`."""
    latest = store.last_seq(db.session(), event.id)
    answer: dict[str, Any] = {"seq": latest}
    answer["regions"] = {"glance": render_template("publish/_glance.html", **at_a_glance(event))}
    if str(latest) != request.args.get("since") and not request.args.get("glance"):
        answer["regions"]["essentials"] = render_template(
            "publish/_essentials.html", event=event, **_content(event)
        )
    return jsonify(answer)


@bp.get("/restitution.docx")
@roles.presenter_only
def document(event: Event) -> Response:
    """The Word document as of this moment; `?pages=dire` leaves the record out."""
    printed = _print(event, record=request.args.get("pages") != "dire")
    session["downloaded"] = {"seq": printed.seq, "at": board.said(event, printed.taken_at)}
    answer = send_file(
        io.BytesIO(printed.content), mimetype=WORD, as_attachment=True, download_name=printed.filename
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/rapport.docx")
@roles.organiser_only
def report(event: Event) -> Response:
    """The follow-up report, first form, as of this moment."""
    printed = _print(event)
    try:
        finished = press.finish(printed.digest, report=True)
    except Hopeless as error:
        raise Refusal(
            "Le rapport ne peut pas être compilé pour l’instant. Les notes sont toutes gardées.", 500
        ) from error
    content = io.BytesIO(finished.compiled.content)
    name = f"rapport-{event.name}.docx"
    answer = send_file(content, mimetype=WORD, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/emporter.zip")
@roles.organiser_only
def takeaway(event: Event) -> Response:
    """The whole day in one zip."""
    name = f"{event.name}.zip"
    try:
        content = pack(event)
    except (NothingPrinted, Hopeless, CopyFailed) as error:
        sentence = str(error) or "Les documents ne peuvent pas être compilés pour l’instant."
        raise Refusal(f"{sentence} Les notes sont toutes gardées.", 500) from error
    return send_file(io.BytesIO(content), mimetype="application/zip", as_attachment=True, download_name=name)


@bp.post("/versions")
@roles.organiser_only
def edition_creation(event: Event) -> Response | tuple[str, int]:
    """Freeze the restitution as it is now."""
    form, event_name = OperationForm(), event.name
    try:
        receipt = editions.freeze(event, roles.author(), operation=form.operation.data or None)
    except store.Refused as refusal:
        return _page(event, frozen=str(refusal)), 409
    except OSError as error:
        return _page(event, frozen=f"Rien n’a été figé : {reason(error)}."), 500
    number = receipt.outcome["edition"]
    flash(f"La version n° {number} est figée : elle ne changera plus.")
    return redirect(url_for("publish.restitution", event_name=event_name, _anchor="versions"), 303)


@bp.get("/versions/<int:number>.<any(docx, json):ending>")
@roles.presenter_only
def edition(event: Event, number: int, ending: str) -> Response:
    """The stored bytes of an edition, or its digest."""
    found = next((one for one in editions.of(event) if one.number == number), None)
    if found is None:
        raise Refusal("Cette version figée n’existe pas.", 404)
    try:
        content = editions.read(found, ending)
    except OSError as error:
        raise Refusal(
            "Le fichier de cette version n’est plus dans le dossier des données, ou il est abîmé : reprenez-le d’une copie.",
            404,
        ) from error
    name = f"restitution-version-{number}.{ending}"
    kind = WORD if ending == "docx" else "application/json"
    return send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)


@bp.get("/plein-ecran")
@roles.presenter_only
def stage(event: Event) -> str:
    return render_template("publish/stage.html", event=event, **_content(event))


@bp.get("/plein-ecran/feed")
@roles.presenter_only
def stage_feed(event: Event) -> Response:
    latest = store.last_seq(db.session(), event.id)
    if str(latest) == request.args.get("since"):
        return jsonify({"seq": latest})
    slides = render_template("publish/_slides.html", event=event, **_content(event))
    return jsonify({"seq": latest, "regions": {"slides": slides}})


@bp.post("/points-communs")
@roles.presenter_only
def convergences(event: Event) -> Response | tuple[str, int]:
    form = ConvergenceForm()
    if not form.validate():
        return _page(event, form=form, sentence=form.sentence()), 422
    values = {"text": form.text.data, "references": form.references.data}
    try:
        store.write("relate", roles.author(), values, event=event.id, id=form.operation.data or None)
    except store.Refused as refusal:
        return _page(event, form=form, sentence=str(refusal)), 422
    return _back(event, "points-communs")


@bp.post("/points-communs/<convergence_id>/withdrawal")
@roles.presenter_only
def convergence_withdrawal(event: Event, convergence_id: str) -> Response:
    form = WithdrawalForm()
    store.write(
        "unrelate",
        roles.author(),
        {},
        event=event.id,
        subject=convergence_id,
        id=form.operation.data or None,
    )
    flash("Ce point commun ne sera plus dit ; son texte reste dans l’historique.")
    return _back(event, "points-communs")


def _page(event: Event, **extra: Any) -> str:
    return render_template(
        "publish/restitution.html",
        opened=request.args.get("ouvert"),
        operation=store.new_id(),
        seq=store.last_seq(db.session(), event.id),
        form=extra.get("form"),
        sentence=extra.get("sentence", ""),
        frozen=extra.get("frozen", ""),
        editions=[(one, json.loads(one.changes)) for one in editions.of(event)],
        **at_a_glance(event),
        **_content(event),
        sections={w.id: board.sections(db.session(), event, w) for w in event.workshops},
        messages={w.id: board.message(db.session(), event, w) for w in event.workshops},
    )


def _content(event: Event) -> dict[str, Any]:
    """What will be said, in the document's own words and order."""
    printed = _print(event)
    content: Digest = typeset_digest(printed.digest)
    speeches: dict[str, Speech] = {w.id: speech(w) for w in content.workshops}
    return {
        "content": content,
        "speeches": speeches,
        "gaps": missing(content),
        "times": start_times(content),
        "state": board.said(event, printed.taken_at),
        "stale": printed.stale,
        "replaced": printed.replaced,
        "references": {n.id: n.reference for w in content.workshops for n in w.notes},
    }


def _print(event: Event, *, record: bool = True) -> Printed:
    try:
        return press.print_now(event, record=record)
    except NothingPrinted as error:
        raise Refusal(
            "Le document ne peut pas être compilé pour l’instant. Les notes sont toutes gardées.", 500
        ) from error


def _back(event: Event, anchor: str) -> Response:
    return redirect(url_for("publish.restitution", event_name=event.name, _anchor=anchor), 303)
