"""What comes back from Word: kept, compared, and what each choice about it writes."""

import difflib
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from contrib.documents import sent_reports
from contrib.publication.operations import receive_report, settle_changes
from contrib.publication.pictures import stored
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author, Refused, Values
from contrib.store.models import Event
from contrib.store.report_models import ReturnedChoice, ReturnedFile
from exports.digest import Digest
from exports.documents.report_comparison import read_report
from exports.documents.report_content import Content, content_of
from exports.documents.report_reading import Change, NewPicture, Reading, Unplaced, applied
from exports.formatted import parse
from exports.ooxml.container import Unfit
from exports.system import write_whole

TO = ".to"
"""Behind the id of a change that carried something: the choice as the other chapter has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A file that came back, what changed in it, and what was decided."""

    row: ReturnedFile
    sent: Digest
    reading: Reading
    choices: dict[str, ReturnedChoice]

    @property
    def open(self) -> int:
        return sum(1 for one in self.reading.changes if one.id not in self.choices)


def receive(event: Event, name: str, content: bytes, author: Author) -> str:
    """Keep a returned file; the id of its page. Raises Refused or OSError."""
    sent = sent_reports.base_of(event, content)
    try:
        read_report(content, sent)
    except Unfit as error:
        raise Refused(str(error)) from error
    key = hashlib.sha256(event.id.encode() + content).hexdigest()
    write_whole(_path(key), content)
    sent_reports.hold(event, content)
    log.write(receive_report, author, {"file": key, "name": name[-120:]}, event=event.id)
    return key


def of(event: Event) -> list[ReturnedFile]:
    """Every file that came back, the last one first."""
    rows = select(ReturnedFile).where(ReturnedFile.event_id == event.id)
    return list(db.session.scalars(rows.order_by(ReturnedFile.received_at.desc())))


def find(event: Event, key: str) -> Returned:
    """Raises Refused where it is not there, or no longer readable."""
    row = db.session.get(ReturnedFile, key)
    if row is None or row.event_id != event.id:
        raise Refused("Ce fichier n’a pas été rendu ici.", 404)
    try:
        content = _path(key).read_bytes()
        sent = sent_reports.base_of(event, content)
        reading = read_report(content, sent)
    except (OSError, Unfit) as error:
        raise Refused(
            "Ce fichier n’est plus dans le dossier des données : rendez-le à nouveau.", 404
        ) from error
    rows = db.session.scalars(select(ReturnedChoice).where(ReturnedChoice.file_id == key))
    return Returned(row=row, sent=sent, reading=reading, choices={one.change_id: one for one in rows})


def settle(event: Event, returned: Returned, ids: Iterable[str], accepted: bool, author: Author) -> None:
    """Accept or refuse some changes. Raises Refused."""
    wanted = set(ids)
    chosen = [one for one in (*returned.reading.changes, *_placed(returned)) if one.id in wanted]
    if not chosen:
        raise Refused("Ce changement n’est plus dans ce fichier : rouvrez la page.", 409)
    _settle(event, returned, chosen, accepted, author)


def place(event: Event, returned: Returned, name: str, chapter: str, author: Author) -> None:
    """What had no place goes to the end of a chapter, as one more change of it. Raises Refused."""
    one = next((one for one in returned.reading.unplaced if one.id == name), None)
    if one is None or one.block is None:
        raise Refused("Ce passage n’est plus dans ce fichier : rouvrez la page.", 409)
    choice = returned.choices.get(name)
    if choice is not None and choice.accepted:
        raise Refused("Ce passage a déjà une place.", 409)
    if chapter not in {passage.chapter.key for passage in content_of(returned.sent).passages}:
        raise Refused("Choisissez le chapitre où le mettre.")
    _settle(event, returned, [_at_the_end(returned, one, f"chapter:{chapter}")], True, author)


def _settle(event: Event, returned: Returned, chosen: list[Change], accepted: bool, author: Author) -> None:
    """One operation, with the texts that follow from it."""
    keys = {one.id: one.key for one in chosen} | {f"{one.id}{TO}": one.to for one in chosen if one.to}
    values = {
        "file": returned.row.id,
        "changes": list(keys),
        "keys": keys,
        "accepted": accepted,
        "writes": list(_writes(returned, chosen, accepted)),
    }
    log.write(settle_changes, author, values, event=event.id)


