"""What every answer carries: what a page may load, what may be kept, text in gzip."""

import gzip

from flask import Flask, request
from werkzeug.wrappers import Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'; worker-src 'self'"
)
A_YEAR_S = 31_536_000
WORTH_IT = 1_000
"""Bytes below which an answer is not squeezed."""


def init_app(app: Flask, version: str) -> None:
    """`version`: that of the static files, whose addresses carry it: they never change."""

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR_S}")
        response.headers["X-Contrib"] = "1"  # ours, not that of a portal that answers in our place
        if request.endpoint in ("asset", "sheet") and (request.view_args or {}).get("version") == version:
            response.cache_control.no_cache = None
            response.cache_control.max_age = A_YEAR_S
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
    if len(content) > WORTH_IT:
        # an answer of the feed is made once for one laptop: four times faster for a tenth more
        response.set_data(gzip.compress(content, 1 if kind.endswith("/json") else 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.add("Vary", "Accept-Encoding")
    return response
