"""Group commit: writes that arrive together share one transaction and one flush of the disk.

A flush costs 8 ms on a slow disk, whether it keeps one write or sixty-four. The first of those
who wait commits for all of them; whoever waits next leads the next group.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from contrib.store.db import WRITES, check_in_place

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
MOST_IN_A_GROUP = 64


class _Waiting(Generic[Asked, Answer]):
    """One write that waits, and what came of it."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.answer: Answer | BaseException | None = None
        self.called = threading.Event()
        """Set when it is answered, or when it is its turn to lead."""


class GroupCommit(Generic[Asked, Answer]):
    """Commits what `begin(session)` returns a function for; `refusals` spoil only their own write."""

    def __init__(
        self,
        engine: Engine,
        begin: Callable[[Session], Callable[[Asked], Answer]],
        refusals: tuple[type[Exception], ...],
    ) -> None:
        self._engine, self._begin, self._refusals = engine, begin, refusals
        self._lock = threading.Lock()
        self._queue: deque[_Waiting[Asked, Answer]] = deque()
        self._led = False

    def submit(self, asked: Asked) -> Answer:
        """The answer, once it is on disk. Raises what its write raised; then nothing was written."""
        mine = _Waiting[Asked, Answer](asked)
        with self._lock:
            self._queue.append(mine)
            leads, self._led = not self._led, True
        if not leads:
            mine.called.wait()
        if mine.answer is None:
            self._lead()
        if isinstance(mine.answer, BaseException):
            raise mine.answer
        if mine.answer is None:
            raise RuntimeError("A write was forgotten.")
        return mine.answer

    def together(self, asked: Sequence[Asked]) -> list[Answer | Exception]:
        """One transaction for all; where it is void, one for each. An answer, or an error, for each."""
        try:
            return self._in_one_transaction(asked)
        except Exception as error:
            if len(asked) == 1:
                return [error]
            return [self.together([one])[0] for one in asked]

    def _lead(self) -> None:
        """Commit the group at whose head the caller waits, and call the next one."""
        with self._lock:
            group = [self._queue.popleft() for _ in range(min(len(self._queue), MOST_IN_A_GROUP))]
        try:
            for one, answer in zip(group, self.together([one.asked for one in group]), strict=True):
                one.answer = answer
        except BaseException as end:  # the process is being stopped: nobody waits for ever
            for one in group:
                one.answer = one.answer or end
            raise
        finally:
            for one in group:
                one.called.set()
            with self._lock:
                self._led = bool(self._queue)
                if self._led:
                    self._queue[0].called.set()

    def _in_one_transaction(self, asked: Sequence[Asked]) -> list[Answer | Exception]:
        answers: list[Answer | Exception] = []
        with Session(self._engine, autoflush=False) as session:
            connection = session.connection(execution_options={WRITES: True})
            sql = connection.exec_driver_sql
            apply = self._begin(session)
            for one in asked:
                sql("SAVEPOINT one")
                try:
                    answers.append(apply(one))
                except self._refusals as refusal:
                    answers.append(refusal)
                    sql("ROLLBACK TO SAVEPOINT one")
                    session.expunge_all()
                # any other error voids the group: a full disk makes SQLite roll all of it back,
                # and later savepoints would run in autocommit (8 of 19 were told « ok » and
                # were absent), so all are replayed in transactions of their own
                sql("RELEASE SAVEPOINT one")
            check_in_place(connection)
            # as SQL: the driver's own commit() says nothing where there is no transaction
            sql("COMMIT")
        return answers
