"""What every page needs: its fields by name, French filters, who one is."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from flask import Flask, g, render_template, request
from markupsafe import Markup, escape

from contrib import clock
from contrib.access import roles
from contrib.programme import cache
from contrib.store.log import new_id
from contrib.store.models import Event
from contrib.web.typography import FrenchSpaces
from exports.digest import french_date
from exports.text import counted, typeset

MENU = (
    ("Ateliers", (("desk.workshops", "Ateliers"),)),
    ("Synthèse", (("synthesis.synthesis", "Les notes"), ("synthesis.pairs", "Ce qui se ressemble"))),
    ("Restitution", (("plenary.restitution", "Le document"), ("publication.versions", "Versions figées"))),
    (
        "Rapport",
        (
            ("report.shown_now", "Rédaction"),
            ("returns.file_list", "Retour de Word"),
            ("report.name_list", "Noms imprimés"),
            ("report.edition_list", "Éditions"),
        ),
    ),
    (
        "Préparer",
        (
            ("desk.programme", "Programme"),
            ("desk.code_list", "Codes et fiches"),
            ("desk.address", "Adresse et essai"),
            ("documents.shown_now", "Modèle Word"),
            ("backup.shown_now", "Copies"),
            ("desk.settings", "Réglages"),
        ),
    ),
)
"""What the top of each page leads to: words, then endpoint and words of each page behind them."""
BEHIND = {
    "desk.workshop": "desk.programme",
    "desk.sheets": "desk.code_list",
    "desk.diagnosis": "desk.settings",
    "documents.candidate": "documents.shown_now",
    "intake.saved_files": "desk.workshops",
    "report.chapter": "report.shown_now",
    "returns.file": "returns.file_list",
}
"""Pages that are one step behind a tab: by their endpoint that of the tab."""
OF_THE_PRESENTER = ("Synthèse", "Restitution")


def rendered(template: str, page: object) -> str:
    """A template with the fields of a dataclass: what it may name is what the dataclass says."""
    return render_template(template, **{one.name: getattr(page, one.name) for one in fields(page)})  # type: ignore[arg-type]


def said(event: Event, moment: datetime) -> str:
    """« 16 h 24 » in the event's zone; with its date on another day."""
    return clock.said(moment, event.timezone, event.date)


def moments(event: Event) -> list[dict[str, str]]:
    """What is waited for today, each with the words after its minutes; nothing on another day."""
    if clock.local(clock.now(), event.timezone).date() != event.date:
        return []
    waited = (
        (event.workshops_start, "avant le début des ateliers"),
        (event.workshops_end, "avant la fin des ateliers"),
        (event.plenary_at, "avant la restitution"),
    )
    return [
        {
            "at": clock.at(event.date, hour, event.timezone).isoformat(),
            "words": f"{words}, {clock.french_hour(hour)}",
        }
        for hour, words in waited
        if hour
    ]


def init_app(app: Flask) -> None:
    app.jinja_env.add_extension(FrenchSpaces)
    app.add_template_filter(french_date, "date")
    app.add_template_filter(clock.french_hour, "hour")
    app.add_template_filter(clock.when, "when")
    app.add_template_filter(_lines, "lines")
    app.add_template_filter(marked, "marked")
    app.add_template_filter(typeset, "typeset")
    app.add_template_global(counted, "counted")
    app.add_template_global(said, "said")
    app.add_template_global(new_id, "new_id")
    app.add_template_global(moments, "moments")

    @app.context_processor
    def visitor() -> dict[str, Any]:
        """Who one is, for the top of each page."""
        event = getattr(g, "event", None)
        organiser = bool(event) and roles.is_organiser()
        now = clock.now()
        return {
            "rehearsal": cache.current().rehearsal_of(event) if event and organiser else None,
            "now_ms": int(now.timestamp() * 1000),
            "now_said": clock.french_hour(clock.local(now, event.timezone)) if event else "",
            "is_organiser": organiser,
            "is_presenter": organiser or (event is not None and roles.is_presenter(event)),
            "tab": BEHIND.get(request.endpoint or "", request.endpoint),
            "menu": [one for one in MENU if organiser or one[0] in OF_THE_PRESENTER],
        }


def marked(pieces: Iterable[tuple[str, bool]]) -> Markup:
    """A text in pieces, some of them marked, with its line ends shown."""
    return Markup("").join(
        Markup("<mark>{}</mark>").format(_lines(piece)) if stands_out else _lines(piece)
        for piece, stands_out in pieces
    )


def _lines(text: str) -> Markup:
    """Text as typed, with its line ends shown: every character is escaped."""
    return Markup("<br>").join(escape(line) for line in text.split("\n"))
