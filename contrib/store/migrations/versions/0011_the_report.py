"""the follow-up report: passages, names, editions, answers; a note may be no workshop's"""

import sqlalchemy as sa
from alembic import op

from contrib.store.db import UtcDateTime

revision = "0011"
down_revision = "0010"

ID = sa.String(80)


def upgrade() -> None:
    with op.batch_alter_table("note") as note:
        note.alter_column("workshop_id", existing_type=ID, nullable=True)
    op.create_table(
        "passage",
        sa.Column("id", ID, primary_key=True),
        _event("passage"),
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("reviewed_revision", ID, nullable=True),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.UniqueConstraint("event_id", "key", name="uq_passage_event_id"),
    )
    op.create_table(
        "printed_name",
        _event("printed_name", primary_key=True),
        sa.Column("id", ID, primary_key=True),
    )
    op.create_table(
        "publication",
        _event("publication", primary_key=True),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
    )
    op.create_table(
        "report_edition",
        sa.Column("id", ID, primary_key=True),
        _event("report_edition"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("file", sa.String(80), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.UniqueConstraint("event_id", "number", name="uq_report_edition_event_id"),
    )
    op.create_table(
        "answer",
        sa.Column("id", ID, primary_key=True),
        _event("answer"),
        sa.Column("about", ID, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("created_seq", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
    )
    op.create_index("ix_answer_event", "answer", ["event_id", "about"])
    op.create_table(
        "returned_file",
        sa.Column("id", ID, primary_key=True),
        _event("returned_file"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
    )
    file = sa.ForeignKey("returned_file.id", name="fk_returned_choice_file_id_returned_file")
    op.create_table(
        "returned_choice",
        sa.Column("file_id", ID, file, primary_key=True),
        sa.Column("change_id", sa.String(32), primary_key=True),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("revision", ID, nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
    )


def _event(table: str, *, primary_key: bool = False) -> sa.Column:
    key = sa.ForeignKey("event.id", name=f"fk_{table}_event_id_event")
    return sa.Column("event_id", ID, key, primary_key=primary_key, nullable=False)


def downgrade() -> None:
    for table in (
        "returned_choice",
        "returned_file",
        "answer",
        "report_edition",
        "publication",
        "printed_name",
        "passage",
    ):
        op.drop_table(table)
    op.execute("DELETE FROM revision WHERE note_id IN (SELECT id FROM note WHERE workshop_id IS NULL)")
    op.execute("DELETE FROM note WHERE workshop_id IS NULL")
    with op.batch_alter_table("note") as note:
        note.alter_column("workshop_id", existing_type=ID, nullable=False)
