"""Typed rows. A comment on a column says what the value means in the room."""

import hashlib
import re
from datetime import date, datetime, time

from sqlalchemy import (
    Boolean,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contrib.store.db import Base, PlaceKey, UtcDateTime

Id = String(80)
ON_MESSAGE = "message"
PASSAGE = "passage"


_OWN = re.compile(r"[0-9a-f]{32}")


def is_own_id(text: str) -> bool:
    """Whether an id has the only shape that is believed from outside: 32 hexadecimal digits.

    Ids that the server derives (`message-…`, `….2`) have another one: nobody can ask for them.
    """
    return _OWN.fullmatch(text) is not None


def id_for(event_id: str, key: str) -> str:
    """The id of a row that bears a key from elsewhere: kept apart by day, and hashed."""
    return hashlib.sha256(f"{event_id}\x1f{key}".encode()).hexdigest()[:32]


def message_id(workshop_id: str) -> str:
    """The key message is a note whose id follows from the workshop."""
    return f"{ON_MESSAGE}-{workshop_id}"


def passage_id(event_id: str, key: str) -> str:
    """A passage of the report is a note whose id follows from the day and its key."""
    return f"{PASSAGE}-{id_for(event_id, key)}"


class Withdrawable:
    """Rows that are taken back, never deleted: where one is left out, `live` says so."""

    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @hybrid_property
    def live(self) -> bool:
        return self.withdrawn_at is None

    @live.inplace.expression
    @classmethod
    def _live(cls) -> ColumnElement[bool]:
        return cls.withdrawn_at.is_(None)


class Installation(Base):
    """One row: this store."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[str] = mapped_column(Id)
    """Changes when a backup is restored: pages then offer again what they hold."""
    password_hash: Mapped[str] = mapped_column(Text)
    password_version: Mapped[int] = mapped_column(Integer, default=1)
    """A new password closes the sessions that the old one opened."""
    output_folder: Mapped[str | None] = mapped_column(Text)
    """Where the last good document is also written (a USB key)."""
    copy_folder: Mapped[str | None] = mapped_column(Text)
    """Where copies of the whole installation go; None is the data folder's own."""
    stationery_id: Mapped[str | None] = mapped_column(String(64))
    """The organiser's own Word file that documents are made with; None is the built-in one."""


class Stationery(Base):
    """A Word file that was checked; its bytes are in the data folder, under its hash."""

    __tablename__ = "stationery"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Event(Base):
    """A day. An archived one is a trial that was cleared away."""

    __tablename__ = "event"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    scope: Mapped[str] = mapped_column(String(120))
    """What codes are derived from: a trial and its day share it, so sheets stay valid."""
    name: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(Text)
    subtitle: Mapped[str | None] = mapped_column(Text)
    date: Mapped[date]
    place: Mapped[str | None] = mapped_column(Text)
    organiser: Mapped[str | None] = mapped_column(Text)
    timezone: Mapped[str] = mapped_column(String(60), default="Europe/Paris")
    workshops_start: Mapped[time | None]
    workshops_end: Mapped[time | None]
    plenary_at: Mapped[time]
    ends_at: Mapped[time | None]
    sequences: Mapped[str] = mapped_column(Text, default="[]")
    """The day's programme as JSON: hour, title, speakers."""
    fictional: Mapped[bool] = mapped_column(Boolean, default=False)
    rehearsal_of: Mapped[str | None] = mapped_column(Id)
    """The day that this one is a rehearsal of: its programme and codes, none of its rows."""
    timed_notices: Mapped[str] = mapped_column(Text, default="[]", server_default="[]")
    """Minutes before the end of the workshops at which a word goes by itself, as a JSON list."""
    lens: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What a theme means on this day: a cause, a public, a lever."""
    presenter_generation: Mapped[int] = mapped_column(Integer, default=1)
    retired_codes: Mapped[str] = mapped_column(Text, default="{}", server_default="{}")
    """Generations of workshops that were removed, as JSON by name: none of them returns."""
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    workshops: Mapped[list["Workshop"]] = relationship(back_populates="event", order_by="Workshop.position")


class Workshop(Base):
    __tablename__ = "workshop"
    __table_args__ = (UniqueConstraint("event_id", "name"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True)
    initials: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text, default="")
    room: Mapped[str | None] = mapped_column(Text)
    speaker: Mapped[str | None] = mapped_column(Text)
    """Who speaks in plenary."""
    minutes: Mapped[int] = mapped_column(Integer, default=5)
    expected_highlights: Mapped[int] = mapped_column(Integer, default=3)
    participants: Mapped[int | None] = mapped_column(Integer)
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ready_seq: Mapped[int | None] = mapped_column(Integer)
    """What is received after this operation was « ajouté depuis »."""
    position: Mapped[int] = mapped_column(Integer, default=0)
    generation: Mapped[int] = mapped_column(Integer, default=1)
    """Renewing the code adds one."""
    last_number: Mapped[int] = mapped_column(Integer, default=0)
    """The last reference given: numbers never return."""

    event: Mapped[Event] = relationship(back_populates="workshops")
    rubrics: Mapped[list["Rubric"]] = relationship(back_populates="workshop", order_by="Rubric.position")

    def reference(self, number: int | None) -> str:
        """« ÉME‑12 », with a no-break hyphen."""
        return f"{self.initials}\u2011{number}"


class Rubric(Base):
    __tablename__ = "rubric"
    __table_args__ = (UniqueConstraint("workshop_id", "name"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    workshop_id: Mapped[str] = mapped_column(ForeignKey("workshop.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    nature: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(Text)
    prompt: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(Integer, default=0)

    workshop: Mapped[Workshop] = relationship(back_populates="rubrics")


class Theme(Base):
    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("event_id", "folded"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True)
    folded: Mapped[str] = mapped_column(Text)
    """Without case and accents: « École » and « ecole » are one theme."""
    name: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(PlaceKey, default="", server_default="")
    """Its sort key among the day's themes."""
    final_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When somebody looked at five of its notes and said that it holds."""


class Person(Base):
    """A signature. Operations point here, so that a name is erased in one place."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str | None] = mapped_column(Text)


class Operation(Base):
    """One write: history, idempotency and the feed are this table. Rows are only added."""

    __tablename__ = "operation"

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Id, unique=True)
    """Made by the page; the server's where the page's id was already used."""
    event_id: Mapped[str] = mapped_column(Id)
    workshop_id: Mapped[str | None] = mapped_column(Id)
    device: Mapped[str | None] = mapped_column(Id)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    verb: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str | None] = mapped_column(Id)
    payload: Mapped[str] = mapped_column(Text)
    payload_hash: Mapped[str] = mapped_column(String(64))
    device_time: Mapped[str | None] = mapped_column(String(40))
    """What the laptop's clock said, as it said it: never used for order."""
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index("ix_operation_event_seq", "event_id", "seq"),
        Index("ix_operation_workshop_seq", "workshop_id", "seq"),
        Index("ix_operation_subject", "subject", "seq"),
    )


