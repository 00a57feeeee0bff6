"""The press beside the server: documents are compiled in a second process."""

import os
import signal
import subprocess
from datetime import timedelta
from pathlib import Path

from conftest import Person, Room, Server, code_of
from readback import text
from saved import carry, data_of, known
from waiting import eventually

from contrib import clock
from contrib.documents import latest_document, process


def children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


def test_the_document_is_the_same_from_the_second_process(emergence: Room) -> None:
    emergence.note("Une recommandation", "recommandations")
    here = latest_document.compile_now(emergence.event)
    process.start()
    try:
        with clock.frozen_at(clock.now() + timedelta(seconds=5)):  # later, it is compiled anew
            beside = latest_document.compile_now(emergence.event)
    finally:
        process.stop()

    assert beside is not here
    assert beside.fingerprint == here.fingerprint


def test_the_presenter_s_page_shows_what_is_said_now_and_waits_for_no_document(
    app, day, people, emergence: Room
) -> None:
    emergence.note("Une recommandation", "recommandations", highlight=True)
    presenter: Person = people()
    presenter.enter(code_of(app, day, None))
    assert latest_document.last_good(day.id) is None
    assert "Aucun document encore" in presenter.page
    printed = latest_document.compile_now(day)
    laptop: Person = people()
    laptop.enter(code_of(app, day, "emergence"))
    laptop.get(f"{emergence.path}/feed?since=0&unsent=2")
    emergence.note("Une autre", "recommandations", highlight=True)
    presenter.get(f"/{day.name}/restitution")

    assert latest_document.last_good(day.id) is printed
    assert "Une autre" in presenter.page
    assert "2 notes annoncées, pas encore reçues" in presenter.page  # what no note tells
    assert f"Word, {printed.pages} pages, {round(len(printed.content) / 1000)} ko" in presenter.page


def test_a_second_process_that_was_killed_stops_no_document(emergence: Room) -> None:
    others = children(os.getpid())  # the browser's driver is one of them
    process.start()
    try:
        latest_document.compile_now(emergence.event)
        beside = set(children(os.getpid())) - set(others)
        assert beside
        for child in beside:
            os.kill(child, signal.SIGKILL)
        emergence.note("Notée après")
        printed = latest_document.compile_now(emergence.event)
    finally:
        process.stop()

    assert "Notée après" in text(printed.content)
    assert not printed.stale


def descendants(pid: int) -> list[int]:
    return [one for child in children(pid) for one in (child, *descendants(child))]


def test_nothing_of_a_server_outlives_it_when_it_is_killed(own_server: Server) -> None:
    assert own_server.process
    pid = own_server.process.pid
    # the process that answers, the one that compiles, what shares their semaphores
    beside = eventually(lambda: found if len(found := descendants(pid)) >= 3 else [])
    assert beside

    own_server.process.kill()
    own_server.process.wait()

    eventually(lambda: not [one for one in beside if Path(f"/proc/{one}").exists()])
    assert not [one for one in beside if Path(f"/proc/{one}").exists()]


def test_notes_that_a_file_brought_back_are_in_the_document(emergence: Room) -> None:
    carry(emergence, data_of(emergence, known("a", "Sauvée du serveur perdu")))

    assert "Sauvée du serveur perdu" in text(latest_document.compile_now(emergence.event).content)
