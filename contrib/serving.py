"""The server on this machine: its address, said once and kept; and waitress."""

import gc
import logging
import socket
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

import click
from flask import Flask
from waitress.server import create_server

from contrib.access import codes
from contrib.awake import stay_awake
from contrib.connections import Connections
from contrib.copies import rounds
from contrib.models import Event
from contrib.publish import press
from contrib.settings import DEFAULT_PORT, Unusable, read_instance, write_instance

THREADS = 24  # one computes, the others wait for the disk: with 16, all of them did at 8 ms a flush
BACKLOG, CHANNEL_TIMEOUT = 1024, 30
RECEIVE_BYTES = 65_536
MOST_CONNECTIONS, OTHER_FILES = 2000, 150
LOG = "serveur.log"


def serve(app: Flask, event: Event, *, host: str, port: int | None) -> None:
    """Serve until interrupted. Raises Unusable when the port is taken."""
    folder: Path = app.config["DATA"]
    instance = read_instance(folder)
    chosen = port or int(instance.get("port", DEFAULT_PORT))
    _check_free(host, chosen)
    log_to_file(app)
    try:
        server = create_server(
            app,
            map=Connections(),
            host=host,
            port=chosen,
            threads=THREADS,
            backlog=BACKLOG,
            connection_limit=_room_for_connections(),
            recv_bytes=RECEIVE_BYTES,
            channel_timeout=CHANNEL_TIMEOUT,
            clear_untrusted_proxy_headers=True,
            ident=None,
        )
    except OSError as error:
        raise Unusable(_taken(chosen)) from error
    server.asyncore = Connections
    address = app.config.get("ADDRESS") or f"http://{network_address()}:{chosen}"
    before = instance.get("address")
    write_instance(folder, {**instance, "port": str(chosen), "address": address})
    app.config["ADDRESS"] = address
    app.config["ADDRESS_BEFORE"] = before
    _announce(app, event, chosen, address, before)
    press.start(app)
    rounds.start(app)
    settle_memory()
    let_sleep = stay_awake()
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        press.stop(app)
        rounds.stop(app)
        let_sleep()
        server.close()
        click.echo("Le serveur est arrêté. Tout ce qui était reçu est gardé.")


def _room_for_connections() -> int:
    """As many as this system lets a process have, after the files that it needs itself."""
    if sys.platform == "win32":
        return 450  # its select looks at 512 sockets at most
    import resource  # where it exists

    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + OTHER_FILES
    if now != resource.RLIM_INFINITY and now < wanted:
        now = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (now, most))
    return MOST_CONNECTIONS if now == resource.RLIM_INFINITY else min(MOST_CONNECTIONS, now - OTHER_FILES)


def settle_memory() -> None:
    """What is there at the start stays: the collector looks at the rest, and less often.

    A full look at everything takes some 80 ms, in which nobody's note is answered.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(3_000, 20, 50)


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
    app.logger.handlers.clear()
    # a full queue would be told 200 times a second
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def network_address() -> str:
    """This machine's address on its network; the loopback where there is none.

    No packet is sent: connecting a datagram socket only asks the routing table.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


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


def _check_free(host: str, port: int) -> None:
    """waitress sets SO_REUSEADDR, which on Windows takes a port that is in use."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if probe.connect_ex(("127.0.0.1" if host == "0.0.0.0" else host, port)) == 0:  # noqa: S104
            raise Unusable(_taken(port))


def _taken(port: int) -> str:
    return (
        f"Le port {port} est déjà pris : le serveur tourne-t-il déjà ? Sinon, choisissez --port {port + 1}."
    )
