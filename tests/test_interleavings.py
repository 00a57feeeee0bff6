"""Three laptops, a network that loses and repeats, a restored backup: all end with the same notes."""

import shutil
import sqlite3
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contrib.capture import queries
from contrib.installation import open_folder, set_up_day
from contrib.programme import toml_file
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author, NotYetReceived, Refused
from contrib.store.models import Event, Revision

WORDS = st.text(alphabet="abc é\n", min_size=1, max_size=6).filter(str.strip)
LAPTOPS = st.integers(0, 2)


@dataclass
class Queued:
    """An operation in a laptop's journal, as the page would send it."""

    id: str
    verb: str
    values: dict
    subject: str | None = None


@dataclass
class Laptop:
    queue: list[Queued] = field(default_factory=list)
    done: list[Queued] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    """Note -> the revision that this laptop last saw or wrote."""


class Afternoon(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.app: Flask = open_folder(self.folder / "data")[0]
        self.laptops = [Laptop(), Laptop(), Laptop()]
        self.sent: set[str] = set()
        self.backup: Path | None = None
        self.count = 0
        with self.app.app_context():
            event = set_up_day(toml_file.read(toml_file.DEFAULT))
            self.event, self.workshop = event.id, event.workshops[0].id

    def journal(self, laptop: Laptop, verb: str, subject: str | None = None, **values: object) -> str:
        self.count += 1
        operation = Queued(f"{self.count:032x}", verb, values, subject)
        laptop.queue.append(operation)
        if "text" in values:
            self.sent.add(str(values["text"]))
        return operation.id

    @rule(who=LAPTOPS, text=WORDS)
    def note(self, who: int, text: str) -> None:
        laptop = self.laptops[who]
        key = self.journal(laptop, "record", text=text, rubric=None)
        laptop.known[key] = key

    @precondition(lambda self: any(laptop.known for laptop in self.laptops))
    @rule(who=LAPTOPS, pick=st.integers(0, 99), text=WORDS)
    def edit(self, who: int, pick: int, text: str) -> None:
        laptop = self.laptops[who]
        if laptop.known:
            note = sorted(laptop.known)[pick % len(laptop.known)]
            base = laptop.known[note]
            laptop.known[note] = self.journal(laptop, "reword", note, text=text, base=base)

    @rule(who=LAPTOPS, pick=st.integers(0, 99), back=st.booleans())
    def withdraw(self, who: int, pick: int, back: bool) -> None:
        laptop = self.laptops[who]
        if laptop.known:
            note = sorted(laptop.known)[pick % len(laptop.known)]
            self.journal(laptop, "withdraw", note, withdrawn=not back)

    @rule(who=LAPTOPS, lost=st.booleans(), repeated=st.booleans())
    def send(self, who: int, lost: bool, repeated: bool) -> None:
        """The first operation goes; its answer may be lost, the request may arrive twice."""
        laptop = self.laptops[who]
        if laptop.queue:
            arrived = self.arrive(laptop.queue[0])
            if repeated:
                self.arrive(laptop.queue[0])
            if arrived and not lost:
                laptop.done.append(laptop.queue.pop(0))

    @rule(who=LAPTOPS, age=st.integers(0, 9))
    def late_copy(self, who: int, age: int) -> None:
        """A request that was under way for long arrives once more, out of order."""
        done = self.laptops[who].done
        if done:
            self.arrive(done[age % len(done)])

    @rule(who=LAPTOPS)
    def look(self, who: int) -> None:
        """The feed: a laptop sees the colleagues' notes, where it has nothing of its own waiting."""
        laptop = self.laptops[who]
        waiting = {operation.subject or operation.id for operation in laptop.queue}
        for note, (revision, *_rest) in self.standing().items():
            if note not in waiting:
                laptop.known[note] = revision

    @rule()
    def back_up(self) -> None:
        self.backup = self.folder / "copy.sqlite3"
        self.backup.unlink(missing_ok=True)
        with sqlite3.connect(self.folder / "data" / "contrib.sqlite3") as live:
            live.execute("VACUUM INTO ?", (str(self.backup),))
        live.close()

    @precondition(lambda self: self.backup is not None)
    @rule()
    def restore(self) -> None:
        """The server goes back in time: every laptop offers all it holds again, in its order."""
        assert self.backup
        with self.app.app_context():
            db.engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            (self.folder / "data" / f"contrib.sqlite3{suffix}").unlink(missing_ok=True)
        shutil.copy(self.backup, self.folder / "data" / "contrib.sqlite3")
        for laptop in self.laptops:
            laptop.queue = laptop.done + laptop.queue
            laptop.done = []

    def arrive(self, operation: Queued) -> bool:
        with self.app.app_context():
            try:
                log.write(
                    log.VERBS[operation.verb],
                    Author(),
                    operation.values,
                    event=self.event,
                    workshop=self.workshop,
                    subject=operation.subject,
                    id=operation.id,
                )
            except NotYetReceived:
                return False
            except Refused as refusal:
                raise AssertionError(str(refusal)) from refusal
            return True

    def standing(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        with self.app.app_context():
            rows = db.session.query(Revision).filter(Revision.standing).order_by(Revision.seq)
            for row in rows:
                found.setdefault(row.note_id, []).append(row.id)
        return found

    @invariant()
    def every_note_has_a_text_that_stands(self) -> None:
        if not hasattr(self, "app"):
            return
        with self.app.app_context():
            notes = {row.note_id for row in db.session.query(Revision)}
        assert notes == set(self.standing())

    def teardown(self) -> None:
        """The network comes back: everything leaves, and nothing that was sent is missing."""
        if not hasattr(self, "app"):
            return
        for _ in range(200):
            moved = False
            for laptop in self.laptops:
                while laptop.queue and self.arrive(laptop.queue[0]):
                    laptop.done.append(laptop.queue.pop(0))
                    moved = True
            if not any(laptop.queue for laptop in self.laptops):
                break
            assert moved, "Laptops wait for each other for ever."
        with self.app.app_context():
            texts = {row.text for row in db.session.query(Revision)}
            here = db.session.get(Event, self.event)
            workshop = here.workshops[0]
            cards = queries.cards(db.session(), here, workshop)
            numbers = sorted(card.reference for card in cards)
            db.session.remove()
            db.engine.dispose()
        notes = [o for laptop in self.laptops for o in laptop.done if o.verb == "record"]
        assert self.sent <= texts
        assert len(cards) == len(notes)
        assert len(set(numbers)) == len(numbers)
        shutil.rmtree(self.folder, ignore_errors=True)


Afternoon.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestAfternoonOfThreeLaptops = Afternoon.TestCase
