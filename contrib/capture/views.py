"""The capture page and what it sends. Views translate; operations decide."""

import json
from dataclasses import dataclass, replace

from flask import Blueprint, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from contrib import clock
from contrib.access import roles
from contrib.access.roles import ROOM, Target
from contrib.capture import actions, feed, queries
from contrib.capture.lines import as_notes
from contrib.capture.queries import Card, Section, Wording
from contrib.capture.summary import Summary, spoken_time, summary
from contrib.notices.queries import Word, waiting
from contrib.programme import cache
from contrib.store.db import db
from contrib.store.log import Receipt, Refused, Values
from contrib.store.models import Event, Note, Workshop
from contrib.web.actions import (
    Action,
    Page,
    Tried,
    came_back,
    carry_out,
    perform,
    performs,
    refusal_of,
    register,
)
from contrib.web.errors import wants_json
from contrib.web.pages import rendered, said

bp = Blueprint("capture", __name__, url_prefix="/<event_name>/ateliers/<workshop_name>")


@bp.get("")
@roles.only(ROOM)
def workshop(target: Target) -> Page:
    """The page to note in; of a rehearsal that was put away, the day's own."""
    day_s_own = cache.current().after_rehearsal(target.the_workshop)
    if day_s_own is not None and not roles.is_organiser():
        return redirect(
            url_for("capture.workshop", event_name=day_s_own.event.name, workshop_name=day_s_own.name), 303
        )
    return _page(target.the_workshop)


@bp.get("/feed")
@roles.only(ROOM)
def changes(target: Target) -> Response:
    return _json(feed.since(target.the_workshop, request.args, company=True))


@bp.get("/suite")
@roles.only(ROOM)
def rest(target: Target) -> Response:
    """The notes that did not come with the page, a slice at a time."""
    section, after = request.args.get("rubrique", ""), request.args.get("apres", "")
    return _json(feed.slice_of(target.the_workshop, section, after))


@bp.get("/notes/<note_id>")
@roles.only(ROOM)
def note(target: Target, note_id: str) -> str:
    """One note with its history, theme and the other things one does less often."""
    return _note_page(target.the_workshop, note_id)


@bp.post("/notes")
@performs(actions.NOTES)
def notes(target: Target) -> Page:
    """A new note. Several lines typed on the page ask first whether they are one note or many."""
    form = actions.NOTES.form()
    if form.parts.data == "many":  # a page or a journal of before the list had an address of its own
        return perform(actions.LIST, target, _again, _answer)
    lines = as_notes(form.text.data or "")
    asks = len(lines) > 1 and not form.parts.data and not wants_json()
    if asks and not refusal_of(actions.NOTES, target, form):
        tried = Tried(action=actions.NOTES, target=target, form=form, sentence="")
        return _page(target.the_workshop, tried=tried, question=len(lines))
    return perform(actions.NOTES, target, _again, _answer)


@bp.post("/signature")
@performs(actions.SIGNATURE)
def signature(target: Target) -> Page:
    receipt = carry_out(actions.SIGNATURE, target, actions.SIGNATURE.form())
    session["person"] = receipt.outcome["person"]
    return _answer(actions.SIGNATURE, target, receipt)


@bp.post("/message/choice", endpoint=actions.MESSAGE_CHOICE.name)
@performs(actions.MESSAGE_CHOICE)
def message_choice(target: Target) -> Page:
    """« Garder ce texte » among those of the key message, whose id follows from the workshop."""
    subject = actions.subject_of(actions.MESSAGE_CHOICE, target.the_workshop, None)
    return perform(actions.MESSAGE_CHOICE, replace(target, subject=subject), _again, _answer)


