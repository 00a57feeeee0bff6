"""Guessers of the organiser's password and of codes: how long a note takes meanwhile.

    PYTHONPATH=tests:tools:. python tests/attack/guesses.py

Loopback only, 100 guessers at most, under two minutes. Prints; asserts nothing.
"""

import contextlib
import http.client
import statistics
import tempfile
import threading
import time
import uuid
from pathlib import Path

from conftest import Server
from visitor import Visitor

SAVES = 150


def saves(facilitator: Visitor) -> str:
    """Milliseconds of so many notes, one after the other."""
    found = []
    for number in range(SAVES):
        start = time.perf_counter()
        status, _ = facilitator.post(
            "/lievin-2021/ateliers/emergence/notes",
            accept="application/json",
            text=f"Une note {number}",
            operation=uuid.uuid4().hex,
        )
        found.append((time.perf_counter() - start) * 1000)
        assert status == 200, status
    centiles = statistics.quantiles(found, n=100)
    return f"save p50 {centiles[49]:5.0f} ms, p99 {centiles[98]:5.0f} ms"


def besieged(server: Server, facilitator: Visitor, name: str, count: int, path: str, **fields: str) -> None:
    over, begun, answered = threading.Event(), threading.Event(), []

    def guess() -> None:
        visitor = Visitor(server)
        while not over.is_set():
            with contextlib.suppress(OSError, http.client.HTTPException):
                answered.append(visitor.post(path, **fields)[0])
                begun.set()

    guessers = [threading.Thread(target=guess) for _ in range(count)]
    for one in guessers:
        one.start()
    begun.wait(30)
    before, start = len(answered), time.perf_counter()
    line = saves(facilitator)
    rate = (len(answered) - before) / (time.perf_counter() - start)
    fresh = Visitor(server)
    start = time.perf_counter()
    status, _ = fresh.post("/organisation", password=server.password())
    entered = (time.perf_counter() - start) * 1000
    over.set()
    for one in guessers:
        one.join()
    print(
        f"{name:24} {count:4}  {line}   {rate:5.0f} guesses/s   right password: {status} in {entered:.0f} ms"
    )


def main() -> None:
    server = Server(Path(tempfile.mkdtemp()) / "data").start()
    try:
        facilitator = Visitor(server)
        facilitator.post("/", code=server.code("L’émergence"))
        print(f"{'calm':24} {0:4}  {saves(facilitator)}")
        for count in (24, 100):
            besieged(server, facilitator, "wrong passwords", count, "/organisation", password="AAAA-BBBB")
        besieged(server, facilitator, "wrong codes", 40, "/", code="AAAAA-BBBBB")
        print(f"{'after':24} {0:4}  {saves(facilitator)}")
    finally:
        server.kill()


if __name__ == "__main__":
    main()
