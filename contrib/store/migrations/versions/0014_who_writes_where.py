"""a laptop says whose it is and in which note somebody is: ids, never a name"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("presence", sa.Column("person_id", sa.String(80)))
    op.add_column("presence", sa.Column("note_id", sa.String(80)))


def downgrade() -> None:
    op.drop_column("presence", "note_id")
    op.drop_column("presence", "person_id")
