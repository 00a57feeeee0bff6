"""The organiser's desk: one thing per page."""

from datetime import date, time
from typing import Any

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from contrib import doctor, reach, store
from contrib.access import codes, roles
from contrib.access.sheets import qr_of, qr_svg, trial_address
from contrib.capture import board
from contrib.db import db
from contrib.desk.forms import (
    ClearForm,
    DirectionForm,
    EventForm,
    FolderForm,
    NewRubricForm,
    NewWorkshopForm,
    RubricForm,
    SequencesForm,
    WorkshopForm,
)
from contrib.desk.operations import sequences_text
from contrib.errors import Refusal
from contrib.forms import OperationForm
from contrib.models import Event, Installation, Workshop
from contrib.publish import press
from contrib.publish.glance import at_a_glance

bp = Blueprint("desk", __name__, url_prefix="/<event_name>/organisation")

Answer = Response | str | tuple[str, int]


@bp.get("")
@roles.organiser_only
def workshops(event: Event) -> str:
    """The four workshops, live."""
    return render_template("desk/workshops.html", **at_a_glance(event))


@bp.get("/programme")
@roles.organiser_only
def programme(event: Event) -> str:
    return _programme(event)


@bp.post("/programme")
@roles.organiser_only
def programme_update(event: Event) -> Answer:
    form = EventForm()
    if not form.validate():
        return _programme(event, form=form, sentence=form.sentence()), 422
    values = {
        field.name: field.data.isoformat() if isinstance(field.data, date | time) else field.data or None
        for field in form
        if field.name in _EVENT_COLUMNS
    }
    _write(event, "revise_event", form, values)
    return _done(event, "desk.programme", "Le programme est à jour ; les pages ouvertes suivent.")


_EVENT_COLUMNS = (
    "title", "subtitle", "date", "place", "organiser",
    "workshops_start", "workshops_end", "plenary_at", "ends_at",
)  # fmt: skip


@bp.post("/deroule")
@roles.organiser_only
def sequences(event: Event) -> Answer:
    form = SequencesForm()
    if not form.validate():
        return _programme(event, sequences=form.text.data, sentence=form.sentence()), 422
    try:
        _write(event, "revise_sequences", form, {"text": form.text.data})
    except store.Refused as refusal:
        return _programme(event, sequences=form.text.data, sentence=str(refusal)), 422
    return _done(event, "desk.programme", "Le déroulé est à jour.")


@bp.post("/ateliers")
@roles.organiser_only
def workshop_creation(event: Event) -> Answer:
    form = NewWorkshopForm()
    if not form.validate():
        return _programme(event, new=form, sentence=form.sentence()), 422
    values = {"title": form.title.data, "initials": (form.initials.data or "").upper()}
    try:
        receipt = _write(event, "add_workshop", form, values)
    except store.Refused as refusal:
        return _programme(event, new=form, sentence=str(refusal)), 422
    flash("L’atelier est ajouté. Complétez-le ici.")
    name = receipt.outcome["workshop"]
    return redirect(url_for("desk.workshop", event_name=event.name, workshop_name=name), 303)


@bp.get("/ateliers/<workshop_name>")
@roles.organiser_only
def workshop(event: Event, workshop_name: str) -> str:
    return _workshop_page(event, _find(event, workshop_name))


@bp.post("/ateliers/<workshop_name>")
@roles.organiser_only
def workshop_update(event: Event, workshop_name: str) -> Answer:
    here = _find(event, workshop_name)
    form = WorkshopForm()
    if not form.validate():
        return _workshop_page(event, here, form=form, sentence=form.sentence()), 422
    values = {
        name: getattr(form, name).data
        for name in ("title", "question", "room", "speaker", "minutes", "expected_highlights")
    }
    values["initials"] = (form.initials.data or here.initials).upper()
    values["room"], values["speaker"] = values["room"] or None, values["speaker"] or None
    done = "L’atelier est à jour ; les pages ouvertes suivent."
    return _try(event, here, "revise_workshop", form, values, done, form_kept=form)


@bp.post("/ateliers/<workshop_name>/removal")
@roles.organiser_only
def workshop_removal(event: Event, workshop_name: str) -> Answer:
    here = _find(event, workshop_name)
    try:
        _write(event, "remove_workshop", OperationForm(), {}, here)
    except store.Refused as refusal:
        return _workshop_page(event, here, sentence=str(refusal)), 409
    return _done(event, "desk.programme", "L’atelier, qui ne contenait aucune note, est supprimé.")


