"""The presenter's page, the Word document at any moment, the full-screen view."""

import io
import json
from dataclasses import dataclass, replace
from datetime import time

from flask import Blueprint, jsonify, request, send_file, session
from werkzeug.wrappers import Response

from contrib import clock
from contrib.access import roles
from contrib.access.roles import PRESENTER, Target
from contrib.capture import queries
from contrib.capture.queries import Card, Wording
from contrib.digest import announcements
from contrib.documents import editions, latest_document
from contrib.documents.latest_document import LatestDocument, NothingCompiled
from contrib.documents.views import WORD
from contrib.plenary.actions import ACTIONS
from contrib.plenary.dashboard import Dashboard, DashboardRegion, dashboard
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Refused
from contrib.store.models import Edition, Event
from contrib.web.actions import Tried, back_to, register
from contrib.web.pages import said, shown
from exports.digest import Digest, typeset_digest
from exports.documents.speech import Speech, missing, speech, start_times, told_as

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
    region = DashboardRegion(event=event, dashboard=dashboard(event))
    regions = {"dashboard": shown("plenary/_dashboard.html", region)}
    if str(latest) != request.args.get("since") and not request.args.get("dashboard"):
        regions["essentials"] = shown("plenary/_essentials.html", essentials(event))
    return jsonify({"seq": latest, "regions": regions})


@bp.get("/restitution.docx")
@roles.only(PRESENTER)
def document(target: Target) -> Response:
    """The Word document as of this moment; `?pages=dire` leaves the record out."""
    latest = compiled(target.event, record=request.args.get("pages") != "dire")
    session["downloaded"] = {"seq": latest.seq, "at": said(target.event, latest.taken_at)}
    content = io.BytesIO(latest.content)
    return send_file(content, mimetype=WORD, as_attachment=True, download_name=latest.filename)


@bp.get("/plein-ecran")
@roles.only(PRESENTER)
def stage(target: Target) -> str:
    return shown("plenary/stage.html", essentials(target.event))


@bp.get("/plein-ecran/feed")
@roles.only(PRESENTER)
def stage_feed(target: Target) -> Response:
    latest = log.last_seq(db.session(), target.event.id)
    if str(latest) == request.args.get("since"):
        return jsonify({"seq": latest})
    slides = shown("plenary/_slides.html", essentials(target.event))
    return jsonify({"seq": latest, "regions": {"slides": slides}})


# --- the pages, and what each of them shows ---------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Essentials:
    """What will be said, in the document's own words and order."""

    event: Event
    content: Digest
    speeches: dict[str, Speech]
    """By workshop id."""
    gaps: list[str]
    times: list[time]
    state: str
    stale: bool
    replaced: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestitutionPage:
    event: Event
    seq: int
    dashboard: Dashboard
    essentials: Essentials
    editions: list[tuple[Edition, list[str]]]
    """Each with what changed since the one before."""
    cards: dict[str, list[Card]]
    messages: dict[str, tuple[Wording, ...]]
    references: dict[str, str | None]
    opened: str | None
    """The workshop whose choice is unfolded."""
    tried: Tried | None
    frozen: str
    """Why no version was frozen."""


def restitution_page(event: Event, *, tried: Tried | None = None, frozen: str = "") -> str:
    shown_now = essentials(event)
    page = RestitutionPage(
        event=event,
        seq=log.last_seq(db.session(), event.id),
        dashboard=dashboard(event),
        essentials=shown_now,
        editions=[(one, json.loads(one.changes)) for one in editions.of(event)],
        cards={w.id: queries.cards(db.session(), event, w) for w in event.workshops},
        messages={w.id: queries.message(db.session(), event, w) for w in event.workshops},
        references={n.id: n.reference for w in shown_now.content.workshops for n in w.notes},
        opened=request.args.get("ouvert"),
        tried=tried,
        frozen=frozen,
    )
    return shown("plenary/restitution.html", page)


def essentials(event: Event) -> Essentials:
    latest = compiled(event, anew=False)
    content = _as_heard(event, typeset_digest(latest.digest))
    return Essentials(
        event=event,
        content=content,
        speeches={w.id: speech(w) for w in content.workshops},
        gaps=list(missing(content)),
        times=list(start_times(content)),
        state=said(event, latest.taken_at if latest.stale else clock.now()),
        stale=latest.stale,
        replaced=latest.replaced,
    )


def _as_heard(event: Event, content: Digest) -> Digest:
    """The same with what the laptops say now, which no operation tells."""
    told = announcements(db.session(), event, clock.now())
    return replace(
        content,
        workshops=tuple(replace(w, announcement=told[w.id]) for w in content.workshops if w.id in told),
    )


def compiled(event: Event, *, record: bool = True, anew: bool = True) -> LatestDocument:
    """The document as of now. Raises Refused in a sentence where there is none at all.

    Without `anew` the last one is taken where nothing was noted since: only the hour on it is older.
    """
    try:
        if not anew:
            return latest_document.unchanged(event)
        return latest_document.compile_now(event, record=record)
    except NothingCompiled as error:
        raise Refused(
            "Le document ne peut pas être compilé pour l’instant. Les notes sont toutes gardées.", 500
        ) from error


bp.add_app_template_global(told_as)
register(
    bp,
    ACTIONS,
    again=lambda tried: restitution_page(tried.target.event, tried=tried),
    answer=back_to("plenary.restitution", anchor="points-communs"),
)
