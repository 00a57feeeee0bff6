"""An installation comes to life: database, day, password. Nothing half-made."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from filelock import FileLock
from flask import Flask
from flask_migrate import Migrate, upgrade
from sqlalchemy import URL, Connection, create_engine, select, text
from sqlalchemy.exc import SQLAlchemyError

from contrib.access.operations import renew_password
from contrib.access.passwords import hashed, make_password
from contrib.application import create_app
from contrib.backup import archive, schedule
from contrib.backup.archive import CopyFailed
from contrib.programme import toml_file
from contrib.programme.operations import set_up
from contrib.programme.toml_file import BrokenProgramme, Programme
from contrib.settings import Settings, Unusable, load
from contrib.store import log
from contrib.store.db import MIGRATIONS, db
from contrib.store.log import Author
from contrib.store.models import Event, Installation
from exports.text import counted

OPENING_S = 60
"""How long a start waits for another one that is making the same folder."""


def open_installation(data: Path | None, programme: Path | None) -> tuple[Flask, str | None]:
    """The application on its data folder, its day set up; and the password if it was made now.

    The programme is read before anything is written. Raises Unusable in one sentence.
    """
    try:
        wanted = toml_file.read(programme or toml_file.DEFAULT)
    except BrokenProgramme as error:
        raise Unusable(str(error)) from error
    with _first_come(load(data)):
        app, password = open_folder(data)
        with app.app_context():
            set_up_day(wanted, only_if_empty=programme is None)
    return app, password


@contextmanager
def _first_come(settings: Settings) -> Iterator[None]:
    """Two first starts at once: the second waits, for the folder and for a database that is elsewhere."""
    with FileLock(settings.data / "ouverture.lock", timeout=OPENING_S, mode=0o600):
        if settings.on_sqlite:
            yield
            return
        with _connected(settings.database_url) as connection:
            connection.execute(text(f"SET lock_timeout = '{OPENING_S}s'"))
            connection.execute(text("SELECT pg_advisory_lock(20210929)"))  # given back with the connection
            yield


@contextmanager
def _connected(url: URL) -> Iterator[Connection]:
    """Raises Unusable where the database does not answer."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        connection = engine.connect()
    except SQLAlchemyError as error:
        raise Unusable(_closed(error)) from error
    try:
        with connection:
            yield connection
    finally:
        engine.dispose()


def _closed(error: Exception) -> str:
    reason = str(getattr(error, "orig", error)).strip().split("\n")[0]
    return f"La base de données ne s’ouvre pas ({reason})."


def open_folder(data: Path | None) -> tuple[Flask, str | None]:
    """The application on its data folder, whatever day it holds; and a first password."""
    app = open_store(load(data))
    with app.app_context():
        return app, _first_password()


def open_store(settings: Settings) -> Flask:
    """The application with its database at the latest migration."""
    _check_database(settings)
    app = create_app(settings)
    with app.app_context():
        try:
            _copy_before_upgrade(settings)
            Migrate(app, db, directory=str(MIGRATIONS))
            upgrade()
        except CopyFailed as error:
            raise Unusable(f"Rien n’a été mis à jour. {error}") from error
        except (SQLAlchemyError, CommandError) as error:
            raise Unusable(_closed(error)) from error
    return app


def _check_database(settings: Settings) -> None:
    """Raises Unusable where the database is damaged, or gone while its copies are there."""
    if not settings.on_sqlite:
        return
    path = Path(settings.database_url.database or "")
    empty = not path.exists() or not path.stat().st_size
    newest = archive.newest_good(settings.data / "copies")
    if empty and newest is None:
        return  # a first start
    if empty:
        problem = f"La base de données de {settings.data} est absente ou vide, et des copies sont là."
    elif archive.is_sound(path):
        return
    else:
        problem = f"La base de données {path} est abîmée."
    if newest is None:
        raise Unusable(f"{problem} Reprenez une copie : contrib restore COPIE.zip --data NOUVEAU-DOSSIER")
    copy, holding = newest
    held = counted(holding.notes, "note", "notes")
    raise Unusable(
        f"{problem} La dernière bonne copie contient {held}. Pour la reprendre :\n"
        f"contrib restore {copy} --data NOUVEAU-DOSSIER"
    )


def _copy_before_upgrade(settings: Settings) -> None:
    """An older database is copied before it is touched. Raises CopyFailed."""
    with db.engine.connect() as connection:
        held = MigrationContext.configure(connection).get_current_revision()
    latest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if held is not None and held != latest:
        schedule.before_upgrade(settings.data, held)


def set_up_day(wanted: Programme, *, only_if_empty: bool = False, **extra: object) -> Event:
    """The event of a programme, made where its name does not exist yet."""
    query = select(Event).where(Event.archived_at.is_(None)).order_by(Event.created_at.desc())
    if not only_if_empty:
        query = query.where(Event.name == wanted.name)
    event = db.session.scalar(query)
    if event is None:
        values = toml_file.as_values(wanted, **extra)
        receipt = log.write(set_up, Author(), values, event=log.new_id())
        event = db.session.get_one(Event, receipt.outcome["event"])
    return event


def new_password() -> str:
    """A new organiser's password, said once; everything else is kept."""
    password = make_password()
    log.write(renew_password, Author(), {"hash": hashed(password)}, event="")
    return password


def _first_password() -> str | None:
    if db.session.get(Installation, 1) is not None:
        return None
    password = make_password()
    db.session.add(Installation(id=1, epoch=log.new_id(), password_hash=hashed(password)))
    db.session.commit()
    return password
