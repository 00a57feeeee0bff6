"""The presenter's page, the Word document at any moment, the full-screen view."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, jsonify, request, send_file, session
from werkzeug.wrappers import Response

from contrib import clock
from contrib.access import roles
from contrib.access.roles import PRESENTER, Target
from contrib.documents import editions, latest_document
from contrib.documents.latest_document import LatestDocument, NothingCompiled
from contrib.documents.views import WORD
from contrib.plenary import stage as slides
from contrib.plenary.dashboard import Dashboard, dashboard
from contrib.plenary.essentials import Essentials, essentials, rested_on
from contrib.plenary.rooms import Day, ago
from contrib.plenary.stage import Stage
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Refused
from contrib.store.models import Event
from contrib.web.pages import rendered, said
from exports.documents.speech import told_as
from exports.text import counted, in_thousands

bp = Blueprint("plenary", __name__, url_prefix="/<event_name>")


@bp.get("/restitution")
@roles.only(PRESENTER)
def restitution(target: Target) -> str:
    return restitution_page(target.event)


@bp.get("/restitution/feed")
@roles.only(PRESENTER)
def restitution_feed(target: Target) -> Response:
    """The live part of the page, when something happened since `since`."""
    event = target.event
    latest = log.last_seq(db.session(), event.id)
    region = DocumentRegion(event=event, dashboard=dashboard(event), document=_document(event))
    regions = {name: rendered(f"plenary/_{name}.html", region) for name in ("document", "dashboard")}
    if str(latest) != request.args.get("since"):
        regions["essentials"] = rendered("plenary/_essentials.html", essentials(event))
    good = latest_document.last_good(event.id)
    kept = {"fingerprint": good.fingerprint, "taken": said(event, good.taken_at)} if good else None
    return jsonify({"seq": latest, "regions": regions, "document": kept})


@bp.get("/restitution.docx")
@roles.only(PRESENTER)
def document(target: Target) -> Response:
    """The Word document as of this moment; `?pages=dire` leaves the record out."""
    latest = compiled(target.event, record=request.args.get("pages") != "dire")
    session["downloaded"] = {"seq": latest.seq, "at": said(target.event, latest.taken_at)}
    content = io.BytesIO(latest.content)
    return send_file(content, mimetype=WORD, as_attachment=True, download_name=latest.filename)


@bp.get("/restitution/copie.docx")
@roles.only(PRESENTER)
def document_copy(target: Target) -> Response:
    """The last good document, for the presenter's browser to keep, with what it is in a header."""
    good = latest_document.last_good(target.event.id)
    if good is None:
        raise Refused("Aucun document n’est encore compilé.", 404)
    response = send_file(io.BytesIO(good.content), mimetype=WORD)
    frozen = editions.same_as(target.event, good)
    facts = {
        "name": good.filename,
        "length": len(good.content),
        "fingerprint": good.fingerprint,
        "taken": clock.when(said(target.event, good.taken_at)),
        "edition": frozen.number if frozen else None,
    }
    response.headers["X-Document"] = json.dumps(facts)
    return response


@bp.get("/plein-ecran")
@roles.only(PRESENTER)
def stage(target: Target) -> str:
    return rendered("plenary/stage.html", slides.stage(target.event))


@bp.get("/plein-ecran/feed")
@roles.only(PRESENTER)
def stage_feed(target: Target) -> Response:
    """The slides as they would be now, when something happened since `since`: the page offers them."""
    return _regions(target.event, slides.stage, "slides", "progress")


@bp.get("/orateur")
@roles.only(PRESENTER)
def prompter(target: Target) -> str:
    return rendered("plenary/prompter.html", slides.prompter(target.event))


@bp.get("/orateur/feed")
@roles.only(PRESENTER)
def prompter_feed(target: Target) -> Response:
    return _regions(target.event, slides.prompter, "prompter", "progress")


def _regions(event: Event, made: Callable[[Event], Stage], *names: str) -> Response:
    latest = log.last_seq(db.session(), event.id)
    if str(latest) == request.args.get("since"):
        return jsonify({"seq": latest})
    page = made(event)
    return jsonify(
        {"seq": latest, "regions": {name: rendered(f"plenary/_{name}.html", page) for name in names}}
    )


# --- the pages, and what each of them shows ---------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The last good document, as the page speaks of it."""

    at: str
    ago: str
    kind: str
    """« Word, 11 pages, 48 ko »."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestitutionPage:
    event: Event
    seq: int
    dashboard: Dashboard
    document: Document | None
    essentials: Essentials
    references: dict[str, str]
    """Of the notes that points communs rest on, by their ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRegion:
    event: Event
    dashboard: Dashboard
    document: Document | None


def restitution_page(event: Event) -> str:
    shown_now = essentials(event)
    page = RestitutionPage(
        event=event,
        seq=log.last_seq(db.session(), event.id),
        dashboard=dashboard(event),
        document=_document(event),
        essentials=shown_now,
        references={id: name for id, (name, _) in rested_on(event, shown_now.content).items()},
    )
    return rendered("plenary/restitution.html", page)


def _document(event: Event) -> Document | None:
    """None before the first."""
    good = latest_document.last_good(event.id)
    if good is None:
        return None
    size = in_thousands(max(1, round(len(good.content) / 1_000)))
    return Document(
        at=said(event, good.taken_at),
        ago=ago(Day(event=event, now=clock.now()), good.taken_at),
        kind=f"Word, {counted(good.pages, 'page', 'pages')}, {size} ko",
    )


def compiled(event: Event, *, record: bool = True) -> LatestDocument:
    """The document as of now. Raises Refused in a sentence where there is none at all."""
    try:
        return latest_document.compile_now(event, record=record)
    except NothingCompiled as error:
        raise Refused(
            "Le document ne peut pas être compilé pour l’instant. Les notes sont toutes gardées.", 500
        ) from error


bp.add_app_template_global(told_as)
