"""frozen editions of the restitution"""

import sqlalchemy as sa
from alembic import op

from contrib.store.db import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "edition",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column(
            "event_id",
            sa.String(80),
            sa.ForeignKey("event.id", name="fk_edition_event_id_event"),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("file", sa.String(80), nullable=False),
        sa.Column("page_map", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.UniqueConstraint("event_id", "number", name="uq_edition_event_id"),
    )


def downgrade() -> None:
    op.drop_table("edition")
