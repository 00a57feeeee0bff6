"""What works beside the application: documents every 2 s, copies every 3 minutes. One start, one stop.

One process of a data folder does it, whichever holds the lease: a lock on a file, which the
system gives back when that process ends, however it ends.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout
from flask import Flask

from contrib.backup import schedule
from contrib.documents import latest_document, process

TASKS: tuple[tuple[str, float, Callable[[], None]], ...] = (
    ("documents", latest_document.EVERY_S, latest_document.look),
    ("copies", schedule.LOOK_S, schedule.look),
)
"""A name, the seconds between two turns, what a turn does."""

logger = logging.getLogger(__name__)


class Background:
    """The tasks of one application, from `start` to `stop`."""

    def __init__(self, app: Flask) -> None:
        folder: Path = app.config["DATA"]
        self._app = app
        self._lease = FileLock(folder / "travail.lock", thread_local=False)
        self._ended = threading.Event()

    def start(self) -> None:
        process.start()
        self.holds_the_lease()
        for name, every_s, look in TASKS:
            threading.Thread(target=self._turns, args=(every_s, look), name=name, daemon=True).start()

    def stop(self) -> None:
        self._ended.set()
        process.stop()
        self._lease.release(force=True)

    def _turns(self, every_s: float, look: Callable[[], None]) -> None:
        while not self._ended.wait(every_s):
            try:
                if self.holds_the_lease():
                    with self._app.app_context():
                        look()
            except Exception:
                logger.exception("A turn was missed")

    def holds_the_lease(self) -> bool:
        """Whether it is this process that works; takes the lease where nobody has it."""
        try:
            if not self._lease.is_locked:
                self._lease.acquire(timeout=0)
        except Timeout:
            return False
        return True
