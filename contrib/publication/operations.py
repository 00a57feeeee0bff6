"""What the editors do to the report. A text is a note's: it has history, conflict and receipts."""

import base64
import re
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from contrib.capture.operations import add_revision, write_text
from contrib.report_digest import ABOUT, CHAPTER
from contrib.store.log import Kind, Refused, Values, Write, verb
from contrib.store.models import PASSAGE, Note, Revision, passage_id
from contrib.store.report_models import (
    Answer,
    Partner,
    Passage,
    Picture,
    PrintedName,
    Publication,
    ReturnedChoice,
    ReturnedFile,
)
from exports.report import STATUSES

_KEY = re.compile(rf"(?:{CHAPTER}|{ABOUT})[\w.-]{{1,140}}")


@verb("write_passage", Kind.REPORT)
def write_passage(session: Session, write: Write) -> Values:
    """A text of the report: the first one makes its note, the others reword it.

    `base` names the texts that it was made on, as a key message's does: two stand while a
    conflict is not settled. An empty text of a recommendation means the workshop's own words.
    """
    passage = _passage(session, write)
    write.subject = passage.id
    return _write(session, write, passage, write.values["text"], write.values.get("base") or "", write.id)


@verb("keep_passage", Kind.REPORT)
def keep_passage(session: Session, write: Write) -> Values:
    """In the chapter, or in the annex."""
    _passage(session, write).kept = write.values["kept"]
    return {}


@verb("order_passages", Kind.REPORT)
def order_passages(session: Session, write: Write) -> Values:
    """The order of a group, as the page had it when somebody moved one: the last one to say so is right."""
    for place, key in enumerate(write.values["order"], 1):
        _passage(session, write, f"{ABOUT}{key}").place = place
    return {}


@verb("review_passage", Kind.REPORT)
def review_passage(session: Session, write: Write) -> Values:
    """*Relu*: by a second reader, and about one text; a later text is to be read again."""
    passage = _passage(session, write)
    revision = write.values["revision"]
    if revision:
        found = session.get(Revision, revision)
        if found is None or found.note_id != passage.id or not found.standing:
            raise Refused("Ce texte a changé entre-temps : relisez-le tel qu’il est maintenant.", 409)
    passage.reviewed_revision = revision or None
    passage.reviewed_at = write.at if revision else None
    return {}


@verb("add_picture", Kind.REPORT, personal=("content", "alternative", "credit"))
def add_picture(session: Session, write: Write) -> Values:
    """A picture, and the chapter's text that shows it; the log holds neither pixels nor credit."""
    passage = _passage(session, write)
    write.subject = passage.id
    _keep_picture(session, write, write.values)
    text, base = write.values["text"], write.values.get("base") or ""
    return _write(session, write, passage, text, base, write.id)


@verb("describe_picture", Kind.REPORT, personal=("alternative", "credit"))
def describe_picture(session: Session, write: Write) -> Values:
    """What stands for it, and whose it is."""
    _describe(session, write, write.subject or "", write.values)
    return {}


@verb("print_name", Kind.REPORT)
def print_name(session: Session, write: Write) -> Values:
    """Whether a person is named in the report; the write says which by an id made of the name."""
    row = session.get(PrintedName, (write.event_id, write.values["name"]))
    if write.values["printed"] and row is None:
        session.add(PrintedName(event_id=write.event_id, id=write.values["name"]))
    elif not write.values["printed"] and row is not None:
        session.delete(row)
    return {}


@verb("describe_report", Kind.REPORT)
def describe_report(session: Session, write: Write) -> Values:
    """Its licence, and when answers are expected."""
    row = _publication(session, write)
    day = write.values["expected_on"]
    row.licence, row.expected_on = write.values["licence"], date.fromisoformat(day) if day else None
    return {}


@verb("close_report", Kind.REPORT)
def close_report(session: Session, write: Write) -> Values:
    """*Clos*: nothing more is expected of it. Or open again."""
    row = _publication(session, write)
    row.closed_at = write.at if write.values["closed"] else None
    return {}


@verb("add_partner", Kind.REPORT, personal=("name",))
def add_partner(session: Session, write: Write) -> Values:
    """An organisation that may answer in its own name, with a code of its own."""
    session.add(Partner(id=write.id, event_id=write.event_id, name=write.values["name"], added_at=write.at))
    return {"partner": write.id}


@verb("revoke_partner", Kind.REPORT)
def revoke_partner(session: Session, write: Write) -> Values:
    """Its code opens nothing any more; what it said stays."""
    row = session.get(Partner, write.subject)
    if row is None or row.event_id != write.event_id:
        raise Refused("Ce partenaire n’existe pas, ou plus.", 404)
    row.revoked_at = row.revoked_at or write.at
    return {}


