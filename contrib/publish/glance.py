"""The four workshops at a glance, as presenter and organiser see them."""

import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, session
from sqlalchemy import select

from contrib import clock, digest
from contrib.capture import board
from contrib.copies import rounds
from contrib.db import db
from contrib.models import Event, Operation, Workshop
from contrib.publish import press
from exports.speech import news
from exports.text import counted

LITTLE_ROOM = 100_000_000
"""Bytes free on the server's disk below which its people are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One workshop: how far it is, and when it was last heard of."""

    workshop: Workshop
    summary: board.Summary
    news: str


def at_a_glance(event: Event) -> dict[str, Any]:
    """What `publish/_glance.html` shows."""
    told = digest.announcements(db.session(), event, clock.now())

    def said(moment: datetime) -> str:
        return clock.when(board.said(event, moment))

    tiles = [
        Tile(
            workshop=workshop,
            summary=board.summary(db.session(), event, workshop),
            news=news(told[workshop.id], said),
        )
        for workshop in event.workshops
    ]
    return {
        "event": event,
        "tiles": tiles,
        "since": _since_download(event),
        "problems": [
            p
            for p in (
                _disk_problem(),
                press.folder_problem(),
                press.stationery_problem(event),
                rounds.problem(),
            )
            if p
        ],
    }


def _disk_problem() -> str:
    """A warning while there is still time to make room; empty where there is plenty."""
    try:
        free = shutil.disk_usage(current_app.config["DATA"]).free
    except OSError:
        return ""
    if free >= LITTLE_ROOM:
        return ""
    left = counted(free // 1_000_000, "Mo", "Mo")
    return (
        f"Il ne reste que {left} sur le disque du serveur : libérez de la place, sinon rien ne s’enregistre."
    )


def _since_download(event: Event) -> dict[str, Any] | None:
    """What happened since this browser last took the document; None where it never did."""
    taken = session.get("downloaded")
    if not taken:
        return None
    counts = {"notes": 0, "choices": 0, "texts": 0}
    rows = db.session.execute(
        select(Operation.verb, Operation.payload).where(
            Operation.event_id == event.id, Operation.seq > taken["seq"]
        )
    )
    for verb, payload in rows:
        if verb == "record_list":
            counts["notes"] += len(json.loads(payload)["lines"])
        elif verb == "import_rows":
            counts["notes"] += len(json.loads(payload)["rows"])
        elif verb in _COUNTED:
            counts[_COUNTED[verb]] += 1
    return {"at": taken["at"], **counts}


_COUNTED = {
    "record": "notes",
    "highlight": "choices",
    "order_highlight": "choices",
    "withdraw": "choices",
    "reword": "texts",
    "settle": "texts",
    "split": "texts",
    "message": "texts",
    "relate": "texts",
    "unrelate": "texts",
}
