"""The files that were tried as stationery, kept in the data folder under their own hash."""

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from contrib.memory import remembered
from contrib.store.models import Installation
from exports.documents.prepare import prepare
from exports.ooxml.container import Unfit
from exports.system import write_whole

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class InForce:
    """What the next document is made with."""

    content: bytes | None
    """For `open_stationery`; None is the built-in stationery."""
    problem: str = ""
    """A French sentence where the chosen one could not be taken."""


class Ready(dict[str, bytes]):
    """By hash, what `prepare` made: asked for every 2 s, made once."""


def keep(content: bytes) -> str:
    """Keep a file that `prepare` accepted. The hash that names it; raises OSError."""
    key = hashlib.sha256(content).hexdigest()
    write_whole(_path(key), content)
    return key


def read(key: str) -> bytes:
    """A file as it was sent. Raises OSError."""
    return _path(key).read_bytes()


def in_force(installation: Installation) -> InForce:
    """The chosen stationery; where it is lost or no longer fit, the built-in one and why."""
    key = installation.stationery_id
    if not key:
        return InForce(None)
    try:
        ready = remembered(Ready)
        if key not in ready:
            ready[key] = prepare(read(key)).content
        return InForce(ready[key])
    except OSError:
        logger.exception("The stationery cannot be read")
        why = "son fichier n’est plus dans le dossier des données"
    except Unfit as error:
        logger.exception("The stationery is no longer fit")
        why = str(error)
    return InForce(
        None, f"Le modèle Word choisi ne peut pas servir ({why}) : le modèle d’origine est employé."
    )


def _path(key: str) -> Path:
    folder: Path = current_app.config["DATA"]
    return folder / "modeles" / f"{key}.docx"
