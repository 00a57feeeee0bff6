"""what the desk knows of the laptops"""

import sqlalchemy as sa
from alembic import op

from contrib.store.db import UtcDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("presence", sa.Column("unsent_since", UtcDateTime()))


def downgrade() -> None:
    op.drop_column("presence", "unsent_since")
