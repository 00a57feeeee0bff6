"""Is this machine ready for the day? Each line is a sentence, and what to do where it is not."""

import contextlib
import os
import re
import shutil
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from contrib import clock
from contrib.access import public_address
from contrib.documents import latest_document, process, stationery_files
from contrib.programme import cache
from contrib.settings import probe
from contrib.store.db import db
from contrib.store.models import Installation, Operation
from exports.documents.specimen import specimen
from exports.system import reason

GOOD, CARE, BAD = "bon", "attention", "à corriger"
ROOM, LITTLE_ROOM = 1_000_000_000, 200_000_000
"""Bytes free on the disk: plenty, and too little."""
SLOW_WRITE_S = 0.05
"""A write that takes longer to reach the disk is felt when 40 people type."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: its grade, a sentence, and what to do."""

    grade: str
    sentence: str
    remedy: str = ""


def examine(*, port: int | None = None, agent: str = "") -> list[Finding]:
    """Every check, in the order in which one would mend things. Never raises.

    `port`: the one to look at where no server of ours runs in this process; `agent`: the
    browser that asks, where one does.
    """
    findings: list[Finding] = []
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _disk, _write_speed, _database, _clock, lambda: _port(port), _address, _document, _documents_folder,
        _copies_folder, lambda: _browser(agent),
    )  # fmt: skip
    for check in checks:
        try:
            findings += check()
        except Exception as error:  # a check that fails is a finding
            why = reason(error) if isinstance(error, OSError) else f"{type(error).__name__}"
            findings.append(
                Finding(BAD, f"Une vérification n’a pas pu être faite : {why}.", "Redémarrez le serveur.")
            )
    return findings


def _disk() -> Iterator[Finding]:
    data: Path = current_app.config["DATA"]
    free = shutil.disk_usage(data).free
    room = f"{free / 1e9:.1f} Go".replace(".", ",")
    if free < LITTLE_ROOM:
        yield Finding(BAD, f"Il ne reste que {room} sur le disque des données.", "Libérez de la place, ou choisissez un autre dossier avec --data.")  # fmt: skip
    elif free < ROOM:
        yield Finding(CARE, f"Il reste {room} sur le disque des données.", "C’est assez pour la journée, pas pour beaucoup de copies.")  # fmt: skip
    else:
        yield Finding(GOOD, f"Il y a de la place : {room} sur le disque des données.")