@verb("answer", Kind.REPORT, personal=("who",))
def answer(session: Session, write: Write) -> Values:
    """One dated entry of *suites données*, by the organiser or by a partner."""
    values = write.values
    if values["status"] not in STATUSES:
        raise Refused("Dites ce qu’il en est : retenue, en cours, réalisée ou écartée.")
    if values["link"] and not values["link"].startswith(("https://", "http://")):
        raise Refused("L’adresse commence par https:// : copiez-la en entier.")
    day = values["given_on"]
    session.add(
        Answer(
            id=write.id,
            event_id=write.event_id,
            about=values["about"],
            status=values["status"],
            who=values["who"],
            partner_id=values.get("partner"),
            text=values["text"],
            link=values["link"],
            given_on=date.fromisoformat(day) if day else write.at.date(),
            created_seq=write.seq,
        )
    )
    return {}


@verb("withdraw_answer", Kind.REPORT)
def withdraw_answer(session: Session, write: Write) -> Values:
    """It is no longer shown; editions that have it keep it. A partner withdraws its own only."""
    found = session.get(Answer, write.subject)
    partner = write.values.get("partner")
    if found is None or found.event_id != write.event_id or partner not in (None, found.partner_id):
        raise Refused("Cette suite donnée n’existe pas, ou plus.", 404)
    found.withdrawn_at = write.at
    return {}


@verb("receive_report", Kind.REPORT, personal=("name",))
def receive_report(session: Session, write: Write) -> Values:
    """A corrected file came back; the same file again is the same row."""
    if session.get(ReturnedFile, write.values["file"]) is None:
        row = ReturnedFile(id=write.values["file"], event_id=write.event_id, received_at=write.at)
        row.name = write.values["name"]
        session.add(row)
    return {"file": write.values["file"]}


@verb("settle_changes", Kind.REPORT, personal=("writes.content", "writes.alternative", "writes.credit"))
def settle_changes(session: Session, write: Write) -> Values:
    """Changes of a returned file are accepted or refused: what follows is written with the choice."""
    revisions: dict[str, str] = {}
    for number, one in enumerate(write.values["writes"], 1):
        if one["kind"] == "text":
            passage = _passage(session, write, one["key"])
            revision = f"{write.id}.{number}"
            _write(session, write, passage, one["text"], one["base"], revision)
            revisions[one["key"]] = revision
        elif one["kind"] == "picture":
            _keep_picture(session, write, one)
        elif one["kind"] == "described":
            _describe(session, write, one["picture"], one)
        elif one["kind"] == "kept":
            _passage(session, write, one["key"]).kept = one["kept"]
        else:
            for place, key in enumerate(one["order"], 1):
                _passage(session, write, f"{ABOUT}{key}").place = place
    for change in write.values["changes"]:
        key = write.values["keys"][change]
        choice = ReturnedChoice(
            file_id=write.values["file"],
            change_id=change,
            accepted=write.values["accepted"],
            key=key,
            revision=revisions.get(key),
            seq=write.seq,
            decided_at=write.at,
        )
        session.merge(choice)
    return {"settled": len(write.values["changes"])}


# --- what the verbs are made of -------------------------------------------------------------------


def _passage(session: Session, write: Write, key: str | None = None) -> Passage:
    """The place of the report that a write is about; made where there is none yet."""
    key = key or str(write.values["key"])
    if not _KEY.fullmatch(key):
        raise Refused("Cet endroit du rapport n’existe pas.", 404)
    found = session.get(Passage, passage_id(write.event_id, key))
    if found is None:
        found = Passage(id=passage_id(write.event_id, key), event_id=write.event_id, key=key)
        session.add(found)
    return found


def _write(session: Session, write: Write, passage: Passage, text: str, base: str, revision: str) -> Values:
    note = session.get(Note, passage.id)
    if note is None:
        note = _add_note(session, write, passage.id)
        add_revision(session, write, note.id, revision, text)
        return {"note": note.id, "revision": revision}
    return write_text(session, write, note, text, base.split()[:10], revision)


def _add_note(session: Session, write: Write, note_id: str) -> Note:
    values: dict[str, Any] = {"created_at": write.at, "created_seq": write.seq, "changed_seq": write.seq}
    note = Note(
        id=note_id,
        event_id=write.event_id,
        workshop_id=None,
        kind=PASSAGE,
        person_id=write.author.person_id,
        **values,
    )
    session.add(note)
    session.flush()
    return note


def _keep_picture(session: Session, write: Write, values: Values) -> None:
    """A new one; where it is there already, the words that it came with, unless it came without."""
    row = session.get(Picture, (write.event_id, values["picture"]))
    if row is None:
        row = Picture(
            event_id=write.event_id,
            key=values["picture"],
            content=base64.b64decode(values["content"]),
            ending=values["ending"],
            width=values["width"],
            height=values["height"],
            alternative="",
            credit="",
            added_at=write.at,
        )
        session.add(row)
    row.alternative = values["alternative"] or row.alternative
    row.credit = values["credit"] or row.credit


def _describe(session: Session, write: Write, key: str, values: Values) -> None:
    row = session.get(Picture, (write.event_id, key))
    if row is None:
        raise Refused("Cette image n’existe pas, ou plus.", 404)
    row.alternative, row.credit = values["alternative"], values["credit"]


def _publication(session: Session, write: Write) -> Publication:
    row = session.get(Publication, write.event_id)
    if row is None:
        row = Publication(event_id=write.event_id)
        session.add(row)
    return row
