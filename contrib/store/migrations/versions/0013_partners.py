"""named partners, who answer recommendations"""

import sqlalchemy as sa
from alembic import op

from contrib.store.db import UtcDateTime

revision = "0013"
down_revision = "0012"

ID = sa.String(80)


def upgrade() -> None:
    event = sa.ForeignKey("event.id", name="fk_partner_event_id_event")
    op.create_table(
        "partner",
        sa.Column("id", ID, primary_key=True),
        sa.Column("event_id", ID, event, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
    )
    op.create_index("ix_partner_event_id", "partner", ["event_id"])
    partner = sa.ForeignKey("partner.id", name="fk_answer_partner_id_partner")
    with op.batch_alter_table("answer") as answer:
        answer.add_column(sa.Column("partner_id", ID, partner, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("answer") as answer:
        answer.drop_column("partner_id")
    op.drop_table("partner")
