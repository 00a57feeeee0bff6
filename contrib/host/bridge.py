"""The WSGI application behind an ASGI server, so that no thread ever waits for a network.

A body is read whole before a thread is taken, and an answer is sent after the thread is given
back: with granian's own WSGI, four laptops that stalled in the middle of a post stopped the
server for everybody.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

from flask import Flask
from werkzeug.wrappers import Response

PATIENCE_S = 10.0
"""The longest silence in the middle of a body."""
MOST_HELD = 200 * 1024 * 1024
"""Bytes of all bodies that are being read; beyond it only small ones are kept."""
SMALL = 64 * 1024


class Bridge:
    """An ASGI application with two lanes of so many threads: no page or document holds a note back."""

    def __init__(self, app: Flask, threads: int) -> None:
        self._app, self._held = app, 0
        self._notes, self._pages = ThreadPoolExecutor(threads), ThreadPoolExecutor(threads)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        kept: list[bytes] = []
        try:
            await self._read(receive, kept)
            environ = _environ(scope, b"".join(kept))
            lane = self._notes if environ.get("HTTP_ACCEPT") == "application/json" else self._pages
            response = await asyncio.wrap_future(lane.submit(Response.from_app, self._app, environ, True))
        except OSError:  # nobody is there any more, or says nothing
            response = Response(status=408)
        finally:
            self._held -= sum(map(len, kept))
        headers = [(key.lower().encode("latin-1"), text.encode("latin-1")) for key, text in response.headers]
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": response.get_data()})

    async def _read(self, receive: Any, kept: list[bytes]) -> None:
        """What Flask takes of a body; what is beyond is dropped, and Flask says the sentence."""
        size, more, most = 0, True, self._app.config["MAX_CONTENT_LENGTH"]
        while more:
            message = await asyncio.wait_for(receive(), PATIENCE_S)
            if message["type"] == "http.disconnect":
                raise ConnectionError
            part, more = message.get("body", b""), message.get("more_body", False)
            size += len(part)
            if size <= (most if self._held < MOST_HELD else SMALL):
                kept.append(part)
                self._held += len(part)


def _environ(scope: Any, body: bytes) -> dict[str, Any]:
    """PEP 3333's, of an ASGI scope: strings are bytes read as Latin-1."""
    environ = {"wsgi.input": BytesIO(body), "wsgi.url_scheme": scope["scheme"]}
    environ |= {"REQUEST_METHOD": scope["method"], "REMOTE_ADDR": str(scope["client"][0])}
    environ["PATH_INFO"] = scope["path"].encode("utf-8", "surrogateescape").decode("latin-1")
    environ["QUERY_STRING"] = scope["query_string"].decode("latin-1")
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = (f"{environ[key]}," if key in environ else "") + value.decode("latin-1")
    setup_testing_defaults(environ)  # what nobody reads, and PEP 3333 wants to be there
    return environ
