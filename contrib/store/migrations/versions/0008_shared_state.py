"""what the processes of one server share: who works, what it said, the last document"""

import sqlalchemy as sa
from alembic import op

from contrib.store.db import UtcDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "lease",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("holder", sa.String(80), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "shared_state",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
    op.create_table(
        "printed_document",
        sa.Column("event_id", sa.String(80), primary_key=True),
        sa.Column("record", sa.Boolean(), primary_key=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("printed_document")
    op.drop_table("shared_state")
    op.drop_table("lease")
