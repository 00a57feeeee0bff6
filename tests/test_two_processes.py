"""Two processes on one PostgreSQL database are as one: whoever answers, the story is the same."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from conftest import ROOT, Server
from postgres import empty_database, fresh_database, sqlalchemy_address
from sqlalchemy import Engine, create_engine, text
from visitor import Visitor
from waiting import eventually

from contrib.access.public_address import network_address

TAKEN_OVER_S = 10.0
"""Promised; a machine so busy that a server takes longer to start is given as long."""
WORKSHOP = "/lievin-2021/ateliers/emergence"


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    with fresh_database(fsync=False) as address:
        yield address


@pytest.fixture
def database(cluster: str) -> str:
    return empty_database(cluster, f"day_{uuid4().hex[:8]}")


@pytest.fixture
def store(database: str) -> Iterator[Engine]:
    engine = create_engine(sqlalchemy_address(database), isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture
def two(database: str, tmp_path: Path) -> Iterator[list[Server]]:
    """A server on each of two ports: whoever asks knows which process answers."""
    hosted = {"DATABASE_URL": database, "CONTRIB_ADDRESS": "http://ateliers.exemple.fr"}
    servers = [Server(tmp_path / "data", **hosted).start() for _ in range(2)]
    yield servers
    for server in servers:
        server.kill()


@pytest.fixture
def pair(database: str, tmp_path: Path) -> Iterator[Server]:
    """One server of two processes."""
    server = Server(tmp_path / "data", DATABASE_URL=database).start("--workers", "2")
    yield server
    server.kill()


def facilitator(server: Server) -> Visitor:
    visitor = Visitor(server)
    visitor.post("/", code=server.code("L’émergence"))
    return visitor


def note(visitor: Visitor, words: str) -> int:
    """The number of the operation that took a note."""
    fields = {"operation": uuid4().hex, "text": words, "parts": "one"}
    status, answer = visitor.post(f"{WORKSHOP}/notes", accept="application/json", **fields)
    assert status == 200, answer
    return int(json.loads(answer)["seq"])


def asked(store: Engine, question: str) -> Callable[[], object]:
    def ask() -> object:
        with store.connect() as connection:
            return connection.scalar(text(question))

    return ask


holder = "SELECT split_part(holder, '-', 1) FROM lease WHERE until > now() AT TIME ZONE 'UTC'"
printed = "SELECT max(seq) FROM printed_document WHERE record"
copied = "SELECT value FROM shared_state WHERE name = 'copy'"


def test_two_hundred_looks_through_both_processes_tell_one_story(two: list[Server]) -> None:
    laptop, organiser = facilitator(two[0]), Visitor(two[0])
    organiser.post("/organisation", password=two[0].password())
    last = [note(laptop, f"Une note {number}") for number in range(8)][-1]
    assert organiser.post("/lievin-2021/organisation/copies")[0] == 200
    Visitor(two[1]).get("/joint")

    def look(number: int) -> tuple[object, ...]:
        laptop.url, organiser.url = two[number % 2].url, two[(number // 2) % 2].url
        news = json.loads(laptop.get(f"{WORKSHOP}/feed?since={last}&unsent=2"))
        board = json.loads(organiser.get(f"/lievin-2021/restitution/feed?since={last}"))
        return (
            news["printed"],
            news["seq"],
            re.findall(r"(\d+)\snotes?\sattendues?, annoncées?", board["regions"]["dashboard"]),
            re.findall(r"copie-\S+\.zip", organiser.get("/lievin-2021/organisation/copies")),
            "Un autre appareil est arrivé" in organiser.get("/lievin-2021/organisation/adresse"),
        )

    assert eventually(lambda: look(0)[0] == last)
    looks = [look(number) for number in range(50)]

    assert looks[0][:3] == (last, last, ["2"])
    assert len(looks[0][3]) == 1
    assert looks[0][4]
    assert [one for one in looks if one != looks[0]] == []


def test_a_sheet_never_says_the_address_that_a_request_brings(pair: Server) -> None:
    organiser = Visitor(pair)
    organiser.post("/organisation", password=pair.password())
    organiser.opener.addheaders = [("Host", "evil.example")]

    sheets = organiser.get("/lievin-2021/organisation/fiches")

    assert "evil.example" not in sheets
    assert f'<p class="address">http://{network_address()}:{pair.port}</p>' in sheets


def test_when_the_process_that_works_is_killed_the_next_document_and_copy_come_from_the_other(
    store: Engine, request: pytest.FixtureRequest
) -> None:
    start = time.monotonic()
    pair: Server = request.getfixturevalue("pair")
    within = max(TAKEN_OVER_S, time.monotonic() - start)
    laptop = facilitator(pair)
    first = note(laptop, "Avant")
    assert eventually(lambda: asked(store, printed)() == first)
    assert eventually(asked(store, copied)), "the first copy is made, and told"
    killed = asked(store, holder)()
    copies = pair.data / "copies"
    before = {path.name for path in copies.glob("copie-*.zip")}
    with store.connect() as connection:  # a copy is due
        connection.execute(text("DELETE FROM shared_state WHERE name = 'copy'"))

    os.kill(int(str(killed)), signal.SIGKILL)
    second = eventually(lambda: note_where_somebody_answers(laptop, "Après"))

    assert eventually(lambda: asked(store, printed)() == second, within)
    assert asked(store, holder)() not in (None, killed)
    assert eventually(lambda: {path.name for path in copies.glob("copie-*.zip")} - before, within)


def note_where_somebody_answers(visitor: Visitor, words: str) -> int:
    """0 where the connection was one of the process that was killed."""
    try:
        return note(visitor, words)
    except OSError:
        return 0


def test_first_starts_at_once_on_an_empty_database_make_one_day(
    database: str, store: Engine, tmp_path: Path
) -> None:
    words = [sys.executable, "-m", "contrib", "codes", "--data"]
    starts = [
        subprocess.Popen(
            [*words, str(tmp_path / f"data-{number}")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": database},
        )
        for number in range(3)
    ]
    said = [one.communicate(timeout=120) for one in starts]

    assert [one.returncode for one in starts] == [0, 0, 0], said
    assert sum("Mot de passe de l’organisateur" in out for out, _ in said) == 1
    assert asked(store, "SELECT count(*) FROM event")() == 1


def test_several_processes_on_a_sqlite_file_are_refused_in_a_sentence(tmp_path: Path) -> None:
    start = subprocess.run(
        [sys.executable, "-m", "contrib", "serve", "--data", tmp_path / "data", "--workers", "2"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
    )

    assert start.returncode == 1
    assert "Plusieurs processus se partagent une base PostgreSQL, pas un fichier" in start.stderr
    assert "Traceback" not in start.stderr


def test_who_else_is_in_a_workshop_is_known_to_the_other_process(two: list[Server]) -> None:
    here, there = (facilitator(server) for server in two)
    open_note = uuid4().hex
    here.get(f"{WORKSHOP}/feed?note={open_note}")

    others = json.loads(there.get(f"{WORKSHOP}/feed"))["others"]
    assert others == {
        "said": "Aussi ici : un autre ordinateur (écrit)",
        "notes": {open_note: "un autre ordinateur"},
    }
