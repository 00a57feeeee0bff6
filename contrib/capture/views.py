"""The capture page and what it sends. Views translate; operations decide."""

import json
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from contrib import clock, store
from contrib.access import roles
from contrib.capture import board, feed, posts
from contrib.capture.forms import SignatureForm
from contrib.capture.lines import as_notes
from contrib.day import today
from contrib.db import db
from contrib.errors import Refusal, wants_json
from contrib.forms import OperationForm
from contrib.models import Note, Workshop
from contrib.store import Receipt, Values

bp = Blueprint("capture", __name__, url_prefix="/<event_name>/ateliers/<workshop_name>")

Answer = Response | str | tuple[str, int]


@bp.get("")
def workshop(event_name: str, workshop_name: str) -> Answer:
    here = roles.find_workshop(event_name, workshop_name)
    return _page(here)


@bp.get("/feed")
def changes(event_name: str, workshop_name: str) -> Response:
    here = roles.find_workshop(event_name, workshop_name)
    return _json(feed.since(here, request.args))


@bp.get("/notes/<note_id>")
def note(event_name: str, workshop_name: str, note_id: str) -> Answer:
    """One note with its history, theme and the other things one does less often."""
    return _note_page(roles.find_workshop(event_name, workshop_name), note_id)


def _note_page(here: Workshop, note_id: str, sentence: str = "", typed: str = "") -> str:
    return render_template(
        "capture/note.html",
        event=here.event,
        workshop=here,
        card=_find(here, note_id),
        sentence=sentence,
        typed=typed,
        history=board.history(db.session(), here.event, note_id),
        themes=feed.themes(here.event),
        **_identity(),
    )


def change(event_name: str, workshop_name: str, noun: str, note_id: str | None = None) -> Answer:
    """Every form of the page: it is found, checked, and asks for one verb."""
    here = roles.find_workshop(event_name, workshop_name)
    post = posts.OF_A_NOTE[noun] if note_id else posts.OF_A_WORKSHOP[noun]
    form = post.form()
    problem = posts.problem(form, here)
    if problem:
        return _again(here, form, noun, note_id, *problem)
    if noun == "notes" and _undecided(form):
        return _page(here, form=form, question=len(as_notes(form.text.data)))
    try:
        verb, values = post.asks(form)
    except Refusal as refusal:
        return _again(here, form, noun, note_id, refusal.sentence, refusal.status)
    epoch = feed.epoch()
    receipt = _write(verb, here, form, values, posts.subject_of(here, noun, note_id))
    if wants_json():
        return _acknowledged(here, receipt, epoch)
    if values.get("ready"):
        flash("C’est noté : l’atelier est prêt. Tout est reçu, vous pouvez fermer cet ordinateur.")
    return _answer(here, receipt, anchor=_anchor(noun, note_id, receipt))


for _noun in posts.OF_A_WORKSHOP:
    bp.add_url_rule(f"/{_noun}", _noun.replace("/", "_"), change, methods=["POST"], defaults={"noun": _noun})
for _noun in posts.OF_A_NOTE:
    bp.add_url_rule(
        f"/notes/<note_id>/{_noun}",
        _noun.replace("-", "_"),
        change,
        methods=["POST"],
        defaults={"noun": _noun},
    )


@bp.post("/signature")
def signature(event_name: str, workshop_name: str) -> Answer:
    here = roles.find_workshop(event_name, workshop_name)
    form = SignatureForm()
    problem = posts.problem(form, here)
    if problem:
        raise Refusal(*problem)
    receipt = _write("sign", here, form, {"name": form.name.data})
    session["person"] = receipt.outcome["person"]
    return _answer(here, receipt, anchor="signature")


# --- what the views share --------------------------------------------------------------------


