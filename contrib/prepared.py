"""Statements that every note and every poll passes: compiled once, handed to the driver as they are.

SQLAlchemy writes the SQL and knows the types, as everywhere; what is saved is what it does
around each execution, ten times the database's own work for a row of this size. Everything
that is asked less often goes the ordinary way.
"""

from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Insert, event
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.sql.selectable import ReturnsRows

DRIVER = "contrib_driver"
Processor = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A statement in the words of one database."""

    sql: str
    fixed: dict[str, Any]
    """Values that the statement itself holds; none for a column of an insert that is not given."""
    asked: frozenset[str]
    """Values that each call has to give."""
    encode: tuple[tuple[str, Processor], ...]
    decode: tuple[tuple[int, Processor], ...]
    row: Callable[[Any], Any]


class Prepared:
    """A select, insert or update whose values are all named (`bindparam`, or an insert's columns)."""

    def __init__(self, statement: ReturnsRows) -> None:
        self._statement = statement
        self._plans: dict[str, _Plan] = {}

    def __call__(self, session: Session, **values: Any) -> list[Any]:
        """Run in the session's transaction; the rows, with the columns' names. Raises the driver's errors."""
        connection = driver(session)
        dialect = session.get_bind().dialect
        plan = self._plans.get(dialect.name) or self._plan(dialect)
        given = plan.fixed | values
        if len(given) != len(plan.fixed) or not plan.asked <= values.keys():
            raise TypeError(f"This statement asks for {sorted(plan.asked)}, not {sorted(values)}.")
        for name, encode in plan.encode:
            given[name] = encode(given[name])
        found = connection.execute(plan.sql, given)
        if found.description is None:
            return []
        rows = found.fetchall()
        if not plan.decode:
            return [plan.row(row) for row in rows]
        return [plan.row(_decoded(row, plan.decode)) for row in rows]

    def scalar(self, session: Session, **values: Any) -> Any:
        """The first column of the first row; None where there is no row."""
        rows = self(session, **values)
        return rows[0][0] if rows else None

    def _plan(self, dialect: Dialect) -> _Plan:
        # both drivers take their values by name
        speaks = SQLiteDialect_pysqlite(paramstyle="named") if dialect.name == "sqlite" else dialect
        compiled = self._statement.compile(dialect=speaks)
        fixed = dict(compiled.params)
        asked = {name for name in fixed if compiled.binds[name].required}
        if isinstance(self._statement, Insert):
            asked = {column.key for column in self._statement.table.c if not column.nullable}
        types = {name: compiled.binds[name].type.dialect_impl(speaks) for name in fixed}
        encode = [(name, kind.bind_processor(speaks)) for name, kind in types.items()]
        answers = list(self._statement.exported_columns)
        decode = [
            (place, column.type.dialect_impl(speaks).result_processor(speaks, None))
            for place, column in enumerate(answers)
        ]
        names = [getattr(column, "name", "_") for column in answers]
        row = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # known only here
        plan = self._plans[dialect.name] = _Plan(
            sql=str(compiled),
            fixed=fixed,
            asked=frozenset(asked),
            encode=tuple((name, process) for name, process in encode if process),
            decode=tuple((place, process) for place, process in decode if process),
            row=row._make,
        )
        return plan


def _decoded(row: Any, decode: tuple[tuple[int, Processor], ...]) -> list[Any]:
    values = list(row)
    for place, process in decode:
        values[place] = process(values[place])
    return values


def driver(session: Session) -> Any:
    """The driver's own connection of the session's transaction, which begins if it has not."""
    found = session.info.get(DRIVER)
    if found is None:
        found = session.info[DRIVER] = session.connection().connection.driver_connection
    return found


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, _transaction: SessionTransaction) -> None:
    session.info.pop(DRIVER, None)
