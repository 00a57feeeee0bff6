"""The server on this machine: its address, said once and kept; granian, and what works beside it."""

import gc
import logging
import multiprocessing
import os
import socket
from collections.abc import Callable
from functools import partial
from logging.handlers import RotatingFileHandler
from multiprocessing.util import Finalize
from pathlib import Path

import click
from filelock import FileLock, Timeout
from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.log import logger as granian_logger

from contrib.access import codes
from contrib.access.public_address import forget_arrivals, network_address
from contrib.documents.process import end_with_parent
from contrib.host.background import Background
from contrib.host.bridge import Bridge
from contrib.host.sleep_inhibitor import stay_awake
from contrib.settings import DEFAULT_PORT, Unusable, read_instance, write_instance
from contrib.store import shared
from contrib.store.db import db
from contrib.store.models import Event
from exports.system import reason

THREADS = 2
"""For notes and feeds, and as many for pages and documents. More of them take the interpreter from each
other: 400 facilitators wait 50 ms (p99) for two, 90 for three, 126 for four."""
BACKLOG, BACKPRESSURE = 4_096, 6_000
"""Connections that wait to be let in, and those that are in: with granian's own, 2,100 half-open ones stopped it."""
HEADER_TIMEOUT_MS = 5_000
GIVES_MEMORY_BACK = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""For the processes that answer, on Linux: with a heap for each thread, and thresholds that grow with
what was once asked for, glibc keeps what a page of 400 notes or a list of 200,000 lines took."""
BEFORE_QUEUES = 20
"""At its end `multiprocessing` closes its queues with 10: the process that compiles would wait for a word for ever."""
LOG = "serveur.log"

Opener = Callable[[Path], Flask]
"""Makes the application of a data folder, in the process that answers."""


def serve(app: Flask, event: Event, *, host: str, port: int | None, workers: int = 1, opener: Opener) -> None:
    """Serve until interrupted. Raises Unusable when the port is taken, or SQLite asked to be shared."""
    if workers > 1 and not shared.is_shared():
        raise Unusable(
            "Plusieurs processus se partagent une base PostgreSQL, pas un fichier : donnez l’adresse "
            "de la base dans DATABASE_URL, ou démarrez sans --workers."
        )
    folder: Path = app.config["DATA"]
    instance = read_instance(folder)
    chosen = port or int(instance.get("port", DEFAULT_PORT))
    _check_free(host, chosen)
    lock = FileLock(folder / "serveur.lock", mode=0o600)
    if not shared.is_shared():
        _take(lock, instance)
    address = app.config.get("ADDRESS") or f"http://{network_address()}:{chosen}"
    before = instance.get("address")
    write_instance(folder, {**instance, "port": str(chosen), "address": address})
    _announce(app, event, chosen, address, before)
    forget_arrivals()
    multiprocessing.set_start_method("spawn", force=True)  # a fork would share our open database
    server = Granian(
        "contrib",
        address=host,
        port=chosen,
        interface=Interfaces.ASGINL,
        workers=workers,
        respawn_failed_workers=True,
        websockets=False,
        backlog=BACKLOG,
        backpressure=BACKPRESSURE,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_TIMEOUT_MS),
        log_level=LogLevels.error,
        workers_kill_timeout=10,
    )
    db.session.remove()
    db.engine.dispose()  # an open read would keep the database from tidying up as long as we serve
    let_sleep = stay_awake()
    os.environ.update(GIVES_MEMORY_BACK)
    try:
        answering = partial(_answering, folder, opener, address, before)
        server.serve(target_loader=answering, wrap_loader=False)
    finally:
        let_sleep()
        click.echo("Le serveur est arrêté. Tout ce qui était reçu est gardé.")


def _answering(folder: Path, opener: Opener, address: str, before: str | None) -> Bridge:
    """The application, in the process that answers; it lives no longer than the one that was started."""
    end_with_parent()
    os.umask(0o077)
    app = opener(folder)
    app.config.update(ADDRESS=address, ADDRESS_BEFORE=before)
    log_to_file(app)
    background = Background(app)
    background.start()
    Finalize(None, background.stop, exitpriority=BEFORE_QUEUES)
    settle_memory()
    return Bridge(app, THREADS)


def settle_memory() -> None:
    """What is there at the start stays: a full look at it takes 80 ms, in which nobody is answered."""
    gc.collect()
    gc.freeze()


def log_to_file(app: Flask) -> None:
    """From here on nothing is said on the terminal: a selected line stops a Windows console.

    What goes wrong is in `serveur.log`, of the data folder.
    """
    handler = RotatingFileHandler(
        app.config["DATA"] / LOG, maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a full disk takes no log either, and says so on the page
    for speaks in (app.logger, granian_logger):
        speaks.handlers.clear()
        speaks.propagate = True


def _announce(app: Flask, event: Event, port: int, address: str, before: str | None) -> None:
    click.echo(f"\n{event.title}")
    if before and before != address:
        click.echo(
            "\n*** ATTENTION : l’adresse a changé. ***\n"
            f"Les fiches imprimées et les pages ouvertes appartiennent à {before} :\n"
            "imprimez de nouvelles fiches, et rouvrez les pages avec l’adresse ci-dessous."
        )
    click.echo(f"\nSur cette machine : http://127.0.0.1:{port}")
    click.echo(f"Sur le réseau      : {address}")
    click.echo("\nCodes")
    for line in codes.lines(app.config["SECRET_KEY"], event):
        click.echo(f"  {line}")
    click.echo(f"\nOrganisation : {address}/organisation")
    click.echo("Ne fermez pas cette fenêtre : elle porte le serveur. Ctrl+C l’arrête.")


def _take(lock: FileLock, instance: dict[str, str]) -> None:
    """One server for a folder: held until this process ends, however it ends."""
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        folder = Path(lock.lock_file).parent
        raise Unusable(
            f"Un serveur tourne déjà sur le dossier {folder} (port {instance.get('port', DEFAULT_PORT)}) : "
            "arrêtez-le d’abord, ou choisissez un autre dossier avec --data."
        ) from error


def _check_free(host: str, port: int) -> None:
    """Raises Unusable where the port is in use (granian would share it), or the address is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if probe.connect_ex(("127.0.0.1" if host == "0.0.0.0" else host, port)) == 0:  # noqa: S104
            raise Unusable(
                f"Le port {port} est déjà pris : le serveur tourne-t-il déjà ? "
                f"Sinon, choisissez --port {port + 1}."
            )
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # closed connections linger
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unusable(
                f"Le serveur ne peut pas écouter à l’adresse {host}, port {port} ({reason(error)}) : "
                "choisissez un autre --port ou --host."
            ) from error
