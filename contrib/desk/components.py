"""What pages are made of, as the application draws it: nobody draws a button twice."""

from dataclasses import dataclass

from flask import Blueprint

from contrib.access import roles
from contrib.access.roles import ORGANISER, Target
from contrib.capture.feed import rubric_pairs
from contrib.capture.queries import Card, Wording
from contrib.store.models import Event, Workshop
from contrib.web.pages import rendered

bp = Blueprint("components", __name__, url_prefix="/<event_name>/organisation/composants")


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentsPage:
    event: Event
    workshop: Workshop | None
    """One of the day's, for its colour, its shape and its rubrics; None on a day without workshops."""
    rubrics: tuple[tuple[str, str], ...]
    cards: list[Card]


@bp.get("")
@roles.only(ORGANISER)
def components(target: Target) -> str:
    workshop = next(iter(target.event.workshops), None)
    rubrics = rubric_pairs(workshop) if workshop else ()
    page = ComponentsPage(event=target.event, workshop=workshop, rubrics=rubrics, cards=_cards(rubrics))
    return rendered("desk/components.html", page)


def _cards(rubrics: tuple[tuple[str, str], ...]) -> list[Card]:
    """A note in each of its states."""
    sorted_there = rubrics[0][0] if rubrics else None
    one = "Ouvrir les centres sociaux le soir et le samedi, sans dossier à remplir pour pousser la porte."
    other = "Ouvrir les centres sociaux le soir et le dimanche, sans dossier à remplir."
    return [
        _card(1, one, rubric_id=None),
        _card(2, one, rubric_id=sorted_there),
        _card(3, one, rubric_id=sorted_there, chosen=True),
        _card(4, one, other, rubric_id=sorted_there),
        _card(5, one, rubric_id=sorted_there, withdrawn=True),
    ]


def _card(
    number: int, *texts: str, rubric_id: str | None, chosen: bool = False, withdrawn: bool = False
) -> Card:
    return Card(
        id=f"exemple-{number}",
        reference=f"EXE\u2011{number}",
        wordings=tuple(
            Wording(
                revision=f"exemple-{number}-{place}", text=text, signature="A. B.", at="16\u00a0h\u00a005"
            )
            for place, text in enumerate(texts)
        ),
        rubric_id=rubric_id,
        signature="A. B.",
        received="16\u00a0h\u00a003",
        seq=0,
        chosen=chosen,
        withdrawn=withdrawn,
        theme=None,
        too_long=False,
        edited=False,
    )
