"""Alembic, run by `contrib` itself at every start: nobody has to know it is there."""

from alembic import context
from flask import current_app

from contrib.store import models, report_models  # noqa: F401  the rows are known before metadata is read
from contrib.store.db import WRITES, db, without_foreign_keys

engine = current_app.extensions["sqlalchemy"].engine

with (
    engine.connect().execution_options(**{WRITES: True}) as connection,
    without_foreign_keys(connection),
):
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
