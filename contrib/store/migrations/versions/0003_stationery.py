"""the organiser's own Word files"""

import sqlalchemy as sa
from alembic import op

from contrib.store.db import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "stationery",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
    )
    op.add_column("installation", sa.Column("stationery_id", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("installation", "stationery_id")
    op.drop_table("stationery")
