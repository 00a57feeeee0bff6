"""The day before: is this machine ready, and do other devices reach it?"""

import base64
import hashlib
import http.client
import http.server
import re
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import machine
import pytest
import trustme
from browsing import all_received, note, note_in_a_reopened_page, page_is_kept
from conftest import FLAGS, ROOT, Person, Room, Server, code_of, free_port
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, expect
from word_files import letter

from contrib import clock
from contrib.access import public_address
from contrib.documents import stationery_files
from contrib.host import doctor
from contrib.installation import open_folder, set_up_day
from contrib.programme import toml_file
from contrib.settings import Unusable
from contrib.store.db import db


@pytest.fixture(autouse=True)
def _nobody_has_arrived(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONTRIB_ADDRESS", raising=False)


def grades(lines: list[doctor.Finding]) -> dict[str, str]:
    return {line.sentence: line.grade for line in lines}


def wrong(lines: list[doctor.Finding]) -> list[str]:
    return [f"{line.sentence} {line.remedy}" for line in lines if line.grade == doctor.BAD]


# --- the doctor ------------------------------------------------------------------------------


@pytest.fixture
def on_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Like a laptop in a room: these tests also run where there is none."""
    monkeypatch.setattr(public_address, "network_address", lambda: "192.168.1.20")


def test_a_healthy_machine_has_nothing_to_mend(
    emergence: Room, desk: Person, on_a_network: None, tmp_path: Path
) -> None:
    (tmp_path / "key").mkdir()
    emergence.write("choose_copy_folder", folder=str(tmp_path / "key"))
    db.session.rollback()

    page = desk.get(f"/{emergence.event.name}/organisation/diagnostic")

    assert "Oui : rien ne s’oppose à la journée." in page.replace("\u00a0", " ")
    lines = doctor.examine(agent="Mozilla/5.0 Chrome/128.0 Safari/537.36")
    assert [line.grade for line in lines] == [doctor.GOOD] * 10
    said = " ".join(line.sentence for line in lines)
    for word in ("disque des données", "par écriture", "base de données", "horloge", "serveur répond", "192.168.1.20",
                 "document d’essai", "copies vont dans", "navigateur"):  # fmt: skip
        assert word in said, word


def test_a_documents_folder_that_was_pulled_out(emergence: Room, on_a_network: None, tmp_path: Path) -> None:
    emergence.write("choose_folder", folder=str(tmp_path / "gone"))
    db.session.rollback()

    assert [line for line in wrong(doctor.examine()) if "dossier des documents" in line and "clé" in line]


def test_a_copies_folder_that_was_pulled_out_and_none_at_all(
    emergence: Room, on_a_network: None, tmp_path: Path
) -> None:
    lines = doctor.examine()
    assert [line.grade for line in lines if "même disque" in line.sentence] == [doctor.CARE]
    emergence.write("choose_copy_folder", folder=str(tmp_path / "gone"))
    db.session.rollback()

    assert [line for line in wrong(doctor.examine()) if "dossier des copies" in line]


def test_a_clock_that_went_back(emergence: Room, on_a_network: None) -> None:
    emergence.note("Une note")
    db.session.rollback()

    with clock.frozen_at(clock.now() - timedelta(days=400)):
        found = wrong(doctor.examine())

    assert found == [
        "L’horloge de cet ordinateur retarde : des notes ont été reçues « plus tard » que maintenant. Réglez la "
        "date et l’heure de l’ordinateur (automatiquement), puis redémarrez le serveur."
    ]


def test_no_network_and_an_address_that_changed(
    emergence: Room, desk: Person, app, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["ADDRESS"] = "http://192.168.1.20:8021"
    monkeypatch.setattr(public_address, "network_address", lambda: "10.0.0.7")
    sheets = desk.get(f"/{emergence.event.name}/organisation/fiches")
    assert "L’adresse de cet ordinateur a changé : 10.0.0.7 au lieu de 192.168.1.20." in sheets
    assert [line for line in wrong(doctor.examine()) if "a changé" in line]

    monkeypatch.setattr(public_address, "network_address", lambda: "127.0.0.1")

    assert [line for line in wrong(doctor.examine()) if "relié à aucun réseau" in line]


def test_sheets_printed_before_this_start_are_told(emergence: Room, desk: Person, app, on_a_network) -> None:
    app.config["ADDRESS"] = "http://192.168.1.20:8021"
    app.config["ADDRESS_BEFORE"] = "http://192.168.43.7:8021"

    sheets = desk.get(f"/{emergence.event.name}/organisation/fiches")

    assert "portent une autre adresse (http://192.168.43.7:8021)" in sheets


def test_a_database_that_is_damaged(app, emergence: Room, on_a_network: None) -> None:
    emergence.note("Une note" * 400)
    db.session.remove()
    db.engine.dispose()
    path = app.config["DATA"] / "contrib.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    content[3 * 4096 : 6 * 4096] = bytes(range(256)) * 48
    path.write_bytes(content)

    assert [
        line for line in wrong(doctor.examine()) if "base de données" in line and "contrib restore" in line
    ]


def test_a_word_file_that_is_lost(app, emergence: Room, on_a_network: None) -> None:
    key = stationery_files.keep(letter())
    emergence.write("add_stationery", stationery=key, name="a.docx")
    emergence.write("choose_stationery", stationery=key)
    (app.config["DATA"] / "modeles" / f"{key}.docx").unlink()
    db.session.rollback()

    lines = doctor.examine()

    assert [line.grade for line in lines if "Le modèle Word choisi ne peut pas servir" in line.sentence] == [
        doctor.CARE
    ]
    assert [line.grade for line in lines if "document d’essai" in line.sentence] == [doctor.GOOD]


def run(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "contrib", *map(str, words)], capture_output=True, text=True, cwd=ROOT
    )


def test_a_port_that_another_program_holds(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        answer = run("doctor", "--data", tmp_path / "data", "--port", port)

    assert answer.returncode == 1
    assert f"Le port {port} est pris par un autre programme." in answer.stdout
    assert f"--port {port + 1}" in answer.stdout


def test_our_own_server_on_the_port_is_no_fault(tmp_path: Path) -> None:
    server = Server(tmp_path / "data").start()
    answer = run("doctor", "--data", tmp_path / "data", "--port", server.port)
    server.kill()

    assert f"Le serveur tourne déjà sur le port {server.port}." in answer.stdout


def test_a_disk_that_is_nearly_full(tmp_path: Path) -> None:
    """A real one of 12 MB; where mounting is refused, a disk that says it has little room."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = (
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", small], capture_output=True
        ).returncode
        == 0
    )
    try:
        if not mounted:
            pytest.MonkeyPatch().setattr(
                shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(12, 10, 2)
            )
        app, _ = open_folder(small / "data")
        with app.app_context():
            found = wrong(doctor.examine())
            db.session.remove()
            db.engine.dispose()
    finally:
        if mounted:
            subprocess.run(["umount", "-l", small], check=True)
        else:
            pytest.MonkeyPatch().undo()

    assert [line for line in found if "Il ne reste que 0,0 Go" in line]


