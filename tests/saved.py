"""Files as « Sauver mes notes dans un fichier » writes them, made by hand."""

import json

from conftest import Room, own_id

from contrib.access.roles import current_event
from contrib.intake import saved_file
from contrib.store.db import db
from contrib.store.log import Author


def data_of(room: Room, *notes: dict, seq: int = 40, mark: str = "gone", **more: object) -> dict:
    """The last line of a file that another server's page wrote."""
    return {
        "format": 2,
        "event": "lievin-2021",
        "workshop": {"id": "lost", "name": room.name},
        "seq": seq,
        "mark": mark,
        "rubrics": [["r1", "Recommandations"]],
        "participants": 24,
        "speaker": None,
        "notes": list(notes),
        "operations": [],
        **more,
    }


def known(key: str, text: str, *, number: int = 1, seq: int = 10, **more: object) -> dict:
    key = own_id(key) if len(key) == 1 else key
    wordings = [{"revision": own_id(more.pop("revision")) if "revision" in more else key, "text": text}]
    row = {"id": key, "number": number, "rubric": None, "theme": None, "highlight": None}
    return {**row, "withdrawn": False, "seq": seq, "wordings": wordings, **more}


def carry(room: Room, data: dict, *, rebuild: bool = True) -> saved_file.Outcome:
    line = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    content = f"Notes de « x »\r\n\r\n{line}\r\n".encode("utf-8-sig")
    event = current_event()
    outcome = saved_file.bring_back(db.session(), saved_file.read(content), Author(), event, rebuild=rebuild)
    db.session.rollback()
    return outcome