@bp.post("/ateliers/<workshop_name>/place")
@roles.organiser_only
def workshop_place(event: Event, workshop_name: str) -> Answer:
    form = DirectionForm()
    if form.validate():
        here = _find(event, workshop_name)
        _write(event, "move_workshop", form, {"direction": form.direction.data}, here)
    return _done(event, "desk.programme", "")


@bp.post("/ateliers/<workshop_name>/rubriques")
@roles.organiser_only
def rubric_creation(event: Event, workshop_name: str) -> Answer:
    here = _find(event, workshop_name)
    form = NewRubricForm()
    if not form.validate():
        return _workshop_page(event, here, sentence=form.sentence(), typed={"": form}), 422
    values = {"label": form.label.data, "prompt": form.prompt.data or "", "nature": form.nature.data}
    return _try(event, here, "add_rubric", form, values, "La rubrique est ajoutée.")


@bp.post("/ateliers/<workshop_name>/rubriques/<rubric_id>")
@roles.organiser_only
def rubric(event: Event, workshop_name: str, rubric_id: str) -> Answer:
    here = _find(event, workshop_name)
    form = RubricForm()
    if not form.validate():
        page = _workshop_page(event, here, sentence=form.sentence(), typed={rubric_id: form})
        return page, 422
    values = {"label": form.label.data, "prompt": form.prompt.data or ""}
    return _try(event, here, "revise_rubric", form, values, "La rubrique est à jour.", rubric_id)


@bp.post("/ateliers/<workshop_name>/rubriques/<rubric_id>/removal")
@roles.organiser_only
def rubric_removal(event: Event, workshop_name: str, rubric_id: str) -> Answer:
    here = _find(event, workshop_name)
    return _try(
        event, here, "remove_rubric", OperationForm(), {}, "La rubrique, vide, est supprimée.", rubric_id
    )


@bp.post("/ateliers/<workshop_name>/rubriques/<rubric_id>/place")
@roles.organiser_only
def rubric_place(event: Event, workshop_name: str, rubric_id: str) -> Answer:
    here = _find(event, workshop_name)
    values = {"direction": request.form.get("direction", "down")}
    return _try(event, here, "move_rubric", DirectionForm(), values, "", rubric_id)


@bp.get("/codes")
@roles.organiser_only
def code_list(event: Event) -> str:
    return render_template("desk/codes.html", event=event, rows=_codes(event), operation=store.new_id())


@bp.post("/codes/renewal")
@roles.organiser_only
def code_renewal(event: Event) -> Answer:
    form = OperationForm()
    name = request.form.get("name", "")
    here = _find(event, name) if name else None
    _write(event, "renew_code", form, {}, here)
    whom = f"de « {here.title} »" if here else "de la restitution"
    return _done(event, "desk.code_list", f"Le code {whom} est renouvelé : l’ancien n’ouvre plus rien.")


@bp.get("/fiches")
@roles.organiser_only
def sheets(event: Event) -> str:
    """Sheets to print, project or copy by hand: one a page, or all of them on one."""
    only = request.args.get("atelier")
    rows = [
        (workshop, code, qr_svg(code))
        for workshop, code in codes.of_event(current_app.config["SECRET_KEY"], event)
        if only is None or (workshop.name if workshop else "restitution") == only
    ]
    if only is not None and not rows:
        raise Refusal("Cette fiche n’existe pas : l’atelier a peut-être été supprimé.", 404)
    together = request.args.get("ensemble") == "1"
    return render_template(
        "desk/sheets.html", event=event, rows=rows, together=together, problem=reach.address_problem()
    )


@bp.get("/adresse")
@roles.organiser_only
def address(event: Event) -> str:
    """The two ways to be reached, and the trial from another device."""
    return render_template("desk/address.html", event=event, qr=qr_of(trial_address()), **_reached())


@bp.get("/adresse/feed")
@roles.organiser_only
def address_feed(event: Event) -> Response:
    regions = {"arrived": render_template("desk/_arrived.html", event=event, **_reached())}
    return jsonify({"seq": len(reach.arrivals()), "regions": regions})


def _reached() -> dict[str, Any]:
    return {
        "arrivals": reach.arrivals(),
        "here": trial_address(),
        "problem": reach.address_problem(),
        "hosted": bool(current_app.config.get("HOSTED")),
    }


@bp.get("/diagnostic")
@roles.organiser_only
def diagnosis(event: Event) -> str:
    """Is this machine ready? The same as `contrib doctor`."""
    lines = doctor.examine(agent=request.user_agent.string)
    return render_template("desk/diagnosis.html", event=event, lines=lines, ready=doctor.ready(lines))


