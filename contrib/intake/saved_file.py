"""« Sauver mes notes dans un fichier », read back: what a laptop held when nothing answered.

The file is a text that people can read; its last line is the exact data. It may be brought
back any number of times, before or after its laptop reaches the server: each post keeps its
id and goes through the same door as by the network.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contrib.capture import actions
from contrib.forms import NOTE_LIMIT, fold, raw, trimmed
from contrib.intake.csv_file import decoded
from contrib.intake.limits import MOST_POSTS, UnreadableFile, bounded
from contrib.intake.operations import restore, restore_choices
from contrib.store import log
from contrib.store.log import Author, NotYetReceived, Refused, Values
from contrib.store.models import Event, Operation, Workshop, message_id
from contrib.synthesis.operations import LONGEST_NAME
from exports.excerpt import cut

FORMAT, BEFORE = 3, 2
"""Format 2, of before November 2026, named what a post does by its address only."""
OPENING = '{"format":'
BATCH = 20
"""Notes that are put into the store at once: 3 ms of a processor each."""
MOST_KEPT = 20_000
"""Entries of a journal of seven days, most of which the server has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One entry of the browser's journal."""

    id: str
    action: str
    """Its name in `capture/actions.py`."""
    note: str | None
    """The note that it is about."""
    fields: tuple[tuple[str, str], ...]
    label: str
    accepted: int | None
    """The number that the server gave it; None while it waits or was refused."""

    def of(self, name: str) -> str:
        return next((value for key, value in self.fields if key == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFile:
    """What the last line says. `seq` and `mark` name the last thing that its server had told."""

    event: str
    workshop: str
    workshop_id: str
    seq: int
    mark: str
    rubrics: dict[str, str]
    participants: int | None
    speaker: str | None
    notes: tuple[Values, ...]
    posts: tuple[Posted, ...]


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a file brought, for the person who carried it."""

    workshop: str
    archived: bool
    rebuilt: bool
    notes: int
    added: int = 0
    applied: int = 0
    unsorted: int = 0
    left: int = 0
    """Changes that were too many for once: the same file brings them."""
    refused: list[tuple[str, str]] = field(default_factory=list)
    """A text, and why it was not taken."""


def is_saved_file(content: bytes) -> bool:
    return OPENING in decoded(content)


def read(content: bytes) -> SavedFile:
    """The exact data of a saved file. Raises UnreadableFile in a sentence."""
    lines = [line for line in decoded(content).splitlines() if line.startswith(OPENING)]
    if not lines:
        raise UnreadableFile(
            "ce n’est pas un fichier de « Sauver mes notes dans un fichier », ou sa dernière ligne manque."
        )
    if not lines[-1].startswith((f"{OPENING}{FORMAT},", f"{OPENING}{BEFORE},")):
        raise UnreadableFile("il a été fait par une autre version de cette application.")
    try:
        data = json.loads(lines[-1])
        return SavedFile(
            event=_text(data["event"]),
            workshop=_text(data["workshop"]["name"]),
            workshop_id=_text(data["workshop"]["id"]),
            seq=int(data["seq"]),
            mark=_text(data["mark"]),
            rubrics={_text(key): _text(label) for key, label in data["rubrics"]},
            participants=_number(data.get("participants")),
            speaker=trimmed(_text(data.get("speaker") or ""))[:120] or None,
            notes=tuple(_note(row) for row in bounded(data["notes"])),
            posts=tuple(_posted(row) for row in bounded(data["operations"], MOST_KEPT)),
        )
    except UnreadableFile:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise UnreadableFile(
            "ses données sont abîmées ; le texte lisible du début se recopie à la main."
        ) from error


def bring_back(
    session: Session, file: SavedFile, author: Author, current: Event | None, *, rebuild: bool
) -> Outcome:
    """Put into the store what a file holds and the store does not.

    A file of another server is taken only where `rebuild` says that its server is lost.
    Raises UnreadableFile where the workshop cannot be told.
    """
    workshop = session.get(Workshop, file.workshop_id)
    moved = workshop is None
    if workshop is None:
        workshop = _namesake(file, current, rebuild)
    mark = session.scalar(select(Operation.id).where(Operation.seq == file.seq))
    older = moved or mark != file.mark
    outcome = Outcome(
        workshop=workshop.title,
        archived=workshop.event.archived_at is not None,
        rebuilt=older,
        notes=len(file.notes),
    )
    rubric = _rubrics(file, workshop)
    waiting = file.posts
    of_the_workshop = {"event": workshop.event_id, "workshop": workshop.id}
    if older:
        histories = _histories(file)
        rows = [_row(file, workshop, note, rubric, histories.get(note["id"], [])) for note in file.notes]
        outcome.added = _restore(file, rows, author, of_the_workshop)
        outcome.unsorted = sum(bool(n["rubric"]) and rubric(n["rubric"]) is None for n in file.notes)
        waiting = tuple(p for p in file.posts if p.accepted is None or p.accepted > file.seq)
    workshop = session.get_one(Workshop, of_the_workshop["workshop"])  # the door has ended our transaction
    known = set(session.scalars(select(Operation.id).where(Operation.workshop_id == workshop.id)))
    new = [posted for posted in waiting if posted.id not in known]
    outcome.left = max(0, len(new) - MOST_POSTS)
    for posted in new[:MOST_POSTS]:
        _post(session, posted, workshop, file, author, rubric, outcome)
    return outcome


def _restore(file: SavedFile, rows: list[Values], author: Author, of_the_workshop: dict[str, str]) -> int:
    """Put the notes into the store, some at a time: who saves meanwhile waits for a batch, not for a file."""
    added, written = 0, []
    for start in range(0, len(rows), BATCH):
        part = {"rows": rows[start : start + BATCH]}
        came = log.write(restore, author, part, **of_the_workshop).outcome
        added += came["added"]
        written += came["written"]
    chosen = [key for rank, key in sorted((rank, key) for rank, key in written if rank)]
    values = {"chosen": chosen, "participants": file.participants, "speaker": file.speaker}
    log.write(restore_choices, author, values, **of_the_workshop)
    return added


def _post(
    session: Session,
    posted: Posted,
    workshop: Workshop,
    file: SavedFile,
    author: Author,
    rubric: Callable[[str], str | None],
    outcome: Outcome,
) -> None:
    try:
        note = _note_here(posted.note, file, workshop)
        fields = _fields(posted, file, workshop, rubric)
        verb, values, subject, device_time = actions.read(workshop, posted.action, note, fields)
        log.write(
            verb,
            author,
            values,
            event=workshop.event_id,
            workshop=workshop.id,
            subject=subject,
            id=posted.id,
            device_time=device_time,
        )
    except (Refused, NotYetReceived) as error:
        outcome.refused.append((posted.label, str(error)))
        return
    outcome.applied += 1


def _namesake(file: SavedFile, current: Event | None, rebuild: bool) -> Workshop:
    """The workshop of the same name in today's event, for a file whose server is lost."""
    if current is None or fold(current.name) != fold(file.event):
        raise UnreadableFile(f"il vient d’une autre journée (« {file.event} »).")
    found = next((w for w in current.workshops if fold(w.name) == fold(file.workshop)), None)
    if found is None:
        raise UnreadableFile(f"l’atelier « {file.workshop} » n’existe pas dans cette journée.")
    if not rebuild:
        raise UnreadableFile(
            "il vient d’un autre serveur que celui-ci. Si ce serveur est perdu, "
            "cochez « Le serveur d’origine est perdu », puis recommencez."
        )
    return found


def _rubrics(file: SavedFile, workshop: Workshop) -> Callable[[str], str | None]:
    """The rubric of an id of the file: the same in this workshop, else the one of the same name."""
    ours = {rubric.id for rubric in workshop.rubrics}
    labels = {fold(rubric.label): rubric.id for rubric in workshop.rubrics}

    def find(key: str) -> str | None:
        return key if key in ours else labels.get(fold(file.rubrics.get(key, "")))

    return find


def _histories(file: SavedFile) -> dict[str, list[Values]]:
    """By note, the texts that this laptop wrote of it and that the lost server had."""
    found: dict[str, list[Values]] = {}
    for posted in file.posts:
        accepted = posted.accepted is not None and posted.accepted <= file.seq
        if not accepted or posted.action not in _TEXTS:
            continue
        of_message = message_id(file.workshop_id) if posted.action == "message" else None
        note_id = posted.note or of_message or posted.id
        found.setdefault(note_id, []).append({"revision": posted.id, "text": raw(posted.of("text"))})
    return found


_TEXTS = ("notes", "wordings", "settlement", "message")


def _row(
    file: SavedFile,
    workshop: Workshop,
    note: Values,
    rubric: Callable[[str], str | None],
    history: list[Values],
) -> Values:
    """A note of the file as `restore` wants it, with what this laptop wrote of it before."""
    standing = {wording["revision"] for wording in note["wordings"]}
    return {
        **note,
        "id": message_id(workshop.id) if note["id"] == message_id(file.workshop_id) else note["id"],
        "rubric": rubric(note["rubric"]) if note["rubric"] else None,
        "history": [old for old in history if old["revision"] not in standing],
    }


def _note_here(note: str | None, file: SavedFile, workshop: Workshop) -> str | None:
    """The note of a post on this server: a key message's id follows from its workshop."""
    return message_id(workshop.id) if note == message_id(file.workshop_id) else note


def _fields(
    posted: Posted, file: SavedFile, workshop: Workshop, rubric: Callable[[str], str | None]
) -> list[tuple[str, str]]:
    """The fields as typed; on another server, the same workshop and rubric under their ids there."""
    fields = []
    for name, value in posted.fields:
        if name == "workshop" and value == file.workshop_id:
            value = workshop.id
        if name == "rubric" and value:
            value = rubric(value) or value
        fields.append((name, value))
    return fields


# --- nothing in the file is believed ------------------------------------------------------------


def _note(row: Any) -> Values:
    wordings = [
        {"revision": _key(wording["revision"]), "text": raw(_text(wording["text"], NOTE_LIMIT))}
        for wording in row["wordings"]
    ]
    if not wordings:
        raise ValueError("a note without a text")
    return {
        "id": _key(row["id"]),
        "number": _number(row["number"]),
        "rubric": _text(row["rubric"] or "") or None,
        "theme": cut(trimmed(_text(row["theme"] or "")), LONGEST_NAME) or None,
        "highlight": _number(row["highlight"]),
        "withdrawn": row["withdrawn"] is True,
        "seq": int(row["seq"]),
        "wordings": wordings,
    }


def _posted(row: Any) -> Posted:
    answer = row.get("answer") if row["state"] == "done" else None
    action, note = (row["action"], row.get("note")) if "action" in row else _named_by(row)
    return Posted(
        id=_key(row["id"]),
        action=_text(action, 40),
        note=_key(note) if note else None,
        fields=tuple((_text(name), _text(value, NOTE_LIMIT * 2)) for name, value in row["fields"])
        + (("device_time", _text(row.get("typed") or "", 40)),),
        label=_text(row.get("label") or "", NOTE_LIMIT * 2),
        accepted=int(answer["seq"]) if answer and "seq" in answer else None,
    )


_ADDRESS = re.compile(r"/ateliers/[^/]+/(?:notes/([^/]+)/)?([a-z-]+(?:/choice)?)$")


def _named_by(row: Any) -> tuple[str, str | None]:
    """Action and note of a post of format 2."""
    found = _ADDRESS.search(_text(row["url"], 400))
    if found is None:
        raise ValueError("not an address of a workshop")
    many = ["parts", "many"] in [list(field) for field in row["fields"]]
    return "list" if many else found[2].replace("/", "-"), found[1]


def _text(value: Any, limit: int = 2_000) -> str:
    if not isinstance(value, str) or len(value) > limit:
        raise ValueError("not a text of that length")
    return value


def _key(value: Any) -> str:
    key = _text(value, 80)
    if not key.replace("-", "").replace(".", "").isalnum():
        raise ValueError("not an id")
    return key


def _number(value: Any) -> int | None:
    number = None if value is None else int(value)
    if number is not None and not 0 <= number < 1_000_000:
        raise ValueError("not a number of that size")
    return number
