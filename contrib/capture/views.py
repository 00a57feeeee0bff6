"""The capture page and what it sends. Views translate; operations decide."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from contrib import clock, store
from contrib.access import roles
from contrib.capture import board, feed
from contrib.capture.forms import (
    ChoiceForm,
    MessageForm,
    NoteForm,
    ParticipantsForm,
    SettlementForm,
    SignatureForm,
    SpeakerForm,
    ThemeForm,
    WordingForm,
)
from contrib.capture.lines import as_notes, halves
from contrib.db import db
from contrib.errors import Refusal, wants_json
from contrib.forms import OperationForm
from contrib.models import Note, Workshop, message_id
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
    return jsonify(feed.since(here, request.args))


@bp.post("/notes")
def notes(event_name: str, workshop_name: str) -> Answer:
    here = roles.find_workshop(event_name, workshop_name)
    form = NoteForm()
    problem = _problem(form, here)
    if problem:
        return _again(here, form, *problem)
    text = form.text.data or ""
    lines = as_notes(text)
    if form.parts.data == "many" and len(lines) > 1:
        receipt = _write("record_list", here, form, {"lines": lines, "rubric": form.rubric.data})
        return _answer(here, receipt, anchor=f"note-{receipt.outcome['notes'][-1]}")
    if len(lines) > 1 and form.parts.data != "one" and not wants_json():
        return _page(here, form=form, question=len(lines))
    receipt = _write("record", here, form, {"text": text, "rubric": form.rubric.data})
    return _answer(here, receipt)


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


@bp.post("/notes/<note_id>/wordings")
def wordings(event_name: str, workshop_name: str, note_id: str) -> Answer:
    here = roles.find_workshop(event_name, workshop_name)
    form = WordingForm()
    problem = _problem(form, here)
    if problem:
        return _again(here, form, *problem, editing=note_id)
    values = {"text": form.text.data, "base": form.base.data}
    receipt = _write("reword", here, form, values, note_id)
    return _answer(here, receipt, anchor=f"note-{note_id}")


@bp.post("/notes/<note_id>/settlement")
def settlement(event_name: str, workshop_name: str, note_id: str) -> Answer:
    here = roles.find_workshop(event_name, workshop_name)
    form = SettlementForm()
    problem = _problem(form, here)
    if problem and wants_json():
        raise Refusal(*problem)
    if problem:
        return _note_page(here, note_id, problem[0], form.text.data or ""), problem[1]
    values = {"text": form.text.data, "bases": (form.bases.data or "").split()[:10]}
    receipt = _write("settle", here, form, values, note_id)
    return _answer(here, receipt, anchor=f"note-{note_id}")


@bp.post("/notes/<note_id>/division")
def division(event_name: str, workshop_name: str, note_id: str) -> Answer:
    here = roles.find_workshop(event_name, workshop_name)
    form = WordingForm()
    problem = _problem(form, here)
    parts = None if problem else halves(form.text.data or "")
    if not problem and parts is None:
        problem = ("Laissez une ligne vide à l’endroit où couper la note en deux.", 422)
    if problem or parts is None:
        return _again(here, form, *(problem or ("", 422)), editing=note_id)
    values = {"first": parts[0], "second": parts[1], "base": form.base.data}
    receipt = _write("split", here, form, values, note_id)
    return _answer(here, receipt, anchor=f"note-{note_id}")


@bp.post("/notes/<note_id>/withdrawal")
def withdrawal(event_name: str, workshop_name: str, note_id: str) -> Answer:
    return _choose(event_name, workshop_name, note_id, "withdraw", _flag("withdrawn"))


@bp.post("/notes/<note_id>/rubric")
def rubric(event_name: str, workshop_name: str, note_id: str) -> Answer:
    values = {"rubric": request.form.get("rubric", "")}
    return _choose(event_name, workshop_name, note_id, "sort", values)


@bp.post("/notes/<note_id>/highlight")
def highlight(event_name: str, workshop_name: str, note_id: str) -> Answer:
    return _choose(event_name, workshop_name, note_id, "highlight", _flag("chosen"))


@bp.post("/notes/<note_id>/highlight-place")
def highlight_place(event_name: str, workshop_name: str, note_id: str) -> Answer:
    return _choose(event_name, workshop_name, note_id, "order_highlight", _direction())


@bp.post("/notes/<note_id>/place")
def place(event_name: str, workshop_name: str, note_id: str) -> Answer:
    return _choose(event_name, workshop_name, note_id, "move", _direction())


@bp.post("/notes/<note_id>/theme")
def theme(event_name: str, workshop_name: str, note_id: str) -> Answer:
    here = roles.find_workshop(event_name, workshop_name)
    form = ThemeForm()
    _insist(form, here)
    receipt = _write("theme", here, form, {"name": form.name.data}, note_id)
    return _answer(here, receipt, anchor=f"note-{note_id}")


@bp.post("/message")
def message(event_name: str, workshop_name: str) -> Answer:
    here = roles.find_workshop(event_name, workshop_name)
    form = MessageForm()
    _insist(form, here)
    values = {"text": form.text.data, "base": form.base.data}
    return _answer(here, _write("message", here, form, values), anchor="message")


@bp.post("/notes/<note_id>/choice")
def choice(event_name: str, workshop_name: str, note_id: str) -> Answer:
    """« Garder ce texte » among those that stand."""
    return _choose(event_name, workshop_name, note_id, "keep", {"keep": request.form.get("keep", "")})


@bp.post("/message/choice")
def message_choice(event_name: str, workshop_name: str) -> Answer:
    here = roles.find_workshop(event_name, workshop_name)
    return choice(event_name, workshop_name, message_id(here.id))


@bp.post("/participants")
def participants(event_name: str, workshop_name: str) -> Answer:
    here = roles.find_workshop(event_name, workshop_name)
    form = ParticipantsForm()
    _insist(form, here)
    receipt = _write("participants", here, form, {"number": form.number.data})
    return _answer(here, receipt, anchor="cloture")


@bp.post("/speaker")
def speaker(event_name: str, workshop_name: str) -> Answer:
    here = roles.find_workshop(event_name, workshop_name)
    form = SpeakerForm()
    _insist(form, here)
    receipt = _write("speaker", here, form, {"name": form.name.data})
    return _answer(here, receipt, anchor="cloture")


@bp.post("/readiness")
def readiness(event_name: str, workshop_name: str) -> Answer:
    here = roles.find_workshop(event_name, workshop_name)
    form = ChoiceForm()
    _insist(form, here)
    values = _flag("ready")
    receipt = _write("ready", here, form, values)
    if values["ready"] and not wants_json():
        flash("C’est noté : l’atelier est prêt. Tout est reçu, vous pouvez fermer cet ordinateur.")
    return _answer(here, receipt, anchor="cloture")


@bp.post("/signature")
def signature(event_name: str, workshop_name: str) -> Answer:
    here = roles.find_workshop(event_name, workshop_name)
    form = SignatureForm()
    _insist(form, here)
    receipt = _write("sign", here, form, {"name": form.name.data})
    session["person"] = receipt.outcome["person"]
    return _answer(here, receipt, anchor="signature")


# --- what the views share --------------------------------------------------------------------


def _page(here: Workshop, *, status: int = 200, **extra: Any) -> Answer:
    """The whole page; `extra` may hold a form to show again, an error, a question."""
    event = here.event
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
            seq=feed.position(here),
            printed=feed.printed(event),
            epoch=feed.epoch(),
            mark=feed.mark(feed.position(here)),
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


def _problem(form: OperationForm, here: Workshop) -> tuple[str, int] | None:
    """What is wrong with a form as a sentence and a status; None where nothing is."""
    if form.workshop.data and form.workshop.data != here.id:
        return (
            "Cette page a été ouverte avant que la journée ne commence (ou pour un autre atelier) : "
            "rien n’a été enregistré. Votre texte est dans la boîte, notez-le d’ici.",
            409,
        )
    if not form.validate():
        return form.sentence(), 422
    return None


def _insist(form: OperationForm, here: Workshop) -> None:
    problem = _problem(form, here)
    if problem:
        raise Refusal(*problem)


def _again(
    here: Workshop, form: OperationForm, sentence: str, status: int, editing: str | None = None
) -> Answer:
    """The page once more, with the sentence, and the text still in the box."""
    if wants_json():
        raise Refusal(sentence, status)
    return _page(here, status=status, form=form, sentence=sentence, editing=editing)


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


def _choose(event_name: str, workshop_name: str, note_id: str, name: str, values: Values) -> Answer:
    here = roles.find_workshop(event_name, workshop_name)
    form = ChoiceForm()
    _insist(form, here)
    receipt = _write(name, here, form, values, note_id)
    return _answer(here, receipt, anchor=f"note-{note_id}")


def _answer(here: Workshop, receipt: Receipt, anchor: str | None = None) -> Answer:
    """JSON that echoes the operation, for the journal; else back to the page."""
    if wants_json():
        return jsonify(
            operation=receipt.id,
            store=feed.epoch(),
            outcome="conflict" if receipt.outcome.get("conflict") else "accepted",
            seq=receipt.seq,
            received=board.said(here.event, receipt.at),
            **{k: v for k, v in receipt.outcome.items() if k in ("note", "notes", "revision")},
        )
    if receipt.outcome.get("conflict"):
        flash("Quelqu’un a modifié ce texte pendant que vous le modifiiez : les deux textes sont gardés.")
    back = request.form.get("back", "")
    if back.startswith("/") and not back.startswith("//"):
        return redirect(back, 303)
    address = url_for("capture.workshop", event_name=here.event.name, workshop_name=here.name, _anchor=anchor)
    return redirect(address, 303)


def _flag(name: str) -> Values:
    return {name: request.form.get(name) == "1"}


def _direction() -> Values:
    """A step, not a place: the same request sent twice says the same."""
    return {"direction": "up" if request.form.get("direction") == "up" else "down"}


def _find(here: Workshop, note_id: str) -> board.Card:
    found = db.session.get(Note, note_id)
    if found is not None and found.workshop_id != here.id:
        raise Refusal("Cette note est celle d’un autre atelier : ouvrez-la dans son atelier.", 403)
    card = board.card(db.session(), here.event, here, note_id)
    if card is None:
        raise Refusal("Cette note n’est pas (encore) arrivée ici.", 404)
    return card
