"""mergers, verdicts on pairs, what was read, and themes in an order"""

import sqlalchemy as sa
from alembic import op

from contrib.store import order_keys
from contrib.store.db import PlaceKey, UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("theme", sa.Column("place", PlaceKey(), nullable=False, server_default=""))
    themes = sa.table("theme", sa.column("id"), sa.column("folded"), sa.column("place"))
    there = op.get_bind()
    for number, row in enumerate(there.execute(sa.select(themes.c.id).order_by(themes.c.folded)).all(), 1):
        there.execute(themes.update().where(themes.c.id == row.id).values(place=order_keys.nth(number)))
    op.add_column("theme", sa.Column("final_at", UtcDateTime()))
    op.add_column("event", sa.Column("lens", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "merger",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("event_id", sa.String(80), sa.ForeignKey("event.id"), nullable=False),
        sa.Column("workshop_id", sa.String(80), sa.ForeignKey("workshop.id"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("references", sa.Text(), nullable=False),
        sa.Column("highlight_place", PlaceKey()),
        sa.Column("withdrawn_at", UtcDateTime()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_seq", sa.Integer(), nullable=False),
    )
    op.create_index("ix_merger_event_id", "merger", ["event_id"])
    op.create_table(
        "verdict",
        sa.Column("one_id", sa.String(80), sa.ForeignKey("note.id"), primary_key=True),
        sa.Column("other_id", sa.String(80), sa.ForeignKey("note.id"), primary_key=True),
        sa.Column("event_id", sa.String(80), sa.ForeignKey("event.id"), nullable=False),
        sa.Column("word", sa.String(10), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
    )
    op.create_index("ix_verdict_event_id", "verdict", ["event_id"])
    op.create_table(
        "reading",
        sa.Column("note_id", sa.String(80), sa.ForeignKey("note.id"), primary_key=True),
        sa.Column("device", sa.String(80), primary_key=True),
        sa.Column("event_id", sa.String(80), sa.ForeignKey("event.id"), nullable=False),
        sa.Column("person_id", sa.String(80), sa.ForeignKey("person.id")),
    )
    op.create_index("ix_reading_event_id", "reading", ["event_id"])


def downgrade() -> None:
    for table in ("reading", "verdict", "merger"):
        op.drop_table(table)
    op.drop_column("event", "lens")
    op.drop_column("theme", "final_at")
    op.drop_column("theme", "place")
