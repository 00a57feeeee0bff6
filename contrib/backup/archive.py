"""One file that holds an installation: database, key, Word files, frozen versions, last document.

Made from a running server without stopping it, and read back on another machine. A copy is
checked before it takes the name of a copy.
"""

import io
import json
import os
import re
import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, create_engine, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from contrib.settings import Unusable, read_instance, write_instance
from contrib.store.db import MIGRATIONS, Base
from contrib.store.log import new_id
from exports.system import reason

DATABASE, INSTANCE, README, MANIFEST = "contrib.sqlite3", "installation.json", "LISEZMOI.txt", "copie.json"
NESTED = "a-garder/copie.zip"
"""The copy within what somebody took home in one zip."""
EARLIER_NESTED = "copie.zip"
"""The same, in what was taken home before there were two folders."""
FOLDERS = ("modeles", "versions")
FORMAT = 1
MOST_BYTES = 2_000_000_000
_NAME = re.compile(rf"(?:{'|'.join(FOLDERS)})/[\w.-]+")
_LISEZMOI = """Copie d’une journée d’ateliers.

Pour continuer la journée sur une autre machine, avec les mêmes codes :

    contrib restore CE-FICHIER.zip --data NOUVEAU-DOSSIER
    contrib serve --data NOUVEAU-DOSSIER

restitution.docx est le dernier document compilé ; il s’ouvre sans rien d’autre.
Gardez ce fichier pour vous : il contient la clé qui fait les codes.
"""


class CopyFailed(Exception):
    """No copy was made or read back; the message is a French sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What stands in a copy."""

    notes: int
    seq: int


def write(path: Path, engine: Engine, data: Path, document: bytes | None = None) -> Holding:
    """Write the copy to `path`, whole or not at all. Raises CopyFailed in a sentence."""
    draft = path.with_suffix(f".{new_id()[:8]}.tmp")  # two processes may be asked in the same second
    try:
        with tempfile.TemporaryDirectory(prefix="contrib-") as name:
            database = Path(name) / DATABASE
            _copy_database(engine, database)
            holding = _checked(database)
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                archive.writestr(README, _LISEZMOI)
                archive.writestr(
                    MANIFEST, json.dumps({"format": FORMAT, "notes": holding.notes, "seq": holding.seq})
                )
                archive.write(database, DATABASE)
                archive.writestr(INSTANCE, json.dumps(read_instance(data)))
                for folder in FOLDERS:
                    for file in sorted((data / folder).glob("*.*")):
                        if file.suffix != ".tmp":
                            archive.write(file, f"{folder}/{file.name}")
                if document:
                    archive.writestr("restitution.docx", document)
        draft.replace(path)
    except OSError as error:
        raise CopyFailed(f"La copie n’a pas pu être écrite dans {path.parent} : {reason(error)}.") from error
    except (sqlite3.Error, SQLAlchemyError) as error:
        raise CopyFailed(f"La copie de la base de données a échoué ({error}).") from error
    finally:
        draft.unlink(missing_ok=True)
    return holding


def restore(path: Path, data: Path) -> Holding:
    """Bring a copy to life in an empty folder, with a new epoch. Raises CopyFailed or Unusable."""
    if os.environ.get("DATABASE_URL"):
        raise CopyFailed("Une copie se reprend dans un dossier neuf : retirez d’abord DATABASE_URL.")
    if data.exists() and any(data.iterdir()):
        raise CopyFailed(f"Le dossier {data} n’est pas vide : choisissez-en un nouveau avec --data.")
    try:
        files = _read(path)
    except OSError as error:
        raise CopyFailed(f"{path} : {reason(error)}.") from error
    made = not data.exists()
    try:
        data.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            if name == DATABASE or _NAME.fullmatch(name):
                target = data / name
                target.parent.mkdir(exist_ok=True)
                target.write_bytes(content)
        holding = _checked(data / DATABASE)
        _new_epoch(data / DATABASE)
        instance = json.loads(files[INSTANCE])
        write_instance(data, {str(k): str(v) for k, v in instance.items()})
    except (OSError, sqlite3.Error, ValueError, KeyError, CopyFailed) as error:
        shutil.rmtree(data, ignore_errors=True)
        if not made:
            data.mkdir(exist_ok=True)
        if isinstance(error, CopyFailed | Unusable):
            raise
        why = reason(error) if isinstance(error, OSError) else "elle est abîmée"
        raise CopyFailed(f"La copie {path} n’a pas pu être reprise : {why}.") from error
    return holding


