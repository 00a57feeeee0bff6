"""Which notes of a day resemble each other: one index a day, kept by this process.

It is brought up to date when a page asks, never when a note is saved. Weights are computed anew
aside, while the present ones go on answering.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from contrib.store import log
from contrib.store.log import Kind
from contrib.store.models import Event
from contrib.synthesis import queries
from contrib.synthesis.opposition import debate
from contrib.synthesis.queries import Board, Slip
from contrib.synthesis.resemblance import Neighbour, Pair, Resemblance

VERY_CLOSE, SAME_SUBJECT = 0.5, 0.25
"""From these scores on: « très proche », « même sujet ». Below, nothing is said."""
QUEUE = 200
"""The day's best pairs, from which those that were judged are left out."""
COUNT_EVERY_S = 30.0
"""Counting what waits takes 5 s of processor time where there are 2,000 notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A note that resembles the one in question."""

    slip: Slip
    level: str
    debate: str
    """Why it may be a point de débat; empty where nothing says so."""
    shared: tuple[str, ...]
    elsewhere: bool
    word: str
    """What was said of the pair: linked, debate, or nothing yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duel:
    """Two notes side by side, of which one says whether they belong together."""

    one: Slip
    other: Slip
    level: str
    debate: str
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What nobody at the desk has looked at yet."""

    alone: int
    """Notes seules de leur avis that nobody has read."""
    pairs: int


def near(event: Event, board: Board, slip: Slip, also: Slip | None, most: int) -> list[Near]:
    """What resembles a note, or two that were linked; what was refused with one of them is left out."""
    ours = [one for one in (slip, also) if one is not None]
    with _index_of(event, board) as index:
        found = index.nearest_to("\n".join(one.text for one in ours), most + len(board.verdicts) + len(ours))
    return [
        Near(
            slip=there,
            level=_level(neighbour.score),
            debate=debate(slip.text, there.text),
            shared=neighbour.shared,
            elsewhere=there.workshop.id != slip.workshop.id,
            word=board.word(slip.id, there.id),
        )
        for neighbour in found
        for there in [board.slips[str(neighbour.key)]]
        if _counts(neighbour) and there not in ours
        if not any(board.word(one.id, there.id) == "refused" for one in ours)
    ][:most]


def duels(event: Event, board: Board) -> list[Duel]:
    """The day's best pairs that nobody has judged, nor put together otherwise."""
    with _index_of(event, board) as index:
        found = index.pairs(QUEUE + len(board.verdicts))
    return [
        Duel(
            one=one,
            other=other,
            level=_level(pair.score),
            debate=debate(one.text, other.text),
            shared=pair.shared,
        )
        for pair in found
        for one, other in [(board.slips[str(pair.one)], board.slips[str(pair.other)])]
        if _counts(pair) and not board.word(one.id, other.id) and not set(one.mergers) & set(other.mergers)
    ][:QUEUE]


def alone(event: Event, board: Board) -> set[str]:
    """Notes seules de leur avis: nobody put them with another, and none resembles them."""
    with _index_of(event, board) as index:
        found = {str(key) for key in index.alone(SAME_SUBJECT)}
    crowd = {group.theme.id for group in board.groups if len(group.slips) > 1}
    return {key for key in found - board.tied if board.slips[key].theme_id not in crowd}


def waiting(session: Session, event: Event) -> Waiting | None:
    """As it was last counted: that is done aside, now and then. None before the first time."""
    kept = _KEPT.setdefault(event.id, _Kept())
    last = kept.waiting
    seq = log.last_seq(session, event.id, Kind.NOTE, Kind.TEXT, Kind.CHOICE, Kind.ORDER)
    if seq != kept.counted_seq and time.monotonic() >= kept.counted_until:
        kept.counted_seq, kept.counted_until = seq, time.monotonic() + COUNT_EVERY_S
        _ASIDE.submit(_count, kept, event, queries.board(session, event))
    return last


def _count(kept: "_Kept", event: Event, board: Board) -> None:
    unread = {key for key, slip in board.slips.items() if not slip.readers}
    kept.waiting = Waiting(alone=len(alone(event, board) & unread), pairs=len(duels(event, board)))


def _counts(found: Neighbour | Pair) -> bool:
    """Whether it is worth a look: near enough, and for a reason that can be shown."""
    return found.score >= SAME_SUBJECT and bool(found.shared)


def _level(score: float) -> str:
    return "Très proche" if score >= VERY_CLOSE else "Même sujet"


# --- the index of a day -------------------------------------------------------------------------------


@dataclass
class _Kept:
    index: Resemblance = field(default_factory=Resemblance)
    texts: dict[str, str] = field(default_factory=dict)
    """By note: what the index holds."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    renewing: bool = False
    waiting: Waiting | None = None
    counted_seq: int = 0
    counted_until: float = 0.0

    def follow(self, slips: Mapping[str, Slip]) -> None:
        for key in self.texts.keys() - slips.keys():
            self.index.remove(key)
            del self.texts[key]
        for key, slip in slips.items():
            if self.texts.get(key) != slip.text:
                self.index.put(key, slip.text)
                self.texts[key] = slip.text

    def renew(self) -> None:
        """What changes meanwhile is followed by the next who asks."""
        with self.lock:
            texts = dict(self.texts)
        fresh = Resemblance()
        for key, text in texts.items():
            fresh.put(key, text)
        fresh.settle()
        with self.lock:
            self.index, self.texts, self.renewing = fresh, texts, False


_KEPT: dict[str, _Kept] = {}
_ASIDE = ThreadPoolExecutor(1, thread_name_prefix="resemblance")


@contextmanager
def _index_of(event: Event, board: Board) -> Iterator[Resemblance]:
    """The day's index, with the texts of these notes and no others; one asks at a time."""
    kept = _KEPT.setdefault(event.id, _Kept())
    with kept.lock:
        kept.follow(board.slips)
        yield kept.index
        if kept.index.stale and not kept.renewing:
            kept.renewing = True
            _ASIDE.submit(kept.renew)
