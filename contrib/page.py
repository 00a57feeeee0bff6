"""What every page needs: French filters, the day's name, safe headers, versioned assets."""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, g, request, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from contrib import clock
from contrib.access import roles
from contrib.models import Event
from exports.digest import french_date
from exports.text import counted, typeset

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'; worker-src 'self'"
)


def init_app(app: Flask) -> None:
    versions = _versions(Path(app.static_folder or ""))

    @app.template_global()
    def asset(name: str) -> str:
        """The address of a static file, which changes when its content does."""
        return url_for("static", filename=name, v=versions.get(name, ""))

    @app.template_global()
    def today_is(event: Event) -> bool:
        return clock.local(clock.now(), event.timezone).date() == event.date

    app.add_template_filter(french_date, "date")
    app.add_template_filter(clock.french_hour, "hour")
    app.add_template_filter(clock.when, "when")
    app.add_template_filter(_lines, "lines")
    app.add_template_filter(typeset, "typeset")
    app.add_template_global(counted, "counted")

    @app.context_processor
    def visitor() -> dict[str, Any]:
        """Who one is, for the top of each page."""
        event = getattr(g, "event", None)
        return {
            "is_organiser": roles.is_organiser() if event else False,
            "is_presenter": roles.is_presenter(event) if event else False,
        }

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        if request.endpoint == "static":
            response.cache_control.max_age = 31_536_000 if request.args.get("v") else 300
        else:
            response.headers.setdefault("Cache-Control", "no-store")
        return _compressed(response)


def _compressed(response: Response) -> Response:
    """Text in gzip where the browser takes it: a page is sent over a hall's Wi-Fi."""
    kind = response.mimetype or ""
    wanted = "gzip" in request.headers.get("Accept-Encoding", "") and response.status_code == 200
    if not wanted or not (kind.startswith("text/") or kind.endswith(("/javascript", "/json"))):
        return response
    response.direct_passthrough = False
    content = response.get_data()
    if len(content) > 1_000:
        response.set_data(_gzip(content))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.add("Vary", "Accept-Encoding")
    return response


@lru_cache(maxsize=200)
def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, 6, mtime=0)


def _lines(text: str) -> Markup:
    """Text as typed, with its line ends shown: every character is escaped."""
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def _versions(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:10]
        for path in folder.rglob("*")
        if path.is_file()
    }