class Note(Withdrawable, Base):
    __tablename__ = "note"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    workshop_id: Mapped[str | None] = mapped_column(ForeignKey("workshop.id"))
    """None for a passage of the report: it is in no workshop's notes, feed or counts."""
    number: Mapped[int | None] = mapped_column(Integer)
    """Its reference within the workshop; none for a key message."""
    kind: Mapped[str] = mapped_column(String(10), default="note")
    """`note`, `message` for the workshop's key message, `passage` for a text of the report."""
    rubric_id: Mapped[str | None] = mapped_column(ForeignKey("rubric.id"))
    """None while it is « À classer »."""
    theme_id: Mapped[str | None] = mapped_column(ForeignKey("theme.id"))
    place: Mapped[str] = mapped_column(PlaceKey, default="")
    highlight_place: Mapped[str | None] = mapped_column(PlaceKey)
    """Chosen for the plenary, and where among the chosen."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_seq: Mapped[int] = mapped_column(Integer)
    changed_seq: Mapped[int] = mapped_column(Integer)
    """The last operation that a document must contain to show this note as it is."""
    restored_seq: Mapped[int | None] = mapped_column(Integer)
    """Its `changed_seq` on the lost server that a saved file brought it back from."""

    person: Mapped[Person | None] = relationship()
    theme: Mapped[Theme | None] = relationship()
    revisions: Mapped[list["Revision"]] = relationship(back_populates="note", order_by="Revision.seq")

    __table_args__ = (
        UniqueConstraint("workshop_id", "number"),
        Index("ix_note_section", "workshop_id", "rubric_id", "place"),
        Index("ix_note_highlights", "workshop_id", "highlight_place"),
        Index("ix_note_arrival", "workshop_id", "created_seq"),
        Index("ix_note_changes", "workshop_id", "changed_seq"),
    )


class Revision(Base):
    """One recorded text of a note; never deleted. Two standing ones are a conflict."""

    __tablename__ = "revision"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    """The id of its operation (of a line of it, for a pasted list)."""
    seq: Mapped[int] = mapped_column(ForeignKey("operation.seq"))
    note_id: Mapped[str] = mapped_column(ForeignKey("note.id"))
    base_id: Mapped[str | None] = mapped_column(ForeignKey("revision.id"))
    other_base_id: Mapped[str | None] = mapped_column(ForeignKey("revision.id"))
    """A choice between two texts names both."""
    text: Mapped[str] = mapped_column(Text)
    standing: Mapped[bool] = mapped_column(Boolean, default=True)
    """False once a later text was written on it."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    note: Mapped[Note] = relationship(back_populates="revisions")
    person: Mapped[Person | None] = relationship()

    __table_args__ = (Index("ix_revision_note", "note_id", "seq"),)