@bp.get("/reglages")
@roles.organiser_only
def settings(event: Event) -> str:
    return _settings(event)


@bp.post("/reglages/dossier")
@roles.organiser_only
def folder(event: Event) -> Answer:
    form = FolderForm()
    chosen = form.folder.data or ""
    if not form.validate():
        return _settings(event, sentence=form.sentence()), 422
    if chosen:
        problem = (
            ""
            if press.is_folder(chosen)
            else f"Le dossier {chosen} n’existe pas sur l’ordinateur du serveur."
        )
        problem = problem or press.deliver(press.print_now(event), chosen)
        if problem:
            return _settings(event, sentence=problem, folder=chosen), 422
    _write(event, "choose_folder", form, {"folder": chosen})
    done = (
        f"Le dernier document est écrit dans {chosen}, et suivra les notes."
        if chosen
        else "Le document n’est plus écrit ailleurs."
    )
    return _done(event, "desk.settings", done)


@bp.post("/reglages/essais")
@roles.organiser_only
def trial(event: Event) -> Answer:
    form = ClearForm()
    if (form.confirmation.data or "").casefold() != "commencer":
        return _settings(event, sentence="Pour confirmer, tapez le mot « commencer »."), 422
    name = event.name  # the trial gives it up to the fresh day
    receipt = _write(event, "clear_trial", form, {})
    flash(f"La journée commence. L’essai est gardé sous « {receipt.outcome['trial']} ».")
    return redirect(url_for("desk.workshops", event_name=name), 303)


# --- what the views share ---------------------------------------------------------------------------


def _programme(event: Event, **extra: Any) -> str:
    return render_template(
        "desk/programme.html",
        event=event,
        form=extra.get("form") or EventForm(formdata=None, obj=event),
        new=extra.get("new") or NewWorkshopForm(formdata=None),
        sequences=extra.get("sequences") or sequences_text(event),
        sentence=extra.get("sentence", ""),
        operation=store.new_id(),
    )


def _workshop_page(event: Event, here: Workshop, **extra: Any) -> str:
    return render_template(
        "desk/workshop.html",
        event=event,
        workshop=here,
        form=extra.get("form") or WorkshopForm(formdata=None, obj=here),
        typed=extra.get("typed") or {},
        held={r.id: not board.removable(db.session(), r) for r in here.rubrics},
        sentence=extra.get("sentence", ""),
        operation=store.new_id(),
    )


def _settings(event: Event, **extra: Any) -> str:
    chosen = db.session.get_one(Installation, 1).output_folder or ""
    return render_template(
        "desk/settings.html",
        event=event,
        folder=extra.get("folder", chosen),
        problem=press.folder_problem() if chosen else "",
        sentence=extra.get("sentence", ""),
        operation=store.new_id(),
    )


def _codes(event: Event) -> list[tuple[Workshop | None, str]]:
    return [(w, codes.shown(c)) for w, c in codes.of_event(current_app.config["SECRET_KEY"], event)]


def _find(event: Event, name: str) -> Workshop:
    for here in event.workshops:
        if here.name == name:
            return here
    raise Refusal("Cet atelier n’existe pas, ou plus.", 404)


def _write(
    event: Event,
    name: str,
    form: OperationForm,
    values: store.Values,
    here: Workshop | None = None,
    subject: str | None = None,
) -> store.Receipt:
    return store.write(
        name,
        roles.author(),
        values,
        event=event.id,
        workshop=here.id if here else None,
        subject=subject,
        id=form.operation.data or None,
    )


def _try(
    event: Event,
    here: Workshop,
    name: str,
    form: OperationForm,
    values: store.Values,
    done: str,
    subject: str | None = None,
    *,
    form_kept: OperationForm | None = None,
) -> Answer:
    """One write about a workshop; a refusal shows its page with the sentence."""
    workshop_name = here.name
    try:
        _write(event, name, form, values, here, subject)
    except store.Refused as refusal:
        page = _workshop_page(event, _find(event, workshop_name), sentence=str(refusal), form=form_kept)
        return page, 409
    if done:
        flash(done)
    return redirect(url_for("desk.workshop", event_name=event.name, workshop_name=workshop_name), 303)


def _done(event: Event, endpoint: str, sentence: str) -> Response:
    if sentence:
        flash(sentence)
    return redirect(url_for(endpoint, event_name=event.name), 303)
