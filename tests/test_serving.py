"""The embedded server with a hall full of laptops: slow ones, silent ones, slow pages."""

import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import Any

import pytest
from conftest import Person, Room, Server
from sqlalchemy import bindparam, select
from waitress.server import create_server

from contrib import turns
from contrib.connections import Connections
from contrib.db import db
from contrib.models import Note, Revision
from contrib.prepared import Prepared


def answer(environ: dict[str, Any], start: Any) -> list[bytes]:
    """Echoes what was sent; « /long » is three million bytes."""
    body = environ["wsgi.input"].read() or b"ok"
    if environ["PATH_INFO"] == "/long":
        body = b"x" * 3_000_000
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@contextmanager
def listening(**options: Any) -> Iterator[int]:
    server = create_server(answer, host="127.0.0.1", port=0, map=Connections(), **options)
    server.asyncore = Connections
    threading.Thread(target=server.run, daemon=True).start()
    yield server.effective_port
    server.close()


def line(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def get(path: str = "/") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def received(connection: socket.socket, length: int) -> bytes:
    """What comes until so many bytes of body are there."""
    came = b""
    while True:
        head, _, body = came.partition(b"\r\n\r\n")
        if head and len(body) >= length:
            return body
        more = connection.recv(65536)
        assert more, "the server hung up"
        came += more


def test_a_laptop_asks_again_and_again_on_one_connection() -> None:
    with listening() as port, line(port) as laptop:
        for _ in range(5):
            laptop.sendall(get())
            assert received(laptop, 2) == b"ok"


def test_two_questions_in_one_breath_are_answered_in_order() -> None:
    with listening() as port, line(port) as laptop:
        post = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"
        laptop.sendall(post + b"first" + post + b"after")
        came = b""
        while came.count(b"HTTP/1.1") < 2 or not came.endswith(b"after"):
            came += laptop.recv(65536)
        assert came.index(b"first") < came.index(b"after")


def test_a_laptop_that_reads_slowly_gets_the_whole_document() -> None:
    with listening() as port, line(port) as laptop:
        laptop.sendall(get("/long"))
        time.sleep(0.5)
        assert len(received(laptop, 3_000_000)) == 3_000_000
        laptop.sendall(get())
        assert received(laptop, 2) == b"ok"


def test_a_laptop_that_is_silent_for_long_is_hung_up_on_and_the_others_are_not() -> None:
    with listening(channel_timeout=2, cleanup_interval=1) as port, line(port) as silent, line(port) as busy:
        silent.sendall(get())
        received(silent, 2)
        end = time.monotonic() + 5
        while time.monotonic() < end:
            busy.sendall(get())
            received(busy, 2)
            time.sleep(0.2)
        assert silent.recv(10) == b""


def test_a_hall_whose_network_comes_back_is_let_in_at_one_look() -> None:
    connections = Connections()
    server = create_server(answer, host="127.0.0.1", port=0, map=connections)
    hall = [line(server.effective_port) for _ in range(80)]
    time.sleep(0.2)

    connections.turn(0.1)

    assert len(server.active_channels) == 80
    for laptop in hall:
        laptop.close()
    server.task_dispatcher.shutdown()
    server.close()


def test_a_system_that_gives_few_files_gets_fewer_connections_and_no_failure() -> None:
    asked = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}));"
        "from contrib.serving import _room_for_connections as room; print(room())"
    )
    for soft, hard, room in ((256, 400, "250"), (256, 4096, "2000"), (4096, 4096, "2000")):
        code = asked.format(soft=soft, hard=hard)
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert run.stdout.strip() == room


