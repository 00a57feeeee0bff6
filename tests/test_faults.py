"""What happens to the machine: a folder that goes, a damaged database, a second server, a clock."""

import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from browsing import enter, note, organise
from conftest import ROOT, Person, Room, Server, code_of
from playwright.sync_api import Browser, expect

from contrib import clock
from contrib.backup import schedule
from contrib.installation import open_folder
from contrib.store.db import db
from exports.opendata import neutralised, restored


def serve(data: Path, *more: object) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "contrib", "serve", "--data", data, *more]
    return subprocess.run([*map(str, words)], capture_output=True, text=True, cwd=ROOT, timeout=60)


def delete(data: Path) -> None:
    shutil.rmtree(data)


def replace(data: Path) -> None:
    data.rename(data.with_name("moved"))
    shutil.copytree(data.with_name("moved"), data)


@pytest.mark.parametrize("lose", [delete, replace])
def test_a_data_folder_that_goes_under_the_server_acknowledges_nothing_and_is_told_loudly(
    browser: Browser, own_server: Server, lose: Callable[[Path], None]
) -> None:
    page = enter(browser.new_context().new_page(), own_server)
    note(page, "Avant")
    expect(page.locator("#state")).to_have_text("Tout est reçu")
    desk = organise(browser.new_context().new_page(), own_server)

    lose(own_server.data)
    note(page, "Après")

    expect(page.locator("#state")).to_contain_text("Le serveur ne peut pas enregistrer")
    expect(page.locator("#waiting li")).to_have_count(1)
    expect(page.locator(".note")).to_have_count(1)
    expect(desk.locator("#desk-problems .alert").first).to_contain_text("Le dossier des données a disparu")
    page.context.close()
    desk.context.close()


def test_a_write_into_a_database_that_was_replaced_is_refused_and_the_one_in_place_stays_as_it_is(
    app, emergence: Room
) -> None:
    emergence.note("Avant")
    data: Path = app.config["DATA"]
    replace(data)

    with pytest.raises(Exception, match="Le dossier des données a disparu"):
        emergence.note("Perdue, si elle était acquittée")

    for folder in (data, data.with_name("moved")):
        with sqlite3.connect(folder / "contrib.sqlite3") as store:
            assert store.execute("SELECT count(*) FROM note").fetchone() == (1,)


def overwrite(database: Path) -> None:
    database.write_bytes(b"garbage" * 2_000)


def cut(database: Path) -> None:
    database.write_bytes(database.read_bytes()[: database.stat().st_size // 2])


def spoil_pages(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[8_192:60_000] = b"\xff" * (60_000 - 8_192)
    database.write_bytes(content)


def empty(database: Path) -> None:
    database.write_bytes(b"")


@pytest.mark.parametrize("damage", [overwrite, cut, spoil_pages, empty, Path.unlink])
def test_a_damaged_database_stops_the_start_with_a_sentence_that_names_the_newest_good_copy(
    app, emergence: Room, damage: Callable[[Path], object]
) -> None:
    emergence.note("Une note")
    data: Path = app.config["DATA"]
    db.session.rollback()
    good = schedule.copy_now().file
    newer = data / "copies" / "copie-abimee.zip"
    newer.write_bytes((data / "copies" / good).read_bytes()[:-400])
    db.session.remove()
    db.engine.dispose()
    for name in ("contrib.sqlite3-wal", "contrib.sqlite3-shm"):
        (data / name).unlink(missing_ok=True)

    damage(data / "contrib.sqlite3")
    answer = serve(data)

    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert f"contrib restore {data}/copies/{good} --data" in answer.stderr
    assert "1\u00a0note" in answer.stderr
    assert "Codes" not in answer.stdout


def test_a_second_server_on_the_same_folder_is_told_who_holds_it(own_server: Server) -> None:
    answer = serve(own_server.data, "--port", "18999")

    assert answer.returncode == 1
    assert (
        f"Un serveur tourne déjà sur le dossier {own_server.data} (port {own_server.port})" in answer.stderr
    )


def test_two_first_starts_at_once_make_one_day(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "contrib", "codes", "--data", str(tmp_path / "data")]
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in "ab"]
    said = [one.communicate(timeout=60) for one in both]

    assert [one.returncode for one in both] == [0, 0], said
    codes = [[line for line in out.splitlines() if line.startswith("  ")] for out, _ in said]
    assert codes[0] == codes[1]
    assert len(codes[0]) == 5


def test_nobody_else_on_this_machine_reads_the_data(tmp_path: Path) -> None:
    server = Server(tmp_path / "data").start()
    server.kill()

    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    for path in server.data.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@pytest.mark.parametrize("name", ["a?b", "a%20b", "a#b", "é à"])
def test_a_data_folder_of_any_name_holds_its_own_database(tmp_path: Path, name: str) -> None:
    app, _ = open_folder(tmp_path / name)

    with app.app_context():
        assert db.engine.url.database == (tmp_path / name / "contrib.sqlite3").as_posix()
        db.engine.dispose()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name / "contrib.sqlite3").stat().st_size > 0


def test_a_server_clock_that_is_set_back_two_hours_turns_nobody_away(people, app, emergence: Room) -> None:
    paul: Person = people()
    with clock.frozen_at(clock.now()):
        paul.enter(code_of(app, emergence.event, "emergence"))
    cookie = paul.client.get_cookie("contrib")
    assert cookie is not None
    serializer = app.session_interface.get_signing_serializer(app)
    signer = serializer.make_signer(serializer.salt)
    ahead = int((clock.now() + timedelta(hours=2)).timestamp())
    signer.get_timestamp = lambda: ahead
    content = serializer.dump_payload(serializer.loads(cookie.value))
    paul.client.set_cookie("contrib", signer.sign(content).decode())

    paul.get(emergence.path)
    assert paul.status == 200

    signer.get_timestamp = lambda: int((clock.now() - timedelta(days=8)).timestamp())
    paul.client.set_cookie("contrib", signer.sign(content).decode())
    paul.get(emergence.path)
    assert paul.status == 401, "after seven days the code is asked again"


@pytest.mark.parametrize("text", ["=1+1", " =1+1", "\t=1", "\n@x", "\u00a0-2", "\uff1d1+1", "'=1", "' =1"])
def test_no_cell_of_a_table_is_a_formula_and_each_comes_back_as_it_was(text: str) -> None:
    assert neutralised(text).startswith("'")
    assert restored(neutralised(text)) == text
