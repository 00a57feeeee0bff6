"""pictures of the report"""

import sqlalchemy as sa
from alembic import op

from contrib.store.db import UtcDateTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    event = sa.ForeignKey("event.id", name="fk_picture_event_id_event")
    op.create_table(
        "picture",
        sa.Column("event_id", sa.String(80), event, primary_key=True),
        sa.Column("key", sa.String(10), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("ending", sa.String(4), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alternative", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("picture")
