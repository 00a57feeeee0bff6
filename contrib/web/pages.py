"""What every page needs: French filters, the day's name, safe headers, versioned assets."""

import gzip
import hashlib
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask, g, render_template, request, send_from_directory, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from contrib import clock
from contrib.access import roles
from contrib.store.log import new_id
from contrib.store.models import Event
from contrib.web.typography import FrenchSpaces
from exports.digest import french_date
from exports.text import counted, typeset

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'; worker-src 'self'"
)


def shown(template: str, page: object) -> str:
    """A template with the fields of a dataclass: what it may name is what the dataclass says."""
    return render_template(template, **{one.name: getattr(page, one.name) for one in fields(page)})  # type: ignore[arg-type]


def said(event: Event, moment: datetime) -> str:
    """« 16 h 24 » in the event's zone; with its date on another day."""
    return clock.said(moment, event.timezone, event.date)


def init_app(app: Flask) -> None:
    folder = Path(app.static_folder or "")
    version = _version(folder)

    app.jinja_env.add_extension(FrenchSpaces)

    @app.template_global("asset")
    def address(name: str) -> str:
        """The address of a static file. It changes with any of them: modules import each other."""
        return url_for("asset", version=version, filename=name)

    @app.get("/static/v/<version>/<path:filename>")
    @roles.only(roles.EVERYBODY)
    def asset(version: str, filename: str) -> Response:
        return send_from_directory(folder, filename)

    @app.get("/hors-ligne.js")
    @roles.only(roles.EVERYBODY)
    def offline_worker() -> Response:
        """The service worker: from the root, because it keeps pages and not only scripts."""
        response = send_from_directory(folder, "js/offline_worker.js")
        response.headers["Service-Worker-Allowed"] = url_for("access.enter")
        return response

    @app.template_global()
    def today_is(event: Event) -> bool:
        return clock.local(clock.now(), event.timezone).date() == event.date

    app.add_template_filter(french_date, "date")
    app.add_template_filter(clock.french_hour, "hour")
    app.add_template_filter(clock.when, "when")
    app.add_template_filter(_lines, "lines")
    app.add_template_filter(typeset, "typeset")
    app.add_template_global(counted, "counted")
    app.add_template_global(said, "said")
    app.add_template_global(new_id, "new_id")

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
        response.headers["X-Contrib"] = "1"  # ours, not that of a portal that answers in our place
        if request.endpoint == "asset" and (request.view_args or {}).get("version") == version:
            response.cache_control.no_cache = None
            response.cache_control.max_age = 31_536_000
        else:
            response.headers["Cache-Control"] = "no-store"
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
        # an answer of the feed is made once for one laptop: four times faster for a tenth more
        response.set_data(gzip.compress(content, 1 if kind.endswith("/json") else 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.add("Vary", "Accept-Encoding")
    return response


def _lines(text: str) -> Markup:
    """Text as typed, with its line ends shown: every character is escaped."""
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def _version(folder: Path) -> str:
    """What all the static files are, in ten characters."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            whole.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()[:10]
