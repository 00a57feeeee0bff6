"""where copies go"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("installation", sa.Column("copy_folder", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("installation", "copy_folder")
