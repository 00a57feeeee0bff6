"""The press beside the server: documents are compiled in a second process."""

import os
import signal
import subprocess
import time
from pathlib import Path

from conftest import Room, Server
from readback import text
from test_saved_files import carry, data_of, known

from contrib.publish import press, worker


def children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


def test_the_document_is_the_same_from_the_second_process(emergence: Room) -> None:
    emergence.note("Une recommandation", "recommandations")
    here = press.print_now(emergence.event)
    press._good.clear()
    worker.start()
    try:
        beside = press.print_now(emergence.event)
    finally:
        worker.stop()

    assert beside.fingerprint == here.fingerprint


def test_a_second_process_that_was_killed_stops_no_document(emergence: Room) -> None:
    others = children(os.getpid())  # the browser's driver is one of them
    worker.start()
    try:
        press.print_now(emergence.event)
        beside = set(children(os.getpid())) - set(others)
        assert beside
        for child in beside:
            os.kill(child, signal.SIGKILL)
        emergence.note("Notée après")
        printed = press.print_now(emergence.event)
    finally:
        worker.stop()

    assert "Notée après" in text(printed.content)
    assert not printed.stale


def test_the_second_process_ends_with_a_server_that_is_killed(server: Server, tmp_path: Path) -> None:
    assert server.process
    deadline = time.monotonic() + 20
    while not children(server.process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    beside = children(server.process.pid)
    assert beside
    server.kill()
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in beside) and time.monotonic() < deadline:
        time.sleep(0.1)

    assert not [pid for pid in beside if Path(f"/proc/{pid}").exists()]


def test_notes_that_a_file_brought_back_are_in_the_document(emergence: Room) -> None:
    carry(emergence, data_of(emergence, known("a", "Sauvée du serveur perdu")))

    assert "Sauvée du serveur perdu" in text(press.print_now(emergence.event).content)