def test_a_text_that_is_too_big_is_refused_in_a_sentence_by_both_doors(server: Server) -> None:
    for kind, expected in (("application/json", '"outcome"'), ("text/html", "<h1")):
        asked = urllib.request.Request(
            f"{server.url}/lievin-2021/ateliers/emergence/notes",
            data=b"text=" + b"x" * 21_000_000,
            headers={"Accept": kind},
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(asked)
        assert refused.value.code == 413
        said = refused.value.read().decode()
        assert expected in said
        assert "trop gros" in said


def test_forty_laptops_whose_network_fails_in_mid_sentence_hold_nobody_back(server: Server) -> None:
    half = b"POST /lievin-2021/ateliers/emergence/notes HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\ntext=Une"
    stuck = [line(server.port) for _ in range(40)]
    for laptop in stuck:
        laptop.sendall(half)
    with line(server.port) as other:
        other.sendall(get("/"))
        assert b"<h1" in received(other, 500)
    for laptop in stuck:
        laptop.close()
    with line(server.port) as other:
        other.sendall(get("/"))
        assert b"<h1" in received(other, 500)


def at_once(app: Any, paths: list[str]) -> list[str]:
    """The paths in the order in which they were answered, each asked by a thread of its own."""
    done: list[str] = []

    def ask(path: str) -> None:
        app({"PATH_INFO": path}, None)
        done.append(path)

    threads = [threading.Thread(target=ask, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
        time.sleep(0.02)
    for thread in threads:
        thread.join()
    return done


def test_one_request_computes_at_a_time() -> None:
    inside, most = 0, 0

    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.001)
        inside -= 1
        return []

    at_once(turns.in_turn(app), ["/"] * 20)
    assert most == 1


def test_a_page_that_takes_long_does_not_hold_notes_back() -> None:
    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/slow":
            time.sleep(1.5)
        return []

    assert at_once(turns.in_turn(app), ["/slow", "/note", "/note"]) == ["/note", "/note", "/slow"]


def test_who_waits_for_the_disk_lets_others_compute_and_takes_its_turn_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "PATIENCE_S", 30)
    order: list[str] = []
    committed = threading.Event()

    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/save":
            with turns.aside():
                committed.wait(timeout=10)
        order.append(environ["PATH_INFO"])
        committed.set()
        return []

    at_once(turns.in_turn(app), ["/save", "/feed"])
    assert order == ["/feed", "/save"]


def test_a_note_that_was_just_committed_is_answered_before_new_requests_begin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "PATIENCE_S", 30)
    committed, looked = threading.Event(), threading.Event()
    order: list[str] = []

    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        if path == "/save":
            with turns.aside():
                committed.wait(timeout=10)
        if path == "/busy":  # the others wait for its turn: two that begin, and then the note
            threading.Timer(0.2, committed.set).start()
            looked.wait(timeout=0.6)
        order.append(path)
        return []

    at_once(turns.in_turn(app), ["/save", "/busy", "/feed", "/feed"])
    assert order == ["/busy", "/save", "/feed", "/feed"]


def test_a_prepared_statement_says_what_the_ordinary_way_says(emergence: Room) -> None:
    note = emergence.note("Une phrase", "recommandations")
    query = select(Note.id, Note.created_at, Note.withdrawn_at, Revision.standing).join(Note.revisions)
    ordinary = db.session.execute(query.where(Note.id == note)).one()
    (prepared,) = Prepared(query.where(Note.id == bindparam("note")))(db.session(), note=note)

    assert tuple(prepared) == tuple(ordinary)
    assert prepared.standing is True
    assert prepared.created_at.tzinfo is UTC


def test_a_prepared_statement_refuses_a_value_that_is_missing_or_misspelt(emergence: Room) -> None:
    one = Prepared(select(Note.id).where(Note.id == bindparam("note")))
    for values in ({}, {"nota": "x"}, {"note": "x", "more": 1}):
        with pytest.raises(TypeError):
            one(db.session(), **values)


def test_a_cookie_is_believed_only_as_it_was_signed(app: Any, emergence: Room) -> None:
    from contrib.access import codes

    code = next(codes.of_event(app.config["SECRET_KEY"], emergence.event))[1]
    person = Person(app)
    person.enter(code)
    person.get(emergence.path)
    assert person.status == 200
    cookie = person.client.get_cookie("contrib")
    assert cookie is not None
    payload, rest = cookie.value.split(".", 1)
    for forged in (f"{payload}x.{rest}", f"{payload}.{rest[:-2]}AA", payload, ""):
        person.client.set_cookie("contrib", forged)
        person.get(emergence.path)
        assert person.status == 401
    person.client.set_cookie("contrib", cookie.value)
    person.get(emergence.path)
    assert person.status == 200
