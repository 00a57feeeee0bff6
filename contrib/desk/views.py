"""The organiser's desk: one thing per page."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, current_app, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from contrib.access import codes, public_address, roles
from contrib.access.public_address import Arrival
from contrib.access.roles import ORGANISER, Target
from contrib.access.sheets import qr_of, qr_svg, trial_address
from contrib.capture import queries
from contrib.desk import actions, live
from contrib.desk.forms import EventForm, NewWorkshopForm, WorkshopForm
from contrib.documents import latest_document
from contrib.documents.operations import choose_folder
from contrib.forms import FolderForm
from contrib.host import doctor
from contrib.programme.sequences import sequences_text
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Receipt, Refused
from contrib.store.models import Event, Installation, Workshop
from contrib.store.report_models import Partner
from contrib.web.actions import Action, Page, Tried, back_to, register, tell
from contrib.web.pages import rendered
from exports.digest import NATURES, Nature

bp = Blueprint("desk", __name__, url_prefix="/<event_name>/organisation")


@bp.get("")
@roles.only(ORGANISER)
def workshops(target: Target) -> str:
    """The workshops, live."""
    return rendered("desk/workshops.html", live.page(target.event))


@bp.get("/feed")
@roles.only(ORGANISER)
def feed(target: Target) -> Response:
    """The live parts of the desk."""
    page = live.page(target.event)
    regions = {f"desk-{name}": rendered(f"desk/_{name}.html", page) for name in live.REGIONS}
    return jsonify({"seq": log.last_seq(db.session(), target.event.id), "regions": regions})


@bp.get("/programme")
@roles.only(ORGANISER)
def programme(target: Target) -> str:
    return _programme(target.event)


@bp.get("/ateliers/<workshop_name>")
@roles.only(ORGANISER)
def workshop(target: Target) -> str:
    return _workshop(target.event, target.the_workshop)


@bp.get("/codes")
@roles.only(ORGANISER)
def code_list(target: Target) -> str:
    return _codes(target.event)


@bp.get("/fiches")
@roles.only(ORGANISER)
def sheets(target: Target) -> str:
    """Sheets to print, project or copy by hand: one a page, or all of them on one.

    What is projected is for the workshops: with the presenter's code all notes can be changed.
    """
    partner = request.args.get("partenaire")
    if partner is not None:
        return _sheets(target.event, [_sheet_of(target.event, partner)])
    only, together = request.args.get("atelier"), request.args.get("ensemble") == "1"
    rows = [
        Sheet(workshop=workshop, code=codes.grouped(code), qr=qr_svg(code))
        for workshop, code in codes.of_event(current_app.config["SECRET_KEY"], target.event)
        if only in (None, workshop.name if workshop else "restitution") and (workshop or not together)
    ]
    if only is not None and not rows:
        raise Refused("Cette fiche n’existe pas : l’atelier a peut-être été supprimé.", 404)
    return _sheets(target.event, rows, together=together)


@bp.get("/adresse")
@roles.only(ORGANISER)
def address(target: Target) -> str:
    """The two ways to be reached, and the trial from another device."""
    return rendered("desk/address.html", _reached(target.event))


@bp.get("/adresse/feed")
@roles.only(ORGANISER)
def address_feed(target: Target) -> Response:
    regions = {"arrived": rendered("desk/_arrived.html", _reached(target.event))}
    return jsonify({"seq": len(public_address.arrivals()), "regions": regions})


@bp.get("/diagnostic")
@roles.only(ORGANISER)
def diagnosis(target: Target) -> str:
    """Is this machine ready? The same as `contrib doctor`."""
    findings = doctor.examine(agent=request.user_agent.string)
    page = DiagnosisPage(event=target.event, findings=findings, ready=doctor.ready(findings))
    return rendered("desk/diagnosis.html", page)


@bp.get("/reglages")
@roles.only(ORGANISER)
def settings(target: Target) -> str:
    return _settings(target.event)


@bp.post("/reglages/dossier")
@roles.only(ORGANISER, choose_folder)
def folder(target: Target) -> Page:
    """A folder is tried before it is chosen: the last document is written into it."""
    event, form = target.event, FolderForm()
    chosen = form.folder.data or ""
    problem = "" if form.validate() else form.sentence()
    if chosen and not problem and not latest_document.is_folder(chosen):
        problem = f"Le dossier {chosen} n’existe pas sur l’ordinateur du serveur."
    if chosen and not problem:
        problem = latest_document.deliver(latest_document.compile_now(event), chosen)
    if problem:
        return _settings(event, sentence=problem, folder=chosen), 422
    operation = form.operation.data or None
    log.write(choose_folder, roles.author(), {"folder": chosen}, event=event.id, id=operation)
    flash(
        f"Le dernier document est écrit dans {chosen}, et suivra les notes."
        if chosen
        else "Le document n’est plus écrit ailleurs."
    )
    return redirect(url_for("desk.settings", event_name=event.name), 303)


# --- the pages, and what each of them shows ---------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammePage:
    event: Event
    form: EventForm
    new: NewWorkshopForm
    sequences: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopPage:
    event: Event
    workshop: Workshop
    form: WorkshopForm
    tried: Tried | None
    rows: list["RubricRow"]
    natures: Mapping[str, Nature]


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricRow:
    """A rubric with what was typed over it, if that was refused."""

    id: str
    label: str
    prompt: str
    notes: int
    """Withdrawn ones too: a rubric that holds any stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesPage:
    event: Event
    rows: list[tuple[Workshop | None, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    workshop: Workshop | None
    """None is the presenter's, or a partner's."""
    code: str
    qr: str
    partner: Partner | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetsPage:
    event: Event
    address: str
    rows: list[Sheet]
    together: bool
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPage:
    event: Event
    qr: str
    arrivals: list[Arrival]
    trial: str
    problem: str
    hosted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisPage:
    event: Event
    findings: list[doctor.Finding]
    ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage:
    event: Event
    folder: str
    problem: str
    sentence: str


def _programme(event: Event, tried: Tried | None = None) -> str:
    typed = tried.of("sequences") if tried else None
    page = ProgrammePage(
        event=event,
        form=(tried and tried.of("revision")) or EventForm(formdata=None, obj=event),
        new=(tried and tried.of("workshop-creation")) or NewWorkshopForm(formdata=None),
        sequences=typed.text.data if typed else sequences_text(event),
        sentence=tried.sentence if tried else "",
    )
    return rendered("desk/programme.html", page)


def _workshop(event: Event, workshop: Workshop, tried: Tried | None = None) -> str:
    typed = tried.of("workshop-revision") if tried else None
    rows = (
        list(zip(typed.rubric.data, typed.label.data, typed.prompt.data, strict=False))
        if typed and typed.rubric.data
        else [(rubric.id, rubric.label, rubric.prompt) for rubric in workshop.rubrics]
    )
    held = queries.held(db.session(), workshop)
    page = WorkshopPage(
        event=event,
        workshop=workshop,
        form=typed or WorkshopForm(formdata=None, obj=workshop),
        tried=tried,
        natures=NATURES,
        rows=[
            RubricRow(id=id, label=label, prompt=prompt, notes=held.get(id, 0)) for id, label, prompt in rows
        ],
    )
    return rendered("desk/workshop.html", page)


def _sheet_of(event: Event, partner_id: str) -> Sheet:
    partner = db.session.get(Partner, partner_id)
    if partner is None or partner.event_id != event.id or partner.revoked_at:
        raise Refused("Cette fiche n’existe pas : le partenaire a peut-être été révoqué.", 404)
    code = codes.of_partner(current_app.config["SECRET_KEY"], event, partner)
    return Sheet(workshop=None, partner=partner, code=codes.grouped(code), qr=qr_svg(code))


def _sheets(event: Event, rows: list[Sheet], *, together: bool = False) -> str:
    page = SheetsPage(
        event=event,
        address=public_address.base_address(),
        rows=rows,
        together=together,
        problem=public_address.problem(),
    )
    return rendered("desk/sheets.html", page)


def _codes(event: Event) -> str:
    key = current_app.config["SECRET_KEY"]
    rows = [(workshop, codes.grouped(code)) for workshop, code in codes.of_event(key, event)]
    return rendered("desk/codes.html", CodesPage(event=event, rows=rows))


def _reached(event: Event) -> AddressPage:
    return AddressPage(
        event=event,
        qr=qr_of(trial_address()),
        arrivals=public_address.arrivals(),
        trial=trial_address(),
        problem=public_address.problem(),
        hosted=bool(current_app.config.get("HOSTED")),
    )


def _settings(event: Event, *, sentence: str = "", folder: str | None = None) -> str:
    chosen = db.session.get_one(Installation, 1).output_folder or ""
    page = SettingsPage(
        event=event,
        folder=chosen if folder is None else folder,
        problem=latest_document.folder_problem() if chosen else "",
        sentence=sentence,
    )
    return rendered("desk/settings.html", page)


def _to_the_other_day(action: Action, target: Target, receipt: Receipt) -> Response:
    """From a day to its rehearsal, and back."""
    tell(action, target, receipt)
    return redirect(url_for("desk.workshops", event_name=receipt.outcome["day"]), 303)


register(
    bp,
    actions.OF_THE_DESK,
    again=lambda tried: rendered("desk/workshops.html", live.page(tried.target.event, tried)),
    answer=back_to("desk.workshops"),
)
register(
    bp,
    actions.OF_THE_REHEARSAL,
    again=lambda tried: _settings(tried.target.event, sentence=tried.sentence),
    answer=_to_the_other_day,
)
register(
    bp,
    actions.OF_THE_PROGRAMME,
    again=lambda tried: _programme(tried.target.event, tried),
    answer=back_to("desk.programme"),
)
register(
    bp,
    actions.OF_A_WORKSHOP,
    again=lambda tried: _workshop(tried.target.event, tried.target.the_workshop, tried),
    answer=back_to("desk.workshop"),
)
register(
    bp,
    actions.OF_THE_CODES,
    again=lambda tried: _codes(tried.target.event),
    answer=back_to("desk.code_list"),
)
register(
    bp,
    actions.OF_THE_SETTINGS,
    again=lambda tried: _settings(tried.target.event, sentence=tried.sentence),
    answer=back_to("desk.settings"),
)
