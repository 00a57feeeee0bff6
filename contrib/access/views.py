"""Getting in: a code typed or scanned, the organiser's password, and the way out."""

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from contrib.access import passwords, public_address, roles
from contrib.access.operations import end_session, find_by_code
from contrib.forms import raw
from contrib.store.db import db
from contrib.store.log import Refused
from contrib.store.models import Event, Installation, Workshop
from contrib.store.report_models import Partner

bp = Blueprint("access", __name__)

WRONG_CODE = (
    "Ce code n’ouvre aucun atelier de cette journée. Vérifiez la fiche posée sur votre table : "
    "dix lettres et chiffres, l’ordre compte, les majuscules non."
)
WRONG_ENTRY = (
    "Ce mot de passe n’est pas le bon. Il a été affiché une fois, à la création ; "
    "« contrib password » en fait un nouveau."
)


@bp.get("/")
@roles.only(roles.EVERYBODY)
def enter() -> str:
    event = roles.current_event()
    opened = roles.opened_workshops(event) if event else []
    return _enter_page(event, opened=opened)


@bp.post("/")
@roles.only(roles.EVERYBODY)
def code() -> Response | tuple[str, int]:
    """Open what a code opens. With a text in hand, it is in the box of the page that follows."""
    typed = request.form.get("code", "")
    found = find_by_code(db.session(), current_app.config["SECRET_KEY"], typed)
    if found is None:
        page = _enter_page(roles.current_event(), typed=typed, sentence=WRONG_CODE)
        return page, 422
    event, opened = found
    kept = raw(request.form.get("kept"))
    if kept.strip() and isinstance(opened, Workshop):
        roles.open_workshop(event, opened)
        page = render_template("access/kept.html", event=event, workshop=opened, kept=kept)
        return page, 200
    return _open(event, opened)


@bp.get("/joint")
@roles.only(roles.EVERYBODY)
def reached() -> str:
    """What another device opens to show that it reaches this server."""
    return render_template("access/reached.html", event=roles.current_event(), other=public_address.arrived())


@bp.get("/e/<code>")
@roles.only(roles.EVERYBODY)
def by_code(code: str) -> Response | tuple[str, int]:
    """The address that sheets of before November 2026 carry."""
    found = find_by_code(db.session(), current_app.config["SECRET_KEY"], code)
    if found is None:
        sentence = (
            "Ce lien n’ouvre plus aucun atelier : le code a sans doute été renouvelé. Tapez le nouveau."
        )
        return _enter_page(roles.current_event(), sentence=sentence), 404
    return _open(*found)


@bp.get("/jeton")
@roles.only(roles.EVERYBODY)
def token() -> Response:
    """A fresh form token for the journal: its own may be days old."""
    return jsonify(csrf_token=generate_csrf())


@bp.get("/organisation")
@roles.only(roles.EVERYBODY)
def organisation() -> Response | str:
    event = roles.current_event()
    if event and roles.is_organiser():
        return redirect(url_for("desk.workshops", event_name=event.name))
    return render_template("access/password.html", event=event, sentence="")


@bp.post("/organisation")
@roles.only(roles.EVERYBODY)
def password() -> Response | tuple[str, int]:
    event = roles.current_event()
    installation = db.session.get_one(Installation, 1)
    try:
        right = passwords.opens(installation.password_hash, request.form.get("password", ""))
    except Refused as refusal:
        return render_template("access/password.html", event=event, sentence=str(refusal)), refusal.status
    if not right:
        return render_template("access/password.html", event=event, sentence=WRONG_ENTRY), 422
    roles.open_everything()
    if event is None:
        return redirect(url_for("days.day_list"), 303)
    return redirect(url_for("desk.workshops", event_name=event.name), 303)


@bp.post("/sortir")
@roles.only(roles.EVERYBODY, end_session)
def leave() -> Response:
    roles.close()
    return redirect(url_for("access.enter"), 303)


def _open(event: Event, found: Workshop | Partner | None) -> Response:
    if isinstance(found, Partner):
        roles.open_answers(event, found)
        return redirect(url_for("partners.answers_page", event_name=event.name), 303)
    if found is None:
        roles.open_restitution(event)
        return redirect(url_for("plenary.restitution", event_name=event.name), 303)
    roles.open_workshop(event, found)
    address = url_for("capture.workshop", event_name=event.name, workshop_name=found.name)
    return redirect(address, 303)


def _enter_page(
    event: Event | None, *, typed: str = "", sentence: str = "", opened: list[Workshop] | None = None
) -> str:
    return render_template(
        "access/enter.html",
        event=event,
        typed=typed,
        sentence=sentence,
        opened=opened or [],
        partner=roles.partner(event) if event else None,
        kept=raw(request.form.get("kept")),
    )
