"""The one clock: UTC everywhere in the store, the event's zone only in print.

`CONTRIB_TEST_NOW` moves it in tests; `settings.load` refuses that setting in production.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from exports.digest import MONTHS

_shift = timedelta(0)
_fixed: ContextVar[datetime | None] = ContextVar("fixed", default=None)


def now() -> datetime:
    """The current time, aware, in UTC."""
    return _fixed.get() or datetime.now(UTC) + _shift


def move_to(moment: datetime) -> None:
    """From here on the clock runs as if it were `moment` now. Tests only."""
    global _shift
    _shift = moment.astimezone(UTC) - datetime.now(UTC)


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Within the block it is `moment`: how the demonstration's afternoon was typed."""
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)


def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def at(date_: date, hour: time, zone: str) -> datetime:
    """The moment at which a clock on the wall of the event shows `hour`, in UTC."""
    return datetime.combine(date_, hour, ZoneInfo(zone)).astimezone(UTC)


def french_hour(hour: time | datetime) -> str:
    """« 16 h 24 », with no-break spaces."""
    return f"{hour.hour}\u00a0h\u00a0{hour.minute:02}"


def said(moment: datetime, zone: str, today: date) -> str:
    """« 16 h 24 »; on another date than the day's, « le 2 octobre à 9 h 05 »."""
    there = local(moment, zone)
    if there.date() == today:
        return french_hour(there)
    first = "1er" if there.day == 1 else str(there.day)
    return f"le {first} {MONTHS[there.month - 1]} à {french_hour(there)}"


def when(said_moment: str) -> str:
    """After a verb: « à 16 h 24 », « le 2 octobre à 9 h 05 »."""
    return said_moment if said_moment.startswith("le ") else f"à {said_moment}"
