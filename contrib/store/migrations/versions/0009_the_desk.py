"""what the desk knows of the laptops, and its words to the workshops"""

import sqlalchemy as sa
from alembic import op

from contrib.store.db import UtcDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("presence", sa.Column("unsent_since", UtcDateTime()))
    op.add_column("event", sa.Column("timed_notices", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("event", sa.Column("rehearsal_of", sa.String(80)))
    op.create_table(
        "notice",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column(
            "event_id",
            sa.String(80),
            sa.ForeignKey("event.id", name="fk_notice_event_id_event"),
            nullable=False,
        ),
        sa.Column(
            "workshop_id",
            sa.String(80),
            sa.ForeignKey("workshop.id", name="fk_notice_workshop_id_workshop"),
            nullable=False,
        ),
        sa.Column("sending", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("timed", sa.String(40)),
        sa.Column("read_at", UtcDateTime()),
    )
    op.create_index("ix_notice_workshop", "notice", ["workshop_id", "read_at"])
    op.add_column("edition", sa.Column("content", sa.String(64)))
    op.add_column("edition", sa.Column("seq", sa.Integer()))
    op.add_column("edition", sa.Column("name", sa.Text()))
    op.execute("UPDATE edition SET seq = (SELECT seq FROM operation WHERE operation.id = edition.id)")


def downgrade() -> None:
    for column in ("name", "seq", "content"):
        op.drop_column("edition", column)
    op.drop_table("notice")
    op.drop_column("event", "rehearsal_of")
    op.drop_column("event", "timed_notices")
    op.drop_column("presence", "unsent_since")
