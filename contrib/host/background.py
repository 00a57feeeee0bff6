"""What works beside the application: documents every 2 s, copies every 3 minutes. One start, one stop.

Each process compiles what its pages speak of. One of them writes documents and copies into
folders, whichever holds the lease: a lock on a file, which the system gives back when that
process ends, however it ends.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout
from flask import Flask

from contrib.backup import schedule
from contrib.documents import latest_document, process

TASKS: tuple[tuple[str, float, Callable[[bool], None]], ...] = (
    ("documents", latest_document.EVERY_S, latest_document.look),
    ("copies", schedule.LOOK_S, schedule.look),
)
"""A name, the seconds between two turns, what a turn does; it is told whether this process holds the lease."""

STOP_S = 5.0
"""How long a turn that is under way is waited for."""

logger = logging.getLogger(__name__)


class Background:
    """The tasks of one application, from `start` to `stop`."""

    def __init__(self, app: Flask) -> None:
        folder: Path = app.config["DATA"]
        self._app = app
        self._lease = FileLock(folder / "travail.lock", thread_local=False, mode=0o600)
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._turns, args=(every_s, look), name=name, daemon=True)
            for name, every_s, look in TASKS
        ]

    def start(self) -> None:
        process.start()
        self.holds_the_lease()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._ended.set()
        process.stop()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(STOP_S)
        self._lease.release(force=True)

    def _turns(self, every_s: float, look: Callable[[bool], None]) -> None:
        while not self._ended.wait(every_s):
            try:
                with self._app.app_context():
                    look(self.holds_the_lease())
            except Exception:
                logger.exception("A turn was missed")

    def holds_the_lease(self) -> bool:
        """Whether it is this process that works; takes the lease where nobody has it."""
        try:
            if not self._lease.is_locked:
                self._lease.acquire(timeout=0)
        except (Timeout, OSError):  # another process has it, or this disk knows no locks
            return False
        return True
