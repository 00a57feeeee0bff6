"""Static files, at addresses that carry their version."""

import hashlib
import re
from pathlib import Path

from flask import Flask, abort, send_from_directory, url_for
from werkzeug.wrappers import Response

from contrib.access import roles

EVERY_PAGE = ("tokens", "base", "components")
"""The stylesheets that come before a page's own."""


def init_app(app: Flask) -> str:
    """Their addresses; the version that these carry."""
    folder = Path(app.static_folder or "")
    version = _version(folder)

    @app.template_global("asset")
    def address(name: str) -> str:
        """The address of a static file. It changes with any of them: modules import each other."""
        return url_for("asset", version=version, filename=name)

    @app.template_global("stylesheet")
    def stylesheet(*pages: str) -> str:
        """The address of what every page needs and the sheets of this one, as one file."""
        return url_for("sheet", version=version, page="+".join(pages))

    @app.get("/static/v/<version>/css/<page>.css")
    @roles.only(roles.EVERYBODY)
    def sheet(version: str, page: str) -> Response:
        paths = [folder / "css" / f"{name}.css" for name in (*EVERY_PAGE, *page.split("+"))]
        if not re.fullmatch(r"[a-z]+(\+[a-z]+)?", page) or not all(path.is_file() for path in paths):
            abort(404)
        return Response("\n".join(path.read_text("utf-8") for path in paths), mimetype="text/css")

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

    return version


def _version(folder: Path) -> str:
    """What all the static files are, in ten characters."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            whole.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()[:10]
