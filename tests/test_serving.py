"""`contrib serve` with a hall full of laptops: slow ones, silent ones, half-sent ones."""

import http.client
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from conftest import ROOT, Person, Room, Server, code_of
from visitor import Visitor

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
HALF = b"POST / HTTP/1.1\r\nHost: x\r\n" + FORM + b"Content-Length: 500\r\n\r\ncode=Une"


def line(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def get(path: str = "/") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def page(server: Server, path: str = "/") -> str:
    with urllib.request.urlopen(f"{server.url}{path}", timeout=20) as answer:
        return answer.read().decode()


def script(server: Server) -> str:
    """The address of a static file, which any page names."""
    found = re.search(r'href="(/static/v/[^"]+\.css)"', page(server))
    assert found
    return found[1]


def test_a_laptop_asks_again_and_again_on_one_connection(server: Server) -> None:
    laptop = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    ports = set()
    for _ in range(5):
        laptop.request("GET", "/")
        assert b"<h1" in laptop.getresponse().read()
        assert laptop.sock is not None, "the server hung up"
        ports.add(laptop.sock.getsockname())
    laptop.close()

    assert len(ports) == 1


def test_two_questions_in_one_breath_are_answered_in_order(server: Server) -> None:
    with line(server) as laptop:
        laptop.sendall(get("/joint") + get("/organisation"))
        came = b""
        while came.count(b"</html>") < 2:
            more = laptop.recv(65536)
            assert more, "the server hung up"
            came += more

    assert came.index("C’est l’ordinateur du serveur".encode()) < came.index(b'name="password"')


def test_a_laptop_that_reads_slowly_gets_the_whole_answer(server: Server) -> None:
    path = script(server)
    with line(server) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_024)
        slow.sendall(get(path) + get(path))
        assert "<h1" in page(server), "the others are answered meanwhile"
        whole = b""
        while whole.count(b"@media print") < 2 * page(server, path).count("@media print"):
            more = slow.recv(512)
            assert more, "the server hung up"
            whole += more


def test_a_text_that_is_too_big_is_refused_in_a_sentence_by_both_doors(server: Server) -> None:
    for kind, expected in (("application/json", '"outcome"'), ("text/html", "<h1")):
        asked = urllib.request.Request(
            f"{server.url}/{server.day}/ateliers/emergence/notes",
            data=b"text=" + b"x" * 21_000_000,
            headers={"Accept": kind},
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(asked)
        assert refused.value.code == 413
        said = refused.value.read().decode()
        assert expected in said
        assert "trop gros" in said


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_that_nobody_reads_holds_nobody_back(server: Server, method: str) -> None:
    deaf = [line(server) for _ in range(12)]
    asked = f"{method} {script(server)} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode() * 40
    for laptop in deaf:
        laptop.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_024)
        laptop.sendall(asked)

    assert "<h1" in page(server)
    for laptop in deaf:
        laptop.close()


def test_laptops_whose_network_fails_in_mid_sentence_hold_nobody_back(server: Server) -> None:
    stuck = [line(server) for _ in range(40)]
    for laptop in stuck:
        laptop.sendall(HALF)

    assert "<h1" in page(server)
    for laptop in stuck:
        laptop.close()
    assert "<h1" in page(server)


def test_a_connection_that_never_says_what_it_wants_is_hung_up_on(server: Server) -> None:
    with line(server) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\nHost:")
        said = silent.recv(4_096)
        assert b"200" not in said
        assert said == b"" or silent.recv(4_096) == b""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_asked_to_stop_says_so_and_leaves_nothing_behind(
    own_server: Server, how: int
) -> None:
    assert own_server.process
    organiser = Visitor(own_server)
    organiser.post("/organisation", password=own_server.password())
    with organiser.opener.open(f"{own_server.url}/lievin-2021/restitution.docx", timeout=30) as document:
        assert document.read(2) == b"PK", "a second process compiles, and has to be ended too"
    own_server.process.send_signal(how)

    assert own_server.process.wait(timeout=30) == 0
    said = (own_server.data.parent / f"server-{own_server.port}.log").read_text("utf-8")
    assert said.rstrip().endswith("Le serveur est arrêté. Tout ce qui était reçu est gardé.")
    assert "Traceback" not in said
    assert "semaphore" not in said
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # closed connections linger
        free.bind(("127.0.0.1", own_server.port))


def test_a_port_that_is_taken_is_said_in_a_sentence(own_server: Server, tmp_path) -> None:
    other = subprocess.run(
        [
            sys.executable,
            "-m",
            "contrib",
            "serve",
            "--data",
            tmp_path / "other",
            "--port",
            str(own_server.port),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    assert other.returncode == 1
    assert f"Le port {own_server.port} est déjà pris" in other.stderr


def test_a_cookie_is_believed_only_as_it_was_signed(app, emergence: Room) -> None:
    person = Person(app)
    person.enter(code_of(app, emergence.event, "emergence"))
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


def test_a_browser_that_goes_in_mid_post_is_said_to_nobody_on_the_terminal(own_server: Server) -> None:
    said = own_server.data.parent / f"server-{own_server.port}.log"
    before = said.read_text("utf-8")
    for _ in range(3):
        with line(own_server) as gone:
            gone.sendall(HALF)
        with line(own_server) as gone:
            gone.sendall(get(script(own_server)))

    assert "<h1" in page(own_server)
    assert said.read_text("utf-8") == before
