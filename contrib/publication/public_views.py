"""The public side: one address for life, and the files of what was published."""

import mimetypes

from flask import Blueprint, abort, redirect, url_for
from werkzeug.wrappers import Response

from contrib.access import roles
from contrib.access.roles import EVERYBODY, Target
from contrib.documents import report_editions
from contrib.documents.views import WORD

bp = Blueprint("public", __name__, url_prefix="/<event_name>/rapport")

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""The page is one file: its style is in it, and nothing in it runs."""
KINDS = {".docx": WORD, ".odt": "application/vnd.oasis.opendocument.text", ".csv": "text/csv; charset=utf-8"}


@bp.get("")
@roles.only(EVERYBODY)
def without_slash(target: Target) -> Response:
    return redirect(url_for("public.page", event_name=target.event.name), 301)


@bp.get("/")
@roles.only(EVERYBODY)
def page(target: Target) -> Response:
    return _file(target, "index.html")


@bp.get("/<path:file>")
@roles.only(EVERYBODY)
def file(target: Target, file: str) -> Response:
    return _file(target, f"{file}index.html" if file.endswith("/") else file)


def _file(target: Target, name: str) -> Response:
    content = report_editions.public_site(target.event).get(name)
    if content is None:
        abort(404)
    ending = name[name.rfind(".") :]
    kind = KINDS.get(ending) or mimetypes.types_map.get(ending, "application/octet-stream")
    if ending in (".html", ".xml"):
        kind = {".html": "text/html", ".xml": "application/atom+xml"}[ending] + "; charset=utf-8"
    return Response(content, content_type=kind, headers={"Content-Security-Policy": POLICY})
