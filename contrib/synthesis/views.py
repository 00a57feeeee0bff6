"""The synthesis page and the queue of pairs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, jsonify, redirect, request, url_for
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from contrib.access import roles
from contrib.access.roles import PRESENTER, Target
from contrib.forms import whole_number
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Receipt
from contrib.store.models import Event, Note
from contrib.synthesis import likeness, queries
from contrib.synthesis.actions import ACTIONS
from contrib.synthesis.likeness import Duel, Near
from contrib.synthesis.operations import MOST_CONVERGENCES
from contrib.synthesis.queries import Board, Slip
from contrib.web import pages
from contrib.web.actions import Action, Tried, came_back, register, tell
from contrib.web.pages import shown

bp = Blueprint("synthesis", __name__, url_prefix="/<event_name>")
SHOWN, MORE = 3, 5
"""What resembles a note: at first, and on demand."""
STATES = (
    ("", "Toutes"),
    ("a-lire", "À lire"),
    ("sans-theme", "Sans thème"),
    ("choisies", "À dire"),
    ("seules", "Seules de leur avis"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    workshop: str
    state: str
    words: str

    def address(self, event: Event, **more: str | None) -> str:
        asked = {"atelier": self.workshop, "voir": self.state, "chercher": self.words, **more}
        kept = {name: value for name, value in asked.items() if value}
        page = url_for("synthesis.synthesis", event_name=event.name)
        return f"{page}?{urlencode(kept)}" if kept else page


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesisPage:
    event: Event
    lens: str
    board: Board
    slips: list[Slip]
    ticked: frozenset[str]
    """Notes that are taken already, in a page that is shown again or was asked for with them."""
    filter: Filter
    states: tuple[tuple[str, str], ...]
    about: Slip | None
    """The note whose neighbours are shown, and the one that was linked with it."""
    also: Slip | None
    nears: list[Near]
    first: int
    most_convergences: int
    seq: int
    tried: Tried | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairsPage:
    event: Event
    duel: Duel | None
    left: int
    later: int
    """How many pairs were put off in this round."""
    undo: tuple[str, str] | None
    linked: tuple[Slip, Slip] | None
    """The pair that was just linked, and what resembles both."""
    nears: list[Near]
    tried: Tried | None


@bp.get("/synthese")
@roles.only(PRESENTER)
def synthesis(target: Target) -> str:
    return synthesis_page(target.event)


@bp.get("/synthese/feed")
@roles.only(PRESENTER)
def synthesis_feed(target: Target) -> Response:
    """How many notes came since the page was made: offered, never pushed under somebody's hand."""
    event, made = target.event, whole_number(request.args.get("page", ""))
    changed = Note.event_id == event.id, Note.kind == "note", Note.created_seq > made
    number = len(db.session.scalars(select(Note.id).where(*changed)).all())
    here = request.args.get("ici", "")
    again = here if here.startswith(url_for("synthesis.synthesis", event_name=event.name)) else ""
    news = shown("synthesis/_news.html", News(number=number, again=again)) if number else ""
    return jsonify({"seq": log.last_seq(db.session(), event.id), "regions": {"news": news}})


@bp.get("/synthese/paires")
@roles.only(PRESENTER)
def pairs(target: Target) -> str:
    return pairs_page(target.event)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    number: int
    again: str


def synthesis_page(event: Event, tried: Tried | None = None) -> str:
    board = queries.board(db.session(), event)
    asked = _asked()
    filter = Filter(
        workshop=asked.get("atelier", ""), state=asked.get("voir", ""), words=asked.get("chercher", "")
    )
    lone = likeness.alone(event, board) if filter.state == "seules" else set()
    about, also = board.slips.get(asked.get("pres", "")), board.slips.get(asked.get("avec", ""))
    ticked = asked.getlist("prises") + (
        tried.form.notes.data or [] if tried and "notes" in tried.form else []
    )
    page = SynthesisPage(
        event=event,
        lens=db.session.scalar(select(Event.lens).where(Event.id == event.id)) or "",
        board=board,
        slips=queries.asked_for(board, filter.workshop, filter.state, filter.words, lone),
        ticked=frozenset(ticked),
        filter=filter,
        states=STATES,
        about=about,
        also=also,
        nears=likeness.near(event, board, about, also, MORE) if about else [],
        first=SHOWN,
        most_convergences=MOST_CONVERGENCES,
        seq=log.last_seq(db.session(), event.id),
        tried=tried,
    )
    return shown("synthesis/synthesis.html", page)


def pairs_page(event: Event, tried: Tried | None = None) -> str:
    board = queries.board(db.session(), event)
    found = likeness.duels(event, board)
    later = min(whole_number(_asked().get("plus-tard", "")), max(len(found) - 1, 0))
    last = [key for key in _asked().get("derniere", "").split() if key in board.slips][:2]
    one, other = (*(board.slips[key] for key in last), None, None)[:2]
    linked = (one, other) if one and other and board.word(one.id, other.id) == "linked" else None
    page = PairsPage(
        event=event,
        duel=found[later] if found else None,
        left=len(found),
        later=later,
        undo=(last[0], last[1]) if len(last) == 2 else None,
        linked=linked,
        nears=likeness.near(event, board, linked[0], linked[1], SHOWN) if linked else [],
        tried=tried,
    )
    return shown("synthesis/pairs.html", page)


def _asked() -> MultiDict[str, str]:
    """What the address asks for; on a post, that of the page on which the form stood."""
    if request.method == "GET":
        return request.args
    return MultiDict(parse_qsl(urlsplit(came_back() or "").query))


def _again(tried: Tried) -> str:
    came_from_pairs = tried.action.name == "verdicts" and "/paires" in (came_back() or "")
    return (pairs_page if came_from_pairs else synthesis_page)(tried.target.event, tried)


def _answer(action: Action, target: Target, receipt: Receipt) -> Response:
    tell(action, target, receipt)
    page = url_for("synthesis.synthesis", event_name=target.event.name)
    return redirect(came_back() or page, 303)


def marked(text: str, words: Iterable[str]) -> Markup:
    """A text with these words marked; every character is escaped."""
    wanted = [re.escape(word) for word in sorted(words, key=len, reverse=True)]
    parts = re.split(rf"(?<!\w)({'|'.join(wanted)})(?!\w)", text) if wanted else [text]
    return pages.marked((part, at % 2 == 1) for at, part in enumerate(parts))


bp.add_app_template_global(marked)
register(bp, ACTIONS, again=_again, answer=_answer)