def _read(path: Path) -> dict[str, bytes]:
    """The files of a copy, with nothing but what a copy holds. Raises CopyFailed."""
    refused = f"{path} n’est pas une copie faite par cette application, ou elle est incomplète."
    try:
        content = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(content)) as outer:
            for name in (NESTED, EARLIER_NESTED):
                if name in outer.namelist():
                    content = outer.read(name)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                raise CopyFailed(refused)
            manifest = json.loads(archive.read(MANIFEST))
            if manifest["format"] != FORMAT:
                raise CopyFailed(
                    f"{path} a été faite par une version plus récente : mettez l’application à jour."
                )
            return {name: archive.read(name) for name in archive.namelist()}
    except (CopyFailed, OSError):
        raise
    except Exception as error:  # a damaged zip raises whatever its damage meets
        raise CopyFailed(refused) from error


def _copy_database(engine: Engine, target: Path) -> None:
    """One consistent state, as a SQLite file, whatever the database is.

    From another database it has the tables of this version: before an upgrade the columns
    that are not there yet stay empty.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.connection.driver_connection.execute("VACUUM INTO ?", (str(target),))  # type: ignore[union-attr]
        return
    copy = create_engine(URL.create("sqlite", database=str(target)))
    try:
        Base.metadata.create_all(copy)
        there_already = {
            table.name: {column["name"] for column in inspect(engine).get_columns(table.name)}
            for table in Base.metadata.sorted_tables
            if inspect(engine).has_table(table.name) and not table.info.get("passing")
        }
        head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
        with (
            engine.connect().execution_options(isolation_level="REPEATABLE READ") as source,
            copy.begin() as there,
        ):
            there.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            there.execute(text("INSERT INTO alembic_version VALUES (:v)"), {"v": head})
            for table in Base.metadata.sorted_tables:
                columns = [c for c in table.columns if c.name in there_already.get(table.name, ())]
                if not columns:
                    continue
                for rows in source.execute(select(*columns)).mappings().partitions(500):
                    there.execute(table.insert(), [dict(row) for row in rows])
    finally:
        copy.dispose()


def newest_good(folder: Path) -> tuple[Path, Holding] | None:
    """The newest copy of a folder that can be brought back, and what it holds."""
    for path in sorted(folder.glob("*.zip"), key=lambda one: one.stat().st_mtime, reverse=True):
        with suppress(CopyFailed, OSError, sqlite3.Error), tempfile.TemporaryDirectory() as name:
            database = Path(name) / DATABASE
            database.write_bytes(_read(path)[DATABASE])
            return path, _checked(database)
    return None


def is_sound(database: Path) -> bool:
    """Whether a database can be read whole."""
    try:
        connection = sqlite3.connect(database)
        try:
            return bool(connection.execute("PRAGMA quick_check").fetchone() == ("ok",))
        finally:
            connection.close()
    except sqlite3.Error:
        return False


def _checked(database: Path) -> Holding:
    """What a database holds, once it is known to be sound. Raises CopyFailed."""
    connection = sqlite3.connect(database)
    try:
        found = connection.execute("PRAGMA quick_check").fetchone()
        if found != ("ok",):
            raise CopyFailed("La copie de la base de données est abîmée : elle n’est pas gardée.")
        notes = connection.execute("SELECT count(*) FROM note WHERE kind = 'note'").fetchone()[0]
        seq = connection.execute("SELECT coalesce(max(seq), 0) FROM operation").fetchone()[0]
        return Holding(notes=notes, seq=seq)
    finally:
        connection.close()


def _new_epoch(database: Path) -> None:
    """Pages see that the server is another one, and offer again what came after the copy."""
    connection = sqlite3.connect(database)
    with connection:
        connection.execute("UPDATE installation SET epoch = ?", (new_id(),))
    connection.close()