def _placed(returned: Returned) -> list[Change]:
    """What somebody gave a place to."""
    choices = returned.choices
    return [
        _at_the_end(returned, one, choices[one.id].key)
        for one in returned.reading.unplaced
        if one.id in choices and choices[one.id].accepted
    ]


def _at_the_end(returned: Returned, one: Unplaced, key: str) -> Change:
    texts = next(
        p.chapter.texts for p in content_of(returned.sent).passages if f"chapter:{p.chapter.key}" == key
    )
    last = max(0, len(parse(texts[0].source)) - 1) if texts else 0
    blocks = (one.block,) if one.block else ()
    return Change(
        id=one.id, key=key, where="", kind="added", new=one.text, at=last, blocks=blocks, picture=one.picture
    )


def marked(old: str, new: str) -> list[tuple[str, str]]:
    """The words that stayed, went and came: `same`, `del` and `ins`, in reading order."""
    before, after = re.findall(r"\S+\s*", old), re.findall(r"\S+\s*", new)
    found: list[tuple[str, str]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(after[c:d])))
            continue
        if b > a:
            found.append(("del", "".join(before[a:b])))
        if d > c:
            found.append(("ins", "".join(after[c:d])))
    return found


def _writes(returned: Returned, chosen: list[Change], accepted: bool) -> Iterable[Values]:
    """What the passages that are concerned become; nothing where nothing that was accepted changes."""
    before = {key for key, choice in returned.choices.items() if choice.accepted}
    ids = {one.id for one in chosen}
    after = before | ids if accepted else before - ids
    if after == before:
        return
    content = content_of(returned.sent)
    every = {one.id: one for one in (*returned.reading.changes, *_placed(returned), *chosen)}.values()
    if accepted:
        for one in chosen:
            yield from _picture(one.picture)
    chapters = {f"chapter:{one.chapter.key}": one.chapter for one in content.passages}
    edited = {f"note:{one.id}": one for one in content.report.edited}
    for key in dict.fromkeys(key for one in chosen for key in (one.key, one.to) if key):
        taken = [c for c in every if key in (c.key, c.to) and c.id in after]
        if key in chapters:
            texts = chapters[key].texts
            text = applied([one.source for one in texts], taken, key)
            yield _text(returned, key, text, [one.revision for one in texts])
            continue
        if key.startswith("picture:"):
            if not accepted:
                yield from _as_it_was(content, key.removeprefix("picture:"))
            continue
        texts = edited[key].texts if key in edited else ()
        for one in (change for change in chosen if change.key == key):
            if one.kind == "changed":
                text = one.new if accepted else (texts[0].source if texts else "")
                yield _text(returned, key, text, [text_.revision for text_ in texts])
            elif one.kind == "deleted":
                yield {"kind": "kept", "key": key, "kept": not accepted}
            elif accepted:
                yield {"kind": "order", "order": list(one.order)}


def _picture(new: NewPicture | None) -> Iterable[Values]:
    """A picture that came, or the words that one has now."""
    if new is None:
        return
    words = {"alternative": new.described, "credit": new.credit}
    if new.pixels is not None:
        yield {"kind": "picture", **stored(new.pixels), **words}
    elif new.credit is not None:
        yield {"kind": "described", "picture": new.key, **words}


def _as_it_was(content: Content, key: str) -> Iterable[Values]:
    was = content.pictures[key]
    yield {"kind": "described", "picture": key, "alternative": was.alternative, "credit": was.credit}


def _text(returned: Returned, key: str, text: str, revisions: Iterable[str]) -> Values:
    """On what this file wrote before, else on what it was made from: who wrote since is not written over."""
    wrote = [one for one in returned.choices.values() if one.key == key and one.revision]
    last = max(wrote, key=lambda one: one.seq, default=None)
    base = last.revision if last else " ".join(revisions)
    return {"kind": "text", "key": key, "text": text, "base": base}


def _path(key: str) -> Path:
    folder: Path = current_app.config["DATA"]
    return folder / "versions" / f"retour-{key[:32]}.docx"
