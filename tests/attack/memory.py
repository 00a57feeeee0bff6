"""What the process that answers keeps of the attacks: resident memory before, during, a minute after.

    PYTHONPATH=tests:tools:. python tests/attack/memory.py

Loopback only, about four minutes. Prints; ends with 1 where it is not back under 200 MB a minute after.
"""

import resource
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from conftest import Server
from connections import COUNT, HALF_BODY, HALF_HEADER, HUGE_BODY, attacked, by_process, memory
from visitor import Visitor

WORKSHOP = "/lievin-2021/ateliers/emergence"
MOST_MB = 200
A_MINUTE_S = 60.0


def answering(server: Server) -> float:
    """Megabytes of the process that answers: the largest of them."""
    return max(by_process(server).values())


def sizes(server: Server) -> str:
    return f"{answering(server):4.0f} MB (with those that start it and compile: {memory(server):4.0f} MB)"


def during(server: Server, name: str, attack: Callable[[], object]) -> None:
    """The most memory while it lasts, and what is there at its end."""
    over, most = threading.Event(), [answering(server)]

    def watch() -> None:
        while not over.wait(0.1):
            most.append(answering(server))

    watching = threading.Thread(target=watch)
    watching.start()
    start = time.perf_counter()
    attack()
    took = time.perf_counter() - start
    over.set()
    watching.join()
    print(f"{name:40} {took:3.0f} s   most {max(most):4.0f} MB, at its end {sizes(server)}", flush=True)


def notes(facilitator: Visitor, count: int) -> None:
    for number in range(count):
        text = f"La note {number}, comme quelqu’un l’a dite dans la salle, avec ses raisons et ses exemples."
        fields = {"operation": uuid.uuid4().hex, "text": text, "parts": "one"}
        status, answer = facilitator.post(f"{WORKSHOP}/notes", accept="application/json", **fields)
        assert status == 200, answer


def openings(facilitator: Visitor, count: int) -> None:
    facilitator.opener.addheaders = [("Accept-Encoding", "gzip")]
    for _ in range(count):
        with facilitator.opener.open(facilitator.url + WORKSHOP, timeout=60) as page:
            assert page.read()
    facilitator.opener.addheaders = []


def pastes(facilitator: Visitor, count: int) -> None:
    for _ in range(count):
        status, _ = facilitator.post(f"{WORKSHOP}/importer", text="une idée\n" * 200_000)
        assert status in (413, 422), status


def connections(server: Server) -> None:
    attacked(server, "half a header", COUNT, lambda: HALF_HEADER)
    attacked(server, "half a body", 200, lambda: HALF_BODY)
    attacked(server, "900 MB announced, 100 KB sent", 100, lambda: HUGE_BODY)


def main() -> int:
    resource.setrlimit(resource.RLIMIT_NOFILE, (4_096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    server = Server(Path(tempfile.mkdtemp()) / "data").start()
    try:
        facilitator = Visitor(server)
        facilitator.post("/", code=server.code("L’émergence"))
        print(f"{'at the start':40} {sizes(server)}", flush=True)
        during(server, "400 notes, one by one", lambda: notes(facilitator, 400))
        during(server, "220 openings of their page", lambda: openings(facilitator, 220))
        during(server, "four pastes of 200,000 lines", lambda: pastes(facilitator, 4))
        during(server, "connections, as connections.py has them", lambda: connections(server))
        threading.Event().wait(A_MINUTE_S)
        print(f"{'a minute after':40} {sizes(server)}")
        return 1 if answering(server) >= MOST_MB else 0
    finally:
        server.kill()


if __name__ == "__main__":
    sys.exit(main())
