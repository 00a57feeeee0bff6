"""The same code on PostgreSQL, with two server processes on one database."""

import json
import os
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, Server
from material import Material
from postgres import fresh_database, sqlalchemy_address
from sqlalchemy import create_engine, text
from torture_server import Writer
from waiting import eventually


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with fresh_database(fsync=False) as address:
        yield address


def test_two_processes_write_each_note_once_and_compile_another_day(
    database: str, material: Material, tmp_path: Path
) -> None:
    servers = [Server(tmp_path / "data", DATABASE_URL=database).start() for _ in range(2)]
    stop = threading.Event()
    code = servers[0].code("L’émergence").replace("-", "")
    writers = [Writer([s.port for s in servers], code, number, stop) for number in range(8)]
    for writer in writers:
        writer.start()
    assert eventually(lambda: sum(len(w.acknowledged) for w in writers) >= 200, 120)
    stop.set()
    for writer in writers:
        writer.join(30)
    for server in servers:
        server.kill()

    engine = create_engine(sqlalchemy_address(database))
    with engine.connect() as connection:
        notes = set(connection.scalars(text("SELECT id FROM note")))
        numbers = list(connection.scalars(text("SELECT number FROM note ORDER BY number")))
        gap = connection.scalar(text("SELECT max(seq) - count(*) FROM operation"))
    engine.dispose()
    told = [note for writer in writers for note in writer.acknowledged.values()]
    assert len(told) >= 200
    assert sorted(told) == sorted(notes)
    assert numbers == list(range(1, len(notes) + 1))
    assert gap == 0

    for command in (["import", material.day.notes], ["digest", "-o", tmp_path / "digest.json"]):
        subprocess.run(
            [sys.executable, "-m", "contrib", *command, "--data", tmp_path / "data"]
            + ["--programme", material.day.programme],
            check=True,
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": database},
            capture_output=True,
        )
    digest = json.loads((tmp_path / "digest.json").read_text("utf-8"))
    programme = tomllib.loads(material.day.programme.read_text("utf-8"))
    assert digest["event"]["name"] == programme["journee"]["nom"]
    assert sum(w["received"] for w in digest["workshops"]) == len(material.day.rows())
