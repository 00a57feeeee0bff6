"""What files bring: rows of a CSV, and the notes of a workshop whose server was lost."""

import re
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contrib.capture.operations import (
    add_message,
    add_note,
    add_revision,
    is_here,
    last_highlight,
)
from contrib.store import order_keys
from contrib.store.log import Kind, Values, Write, verb
from contrib.store.models import Note, Operation, Revision, Workshop, id_for, message_id
from contrib.synthesis.operations import theme_named


@verb("import_rows", Kind.NOTE)
def import_rows(session: Session, write: Write) -> Values:
    """Rows of a file that were checked before. A row whose id exists already is passed over."""
    added = []
    for row in write.values["rows"]:
        note_id = row["id"]
        if is_here(session, note_id) or _is_of_the_day(session, write, row.get("named")):
            continue
        workshop_id = row["workshop"]
        add_note(session, write, note_id, row["text"], row.get("rubric"), workshop_id)
        note = session.get_one(Note, note_id)
        if row.get("theme"):
            note.theme_id = theme_named(session, write, row["theme"]).id
        if row.get("highlight"):
            note.highlight_place = last_highlight(session, workshop_id)
        session.flush()
        added.append(note.id)
    return {"added": len(added), "known": len(write.values["rows"]) - len(added)}


def _is_of_the_day(session: Session, write: Write, key: str | None) -> bool:
    """Whether a table names a note that this day has: our own export comes back. It makes none of that id."""
    note = session.get(Note, key) if key else None
    return note is not None and note.event_id == write.event_id


@verb("restore", Kind.NOTE)
def restore(session: Session, write: Write) -> Values:
    """Notes of a saved file whose server was lost, or went back to a backup.

    A note that is absent comes back with its id, reference and texts. Of a note that came
    back before, the newer file wins. Beside what people have written here since, a text that
    is not known stands as the second of two: nothing is written over.
    """
    workshop = session.get_one(Workshop, write.workshop_id)
    counts = {"added": 0, "renewed": 0, "known": 0}
    written = []
    for index, row in enumerate(write.values["rows"], 1):
        note = session.get(Note, row["id"]) or session.get(Note, _id_here(workshop, row["id"]))
        if note is None:
            note = _bring_back(session, write, workshop, row)
            counts["added"] += 1
        elif note.workshop_id != workshop.id:
            continue
        elif _untouched(session, note) and row["seq"] > (note.restored_seq or 0):
            for revision in _standing(session, note):
                revision.standing = False
            counts["renewed"] += 1
        else:
            counts["known"] += 1
            _add_texts(session, write, note, row, beside=True)
            continue
        _add_texts(session, write, note, row)
        note.restored_seq, note.changed_seq = row["seq"], write.seq
        if note.kind == "note":
            note.rubric_id = row["rubric"]
            note.theme_id = theme_named(session, write, row["theme"]).id if row["theme"] else None
            note.withdrawn_at = write.at if row["withdrawn"] else None
            note.place = order_keys.nth(write.seq) + order_keys.nth(index)
            note.highlight_place = None
            written.append([row["highlight"], note.id])
    session.flush()
    return {**counts, "written": written}


@verb("restore_choices", Kind.CHOICE, Kind.PROGRAMME, personal=("speaker",))
def restore_choices(session: Session, write: Write) -> Values:
    """What follows the notes of a saved file: those to say in plenary, in their order; who speaks; how many."""
    workshop = session.get_one(Workshop, write.workshop_id)
    place = last_highlight(session, workshop.id)
    for key in write.values["chosen"]:
        note = session.get(Note, key)
        if note is not None and note.workshop_id == workshop.id:
            note.highlight_place, note.changed_seq = place, write.seq
            place = order_keys.between(place, None)
    for column in ("participants", "speaker"):
        if getattr(workshop, column) is None and write.values.get(column) is not None:
            setattr(workshop, column, write.values[column])
    return {}


_RESTORES = (restore.name, restore_choices.name)


_OURS = re.compile(r"(?:csv-|lu-)?[0-9a-f]{32}(?:\.\d{1,6})?")


def _id_here(workshop: Workshop, key: str) -> str:
    """The id that a note of a file comes back with: its own where its shape is ours."""
    if _OURS.fullmatch(key) or key == message_id(workshop.id):
        return key
    return id_for(workshop.event_id, key)


def _bring_back(session: Session, write: Write, workshop: Workshop, row: Values) -> Note:
    if row["id"] == message_id(workshop.id):
        return add_message(session, write, workshop)
    first = row["wordings"][0]
    last = workshop.last_number
    note_id = _id_here(workshop, row["id"])
    add_note(session, write, note_id, first["text"], row["rubric"], revision=first["revision"])
    note = session.get_one(Note, note_id)
    session.refresh(workshop)
    wanted = row["number"]
    taken = select(Note.id).where(Note.workshop_id == workshop.id, Note.number == wanted)
    if wanted and session.scalar(taken) is None:
        # its reference was said aloud: it keeps it
        workshop.last_number = max(last, wanted)
        note.number = wanted
    session.flush()
    return note


def _untouched(session: Session, note: Note) -> bool:
    """Nobody has changed the note here since a file brought it back."""
    last = session.get(Operation, note.changed_seq)
    return note.restored_seq is not None and last is not None and last.verb in _RESTORES


def _standing(session: Session, note: Note) -> list[Revision]:
    return list(session.scalars(select(Revision).where(Revision.note_id == note.id, Revision.standing)))


def _add_texts(session: Session, write: Write, note: Note, row: Values, *, beside: bool = False) -> None:
    """The texts of a row that are not there yet: those of its history, and those that stand.

    `beside`: only a text that is nowhere in the note's history is added, as a second one.
    """
    known = {r.id: r for r in session.scalars(select(Revision).where(Revision.note_id == note.id))}
    texts = {revision.text for revision in known.values()}
    for old in row["history"]:
        if old["revision"] not in known and session.get(Revision, old["revision"]) is None:
            add_revision(session, write, note.id, old["revision"], old["text"], standing=False)
            known[old["revision"]] = session.get_one(Revision, old["revision"])
    for wording in row["wordings"]:
        revision: Any = known.get(wording["revision"])
        if beside:
            if revision is None and wording["text"] not in texts:
                add_revision(session, write, note.id, wording["revision"], wording["text"])
                note.changed_seq = write.seq
        elif revision is None:
            add_revision(session, write, note.id, wording["revision"], wording["text"])
        else:
            revision.standing = True
    session.flush()
