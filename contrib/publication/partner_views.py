"""The page of a partner: what was published, and what its organisation answers to it."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g
from sqlalchemy import select

from contrib.access import roles
from contrib.access.roles import PARTNER, Target
from contrib.documents import report_editions
from contrib.publication import operations as report
from contrib.publication.forms import OwnAnswerForm
from contrib.store.db import db
from contrib.store.log import Refused, Values
from contrib.store.models import Event
from contrib.store.report_models import Answer, Partner
from contrib.web.actions import Action, Tried, back_to, register
from contrib.web.pages import rendered
from exports.documents.report_content import Content
from exports.report import STATUSES

bp = Blueprint("partners", __name__, url_prefix="/<event_name>/suites")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersPage:
    event: Event
    partner: Partner
    content: Content | None
    """The edition that is public, with the answers of today; None while there is none."""
    own: frozenset[str]
    """Ids of the answers that this partner gave."""
    statuses: dict[str, str]
    tried: Tried | None


@bp.get("")
@roles.only(PARTNER)
def answers_page(target: Target) -> str:
    return _page(target.event)


def asks(form: OwnAnswerForm) -> Values:
    """In the partner's own name, about what everybody can read. Raises Refused."""
    partner, content = _partner(g.event), report_editions.present(g.event)
    values = form.values()
    known = {one.id for one in content.recommendations} if content else set()
    if values["about"] not in known:
        raise Refused("Choisissez une recommandation du rapport publié.")
    return {**values, "who": partner.name, "partner": partner.id}


def asks_for_own(form: Any) -> Values:
    return {"partner": _partner(g.event).id}


ACTIONS = (
    Action(
        PARTNER, "answers", "", report.answer, OwnAnswerForm, asks,
        done="C’est publié sous votre nom : la page publique et les données le disent.",
    ),
    Action(
        PARTNER, "own-answer-withdrawal", "/<answer_id>/retrait", report.withdraw_answer, asks=asks_for_own,
        done="Cette suite donnée ne sera plus montrée ; les éditions qui l’ont la gardent.",
    ),
)  # fmt: skip
"""What a partner can do, and nothing else."""


def _partner(event: Event) -> Partner:
    found = roles.partner(event)
    if found is None:
        raise LookupError("This view asks for a partner first.")
    return found


def _page(event: Event, tried: Tried | None = None) -> str:
    partner = _partner(event)
    rows = select(Answer.id).where(Answer.event_id == event.id, Answer.partner_id == partner.id)
    page = AnswersPage(
        event=event,
        partner=partner,
        content=report_editions.present(event),
        own=frozenset(db.session.scalars(rows)),
        statuses=STATUSES,
        tried=tried,
    )
    return rendered("publication/answers.html", page)


register(
    bp,
    ACTIONS,
    again=lambda tried: _page(tried.target.event, tried),
    answer=back_to("partners.answers_page"),
)
