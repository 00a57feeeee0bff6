"""The editors' pages: one chapter at a time, its recommendations beside their originals, editions."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, flash, jsonify, redirect, request, send_file, url_for
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response

from contrib import report_digest
from contrib.access import codes, roles
from contrib.access.roles import ORGANISER, Target
from contrib.documents import operations as documents
from contrib.documents import report_editions
from contrib.forms import OperationForm
from contrib.publication import actions, pictures
from contrib.publication import operations as report
from contrib.publication.forms import PictureForm
from contrib.publication.open_items import Open, open_items
from contrib.store.db import db
from contrib.store.log import Receipt, Refused
from contrib.store.models import Event
from contrib.store.report_models import Partner, Picture, Publication, ReportEdition
from contrib.web.actions import Action, Page, Tried, back_to, came_back, register, tell
from contrib.web.errors import wants_json
from contrib.web.pages import rendered
from exports.documents.report_content import Content, Entry, Group, Passage, WorkshopChapter, content_of
from exports.documents.report_page import compile_passage
from exports.documents.rescue import Hopeless
from exports.formatted import Picture as PictureBlock
from exports.report import STATUSES
from exports.system import reason

bp = Blueprint("report", __name__, url_prefix="/<event_name>/organisation/rapport")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterPage:
    event: Event
    content: Content
    open: Open
    passage: Passage
    workshop: WorkshopChapter | None
    groups: tuple[Group, ...]
    annexed: tuple[Entry, ...]
    """Notes of this chapter's workshop that only the annex has."""
    sources: Mapping[str, Sequence[Any]]
    """By note or merger, the standing texts of its rewording."""
    preview: Markup
    pictures: list[Picture]
    """That this chapter shows, or that none does."""
    in_text: frozenset[str]
    """Keys of those that it shows."""
    tried: Tried | None
    editing: str
    """The key of the passage whose form was refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionsPage:
    event: Event
    content: Content
    open: Open
    editions: list[tuple[ReportEdition, list[str]]]
    publication: Publication | None
    state: str
    statuses: dict[str, str]
    partners: list[tuple[Partner, str]]
    """Those who may answer, each with its code."""
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesPage:
    event: Event
    names: list[tuple[str, str, str, bool]]
    """Id, name, where it comes from, whether it is printed."""


@bp.get("")
@roles.only(ORGANISER)
def shown_now(target: Target) -> str:
    return _chapter(target.event, "introduction")


@bp.get("/chapitres/<chapter>")
@roles.only(ORGANISER)
def chapter(target: Target, chapter: str) -> str:
    return _chapter(target.event, chapter)


@bp.get("/images/<picture>")
@roles.only(ORGANISER)
def picture(target: Target, picture: str) -> Response:
    """A picture as the report will show it."""
    found = pictures.find(target.event, picture)
    return Response(found.content, content_type="image/png" if found.ending == "png" else "image/jpeg")


@bp.post("/images")
@roles.only(ORGANISER, report.add_picture)
def picture_creation(target: Target) -> Page:
    """A picture, with the text of the chapter as it was typed: neither waits for the other."""
    form, passages = PictureForm(), actions.OF_A_PASSAGE[0]
    try:
        receipt = pictures.add(target.event, form, request.files.get("picture"), roles.author())
    except Refused as refusal:
        tried = Tried(action=passages, target=target, form=form, sentence=str(refusal))
        return _again(tried), refusal.status
    return _answer(passages, target, receipt)


@bp.get("/noms")
@roles.only(ORGANISER)
def name_list(target: Target) -> str:
    return _names(target.event)


def _names(shown_event: Event) -> str:
    """Who could be named, and who is: nobody, unless somebody switched it on."""
    event = db.session.get_one(Event, shown_event.id)
    printed = report_digest.named(db.session(), event)
    names = [
        (report_digest.name_id(event, name), name, where, printed(name))
        for name, where in report_digest.names(db.session(), event)
    ]
    return rendered("publication/names.html", NamesPage(event=shown_event, names=names))


@bp.get("/editions")
@roles.only(ORGANISER)
def edition_list(target: Target) -> str:
    return _editions(target.event)


@bp.post("/editions")
@roles.only(ORGANISER, documents.freeze_report)
def edition_creation(target: Target) -> Page:
    """*Figer* the report as it is now."""
    form = OperationForm()
    try:
        receipt = report_editions.freeze(target.event, roles.author(), operation=form.operation.data or None)
    except Refused as refusal:
        return _editions(target.event, sentence=str(refusal)), 409
    except Hopeless:
        sentence = "Le rapport ne peut pas être compilé pour l’instant : rien n’a été figé."
        return _editions(target.event, sentence=sentence), 500
    except OSError as error:
        return _editions(target.event, sentence=f"Rien n’a été figé : {reason(error)}."), 500
    flash(f"L’édition n° {receipt.outcome['edition']} est figée. Elle n’est pas encore publique.")
    return redirect(url_for("report.edition_list", event_name=target.event.name), 303)


@bp.get("/site.zip")
@roles.only(ORGANISER)
def site(target: Target) -> Response:
    """The whole public side, for the web agency that runs the organisation's site."""
    files = report_editions.public_site(target.event)
    content = io.BytesIO(report_editions.packed({f"rapport/{name}": one for name, one in files.items()}))
    name = f"rapport-{target.event.name}-site.zip"
    return send_file(content, mimetype="application/zip", as_attachment=True, download_name=name)


