"""What a request brings, before anybody reads it: no value holds what a database cannot store."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict

from contrib.forms import raw

MOST_NAME = 200
"""Characters of a file's name."""
MOST_PART = 80
"""Of an id or a name in an address, as the log keeps them."""


class Values(ImmutableMultiDict[str, Any]):
    """Arguments, fields and files: texts as `forms.raw` makes them, file names in short."""

    def __init__(self, pairs: Iterable[tuple[str, Any]] | None = None) -> None:
        super().__init__([(raw(name), _plain(value)) for name, value in pairs or ()])


def _plain(value: Any) -> Any:
    if isinstance(value, FileStorage):
        value.filename = raw(value.filename)[-MOST_NAME:]
        return value
    return raw(value)


class Incoming(Request):
    parameter_storage_class = Values


def init_app(app: Flask) -> None:
    app.request_class = Incoming

    @app.before_request
    def addresses_are_plain() -> None:
        parts = (request.view_args or {}).values()
        if raw(request.path) != request.path or any(len(str(part)) > MOST_PART for part in parts):
            abort(404)
