"""Firefox, driven over WebDriver BiDi: the few verbs that a scenario needs.

Playwright drives a Firefox of its own, which no Debian package brings; this is the one that
facilitators have. The protocol: https://w3c.github.io/webdriver-bidi/
"""

import contextlib
import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import machine
from conftest import free_port
from waiting import eventually
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

CONTROL, ENTER, PAGE_DOWN = "\ue009", "\ue007", "\ue00f"


class Firefox:
    """One window on a profile that outlives it."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        profile.mkdir(exist_ok=True)
        self.open()

    def open(self) -> None:
        port = free_port()
        self.process = subprocess.Popen(
            [machine.firefox(), "--headless", "--no-remote", "--profile", str(self.profile)]
            + ["--remote-debugging-port", str(port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(self.profile), "MOZ_CRASHREPORTER_DISABLE": "1"},
            start_new_session=True,
        )
        self.stack = contextlib.ExitStack()
        self.socket = self._connect(port)
        self.count = 0
        self.ask("session.new", capabilities={})
        self.window = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def _connect(self, port: int) -> ClientConnection:
        def look() -> ClientConnection | None:
            assert self.process.poll() is None, "Firefox ended by itself."
            with contextlib.suppress(OSError, WebSocketException):
                address = f"ws://127.0.0.1:{port}/session"
                return self.stack.enter_context(connect(address, proxy=None, max_size=None))
            return None

        found = eventually(look, 60)
        assert found, "Firefox does not answer."
        return found

    def ask(self, method: str, **params: object) -> dict[str, Any]:
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": params}))
        while True:
            answer: dict[str, Any] = json.loads(self.socket.recv(timeout=60))
            if answer.get("id") == self.count:
                assert answer["type"] == "success", answer
                return answer["result"]

    def goto(self, address: str) -> None:
        self.ask("browsingContext.navigate", context=self.window, url=address, wait="complete")

    def run(self, script: str) -> Any:
        """The value of an expression in the page, as JSON."""
        answer = self.ask(
            "script.evaluate",
            expression=f"Promise.resolve({script}).then((value) => JSON.stringify(value ?? null))",
            target={"context": self.window},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])

    def until(self, script: str, wanted: object = True, seconds: float = 20) -> None:
        """Wait until an expression has a value."""
        found: list[object] = [None]

        def look() -> bool:
            with contextlib.suppress(AssertionError):  # the page is being loaded
                found[0] = self.run(script)
            return found[0] == wanted

        assert eventually(look, seconds), f"{script}: {found[0]!r}, expected {wanted!r}"

    def click(self, selector: str) -> None:
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    def point_at(self, selector: str) -> None:
        """Move the mouse over an element."""
        x, y = self.run(
            f"(({{x, y, width, height}}) => [Math.round(x + width / 2), Math.round(y + height / 2)])"
            f"(document.querySelector({json.dumps(selector)}).getBoundingClientRect())"
        )
        moved = [{"type": "pointerMove", "x": x, "y": y}]
        self.ask(
            "input.performActions",
            context=self.window,
            actions=[{"type": "pointer", "id": "mouse", "actions": moved}],
        )

    def type(self, text: str) -> None:
        """Key by key into what has the focus."""
        self._keys([key for char in text for key in (("keyDown", char), ("keyUp", char))])

    def press_control_enter(self) -> None:
        self._keys([("keyDown", CONTROL), ("keyDown", ENTER), ("keyUp", ENTER), ("keyUp", CONTROL)])

    def _keys(self, keys: list[tuple[str, str]]) -> None:
        actions = [{"type": kind, "value": value} for kind, value in keys]
        self.ask(
            "input.performActions",
            context=self.window,
            actions=[{"type": "key", "id": "keyboard", "actions": actions}],
        )

    def kill(self) -> None:
        """SIGKILL, the whole group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        with contextlib.suppress(WebSocketException, OSError):
            self.stack.close()
        for lock in (self.profile / "lock", self.profile / ".parentlock"):
            lock.unlink(missing_ok=True)
