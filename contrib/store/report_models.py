"""Rows of the follow-up report: what the editors decide, editions, answers. Texts are notes."""

from datetime import date, datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contrib.store.db import Base, UtcDateTime
from contrib.store.models import Id, Withdrawable


class Passage(Base):
    """A place of the report where somebody writes or decides: a chapter, a note, a merger."""

    __tablename__ = "passage"
    __table_args__ = (UniqueConstraint("event_id", "key"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    """That of the note which holds its texts, once something is written (`passage_id`)."""
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    key: Mapped[str] = mapped_column(String(160))
    """`chapter:introduction`, `note:<id>`: a note or a merger by its id."""
    kept: Mapped[bool | None] = mapped_column(Boolean)
    """In the chapter or in the annex; None: as its nature has it."""
    place: Mapped[int | None] = mapped_column(Integer)
    """Among the others of its group, where somebody ordered them."""
    reviewed_revision: Mapped[str | None] = mapped_column(Id)
    """The text that a second reader has read: a later one is to be read again."""
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Picture(Base):
    """A picture that a chapter may show: re-encoded, with the words that stand for it."""

    __tablename__ = "picture"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(10), primary_key=True)
    """The beginning of its content's hash: what texts name it by."""
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    ending: Mapped[str] = mapped_column(String(4))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    alternative: Mapped[str] = mapped_column(Text)
    """What it shows; empty while nobody has said it."""
    credit: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PrintedName(Base):
    """A person who agreed to be named in the report; the id is made of the name, which stands elsewhere."""

    __tablename__ = "printed_name"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)


class Publication(Base):
    """What the report of a day says of itself; one row, made with the first change."""

    __tablename__ = "publication"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    licence: Mapped[str | None] = mapped_column(Text)
    """None: the one by default."""
    expected_on: Mapped[date | None]
    """When an answer is expected to the recommendations."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReportEdition(Base):
    """A frozen edition of the report: its files are in the data folder."""

    __tablename__ = "report_edition"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    number: Mapped[int] = mapped_column(Integer)
    """From 1, within the day."""
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None while nobody outside may read it."""
    fingerprint: Mapped[str] = mapped_column(String(64))
    file: Mapped[str] = mapped_column(String(80))
    """The name of its files, without their endings."""
    changes: Mapped[str] = mapped_column(Text)
    """What changed since the one before: a JSON list of sentences."""


class Partner(Base):
    """An organisation that may answer recommendations in its own name; its code follows from its id."""

    __tablename__ = "partner"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From then on its code opens nothing; what it said stays."""


class Answer(Withdrawable, Base):
    """One dated entry of *suites données*; withdrawn, never deleted."""

    __tablename__ = "answer"
    __table_args__ = (Index("ix_answer_event", "event_id", "about"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    about: Mapped[str] = mapped_column(Id)
    """The note or the merger."""
    status: Mapped[str] = mapped_column(String(20))
    who: Mapped[str] = mapped_column(Text)
    partner_id: Mapped[str | None] = mapped_column(ForeignKey("partner.id"))
    """Who entered it; None where the organiser did."""
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(Text)
    given_on: Mapped[date]
    created_seq: Mapped[int] = mapped_column(Integer)


class ReturnedFile(Base):
    """A corrected report that came back; its bytes are in the data folder."""

    __tablename__ = "returned_file"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    name: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReturnedChoice(Base):
    """What was decided about one change of a returned file: one may leave and come back."""

    __tablename__ = "returned_choice"

    file_id: Mapped[str] = mapped_column(ForeignKey("returned_file.id"), primary_key=True)
    change_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    accepted: Mapped[bool] = mapped_column(Boolean)
    key: Mapped[str] = mapped_column(String(160))
    """The passage that it is about."""
    revision: Mapped[str | None] = mapped_column(Id)
    """The text that the choice wrote."""
    seq: Mapped[int] = mapped_column(Integer)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