def _page(here: Workshop, *, status: int = 200, **extra: Any) -> Answer:
    """The whole page; `extra` may hold a form to show again, an error, a question."""
    event = here.event
    seq, mark = today().position(here)
    editing = extra.pop("editing", request.args.get("modifier"))
    if editing and board.card(db.session(), event, here, editing) is None:
        editing = None
    return (
        render_template(
            "capture/workshop.html",
            event=event,
            workshop=here,
            sections=board.sections(db.session(), event, here),
            highlights=board.highlights(db.session(), event, here),
            message=board.message(db.session(), event, here),
            summary=board.summary(db.session(), event, here),
            latest=board.latest(db.session(), event, here),
            seq=seq,
            printed=feed.printed(event),
            epoch=feed.epoch(),
            mark=mark,
            now=int(clock.now().timestamp() * 1000),
            editing=editing,
            form=extra.get("form"),
            question=extra.get("question"),
            sentence=extra.get("sentence", ""),
            ends_at=feed.ends_at(event),
            rubric_pairs=feed.rubric_pairs(here),
            **_identity(),
        ),
        status,
    )


def _identity() -> Values:
    return {"operation": store.new_id(), "signature": roles.signature()}


def _again(here: Workshop, form: Any, noun: str, note_id: str | None, sentence: str, status: int) -> Answer:
    """The page once more, with the sentence, and the text still in the box."""
    if wants_json() or noun not in ("notes", "wordings", "division", "settlement"):
        raise Refusal(sentence, status)
    if noun == "settlement" and note_id:
        return _note_page(here, note_id, sentence, form.text.data or ""), status
    return _page(here, status=status, form=form, sentence=sentence, editing=note_id)


def _undecided(form: Any) -> bool:
    """Several lines, and nobody has said yet whether they are one note."""
    return not wants_json() and not form.parts.data and len(as_notes(form.text.data or "")) > 1


def _anchor(noun: str, note_id: str | None, receipt: Receipt) -> str | None:
    if "notes" in receipt.outcome:
        return f"note-{receipt.outcome['notes'][-1]}"
    if note_id:
        return f"note-{note_id}"
    return {"notes": None, "message": "message", "message/choice": "message"}.get(noun, "cloture")


def _write(
    name: str, here: Workshop, form: OperationForm, values: Values, subject: str | None = None
) -> Receipt:
    return store.write(
        name,
        roles.author(),
        values,
        event=here.event_id,
        workshop=here.id,
        subject=subject,
        id=form.operation.data or None,
        device_time=form.device_time.data or None,
    )


def _acknowledged(here: Workshop, receipt: Receipt, epoch: str) -> Response:
    """JSON that echoes the operation: what lets it leave the journal. With the news, if asked."""
    echo = {
        "operation": receipt.id,
        "store": epoch,
        "outcome": "conflict" if receipt.outcome.get("conflict") else "accepted",
        "seq": receipt.seq,
        "received": board.said(here.event, receipt.at),
        **{k: v for k, v in receipt.outcome.items() if k in ("note", "notes", "revision")},
    }
    if "since" not in request.args:
        return _json(json.dumps(echo))
    return _json(f'{json.dumps(echo)[:-1]}, "news": {feed.since(here, request.args)}}}')


def _json(text: str) -> Response:
    return Response(text, mimetype="application/json")


def _answer(here: Workshop, receipt: Receipt, anchor: str | None = None) -> Answer:
    """Back to the page that the form was on."""
    if receipt.outcome.get("conflict"):
        flash("Quelqu’un a modifié ce texte pendant que vous le modifiiez : les deux textes sont gardés.")
    back = request.form.get("back", "")
    if back.startswith("/") and not back.startswith("//"):
        return redirect(back, 303)
    address = url_for("capture.workshop", event_name=here.event.name, workshop_name=here.name, _anchor=anchor)
    return redirect(address, 303)


def _find(here: Workshop, note_id: str) -> board.Card:
    found = db.session.get(Note, note_id)
    if found is not None and found.workshop_id != here.id:
        raise Refusal("Cette note est celle d’un autre atelier : ouvrez-la dans son atelier.", 403)
    card = board.card(db.session(), here.event, here, note_id)
    if card is None:
        raise Refusal("Cette note n’est pas (encore) arrivée ici.", 404)
    return card