# --- another device --------------------------------------------------------------------------


def test_the_page_turns_green_when_another_device_has_really_arrived(
    browser: Browser, tmp_path: Path
) -> None:
    address = public_address.network_address()
    server = Server(tmp_path / "data").start()
    desk = browser.new_page()
    try:
        desk.goto(f"{server.url}/organisation")
        desk.fill("#password", server.password())
        desk.keyboard.press("Enter")
        desk.wait_for_selector("h1:has-text('Les ateliers')")
        desk.goto(f"{server.url}/lievin-2021/organisation/adresse")
        expect(desk.get_by_text("Aucun autre appareil n’est encore arrivé.")).to_be_visible()
        shown = desk.locator(".address").inner_text()
        assert shown == f"http://{address}:{server.port}/joint"

        for own in {server.url, f"http://{address}:{server.port}"}:  # this machine is no other device
            page = browser.new_page()
            page.goto(f"{own}/joint")
            expect(page.get_by_role("heading", name="C’est l’ordinateur du serveur")).to_be_visible()
            page.close()
        expect(desk.get_by_text("Aucun autre appareil n’est encore arrivé.")).to_be_visible()
    finally:
        desk.close()
        server.kill()


def test_a_phone_that_arrives_is_named_and_the_desk_learns_it(emergence: Room, desk: Person, app) -> None:
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit Version/17.0 Mobile Safari"
    phone = app.test_client()

    page = phone.get("/joint", headers={"User-Agent": agent}, environ_base={"REMOTE_ADDR": "192.168.1.33"})

    assert "Cet appareil joint le serveur" in page.get_data(as_text=True)
    feed = desk.client.get(f"/{emergence.event.name}/organisation/adresse/feed").get_json()
    assert "Un autre appareil est arrivé" in feed["regions"]["arrived"]
    assert "un iPhone" in feed["regions"]["arrived"]


# --- hosted ----------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["ateliers.exemple.fr", "ftp://x", "https://", "https://x.fr/?a=1"])
def test_a_public_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(Unusable, match="il faut une adresse entière"):
        public_address.checked(address)


def test_behind_https_and_a_prefix_everything_says_the_public_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setenv("CONTRIB_ADDRESS", "https://exemple.fr/ateliers/")
    app, password = open_folder(tmp_path / "data")
    app.config["PASSWORD"] = password
    with app.app_context():
        code = code_of(app, set_up_day(toml_file.read(toml_file.DEFAULT)), "emergence")
        db.session.remove()
    for handed_on in ("/ateliers", ""):  # the proxy hands the prefix on, or takes it away
        client = app.test_client(use_cookies=False)  # the browser's own rules are not this test's
        page = client.get(f"{handed_on}/", headers={"Host": "127.0.0.1:8021"})
        assert 'href="/ateliers/static/v/' in page.get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))[1]
        came = page.headers["Set-Cookie"].split(";")[0]
        answer = client.post(
            f"{handed_on}/",
            data={"code": code, "csrf_token": token},
            headers={"Referer": "https://exemple.fr/ateliers/", "Cookie": came},
        )
        assert answer.headers["Location"] == "/ateliers/lievin-2021/ateliers/emergence"
        cookie = answer.headers["Set-Cookie"]
        assert "Secure" in cookie
        assert "Path=/ateliers/" in cookie
    with app.app_context():
        db.engine.dispose()


