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

_turn = threading.Lock()
_mine = threading.local()


def in_turn(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The WSGI application, one request after the other."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        _take()
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
            _take()


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
        _turn.release()


def _take() -> None:
    _mine.held = _turn.acquire(timeout=PATIENCE_S)
