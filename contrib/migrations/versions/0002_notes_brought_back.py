"""notes that a saved file brought back from a lost server"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("note", sa.Column("restored_seq", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("note", "restored_seq")
