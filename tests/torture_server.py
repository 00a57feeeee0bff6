"""`make torture`: the whole process group killed with SIGKILL under 40 writers, again and again.

Prints how many operations were acknowledged, and that each of them is there once; where several
processes share a database, also how long it took at most until another one held the lease in the
place of the one that was killed (`contrib/host/background.py`).
Options: --kills 20 --acknowledged 10000 --processes 1 --postgres (a database of its own)
"""

import argparse
import http.client
import json
import os
import signal
import sys
import tempfile
import threading
import time
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from conftest import ROOT, Server, free_port
from postgres import fresh_database, sqlalchemy_address
from sqlalchemy import create_engine, text
from waiting import eventually

WRITERS = 40


class Writer(threading.Thread):
    """A facilitator that never stops: sends, and sends the same again until it is acknowledged."""

    def __init__(self, ports: list[int], code: str, number: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.code, self.number, self.stop = ports[number % len(ports)], code, number, stop
        self.acknowledged: dict[str, str] = {}
        self.cookie = ""
        self.token = ""

    def ask(self, method: str, path: str, fields: dict | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Accept": "application/json", "Cookie": self.cookie}
        body = None
        if fields is not None:
            body = urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookie = value.split(";")[0]
        return answer.status, answer.read().decode()

    def run(self) -> None:
        waiting: tuple[str, str] | None = None
        while not self.stop.is_set() or waiting:
            if waiting is None:
                waiting = (uuid4().hex, f"Note de {self.number}, {len(self.acknowledged)}")
            try:
                if not self.token:
                    self.ask("GET", f"/e/{self.code}")
                    self.token = json.loads(self.ask("GET", "/jeton")[1])["csrf_token"]
                fields = {
                    "operation": waiting[0],
                    "text": waiting[1],
                    "parts": "one",
                    "csrf_token": self.token,
                }
                _, body = self.ask("POST", "/lievin-2021/ateliers/emergence/notes", fields)
                answer = json.loads(body)
            except (OSError, http.client.HTTPException, ValueError, KeyError):
                self.token = ""
                threading.Event().wait(0.05)  # the server is down: ask again, not at once
                continue
            if answer.get("operation") == waiting[0] and answer["outcome"] == "accepted":
                self.acknowledged[waiting[0]] = answer["note"]
                waiting = None
            else:
                self.token = ""


def kill_group(server: Server) -> None:
    if server.process:
        os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--acknowledged", type=int, default=10_000)
    options.add_argument("--postgres", action="store_true")
    options.add_argument("--processes", type=int, default=1)
    given = options.parse_args()
    with fresh_database(fsync=True) if given.postgres else nullcontext("") as database:
        return torture(given, database)


def torture(given: argparse.Namespace, database: str) -> int:
    environment = {"DATABASE_URL": database} if database else {}
    data = Path(tempfile.mkdtemp()) / "data"
    servers = [Server(data, free_port(), **environment) for _ in range(given.processes)]
    for server in servers:
        server.start()
    code = servers[0].code("L’émergence").replace("-", "")
    stop = threading.Event()
    ports = [server.port for server in servers]
    writers = [Writer(ports, code, number, stop) for number in range(WRITERS)]
    taken_over: list[float] = []
    start = time.monotonic()
    for writer in writers:
        writer.start()
    for round in range(given.kills):
        goal = given.acknowledged * (round + 1) // given.kills
        eventually(lambda: sum(len(w.acknowledged) for w in writers) >= goal, 300)  # noqa: B023
        victim = servers[round % len(servers)]
        if database and given.processes > 1:
            taken_over.append(killed_and_taken_over(victim, database))
        else:
            kill_group(victim)
        victim.start()
    stop.set()
    for writer in writers:
        writer.join(60)
    seconds = time.monotonic() - start
    told = {key: note for writer in writers for key, note in writer.acknowledged.items()}
    for server in servers:
        kill_group(server)
    kept, check = read_back(data, database)
    lost = set(told.values()) - set(kept)
    doubled = len(kept) - len(set(kept))
    counted = f"{given.processes} process{'es' if given.processes > 1 else ''}"
    print(
        f"{'PostgreSQL' if database else 'SQLite'}, {counted}, {given.kills} kills, {len(told)} acknowledged in {seconds:.0f} s, {len(kept)} kept, "
        f"{len(lost)} lost, {doubled} texts twice, check: {check}"
    )
    if taken_over:
        passed = [seconds for seconds in taken_over if seconds]
        print(f"{len(passed)} of them held the lease: it passed on within {max(passed, default=0):.1f} s")
    return 1 if lost or doubled or check != "ok" or len(told) < given.acknowledged else 0


def killed_and_taken_over(victim: Server, database: str) -> float:
    """Seconds from the kill until another process makes documents and copies; 0 where another did all along."""
    engine = create_engine(sqlalchemy_address(database))

    def holder() -> str:
        with engine.connect() as store:
            return str(store.scalar(text("SELECT holder FROM lease")))

    before = holder()
    assert victim.process
    held = os.getpgid(int(before.split("-")[0])) == victim.process.pid
    kill_group(victim)
    start = time.monotonic()
    taken = eventually(lambda: not held or holder() != before, 60)
    engine.dispose()
    if not held:
        return 0.0
    return time.monotonic() - start if taken else float("inf")


def read_back(data: Path, database: str) -> tuple[list[str], str]:
    """The id of each note, as often as its text is kept; and the integrity check."""
    address = sqlalchemy_address(database) or f"sqlite:///{data}/contrib.sqlite3"
    engine = create_engine(address)
    with engine.connect() as store:
        check = "ok" if database else store.scalar(text("PRAGMA integrity_check"))
        gaps = store.scalar(text("SELECT max(seq) - count(*) FROM operation"))
        same = "SELECT min(note_id) FROM revision GROUP BY text HAVING count(*) > 1"
        rows = [*store.scalars(text("SELECT id FROM note")), *store.scalars(text(same))]
    engine.dispose()
    return rows, f"{gaps} gaps" if gaps else check


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
