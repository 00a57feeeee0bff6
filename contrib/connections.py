"""waitress's event loop, looking only at the connections where something may have happened.

Its own asks every open connection at every turn whether it has something to read or to
write: with 400 laptops that took a sixth of the interpreter. waitress calls `loop` on what
stands in its `asyncore` attribute, with the map that it was created with.
"""

import selectors
import time
from typing import Any

from waitress import wasyncore

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
BREATH_S = 0.002
"""Between two turns: what arrives meanwhile is looked at together."""
WHOLE_LOOK_S = 1.0
"""However little happens, all are asked this often: those that were silent for long are closed."""


class Connections(dict[int, Any]):
    """What waitress listens to, by file number."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = selectors.DefaultSelector()
        self._wanted: dict[int, int] = {}
        """What each one is watched for; nothing while its request is being answered."""
        self._changed: set[int] = set()

    def __setitem__(self, number: int, connection: Any) -> None:
        super().__setitem__(number, connection)
        self._changed.add(number)

    def __delitem__(self, number: int) -> None:
        super().__delitem__(number)
        self._changed.discard(number)
        if self._wanted.pop(number, 0):
            self._selector.unregister(number)

    @classmethod
    def loop(cls, timeout: float, map: "Connections", use_poll: bool = False) -> None:
        """Until nothing is left to listen to."""
        whole_at = 0.0
        while map:
            now = time.monotonic()
            if now >= whole_at:
                whole_at = now + WHOLE_LOOK_S
                map._changed.update(map)
            map.turn(min(timeout, WHOLE_LOOK_S))
            time.sleep(BREATH_S)

    def turn(self, timeout: float) -> None:
        """Wait until one of them has something, and let it act."""
        for number in list(self._changed):
            self._look_at(number)
        for key, events in self._selector.select(timeout):
            connection = self.get(key.fd)
            if connection is None:
                continue
            self._changed.add(key.fd)
            if connection.accepting:
                self._let_in(connection)
            elif events & READ:
                wasyncore.read(connection)
            if events & WRITE and key.fd in self:
                wasyncore.write(connection)

    def _let_in(self, door: Any) -> None:
        """All who knock: a hall whose Wi-Fi comes back does so at once."""
        before = -1
        while before < len(self) and door.readable():
            before = len(self)
            wasyncore.read(door)

    def _look_at(self, number: int) -> None:
        """What it wants now. One that only reads tells of itself; the others are asked again."""
        connection = self[number]
        wanted = READ if connection.readable() else 0
        if connection.writable() and not connection.accepting:
            wanted |= WRITE
        before = self._wanted.get(number, 0)
        if wanted != before:
            if not before:
                self._selector.register(number, wanted)
            elif wanted:
                self._selector.modify(number, wanted)
            else:
                self._selector.unregister(number)
            self._wanted[number] = wanted
        if wanted == READ:
            self._changed.discard(number)
