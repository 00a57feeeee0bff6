"""What the processes of one server share beside the log: who works, what it said, the last document.

No operations: this is how the server is, never what somebody wrote. A SQLite file has one server
of one process (`contrib/host/serve.py` locks the folder): it remembers, and nothing is written.
"""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, case, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from contrib import clock
from contrib.memory import remembered
from contrib.store.db import WRITES, Base, db
from contrib.store.models import Lease, SharedState

LEASE = timedelta(seconds=4)
"""Whoever has not renewed for so long has ended, or hangs."""

Row = dict[str, Any]


class State(dict[str, Any]):
    """What this process said, where it is the only one."""


def is_shared() -> bool:
    """Whether other processes work on this database."""
    return db.engine.dialect.name != "sqlite"


def tell(name: str, value: Any) -> None:
    """Plain values under a name, for the pages of every process."""
    if is_shared():
        upsert(SharedState, [{"name": name, "value": json.dumps(value)}])
    else:
        remembered(State)[name] = value


def told(name: str) -> Any:
    """What was last told under a name; None before."""
    if not is_shared():
        return remembered(State).get(name)
    found = db.session.scalar(select(SharedState.value).where(SharedState.name == name))
    return None if found is None else json.loads(found)


def hold(name: str, holder: str) -> bool:
    """Take or renew a lease for `LEASE` from now; whether it is this holder's."""
    if not is_shared():
        return True
    now = clock.now()
    # one of a far future was written before the clock was put right
    ended = or_(Lease.holder == holder, Lease.until < now, Lease.until > now + LEASE)
    return upsert(Lease, [{"name": name, "holder": holder, "until": now + LEASE}], lambda new: ended)


def give_up(name: str, holder: str) -> None:
    """Another may take the lease at once."""
    if not is_shared():
        return
    with Session(db.engine) as session:
        mine = Lease.name == name, Lease.holder == holder
        session.execute(update(Lease).where(*mine).values(until=clock.now() - LEASE))
        session.commit()


def upsert(
    model: type[Base],
    rows: list[Row],
    replaces: Callable[[Any], ColumnElement[bool]] | None = None,
    keeps: Sequence[str] = (),
) -> bool:
    """Add rows, or put each in the place of the one with its key where `replaces(new)` holds.

    Of the columns that are kept, the first value stays until there is none.

    Of a single row, whether it was written: a driver does not count those of many.
    """
    insert: Any = postgresql.insert if is_shared() else sqlite.insert
    table = cast(Table, model.__table__)
    new = insert(table)
    values = {column.name: new.excluded[column.name] for column in table.columns if not column.primary_key}
    for name in keeps:
        given = new.excluded[name]
        values[name] = case((given.is_(None), None), else_=func.coalesce(table.c[name], given))
    where = replaces(new.excluded) if replaces else None
    statement = new.on_conflict_do_update(index_elements=list(table.primary_key), set_=values, where=where)
    with Session(db.engine) as session:
        connection = session.connection(execution_options={WRITES: True, "preserve_rowcount": True})
        done = connection.execute(statement, rows if len(rows) > 1 else rows[0])
        session.commit()
    return done.rowcount == 1
