"""What an installation is: a data folder, a key, a port. Each setting has a line in README."""

import json
import os
import secrets
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, make_url

from contrib import clock
from exports.system import reason


class Unusable(Exception):
    """The installation cannot start; the message is one French sentence."""


DEFAULT_PORT = 8021
DATABASE = "contrib.sqlite3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    data: Path
    secret_key: str
    database_url: URL
    testing: bool = False
    address: str | None = None
    """The public address of a hosted server."""

    @property
    def on_sqlite(self) -> bool:
        return self.database_url.get_backend_name() == "sqlite"


def default_data_folder() -> Path:
    """The user's own application data, outside the source, on the three systems."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "contrib"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "contrib"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "contrib"


def load(data: Path | None = None) -> Settings:
    """The settings of a data folder, which is made where it does not exist yet.

    Raises Unusable in a sentence when the folder cannot be written.
    """
    folder = (data or Path(os.environ.get("CONTRIB_DATA", "") or default_data_folder())).resolve()
    testing = os.environ.get("CONTRIB_TESTING") == "1"
    moved = os.environ.get("CONTRIB_TEST_NOW")
    if moved:
        if not testing:
            raise Unusable("CONTRIB_TEST_NOW déplace l’horloge : ce réglage est réservé aux essais.")
        clock.move_to(datetime.fromisoformat(moved))
    instance = read_instance(folder)
    own = URL.create("sqlite", database=(folder / DATABASE).as_posix())
    elsewhere = os.environ.get("DATABASE_URL")
    return Settings(
        data=folder,
        secret_key=instance["key"],
        database_url=make_url(_driver(elsewhere)) if elsewhere else own,
        testing=testing,
        address=os.environ.get("CONTRIB_ADDRESS") or None,
    )


def require_day(data: Path | None) -> None:
    """Raises Unusable where a data folder holds no installation yet (another database may)."""
    folder = data or Path(os.environ.get("CONTRIB_DATA", "") or default_data_folder())
    if not (folder / "installation.json").exists() and not os.environ.get("DATABASE_URL"):
        raise Unusable(f"Il n’y a pas de journée dans le dossier {folder} : vérifiez --data.")


def read_instance(folder: Path) -> dict[str, str]:
    """Key, port and address of this installation; the key is made once."""
    path = folder / "installation.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)  # the key inside derives every code; Windows has its own way
        if path.exists():
            instance: dict[str, str] = json.loads(path.read_text("utf-8"))
            instance["key"]
            probe(folder)
            return instance
        instance = {"key": secrets.token_hex(32)}
        write_instance(folder, instance)
    except (ValueError, KeyError) as error:
        raise Unusable(f"Le fichier {path} est abîmé : remettez-le depuis une copie.") from error
    except OSError as error:
        raise Unusable(
            f"Le dossier {folder} ne peut pas être écrit ({reason(error)}). "
            "Choisissez-en un autre avec --data."
        ) from error
    return instance


def write_instance(folder: Path, instance: dict[str, str]) -> None:
    """Write the file whole or not at all, readable by its owner only."""
    path = folder / "installation.json"
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps(instance, indent=1), "utf-8")
    draft.chmod(0o600)
    draft.replace(path)


def probe(folder: Path) -> None:
    """Raises OSError where a folder cannot be written."""
    file = folder / ".ecriture"
    file.write_bytes(b"")
    file.unlink()


def _driver(url: str) -> str:
    """The bare PostgreSQL address that hosts hand out, with the driver that we ship."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
