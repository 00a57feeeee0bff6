"""the codes of workshops that were removed"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("event", sa.Column("retired_codes", sa.Text(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("event", "retired_codes")
