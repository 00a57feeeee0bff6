"""the sessions that were left"""

import sqlalchemy as sa
from alembic import op

from contrib.store.db import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "ended_session",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("ended_session")
