"""How other devices reach this server: its public address, and whether one has really arrived.

Two ways that work: a hosted server behind https, whose public address is a setting; or this
very machine, on a router or a phone of one's own.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, request

from contrib import clock
from contrib.settings import DEFAULT_PORT, Unusable
from contrib.store import shared

MOST_ARRIVALS = 10
SAME_ARRIVAL = timedelta(seconds=2)
"""A device that opens the address again at once has arrived once."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Another device that opened the trial address."""

    at: datetime
    device: str


ARRIVALS = "arrivals"


class PublicAddress:
    """Every request as the public address has it: scheme, host and prefix, whatever a proxy says.

    The setting is the truth, so that no header has to be believed. A proxy may hand the
    prefix on or take it away.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], address: str) -> None:
        parts = urlsplit(address)
        self.app = app
        self.scheme, self.host, self.prefix = parts.scheme, parts.netloc, parts.path.rstrip("/")

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["wsgi.url_scheme"] = self.scheme
        environ["HTTP_HOST"] = self.host
        environ["SCRIPT_NAME"] = self.prefix
        path = environ.get("PATH_INFO", "")
        if self.prefix and (path == self.prefix or path.startswith(self.prefix + "/")):
            environ["PATH_INFO"] = path[len(self.prefix) :] or "/"
        return self.app(environ, start_response)


def checked(address: str) -> str:
    """A public address without its final slash. Raises Unusable in a sentence."""
    parts = urlsplit(address.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise Unusable(
            f"CONTRIB_ADDRESS vaut « {address} » : il faut une adresse entière, comme https://ateliers.exemple.fr."
        )
    return address.strip().rstrip("/")


def init_app(app: Flask, address: str | None) -> None:
    """Put the public address in force, if there is one."""
    if not address:
        return
    app.config["ADDRESS"] = address
    app.config["HOSTED"] = True
    prefix = urlsplit(address).path.rstrip("/")
    app.config.update(
        SESSION_COOKIE_SECURE=address.startswith("https:"),
        SESSION_COOKIE_PATH=f"{prefix}/" if prefix else "/",
        PREFERRED_URL_SCHEME=urlsplit(address).scheme,
    )
    app.wsgi_app = PublicAddress(app.wsgi_app, address)  # type: ignore[method-assign]


def base_address() -> str:
    """Where other machines reach this server, without a final slash: never what a request says of it."""
    announced = current_app.config.get("ADDRESS")
    return str(announced or f"http://{network_address()}:{DEFAULT_PORT}")


def problem() -> str:
    """A sentence where sheets would lead nowhere; empty where the address is right."""
    address = current_app.config.get("ADDRESS")
    if not address or current_app.config.get("HOSTED"):
        return ""
    parts = urlsplit(address)
    now = network_address()
    if ipaddress.ip_address(now).is_loopback:
        return (
            "Cet ordinateur n’est relié à aucun réseau : les autres appareils ne peuvent pas le joindre. "
            "Reliez-le au Wi-Fi ou au routeur, puis redémarrez le serveur."
        )
    if parts.hostname != now:
        return (
            f"L’adresse de cet ordinateur a changé : {now} au lieu de {parts.hostname}. Redémarrez le serveur, "
            "puis imprimez de nouvelles fiches."
        )
    before = current_app.config.get("ADDRESS_BEFORE")
    if before and before != address:
        return (
            f"Les fiches imprimées avant ce démarrage portent une autre adresse ({before}) : "
            "imprimez-les à nouveau."
        )
    return ""


def arrived() -> bool:
    """Note that this request comes from another device; whether it does."""
    remote = request.remote_addr or ""
    if not current_app.config.get("HOSTED") and is_this_machine(remote):
        return False
    now, device = clock.now(), _device(request.user_agent.string)
    before = arrivals()
    if not before or before[0].device != device or now - before[0].at > SAME_ARRIVAL:
        latest = [Arrival(now, device), *before[: MOST_ARRIVALS - 1]]
        shared.tell(ARRIVALS, [[one.at.isoformat(), one.device] for one in latest])
    return True


def arrivals() -> list[Arrival]:
    """The other devices that arrived since the server started, the last one first."""
    return [Arrival(datetime.fromisoformat(at), device) for at, device in shared.told(ARRIVALS) or ()]


def forget_arrivals() -> None:
    """A server starts: perhaps under another address."""
    shared.tell(ARRIVALS, [])


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


def is_this_machine(remote: str) -> bool:
    try:
        return ipaddress.ip_address(remote).is_loopback or remote == network_address()
    except ValueError:
        return False


def _device(agent: str) -> str:
    """« un iPhone », from what a browser says of itself."""
    for pattern, words in (
        (r"iPhone", "un iPhone"),
        (r"iPad", "un iPad"),
        (r"Android.*Mobile", "un téléphone Android"),
        (r"Android", "une tablette Android"),
        (r"Windows", "un ordinateur Windows"),
        (r"Macintosh|Mac OS X", "un Mac"),
        (r"CrOS", "un Chromebook"),
        (r"Linux", "un ordinateur Linux"),
    ):
        if re.search(pattern, agent):
            return words
    return "un autre appareil"
