"""A test waits for a fact, with a bound: never for a time."""

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
LOOK_EVERY_S = 0.05


def eventually(look: Callable[[], T], within_s: float = 60.0) -> T:
    """What `look` finds as soon as it is true; else what it found last, for the assertion to show."""
    for _ in range(int(within_s / LOOK_EVERY_S)):
        found = look()
        if found:
            return found
        threading.Event().wait(LOOK_EVERY_S)
    return look()
