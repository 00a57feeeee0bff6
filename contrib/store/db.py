"""The database: one engine, transactions that begin as they mean to go on, UTC times."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, MetaData, String, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from contrib.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"
WRITES = "contrib_writes"
"""Execution option of a connection whose transaction will write."""


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """Aware in Python, UTC in the store, whatever the database thinks of zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone is no time.")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


class PlaceKey(TypeDecorator[str]):
    """A sort key compared byte by byte: PostgreSQL's locale would reorder it."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(collation=collation))


db = SQLAlchemy(model_class=Base)


def init_app(app: Flask, settings: Settings) -> None:
    # the connection used last has its pages in memory
    options: dict[str, Any] = {"pool_size": 20, "max_overflow": 20, "pool_use_lifo": True}
    options["hide_parameters"] = True  # the log of an error holds no note and no name
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    if settings.on_sqlite:
        with app.app_context():
            prepare_sqlite(db.engine)


@contextmanager
def without_foreign_keys(connection: Connection) -> Iterator[None]:
    """For migrations on SQLite: a table that is rebuilt is dropped, and would take its children along.

    What points to nothing afterwards is an error: the start stops there.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        lost = driver.execute("PRAGMA foreign_key_check").fetchall()
        if lost:
            raise RuntimeError(f"After the migration {len(lost)} rows point to nothing.")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


class DatabaseGone(Exception):
    """What is written would be lost; the message is a French sentence."""

    def __init__(self) -> None:
        super().__init__(
            "Le dossier des données a disparu, ou il a été remplacé : rien ne s’enregistre plus. "
            "Arrêtez le serveur, remettez le dossier (ou reprenez une copie), puis redémarrez."
        )


def check_in_place(connection: Connection) -> None:
    """Raises DatabaseGone where the file that is open is not the one at its path any more."""
    opened = connection.info.get("file")
    if opened is not None and opened != _file_of(connection.engine):
        raise DatabaseGone


def _file_of(engine: Engine) -> tuple[int, int] | None:
    """Device and number of the database's file; None where there is none."""
    try:
        found = os.stat(engine.url.database or "")
    except OSError:
        return None
    return found.st_dev, found.st_ino


Version = tuple[int, int]
"""What is in the store: only equality means something."""


class Watch:
    """Tells that something was committed to a SQLite file, by whatever connection of whatever process.

    It costs 5 µs where a transaction that reads the last operation costs 300: most polls find nothing new.
    """

    def __init__(self, engine: Engine) -> None:
        self._path = str(engine.url.database)
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._openings = 0
        event.listen(engine, "engine_disposed", lambda _engine: self.close())

    def version(self) -> Version:
        """Another one after each commit; SQLite compares those of one connection only."""
        with self._lock:
            if self._connection is None:
                self._connection = sqlite3.connect(
                    self._path, check_same_thread=False, isolation_level=None, timeout=30
                )
                self._openings += 1
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            return self._openings, int(version)

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None


_WATCHES: WeakKeyDictionary[Engine, Watch] = WeakKeyDictionary()


def version(engine: Engine) -> Version | None:
    """The present one; None where the database cannot tell it faster than it is read."""
    watch = _WATCHES.get(engine)
    return watch.version() if watch else None


def prepare_sqlite(engine: Engine) -> None:
    """Real transactions on SQLite: the driver's own silently lost 320 of 480 updates.

    The driver is kept from starting transactions; SQLAlchemy's `begin` does it, at once
    for a write (IMMEDIATE), so that nobody reads first and finds the door shut after.
    """

    _WATCHES[engine] = Watch(engine)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        record.info["file"] = _file_of(engine)
        for pragma in (
            "busy_timeout=30000",
            "journal_mode=WAL",
            "synchronous=FULL",
            "fullfsync=ON",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
