"""What works beside the application: documents every 2 s, copies every 3 minutes. One start, one stop.

Several processes may answer for one database; one of them does this work, whichever holds the
lease (`contrib/store/shared.py`). Where it ends, however it ends, another takes over within 10 s.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from contrib.backup import schedule
from contrib.documents import latest_document, process, report_editions
from contrib.intake import rehearsal
from contrib.notices import offers
from contrib.store import shared
from contrib.store.log import new_id

TASKS: tuple[tuple[str, float, Callable[[], None]], ...] = (
    ("documents", latest_document.EVERY_S, latest_document.look),
    ("copies", schedule.LOOK_S, schedule.look),
    ("répétition", rehearsal.EVERY_S, rehearsal.look),
    ("mots", offers.EVERY_S, offers.look),
    ("editions", report_editions.LOOK_S, report_editions.look),
)
"""A name, the seconds between two turns, what a turn does."""

LEASE = "background"
RENEW_S = 1.0
"""Between two renewals of the lease; who does not hold it looks as often whether it is free."""
STOP_S = 5.0
"""How long a turn that is under way is waited for."""

logger = logging.getLogger(__name__)


class Background:
    """The tasks of one application, from `start` to `stop`."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._holder = f"{os.getpid()}-{new_id()}"
        self._leads_until = 0.0
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._renewals, name="lease", daemon=True)] + [
            threading.Thread(target=self._turns, args=(every_s, look), name=name, daemon=True)
            for name, every_s, look in TASKS
        ]

    def start(self) -> None:
        process.start()
        self._renew()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._ended.set()
        process.stop()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(STOP_S)
        with self._app.app_context(), suppress(SQLAlchemyError):  # it ends by itself, soon
            shared.give_up(LEASE, self._holder)

    def leads(self) -> bool:
        """Whether it is this process that works."""
        return time.monotonic() < self._leads_until

    def _renewals(self) -> None:
        while not self._ended.wait(RENEW_S):
            self._renew()

    def _renew(self) -> None:
        asked = time.monotonic()
        try:
            with self._app.app_context():
                held = shared.hold(LEASE, self._holder)
        except Exception:
            logger.exception("The lease could not be renewed")
            return
        self._leads_until = asked + shared.LEASE.total_seconds() if held else 0.0

    def _turns(self, every_s: float, look: Callable[[], None]) -> None:
        self._ended.wait(every_s if self.leads() else 0.0)  # at the start nothing is new yet
        while not self._ended.is_set():
            leads = self.leads()
            if leads:
                self._turn(look)
            self._ended.wait(every_s if leads else RENEW_S)

    def _turn(self, look: Callable[[], None]) -> None:
        try:
            with self._app.app_context():
                look()
        except Exception:
            logger.exception("A turn was missed")