def _write_speed() -> Iterator[Finding]:
    probe = current_app.config["DATA"] / ".vitesse"
    times = []
    try:
        for _ in range(12):
            with probe.open("wb") as file:
                start = time.perf_counter()
                file.write(bytes(4096))
                file.flush()
                os.fsync(file.fileno())
                times.append(time.perf_counter() - start)
    except OSError as error:
        yield Finding(BAD, f"Le dossier des données ne s’écrit pas : {reason(error)}.", "Choisissez un autre dossier avec --data.")  # fmt: skip
        return
    finally:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
    middle = sorted(times)[len(times) // 2]
    said = f"{middle * 1000:.1f} ms".replace(".", ",")
    if middle > SLOW_WRITE_S:
        yield Finding(CARE, f"Le disque est lent : {said} par écriture.", "Mettez les données sur le disque de l’ordinateur plutôt que sur une clé USB.")  # fmt: skip
    else:
        yield Finding(GOOD, f"Le disque est assez rapide : {said} par écriture.")


def _database() -> Iterator[Finding]:
    try:
        with db.engine.connect() as connection:
            if db.engine.dialect.name == "sqlite":
                found = connection.execute(text("PRAGMA quick_check")).scalar()
                if found != "ok":
                    yield Finding(BAD, "La base de données est abîmée.", "Reprenez la dernière copie : contrib restore.")  # fmt: skip
                    return
            connection.execute(select(func.count()).select_from(Operation))
    except SQLAlchemyError:
        yield Finding(
            BAD, "La base de données ne se lit pas.", "Reprenez la dernière copie : contrib restore."
        )
        return
    yield Finding(GOOD, "La base de données est saine.")


def _clock() -> Iterator[Finding]:
    now = clock.now()
    last = db.session.scalar(select(func.max(Operation.received_at)))
    if last is not None and last > now + timedelta(minutes=2):
        yield Finding(
            BAD,
            "L’horloge de cet ordinateur retarde : des notes ont été reçues « plus tard » que maintenant.",
            "Réglez la date et l’heure de l’ordinateur (automatiquement), puis redémarrez le serveur.",
        )
        return
    event = cache.current().event
    local = clock.local(now, event.timezone if event else "Europe/Paris")
    yield Finding(
        GOOD, f"L’horloge dit {clock.french_hour(local)}, le {local:%d/%m/%Y} : vérifiez d’un coup d’œil."
    )


def _port(port: int | None) -> Iterator[Finding]:
    if port is None:
        yield Finding(GOOD, "Le serveur répond : cette page en vient.")
        return
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        taken = probe.connect_ex(("127.0.0.1", port)) == 0
    if not taken:
        yield Finding(GOOD, f"Le port {port} est libre : le serveur peut démarrer.")
    elif _is_ours(port):
        yield Finding(GOOD, f"Le serveur tourne déjà sur le port {port}.")
    else:
        yield Finding(
            BAD, f"Le port {port} est pris par un autre programme.", f"Démarrez avec --port {port + 1}."
        )


def _is_ours(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=3) as answer:
            return bool(answer.headers.get("X-Contrib"))
    except urllib.error.HTTPError as error:
        return bool(error.headers.get("X-Contrib"))
    except (OSError, ValueError):
        return False


def _address() -> Iterator[Finding]:
    if current_app.config.get("HOSTED"):
        address = current_app.config["ADDRESS"]
        if address.startswith("https:"):
            yield Finding(GOOD, f"L’adresse publique est {address}.")
        else:
            yield Finding(CARE, f"L’adresse publique {address} n’est pas en https.", "Demandez un certificat à votre hébergeur : sans lui, une page fermée ne se rouvre pas hors ligne.")  # fmt: skip
        return
    problem = public_address.problem()
    if problem:
        yield Finding(BAD, problem)
    elif public_address.network_address().startswith("127."):
        yield Finding(
            BAD,
            "Cet ordinateur n’est relié à aucun réseau : les autres appareils ne peuvent pas le joindre.",
            "Reliez-le à votre routeur ou au partage de connexion d’un téléphone.",
        )
    else:
        yield Finding(
            GOOD,
            f"Cet ordinateur est sur le réseau, à l’adresse {public_address.network_address()}.",
            "Testez-la depuis un autre appareil : page « Adresse ».",
        )


def _document() -> Iterator[Finding]:
    stationery = stationery_files.in_force(db.session.get_one(Installation, 1))
    if stationery.problem:
        yield Finding(CARE, stationery.problem, "Envoyez le modèle à nouveau : page « Modèle Word ».")
    checked = process.finish(specimen(), stationery=stationery.content)
    if checked.stationery_refused:
        yield Finding(BAD, "Le document d’essai ne s’ouvrirait pas avec votre modèle Word.", "Revenez au modèle d’origine.")  # fmt: skip
    elif checked.warnings:
        yield Finding(CARE, f"Un document d’essai est compilé ; l’inspection remarque : {checked.warnings[0]}", "Page « Modèle Word ».")  # fmt: skip
    else:
        yield Finding(GOOD, f"Un document d’essai de {checked.compiled.page_map.total} pages est compilé et inspecté : rien à signaler.")  # fmt: skip


def _documents_folder() -> Iterator[Finding]:
    folder = db.session.get_one(Installation, 1).output_folder
    if not folder:
        yield Finding(GOOD, "Le document se télécharge ; il n’est pas aussi écrit dans un dossier.")
        return
    problem = _unwritable(Path(folder)) or latest_document.folder_problem()
    if problem:
        yield Finding(BAD, f"Le dossier des documents ({folder}) ne s’écrit pas : {problem}", "La clé est-elle branchée ? Sinon, changez de dossier : page « Réglages ».")  # fmt: skip
    else:
        yield Finding(GOOD, f"Le document est aussi écrit dans {folder}.")


def _copies_folder() -> Iterator[Finding]:
    folder = db.session.get_one(Installation, 1).copy_folder
    if not folder:
        yield Finding(
            CARE,
            "Les copies vont sur le même disque que le serveur : elles disparaîtraient avec lui.",
            "Choisissez une clé USB : page « Copies ».",
        )
        return
    problem = _unwritable(Path(folder))
    if problem:
        yield Finding(BAD, f"Le dossier des copies ({folder}) ne s’écrit pas : {problem}", "La clé est-elle branchée ? Sinon, changez de dossier : page « Copies ».")  # fmt: skip
    else:
        yield Finding(GOOD, f"Les copies vont dans {folder}.")


def _unwritable(folder: Path) -> str:
    """Why a folder cannot be written, as a sentence; empty where it can."""
    try:
        probe(folder)
    except OSError as error:
        return f"{reason(error)}."
    return ""


def _browser(agent: str) -> Iterator[Finding]:
    wanted = "Chrome, Edge ou Firefox de moins de trois ans, ou Safari 16"
    if not agent:
        yield Finding(GOOD, f"Sur chaque ordinateur, il faut un navigateur : {wanted}.")
        return
    found = re.search(r"(Firefox|Edg|Chrome|Version)/(\d+)", agent)
    oldest = {"Firefox": 115, "Edg": 109, "Chrome": 109, "Version": 16}
    if found and int(found[2]) >= oldest[found[1]]:
        yield Finding(GOOD, f"Ce navigateur convient. Pour les autres ordinateurs : {wanted}.")
    else:
        yield Finding(CARE, "Ce navigateur est ancien, ou inconnu : la page marche, mais peut-être sans garder les notes hors ligne.", f"Prenez {wanted}.")  # fmt: skip


def ready(findings: list[Finding]) -> bool:
    return all(finding.grade != BAD for finding in findings)
