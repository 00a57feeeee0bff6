"""Flask's signed cookie. Its signature is checked once a minute for each laptop, not at every poll."""

import time
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

CHECK_EVERY_S = 60.0
MOST = 5_000


class Sessions(SecureCookieSessionInterface):
    """Sessions that are what their cookie says: nothing of them is kept but this."""

    def __init__(self) -> None:
        self._checked: dict[str, tuple[float, str]] = {}
        """By cookie: until when its signature holds without looking again, and what it says."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        until, said = self._checked.get(cookie, (0.0, ""))
        if time.monotonic() < until:
            return self.session_class(self.serializer.loads(said))
        session = super().open_session(app, request)
        if session:
            self._remember(cookie, dict(session))
        return session

    def _remember(self, cookie: str, said: dict[str, Any]) -> None:
        if len(self._checked) >= MOST:
            self._checked.clear()
        self._checked[cookie] = time.monotonic() + CHECK_EVERY_S, self.serializer.dumps(said)
