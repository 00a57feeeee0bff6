"""The WSGI application behind an ASGI server, so that no thread ever waits for a network.

A body is read whole before a thread is taken, and an answer is sent after the thread is given
back: with granian's own WSGI, four laptops that stalled in the middle of a post stopped the
server for everybody.
"""

import asyncio
import io
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from werkzeug.wrappers import Response

PATIENCE_S = 10.0
"""The longest silence in the middle of a body."""
MOST_BYTES = 20 * 1024 * 1024
"""Of one body, as Flask takes it; what is beyond is read and dropped, and Flask says the sentence."""
MOST_HELD = 200 * 1024 * 1024
"""Of all bodies that are being read; beyond it only small ones are kept."""
SMALL = 64 * 1024


class Bridge:
    """An ASGI application with two lanes of so many threads: no page or document holds a note back."""

    def __init__(self, app: Any, threads: int) -> None:
        self._app, self._held = app, 0
        self._notes, self._pages = ThreadPoolExecutor(threads), ThreadPoolExecutor(threads)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        kept: list[bytes] = []
        try:
            await self._read(receive, kept)
            environ = _environ(scope, io.BytesIO(b"".join(kept)))
            lane = self._notes if environ.get("HTTP_ACCEPT") == "application/json" else self._pages
            response = await asyncio.get_running_loop().run_in_executor(lane, self._answer, environ)
        except ConnectionError:
            return  # nobody is there any more
        except TimeoutError:
            response = Response(status=408)
        finally:
            self._held -= sum(map(len, kept))
        headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers
        ]
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": response.get_data()})

    async def _read(self, receive: Any, kept: list[bytes]) -> None:
        size, more = 0, True
        while more:
            message = await asyncio.wait_for(receive(), PATIENCE_S)
            if message["type"] == "http.disconnect":
                raise ConnectionError
            part = message.get("body", b"")
            size += len(part)
            if size <= (MOST_BYTES if self._held < MOST_HELD else SMALL):
                kept.append(part)
                self._held += len(part)
            more = message.get("more_body", False)

    def _answer(self, environ: dict[str, Any]) -> Response:
        response = Response.from_app(self._app, environ, buffered=True)
        response.close()
        return response


def _environ(scope: Any, body: io.BytesIO) -> dict[str, Any]:
    """PEP 3333's, of an ASGI scope: strings are bytes read as Latin-1."""
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(scope["server"][0]),
        "SERVER_PORT": str(scope["server"][1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": str(scope["client"][0]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ and key != "HTTP_COOKIE" else text
    return environ
