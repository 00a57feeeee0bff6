"""« Sauver mes notes dans un fichier », read back: what a laptop held when nothing answered.

The file is a text that people can read; its last line is the exact data. It may be brought
back any number of times, before or after its laptop reaches the server: each post keeps its
id and goes through the same door as by the network.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contrib import store
from contrib.capture import posts
from contrib.errors import Refusal
from contrib.forms import NOTE_LIMIT, raw, trimmed
from contrib.intake.csv_file import UnreadableFile, decoded
from contrib.models import Event, Operation, Workshop, message_id
from contrib.programme import fold
from contrib.store import Author, NotYetReceived, Refused, Values

FORMAT = 2
OPENING = '{"format":'
MOST_NOTES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One entry of the browser's journal."""

    id: str
    path: str
    fields: tuple[tuple[str, str], ...]
    label: str
    accepted: int | None
    """The number that the server gave it; None while it waits or was refused."""

    @property
    def noun(self) -> str:
        return self.path.rsplit("/", 1)[-1]

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
    if not lines[-1].startswith(f"{OPENING}{FORMAT},"):
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
            notes=tuple(_note(row) for row in data["notes"][:MOST_NOTES]),
            posts=tuple(_posted(row) for row in data["operations"][:MOST_NOTES]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
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
    here = session.get(Workshop, file.workshop_id)
    moved = here is None
    if here is None:
        here = _namesake(file, current, rebuild)
    known = session.scalar(select(Operation.id).where(Operation.seq == file.seq))
    older = moved or known != file.mark
    outcome = Outcome(
        workshop=here.title,
        archived=here.event.archived_at is not None,
        rebuilt=older,
        notes=len(file.notes),
    )
    rubric = _rubrics(file, here)
    waiting: Iterable[Posted] = file.posts
    place = {"event": here.event_id, "workshop": here.id}
    if older:
        histories = _histories(file)
        rows = [_row(file, here, note, rubric, histories.get(note["id"], [])) for note in file.notes]
        values = {"rows": rows, "participants": file.participants, "speaker": file.speaker}
        counts = store.write("restore", author, values, **place).outcome
        outcome.added = counts["added"]
        outcome.unsorted = sum(bool(n["rubric"]) and rubric(n["rubric"]) is None for n in file.notes)
        waiting = [p for p in file.posts if p.accepted is None or p.accepted > file.seq]
    here = session.get_one(Workshop, place["workshop"])  # the door has ended our transaction
    for posted in waiting:
        _post(session, posted, here, file, author, rubric, outcome)
    return outcome


def _post(
    session: Session,
    posted: Posted,
    here: Workshop,
    file: SavedFile,
    author: Author,
    rubric: Callable[[str], str | None],
    outcome: Outcome,
) -> None:
    new = session.scalar(select(Operation.id).where(Operation.id == posted.id)) is None
    try:
        asked = posts.read(here, _moved(posted.path, file, here), _fields(posted, file, here, rubric))
        store.write(
            asked.verb,
            author,
            asked.values,
            event=here.event_id,
            workshop=here.id,
            subject=asked.subject,
            id=posted.id,
            device_time=asked.device_time,
        )
    except (Refusal, Refused, NotYetReceived) as error:
        sentence = error.sentence if isinstance(error, Refusal) else str(error)
        outcome.refused.append((posted.label, sentence))
        return
    outcome.applied += new


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


def _rubrics(file: SavedFile, here: Workshop) -> Callable[[str], str | None]:
    """The rubric of an id of the file: the same here, else the one of the same name."""
    ours = {rubric.id for rubric in here.rubrics}
    labels = {fold(rubric.label): rubric.id for rubric in here.rubrics}

    def find(key: str) -> str | None:
        return key if key in ours else labels.get(fold(file.rubrics.get(key, "")))

    return find


def _histories(file: SavedFile) -> dict[str, list[Values]]:
    """By note, the texts that this laptop wrote of it and that the lost server had."""
    found: dict[str, list[Values]] = {}
    for posted in file.posts:
        accepted = posted.accepted is not None and posted.accepted <= file.seq
        if not accepted or posted.noun not in _TEXTS or posted.of("parts") == "many":
            continue
        of_message = message_id(file.workshop_id) if posted.noun == "message" else None
        note_id = posts.note_of(posted.path) or of_message or posted.id
        found.setdefault(note_id, []).append({"revision": posted.id, "text": raw(posted.of("text"))})
    return found


_TEXTS = ("notes", "wordings", "settlement", "message")


def _row(
    file: SavedFile, here: Workshop, note: Values, rubric: Callable[[str], str | None], history: list[Values]
) -> Values:
    """A note of the file as `restore` wants it, with what this laptop wrote of it before."""
    standing = {wording["revision"] for wording in note["wordings"]}
    return {
        **note,
        "id": message_id(here.id) if note["id"] == message_id(file.workshop_id) else note["id"],
        "rubric": rubric(note["rubric"]) if note["rubric"] else None,
        "history": [old for old in history if old["revision"] not in standing],
    }


def _moved(path: str, file: SavedFile, here: Workshop) -> str:
    return path.replace(f"/{message_id(file.workshop_id)}/", f"/{message_id(here.id)}/")


def _fields(
    posted: Posted, file: SavedFile, here: Workshop, rubric: Callable[[str], str | None]
) -> list[tuple[str, str]]:
    """The fields as typed; on another server, the same workshop and rubric under their ids there."""
    fields = []
    for name, value in posted.fields:
        if name == "workshop" and value == file.workshop_id:
            value = here.id
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
        "theme": trimmed(_text(row["theme"] or ""))[:80] or None,
        "highlight": _number(row["highlight"]),
        "withdrawn": row["withdrawn"] is True,
        "seq": int(row["seq"]),
        "wordings": wordings,
    }


def _posted(row: Any) -> Posted:
    answer = row.get("answer") if row["state"] == "done" else None
    return Posted(
        id=_key(row["id"]),
        path=_text(row["url"], 400),
        fields=tuple((_text(name), _text(value, NOTE_LIMIT * 2)) for name, value in row["fields"])
        + (("device_time", _text(row.get("typed") or "", 40)),),
        label=_text(row.get("label") or "", NOTE_LIMIT * 2),
        accepted=int(answer["seq"]) if answer and "seq" in answer else None,
    )


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
