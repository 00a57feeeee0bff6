"""The notes of a rehearsal: fictional, one after the other at the pace of a real workshop."""

import csv
import io
from collections.abc import Sequence
from datetime import timedelta
from itertools import chain, zip_longest
from pathlib import Path

from sqlalchemy import func, select

from contrib import clock
from contrib.intake.operations import import_rows
from contrib.programme import cache
from contrib.programme.operations import REHEARSAL
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author, Values
from contrib.store.models import Event, Operation, Workshop, id_for

NOTES = Path(__file__).parent.parent / "programme" / "days" / "demonstration.csv"
EVERY_S = 5.0
"""Between two looks whether one is due."""
DEVICE = "repetition"
"""The laptop that the log names for them: none of the room's."""
LAST = REHEARSAL - timedelta(minutes=2)
"""After the opening: the last minutes of the workshops are for choosing."""


def rows_of(event: Event) -> list[Values]:
    """Every workshop's in turn, in the order in which they arrive."""
    texts: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(NOTES.read_text("utf-8"))):
        texts.setdefault(row["atelier"], []).append(row)
    models = list(texts.values())
    each = [
        [_row(workshop, row) for row in texts.get(workshop.name, models[number % len(models)])]
        for number, workshop in enumerate(event.workshops)
    ]
    in_turn = [row for row in chain.from_iterable(zip_longest(*each)) if row]
    return [{"id": id_for(event.id, f"{DEVICE} {number}"), **row} for number, row in enumerate(in_turn)]


def _row(workshop: Workshop, row: dict[str, str]) -> Values:
    """In the rubric of that name; where there is none, « À classer »."""
    rubric = next((one.id for one in workshop.rubrics if one.name == row["rubrique"]), None)
    return {
        "workshop": workshop.id,
        "rubric": rubric,
        "text": row["texte"],
        "theme": row["theme"],
        "highlight": row["a_dire"] == "oui",
    }


def look() -> None:
    """Write the notes that are due: a turn of the background."""
    event = cache.current().event
    if event is None or event.rehearsal_of is None:
        return
    rows = rows_of(event)
    for row in rows[_written(event) : _due(event, rows)]:
        log.write(
            import_rows, Author(device=DEVICE), {"rows": [row]}, event=event.id, workshop=row["workshop"]
        )


def _due(event: Event, rows: Sequence[Values]) -> int:
    """How many should have arrived by now: the first soon, the last a little before the end."""
    part = (clock.now() - event.created_at) / LAST
    return min(len(rows), int(part * len(rows)) + 1)


def _written(event: Event) -> int:
    ours = Operation.event_id == event.id, Operation.device == DEVICE
    return db.session.scalar(select(func.count()).where(*ours)) or 0
