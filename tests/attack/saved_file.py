"""A saved file of 2,000 operations of a lost server is brought back: how long others' saves wait.

    PYTHONPATH=tests:tools:. python tests/attack/saved_file.py

Loopback only, one file, two minutes at most. Prints; asserts nothing.
"""

import json
import statistics
import tempfile
import threading
import time
import uuid
from pathlib import Path

from conftest import Server
from visitor import Visitor

COUNT = 2_000
NOTES = "/lievin-2021/ateliers/numerique/notes"


def file_of(count: int) -> bytes:
    """As the page of a lost server writes it: each note with what it was noted with, every tenth chosen."""
    keys = [uuid.uuid4().hex for _ in range(count)]
    notes = [
        {
            "id": key,
            "number": number,
            "rubric": "r1",
            "theme": f"Thème {number % 9}",
            "highlight": number if number % 10 == 0 else None,
            "withdrawn": False,
            "seq": number,
            "wordings": [{"revision": key, "text": f"La note {number} du serveur perdu, dite en entier."}],
        }
        for number, key in enumerate(keys, 1)
    ]
    operations = [
        {
            "id": key,
            "action": "notes",
            "note": None,
            "fields": [["text", f"La note {number}"], ["operation", key]],
            "state": "done",
            "answer": {"seq": number},
        }
        for number, key in enumerate(keys, 1)
    ]
    data = {
        "format": 3,
        "event": "lievin-2021",
        "workshop": {"id": "lost", "name": "emergence"},
        "seq": count,
        "mark": "gone",
        "rubrics": [["r1", "Recommandations"]],
        "participants": 24,
        "speaker": None,
        "notes": notes,
        "operations": operations,
    }
    return json.dumps(data, separators=(",", ":")).encode()


def bring(organiser: Visitor, content: bytes) -> tuple[int, str, float]:
    """The status, what was answered, and the seconds that it took."""
    fields = {"csrf_token": organiser.token, "rebuild": "1", "operation": uuid.uuid4().hex}
    start = time.perf_counter()
    status, page = organiser.send("/lievin-2021/organisation/fichiers", fields, files=content)
    return status, page, time.perf_counter() - start


def saves(facilitator: Visitor, until: threading.Event, least: int) -> list[float]:
    """Seconds of each note, one after the other."""
    found: list[float] = []
    while not until.is_set() or len(found) < least:
        start = time.perf_counter()
        fields = {"operation": uuid.uuid4().hex, "text": f"Une note {len(found)}", "parts": "one"}
        status, _ = facilitator.post(NOTES, accept="application/json", **fields)
        assert status == 200, status
        found.append(time.perf_counter() - start)
    return found


def said(name: str, found: list[float]) -> str:
    middle, longest = statistics.median(found) * 1000, max(found) * 1000
    return f"{name:34} {len(found):4} saves, p50 {middle:5.0f} ms, longest {longest:6.0f} ms"


def main() -> None:
    server = Server(Path(tempfile.mkdtemp()) / "data").start()
    try:
        facilitator, organiser = Visitor(server), Visitor(server)
        facilitator.post("/", code=server.code("L’outil numérique"))
        organiser.post("/organisation", password=server.password())
        over = threading.Event()
        over.set()
        print(said("calm", saves(facilitator, over, 100)), flush=True)
        over.clear()
        found: list[float] = []
        saving = threading.Thread(target=lambda: found.extend(saves(facilitator, over, 20)))
        saving.start()
        status, page, took = bring(organiser, file_of(COUNT))
        over.set()
        saving.join()
        there = f"{COUNT} notes" if f"{COUNT // 1000}\u202f000 notes" in page or str(COUNT) in page else "?"
        print(said("2,000 operations brought back", found), f"  answered {status} in {took:.1f} s, {there}")
    finally:
        server.kill()


if __name__ == "__main__":
    main()
