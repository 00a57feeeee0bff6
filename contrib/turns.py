"""One request computes at a time, and gives its turn up while it waits for the disk.

Threads that all compute take the interpreter from each other some seventy times a request:
at 130 notes a second that was more than half of the processor.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

PATIENCE_S = 0.1
"""Whoever waited this long goes on without a turn: a slow page must not hold notes back."""


class _Turn:
    """A lock at which those who are in the middle of something pass before those who begin."""

    def __init__(self) -> None:
        lock = threading.Lock()
        self._first, self._then = threading.Condition(lock), threading.Condition(lock)
        self._in_front = 0
        self._taken = False

    def take(self, *, first: bool) -> bool:
        """Whether it was got within PATIENCE_S."""
        queue = self._first if first else self._then
        with queue:
            self._in_front += first
            got = queue.wait_for(lambda: not self._taken, PATIENCE_S)
            self._in_front -= first
            self._taken = self._taken or got
            return got

    def give(self) -> None:
        with self._first:
            self._taken = False
            (self._first if self._in_front else self._then).notify()


_turn = _Turn()
_mine = threading.local()


def in_turn(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The WSGI application, one request after the other."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        _mine.held = _turn.take(first=False)
        try:
            return app(environ, start_response)
        finally:
            leave()

    return answer


@contextmanager
def taken_again() -> Iterator[None]:
    """A turn that is left within the block is taken again at its end."""
    held = getattr(_mine, "held", False)
    try:
        yield
    finally:
        if held and not _mine.held:
            _mine.held = _turn.take(first=True)


@contextmanager
def aside() -> Iterator[None]:
    """Within the block somebody else may compute: this thread only waits."""
    with taken_again():
        leave()
        yield


def leave() -> None:
    """Somebody else may compute: what this request still does needs no interpreter, or little."""
    if getattr(_mine, "held", False):
        _mine.held = False
        _turn.give()