class Proxy(http.server.BaseHTTPRequestHandler):
    """A web server in front: everything under /ateliers goes to ours, with its own Host header."""

    to = 0
    protocol_version = "HTTP/1.1"

    def _pass(self) -> None:
        if not self.path.startswith("/ateliers"):
            self.send_error(404)
            return
        ours = http.client.HTTPConnection("127.0.0.1", self.to)
        length = int(self.headers.get("Content-Length") or 0)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
        ours.request(self.command, self.path, self.rfile.read(length) if length else None, headers)
        answer = ours.getresponse()
        body = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        ours.close()

    do_GET = do_POST = _pass

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def proxied(tmp_path: Path) -> Iterator[tuple[str, Server]]:
    """The public address, and the server behind it."""
    port = free_port()
    public = f"http://127.0.0.1:{port}/ateliers"
    server = Server(tmp_path / "data", CONTRIB_ADDRESS=public).start("--host", "127.0.0.1")
    handler = type("Here", (Proxy,), {"to": server.port})
    front = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=front.serve_forever, daemon=True).start()
    yield public, server
    front.shutdown()
    server.kill()


def test_an_afternoon_behind_a_proxy_with_a_path(browser: Browser, proxied: tuple[str, Server]) -> None:
    public, server = proxied
    page = browser.new_page()
    page.goto(f"{public}/")
    page.fill("#code", server.code("L’émergence"))
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-alive=journal]")
    page.fill("#text", "Notée derrière un proxy")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".note .said")).to_contain_text("Notée derrière un proxy")
    expect(page.locator(".note")).to_contain_text("Dans le document")
    assert page.url.startswith(f"{public}/lievin-2021/ateliers/emergence")
    desk = browser.new_page()
    desk.goto(f"{public}/organisation")
    desk.fill("#password", server.password())
    desk.keyboard.press("Enter")
    desk.wait_for_selector("h1:has-text('Les ateliers')")
    desk.goto(f"{public}/lievin-2021/organisation/fiches")
    assert desk.locator(".sheet .address").first.inner_text() == public
    page.close()
    desk.close()


class Front:
    """A web server with a certificate before ours, that can go away and come back."""

    def __init__(self, name: str, folder: Path) -> None:
        authority = trustme.CA()
        certificate = authority.issue_cert(name)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(self.context)
        spoken = x509.load_pem_x509_certificate(certificate.cert_chain_pems[0].bytes()).public_key()
        bits = spoken.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.known_as = base64.b64encode(hashlib.sha256(bits).digest()).decode()
        """What the browser is told to believe, as if an authority had signed it."""
        self.port = free_port()
        self.public = f"https://{name}:{self.port}/ateliers"
        self.server = Server(folder / "data", CONTRIB_ADDRESS=self.public)

    def come(self) -> None:
        self.server.start("--host", "127.0.0.1")
        handler = type("Here", (Proxy,), {"to": self.server.port})
        self.front = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self.front.socket = self.context.wrap_socket(self.front.socket, server_side=True)
        threading.Thread(target=self.front.serve_forever, daemon=True).start()

    def go(self) -> None:
        self.server.kill()
        self.front.shutdown()
        self.front.server_close()


def test_on_https_the_page_is_opened_again_while_nothing_answers(browser: Browser, tmp_path: Path) -> None:
    name = "ateliers.example"
    front = Front(name, tmp_path)
    front.come()
    context = browser.browser_type.launch_persistent_context(
        tmp_path / "profile",
        executable_path=machine.chromium(),
        args=[
            *FLAGS,
            f"--host-resolver-rules=MAP {name} 127.0.0.1",
            f"--ignore-certificate-errors-spki-list={front.known_as}",
        ],
    )
    page = context.pages[0]
    page.goto(f"{front.public}/")
    assert page.evaluate("isSecureContext") is True
    page.fill("#code", front.server.code("L’émergence"))
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-alive=journal]")
    note(page, "Avant la coupure")
    all_received(page)
    assert [(cookie["secure"], cookie["path"]) for cookie in context.cookies()] == [(True, "/ateliers/")]
    page_is_kept(page)
    address = page.url.split("#")[0]
    front.go()
    page.close()

    note_in_a_reopened_page(context, address, front.come)

    context.close()
    front.go()


def test_over_https_browsers_are_told_never_to_come_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, _ = open_folder(tmp_path / "plain")
    monkeypatch.setenv("CONTRIB_ADDRESS", "https://ateliers.example")
    hosted, _ = open_folder(tmp_path / "hosted")

    assert "Strict-Transport-Security" not in plain.test_client().get("/").headers
    assert hosted.test_client().get("/").headers["Strict-Transport-Security"] == "max-age=31536000"
    for app in (plain, hosted):
        with app.app_context():
            db.engine.dispose()