class Notice(Base):
    """A word of the desk to one workshop; those that were sent together share their `sending`."""

    __tablename__ = "notice"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    workshop_id: Mapped[str] = mapped_column(ForeignKey("workshop.id"))
    sending: Mapped[str] = mapped_column(Id)
    """The id of the operation that sent it."""
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    timed: Mapped[str | None] = mapped_column(String(40))
    """The moment of the programme at which it went by itself; None where a person sent it."""
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When somebody in the room said « bien reçu »."""

    __table_args__ = (Index("ix_notice_workshop", "workshop_id", "read_at"),)


class Convergence(Withdrawable, Base):
    """A point commun: a sentence that rests on notes of several workshops."""

    __tablename__ = "convergence"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    references: Mapped[str] = mapped_column(Text, default="")
    """Ids of notes, separated by spaces, in the order typed."""
    created_seq: Mapped[int] = mapped_column(Integer)


class Merger(Withdrawable, Base):
    """A recommandation de synthèse: one wording that stands for several notes and cites them all."""

    __tablename__ = "merger"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True)
    workshop_id: Mapped[str] = mapped_column(ForeignKey("workshop.id"))
    """That of its first note: where it is said, once it is chosen."""
    text: Mapped[str] = mapped_column(Text)
    references: Mapped[str] = mapped_column(Text)
    """Ids of notes, separated by spaces."""
    highlight_place: Mapped[str | None] = mapped_column(PlaceKey)
    """Chosen for the plenary, and where among what its workshop chose."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_seq: Mapped[int] = mapped_column(Integer)


class Verdict(Base):
    """What somebody said of two notes that resemble each other."""

    __tablename__ = "verdict"

    one_id: Mapped[str] = mapped_column(ForeignKey("note.id"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("note.id"), primary_key=True)
    """The greater of the two ids: a pair stands here once."""
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True)
    word: Mapped[str] = mapped_column(String(10))
    """`linked`, `refused` or `debate`."""
    seq: Mapped[int] = mapped_column(Integer)


class Reading(Base):
    """Somebody at the desk has looked at a note."""

    __tablename__ = "reading"

    note_id: Mapped[str] = mapped_column(ForeignKey("note.id"), primary_key=True)
    device: Mapped[str] = mapped_column(Id, primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person | None] = relationship()


class Edition(Base):
    """A frozen document: its bytes and its digest are in the data folder."""

    __tablename__ = "edition"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    number: Mapped[int] = mapped_column(Integer)
    """From 1, within the day."""
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fingerprint: Mapped[str] = mapped_column(String(64))
    content: Mapped[str | None] = mapped_column(String(64))
    """The fingerprint of the same document before it was a version; None in versions of before 0009."""
    seq: Mapped[int | None] = mapped_column(Integer)
    """The last operation that it contains: what comes after is « après la restitution »."""
    name: Mapped[str | None] = mapped_column(Text)
    """What people call it."""
    file: Mapped[str] = mapped_column(String(80))
    """The name of both files, without its ending."""
    page_map: Mapped[str] = mapped_column(Text)
    """The pages that its table of contents says, as JSON."""
    changes: Mapped[str] = mapped_column(Text)
    """What changed since the one before: a JSON list of sentences."""

    __table_args__ = (UniqueConstraint("event_id", "number"),)


class EndedSession(Base):
    """A session that was left: a copy of its cookie opens nothing any more."""

    __tablename__ = "ended_session"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Presence(Base):
    """What a laptop last said of itself; written at most every 15 s."""

    __tablename__ = "presence"

    workshop_id: Mapped[str] = mapped_column(Id, primary_key=True)
    device: Mapped[str] = mapped_column(Id, primary_key=True)
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)
    unsent: Mapped[int] = mapped_column(Integer, default=0)
    unsent_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it says so without a break; None while everything is sent."""
    draft_open: Mapped[bool] = mapped_column(Boolean, default=False)
    person_id: Mapped[str | None] = mapped_column(Id)
    """Whose signature it writes with: the name stands in its `Person` only."""
    note_id: Mapped[str | None] = mapped_column(Id)
    """The note that is open in it to be changed."""


class Lease(Base):
    """Which of the processes of a server makes documents and copies."""

    __tablename__ = "lease"
    __table_args__ = {"info": {"passing": True}}

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(Id)
    """Its process number, and chance."""
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class SharedState(Base):
    """What one process of a server told the others: plain values, as JSON."""

    __tablename__ = "shared_state"
    __table_args__ = {"info": {"passing": True}}

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class PrintedDocument(Base):
    """The last good document of a day, whichever process made it."""

    __tablename__ = "printed_document"
    __table_args__ = {"info": {"passing": True}}

    event_id: Mapped[str] = mapped_column(Id, primary_key=True)
    record: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    """Whether the record is in it, or only the pages to say."""
    seq: Mapped[int] = mapped_column(Integer)
    """The last operation in it."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    facts: Mapped[str] = mapped_column(Text)
    """What pages say of it, as JSON."""
    digest: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)