def _chapter(event: Event, key: str, tried: Tried | None = None) -> str:
    content = content_of(report_editions.taken(event))
    passage = next((one for one in content.passages if one.chapter.key == key), None)
    if passage is None:
        raise Refused("Ce chapitre n’existe pas, ou plus.", 404)
    workshop = next((one for one in content.workshops if one.passage is passage), None)
    groups = workshop.groups if workshop else ()
    if passage is content.crossing and content.mergers:
        kept = tuple(one for one in content.mergers if one.kept)
        groups = (Group(label="Recommandations de synthèse", nature="recommandation", entries=kept),)
    in_text = {block.key for one in passage.versions for block in one if isinstance(block, PictureBlock)}
    page = ChapterPage(
        event=event,
        pictures=pictures.beside(event, in_text, content.pictures),
        in_text=frozenset(in_text),
        content=content,
        open=open_items(content),
        passage=passage,
        workshop=workshop,
        groups=groups,
        annexed=tuple(one for one in workshop.annex if not one.kept) if workshop else (),
        sources={one.id: one.texts for one in content.report.edited},
        preview=compile_passage(
            content, passage, lambda one: url_for("report.picture", event_name=event.name, picture=one.key)
        ),
        tried=tried,
        editing=tried.form.key.data if tried and hasattr(tried.form, "key") else "",
    )
    return rendered("publication/chapter.html", page)


def _editions(event: Event, *, sentence: str = "") -> str:
    content = content_of(report_editions.taken(event))
    editions = [(one, json.loads(one.changes)) for one in report_editions.of(event)]
    publication = db.session.get(Publication, event.id)
    page = EditionsPage(
        event=event,
        content=content,
        open=open_items(content),
        editions=editions,
        publication=publication,
        state=_state(editions, publication),
        statuses=STATUSES,
        partners=_partners(event),
        sentence=sentence,
    )
    return rendered("publication/editions.html", page)


def _partners(event: Event) -> list[tuple[Partner, str]]:
    rows = select(Partner).where(Partner.event_id == event.id, Partner.revoked_at.is_(None))
    key = current_app.config["SECRET_KEY"]
    found = db.session.scalars(rows.order_by(Partner.added_at, Partner.id))
    return [(one, codes.grouped(codes.of_partner(key, event, one))) for one in found]


def _state(editions: list[tuple[ReportEdition, list[str]]], publication: Publication | None) -> str:
    """*À paraître*, *publié* or *clos*."""
    if not any(edition.published_at for edition, _ in editions):
        return "À paraître"
    return "Clos" if publication and publication.closed_at else "Publié"


def _again(tried: Tried) -> str:
    """The chapter that the form stood on, with the sentence and what was typed."""
    key = (request.form.get("chapter") or "introduction").strip()
    return _chapter(tried.target.event, key, tried)


def _answer(action: Action, target: Target, receipt: Receipt) -> Page:
    if wants_json():
        outcome = "conflict" if receipt.outcome.get("conflict") else "accepted"
        return jsonify(operation=receipt.id, outcome=outcome, seq=receipt.seq)
    if receipt.outcome.get("conflict"):
        flash("Quelqu’un a modifié ce texte pendant que vous le modifiiez : les deux textes sont gardés.")
    tell(action, target, receipt)
    return redirect(came_back() or url_for("report.shown_now", event_name=target.event.name), 303)


register(bp, (*actions.OF_A_PASSAGE, *actions.OF_PICTURES), again=_again, answer=_answer)
register(
    bp, actions.OF_NAMES, again=lambda tried: _names(tried.target.event),
    answer=back_to("report.name_list"),
)  # fmt: skip
register(
    bp,
    (*actions.OF_THE_REPORT, *actions.OF_ANSWERS, *actions.OF_PARTNERS),
    again=lambda tried: _editions(tried.target.event, sentence=tried.sentence),
    answer=back_to("report.edition_list"),
)
