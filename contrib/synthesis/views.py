"""The synthesis page and the queue of pairs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from contrib.access import roles
from contrib.access.roles import PRESENTER, Target
from contrib.forms import whole_number
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Kind, Receipt
from contrib.store.models import Event, Note
from contrib.synthesis import likeness, queries
from contrib.synthesis.actions import ACTIONS
from contrib.synthesis.likeness import Duel, Near
from contrib.synthesis.operations import MOST_CONVERGENCES
from contrib.synthesis.queries import Board, Slip
from contrib.web import pages
from contrib.web.actions import Action, Tried, came_back, register, tell
from contrib.web.pages import rendered

bp = Blueprint("synthesis", __name__, url_prefix="/<event_name>")
SHOWN, MORE = 3, 5
"""What resembles a note: at first, and on demand."""
REGIONS = ("counts", "mergers", "themes", "points")
"""The parts of the page that follow what others do, by the name of their template."""
DONE_AT_THE_DESK = (Kind.TEXT, Kind.CHOICE, Kind.ORDER)
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
        return f"{_address(event)}?{urlencode(kept)}" if kept else _address(event)


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesisPage:
    event: Event
    lens: str
    board: Board
    slips: list[Slip]
    ticked: frozenset[str]
    """Notes that are taken already, in a page that is shown again or was asked for with them."""
    filter: Filter
    here: str
    """The address of the page as it is filtered: where forms come back to."""
    states: tuple[tuple[str, str], ...]
    about: Slip | None
    """The note whose neighbours are shown, and the one that was linked with it."""
    also: Slip | None
    nears: list[Near]
    first: int
    most_convergences: int
    seq: int
    tried: Tried | None
    refused_at: str
    """The place where its sentence stands."""


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
    """What others did at the desk, in place; notes that came are counted, never pushed under a hand."""
    event, session = target.event, db.session()
    since, made = (whole_number(request.args.get(name, "")) for name in ("since", "page"))
    here = request.args.get("ici", "")
    here = here if here.startswith(_address(event)) else ""
    came = Note.event_id == event.id, Note.kind == "note", Note.created_seq > made
    number = session.scalar(select(func.count()).select_from(Note).where(*came)) or 0
    regions = {"news": rendered("synthesis/_news.html", News(number=number, again=here)) if number else ""}
    seq = log.last_seq(session, event.id)
    if log.last_seq(session, event.id, *DONE_AT_THE_DESK) > since:
        page = _synthesis(event, _query_of(here))
        regions |= {name: rendered(f"synthesis/_{name}.html", page) for name in REGIONS}
        regions |= {f"slip-{one.id}": render_template("synthesis/_slip.html", slip=one) for one in page.board.slips.values()}  # fmt: skip
    return jsonify({"seq": seq, "regions": regions})


@bp.get("/synthese/paires")
@roles.only(PRESENTER)
def pairs(target: Target) -> str:
    return pairs_page(target.event)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    number: int
    again: str


def synthesis_page(event: Event, tried: Tried | None = None) -> str:
    return rendered("synthesis/synthesis.html", _synthesis(event, _asked(), tried, whole=True))


def _synthesis(
    event: Event, asked: MultiDict[str, str], tried: Tried | None = None, *, whole: bool = False
) -> SynthesisPage:
    """`whole` with the list of notes and what resembles one; else what stands beside them."""
    seq = log.last_seq(db.session(), event.id)
    board = queries.board(db.session(), event)
    filter = Filter(
        workshop=asked.get("atelier", ""), state=asked.get("voir", ""), words=asked.get("chercher", "")
    )
    about, also = board.slips.get(asked.get("pres", "")), board.slips.get(asked.get("avec", ""))
    lone = likeness.alone(event, board) if whole and filter.state == "seules" else set()
    ticked = asked.getlist("prises") + (
        tried.form.notes.data or [] if tried and "notes" in tried.form else []
    )
    return SynthesisPage(
        event=event,
        lens=db.session.scalar(select(Event.lens).where(Event.id == event.id)) or "",
        board=board,
        slips=queries.asked_for(board, filter.workshop, filter.state, filter.words, lone) if whole else [],
        ticked=frozenset(ticked),
        filter=filter,
        here=filter.address(event, pres=about.id if about else None, avec=also.id if also else None),
        states=STATES,
        about=about,
        also=also,
        nears=likeness.near(event, board, about, also, MORE) if whole and about else [],
        first=SHOWN,
        most_convergences=MOST_CONVERGENCES,
        seq=seq,
        tried=tried,
        refused_at=_refused_at(tried, board) if tried else "",
    )


def _refused_at(tried: Tried, board: Board) -> str:
    """The place of the page that the form stood in; that of its list, where what it was about is no more."""
    kind = tried.action.name.split("-")[0]
    subject = tried.target.subject
    if kind == "theme":
        return f"theme-{subject}" if any(one.theme.id == subject for one in board.groups) else "themes"
    if kind == "merger":
        return f"merger-{subject}" if any(one.row.id == subject for one in board.mergers) else "mergers"
    return {"lens": "lens", "convergence": "points", "verdicts": "near"}.get(kind, "taken")


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
    return rendered("synthesis/pairs.html", page)


def _asked() -> MultiDict[str, str]:
    """What the address asks for; on a post, that of the page on which the form stood."""
    return request.args if request.method == "GET" else _query_of(came_back() or "")


def _query_of(address: str) -> MultiDict[str, str]:
    return MultiDict(parse_qsl(urlsplit(address).query))


def _address(event: Event) -> str:
    return url_for("synthesis.synthesis", event_name=event.name)


def _again(tried: Tried) -> str:
    came_from_pairs = tried.action.name == "verdicts" and "/paires" in (came_back() or "")
    return (pairs_page if came_from_pairs else synthesis_page)(tried.target.event, tried)


def _answer(action: Action, target: Target, receipt: Receipt) -> Response:
    tell(action, target, receipt)
    return redirect(came_back() or _address(target.event), 303)


def marked(text: str, words: Iterable[str]) -> Markup:
    """A text with these words marked; every character is escaped."""
    wanted = [re.escape(word) for word in sorted(words, key=len, reverse=True)]
    parts = re.split(rf"(?<!\w)({'|'.join(wanted)})(?!\w)", text) if wanted else [text]
    return pages.marked((part, at % 2 == 1) for at, part in enumerate(parts))


bp.add_app_template_global(marked)
register(bp, ACTIONS, again=_again, answer=_answer)