# --- what the views share --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturePage:
    event: Event
    workshop: Workshop
    sections: list[Section]
    highlights: list[Card]
    message: tuple[Wording, ...]
    summary: Summary
    latest: Card | None
    spoken: str
    """How long the message and the chosen notes take to say."""
    notices: list[Word]
    """The desk's words that nobody acknowledged."""
    seq: int
    mark: str
    """The id of the operation numbered `seq`."""
    printed: int
    epoch: str
    now: int
    """The server's clock, in milliseconds."""
    ends_at: str | None
    rubric_pairs: tuple[tuple[str, str], ...]
    signature: str | None
    only: str
    """The rubric that was asked for alone; empty where all are shown."""
    partial: bool
    """Whether that rubric is shown from a note on that is not its first."""
    words: str
    """What the notes were searched for."""
    tried: Tried | None
    question: int
    """The number of lines that may be as many notes; 0 where nothing is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePage:
    event: Event
    workshop: Workshop
    card: Card
    history: list[Wording]
    themes: list[str]
    signature: str | None
    rubric_pairs: tuple[tuple[str, str], ...]
    tried: Tried | None = None


def _page(workshop: Workshop, *, tried: Tried | None = None, question: int = 0) -> str:
    event, db_session = workshop.event, db.session()
    seq, mark = cache.current().position(workshop)
    words = request.args.get("chercher", "").strip()
    only, after = request.args.get("rubrique", ""), request.args.get("apres", queries.START)
    if only not in dict(queries.labels(workshop)):
        only, after = "", queries.START
    sections = queries.sections(db_session, event, workshop, only=only, after=after)
    wanted = request.args.get("note")
    if wanted and all(card.id != wanted for section in sections for card in section.cards):
        only, after = queries.where(db_session, workshop, wanted)
        sections = queries.sections(db_session, event, workshop, only=only, after=after)
    if words:
        sections = queries.found(db_session, event, workshop, words)
    page = CapturePage(
        event=event,
        workshop=workshop,
        sections=sections,
        highlights=queries.highlights(db_session, event, workshop),
        message=queries.message(db_session, event, workshop),
        summary=summary(db_session, event, workshop),
        latest=queries.latest(db_session, event, workshop),
        spoken=spoken_time(db_session, workshop),
        notices=waiting(db_session, event, workshop),
        seq=seq,
        mark=mark,
        printed=feed.printed(event),
        epoch=feed.epoch(),
        now=int(clock.now().timestamp() * 1000),
        ends_at=feed.ends_at(event),
        rubric_pairs=feed.rubric_pairs(workshop),
        signature=roles.signature(),
        only=only,
        partial=after != queries.START,
        words=words,
        tried=tried,
        question=question,
    )
    return rendered("capture/workshop.html", page)


def _note_page(workshop: Workshop, note_id: str, tried: Tried | None = None) -> str:
    page = NotePage(
        event=workshop.event,
        workshop=workshop,
        card=_find(workshop, note_id),
        history=queries.history(db.session(), workshop.event, note_id),
        themes=feed.themes(workshop.event),
        signature=roles.signature(),
        rubric_pairs=feed.rubric_pairs(workshop),
        tried=tried,
    )
    return rendered("capture/note.html", page)


def _again(tried: Tried) -> str:
    """The page that the form stands on, with the sentence and what was typed."""
    workshop, subject = tried.target.the_workshop, tried.target.subject
    if tried.action in actions.OF_A_NOTE and subject:
        return _note_page(workshop, subject, tried)
    return _page(workshop, tried=tried)


def _answer(action: Action, target: Target, receipt: Receipt) -> Page:
    """To the journal an acknowledgement, to a form the page that it was on."""
    if wants_json():
        return _acknowledged(target.the_workshop, receipt)
    if receipt.outcome.get("conflict"):
        flash("Quelqu’un a modifié ce texte pendant que vous le modifiiez : les deux textes sont gardés.")
    if receipt.outcome.get("ready"):
        flash(
            "C’est noté : l’atelier est prêt. Ce qui est enregistré est sur cette page : relisez-la avant de fermer."
        )
    named: Values = {"event_name": target.event.name, "workshop_name": target.the_workshop.name}
    anchor = _anchor(action, target, receipt.outcome)
    if anchor and anchor.startswith("note-"):
        named["note"] = anchor.removeprefix("note-")  # it may be one that does not come with the page
    return redirect(came_back() or url_for("capture.workshop", **named, _anchor=anchor), 303)


def _anchor(action: Action, target: Target, outcome: Values) -> str | None:
    """The element of the page that the change is about."""
    if "notes" in outcome:
        return f"note-{outcome['notes'][-1]}"
    if action in actions.OF_A_NOTE:
        return f"note-{target.subject}"
    return {
        "notes": None,
        "message": "message",
        "message-choice": "message",
        "signature": "signature",
        "acknowledgement": None,
    }.get(action.name, "cloture")


def _acknowledged(workshop: Workshop, receipt: Receipt) -> Response:
    """JSON that echoes the operation: what lets it leave the journal. With the news, if asked."""
    echo = {
        "operation": receipt.id,
        "store": feed.epoch(),
        "outcome": "conflict" if receipt.outcome.get("conflict") else "accepted",
        "seq": receipt.seq,
        "received": said(workshop.event, receipt.at),
        **{k: v for k, v in receipt.outcome.items() if k in ("note", "notes", "revision")},
    }
    if "since" not in request.args:
        return _json(json.dumps(echo))
    return _json(f'{json.dumps(echo)[:-1]}, "news": {feed.since(workshop, request.args)}}}')


def _json(text: str) -> Response:
    return Response(text, mimetype="application/json")


def _find(workshop: Workshop, note_id: str) -> Card:
    found = db.session.get(Note, note_id)
    if found is not None and found.workshop_id != workshop.id:
        raise Refused("Cette note est celle d’un autre atelier : ouvrez-la dans son atelier.", 403)
    card = queries.card(db.session(), workshop.event, workshop, note_id)
    if card is None:
        raise Refused("Cette note n’est pas (encore) arrivée ici.", 404)
    return card


register(
    bp,
    (*actions.OF_A_NOTE, *actions.OF_THE_WORKSHOP, actions.ACKNOWLEDGEMENT),
    again=_again,
    answer=_answer,
)
