"""notes that a saved file brought back from a lost server"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("note", sa.Column("restored_seq", sa.Integer(), nullable=True))
    # a feed asks for what changed: its cost must not grow with the notes
    op.create_index("ix_note_changes", "note", ["workshop_id", "changed_seq"])


def downgrade() -> None:
    op.drop_index("ix_note_changes", "note")
    op.drop_column("note", "restored_seq")
