"""The laptop that carries the server is stolen: the day goes on from the copy on the USB key."""

import io
import os
import random
import re
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import pytest
from conftest import Person, Room, Server, free_port
from flask_migrate import downgrade
from playwright.sync_api import Browser
from postgres import fresh_database
from stolen_laptop import run, steal_the_laptop, texts
from waiting import eventually
from word_files import letter

from contrib import clock
from contrib.backup import archive, schedule
from contrib.backup.archive import CopyFailed, restore
from contrib.documents import editions, latest_document, stationery_files
from contrib.installation import open_folder, set_up_day
from contrib.programme import toml_file
from contrib.store import log
from contrib.store.db import MIGRATIONS, db
from contrib.store.log import Author
from contrib.store.models import Note, Operation


def test_a_copy_holds_database_key_word_files_versions_and_the_last_document(
    emergence: Room, app, tmp_path: Path
) -> None:

    emergence.note("Ouvrir le soir", "recommandations")
    key = stationery_files.keep(letter())
    editions.freeze(emergence.event, Author())

    holding = archive.write(tmp_path / "copie.zip", db.engine, app.config["DATA"], b"document")

    frozen = editions.of(emergence.event)[0].file
    with zipfile.ZipFile(tmp_path / "copie.zip") as found:
        assert sorted(found.namelist()) == sorted(
            [
                "LISEZMOI.txt", "copie.json", "contrib.sqlite3", "installation.json", "restitution.docx",
                f"modeles/{key}.docx", f"versions/{frozen}.docx", f"versions/{frozen}.json",
            ]
        )  # fmt: skip
    assert (holding.notes, holding.seq) == (1, db.session.query(Operation).count())
    assert list(tmp_path.glob("*.tmp")) == []


def test_the_copy_of_a_postgresql_server_comes_to_life_on_a_laptop(tmp_path: Path, monkeypatch) -> None:
    with fresh_database(fsync=False) as url:
        monkeypatch.setenv("DATABASE_URL", url)
        app, _ = open_folder(tmp_path / "hosted")

        with app.app_context():
            event = set_up_day(toml_file.read(toml_file.DEFAULT))
            workshop = event.workshops[0].id
            for number in range(7):
                values = {"text": f"Note {number}", "rubric": None}
                log.write(log.VERBS["record"], Author(), values, event=event.id, workshop=workshop)
            holding = archive.write(tmp_path / "copie.zip", db.engine, app.config["DATA"])
            db.session.remove()
            db.engine.dispose()
    monkeypatch.delenv("DATABASE_URL")

    assert restore(tmp_path / "copie.zip", tmp_path / "laptop") == holding
    assert texts(tmp_path / "laptop") == [f"Note {number}" for number in range(7)]
    again, _ = open_folder(tmp_path / "laptop")
    with again.app_context():
        assert db.session.query(Note).count() == 7
        db.session.remove()
        db.engine.dispose()


def test_copies_are_made_while_notes_arrive_and_the_last_ones_are_kept(
    emergence: Room, app, tmp_path: Path, monkeypatch
) -> None:
    emergence.write("choose_copy_folder", folder=str(tmp_path / "key"))
    (tmp_path / "key").mkdir()
    monkeypatch.setattr(schedule, "KEPT", 2)
    start = clock.now()
    for number in range(4):
        emergence.note(f"Note {number}")
        db.session.rollback()
        with clock.frozen_at(start + number * schedule.EVERY):
            schedule.look()
    made = schedule.last()
    schedule.look()

    assert schedule.last() == made, "nothing happened: no other copy"
    assert made is not None
    assert made.holding is not None
    assert made.holding.notes == 4
    assert len(list((tmp_path / "key").iterdir())) <= 2


def test_a_key_that_was_pulled_out_is_told_on_the_pages_and_tried_again(
    emergence: Room, app, tmp_path: Path
) -> None:
    (tmp_path / "key").mkdir()
    emergence.write("choose_copy_folder", folder=str(tmp_path / "key"))
    emergence.note("Une note")
    shutil.rmtree(tmp_path / "key")
    db.session.rollback()
    organiser = Person(app)
    organiser.organise()

    schedule.look()

    page = organiser.get(f"/{emergence.event.name}/organisation")
    assert "la clé USB est-elle branchée" in page
    assert "En attendant, une copie est faite sur le disque du serveur." in page
    schedule.look()
    schedule.look()
    assert len(list((app.config["DATA"] / "copies").glob("copie-*.zip"))) == 1, "not one at every look"
    (tmp_path / "key").mkdir()
    schedule.look()
    assert "branchée" not in organiser.get(f"/{emergence.event.name}/organisation")
    assert "1 note" in organiser.get(f"/{emergence.event.name}/organisation/copies").replace("\u00a0", " ")


def test_the_organiser_downloads_a_copy(emergence: Room, app, tmp_path: Path) -> None:
    emergence.note("Une note")
    organiser = Person(app)
    organiser.organise()

    organiser.get(f"/{emergence.event.name}/organisation/copies/derniere.zip")

    (tmp_path / "copie.zip").write_bytes(organiser.bytes)
    assert restore(tmp_path / "copie.zip", tmp_path / "elsewhere").notes == 1


BROKEN = {
    "empty": lambda whole: b"",
    "text": lambda whole: b"Bonjour",
    "cut off": lambda whole: whole[: len(whole) // 2],
    "another zip": lambda whole: letter(),
    "damaged database": lambda whole: spoil(whole),
}


def spoil(whole: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "contrib.sqlite3":
                content = content[:4096] + bytes(8192) + content[12288:]
            new.writestr(name, content)
    return out.getvalue()


def test_a_copy_damaged_anywhere_gets_a_sentence(emergence: Room, app, tmp_path: Path) -> None:
    archive.write(tmp_path / "copie.zip", db.engine, app.config["DATA"])
    whole = (tmp_path / "copie.zip").read_bytes()
    chance = random.Random(7)
    for _ in range(120):
        content = bytearray(whole)
        at = chance.randrange(len(content) - 8)
        content[at : at + 8] = chance.randbytes(8)
        (tmp_path / "damaged.zip").write_bytes(content)
        try:
            restore(tmp_path / "damaged.zip", tmp_path / "new")
        except CopyFailed as refused:
            assert str(refused).endswith(".")  # noqa: PT017  some damage hurts nobody: both ways are right
        shutil.rmtree(tmp_path / "new", ignore_errors=True)


@pytest.mark.parametrize("kind", BROKEN)
def test_a_damaged_copy_leaves_the_new_folder_as_it_was(
    kind: str, emergence: Room, app, tmp_path: Path
) -> None:
    archive.write(tmp_path / "copie.zip", db.engine, app.config["DATA"])
    whole = (tmp_path / "copie.zip").read_bytes()
    (tmp_path / "copie.zip").write_bytes(BROKEN[kind](whole))

    with pytest.raises(CopyFailed) as refused:
        restore(tmp_path / "copie.zip", tmp_path / "new")

    assert str(refused.value).endswith(".")
    assert not (tmp_path / "new").exists()


def test_a_folder_that_holds_a_day_is_never_written_over(emergence: Room, app, tmp_path: Path) -> None:
    archive.write(tmp_path / "copie.zip", db.engine, app.config["DATA"])

    answer = run("restore", tmp_path / "copie.zip", "--data", app.config["DATA"])

    assert answer.returncode == 1
    assert "n’est pas vide" in answer.stderr


def test_an_older_database_is_copied_before_it_is_upgraded(tmp_path: Path) -> None:

    app, _ = open_folder(tmp_path / "data")
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0003")
        db.engine.dispose()

    again, _ = open_folder(tmp_path / "data")
    with again.app_context():
        db.engine.dispose()

    copies = list((tmp_path / "data" / "copies").glob("avant-mise-a-jour-0003-*.zip"))
    assert len(copies) == 1
    with zipfile.ZipFile(copies[0]) as found:
        assert "contrib.sqlite3" in found.namelist()


def test_an_older_postgresql_database_is_copied_before_it_is_upgraded(tmp_path: Path, monkeypatch) -> None:

    with fresh_database(fsync=False) as url:
        monkeypatch.setenv("DATABASE_URL", url)
        app, _ = open_folder(tmp_path / "hosted")
        with app.app_context():
            event = set_up_day(toml_file.read(toml_file.DEFAULT))
            values = {"text": "Avant la mise à jour", "rubric": None}
            log.write(log.VERBS["record"], Author(), values, event=event.id, workshop=event.workshops[0].id)
            db.session.remove()
            downgrade(directory=str(MIGRATIONS), revision="0002")
            db.engine.dispose()
        again, _ = open_folder(tmp_path / "hosted")
        with again.app_context():
            db.engine.dispose()
    monkeypatch.delenv("DATABASE_URL")

    copy = next((tmp_path / "hosted" / "copies").glob("avant-mise-a-jour-0002-*.zip"))
    assert restore(copy, tmp_path / "laptop").notes == 1
    laptop, _ = open_folder(tmp_path / "laptop")
    with laptop.app_context():
        db.engine.dispose()
    assert texts(tmp_path / "laptop") == ["Avant la mise à jour"]


def test_a_copy_is_not_restored_into_a_database_that_is_elsewhere(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nowhere/x")

    with pytest.raises(CopyFailed, match="retirez d’abord DATABASE_URL"):
        restore(tmp_path / "copie.zip", tmp_path / "new")


def test_the_laptop_is_stolen_and_two_open_pages_give_back_what_the_copy_lacked(
    browser: Browser, tmp_path: Path
) -> None:
    steal_the_laptop(browser, tmp_path)


def test_a_server_says_nothing_after_its_start_and_writes_what_goes_wrong_into_a_file(tmp_path: Path) -> None:
    server = Server(tmp_path / "data").start()
    with sqlite3.connect(tmp_path / "data" / "contrib.sqlite3") as connection:
        connection.execute("UPDATE installation SET stationery_id = 'gone'")
        connection.execute("UPDATE operation SET id = id || 'x', seq = seq + 1000")
    log = tmp_path / f"server-{server.port}.log"
    before = log.read_text("utf-8")
    written = tmp_path / "data" / "serveur.log"
    eventually(lambda: written.exists() and "stationery cannot be read" in written.read_text("utf-8"))
    server.kill()

    assert "stationery cannot be read" in written.read_text("utf-8")
    assert log.read_text("utf-8") == before
    assert before.rstrip().endswith("Ctrl+C l’arrête.")


def test_the_restored_server_starts_on_another_port_and_says_that_the_address_changed(
    emergence: Room, app, tmp_path: Path
) -> None:
    emergence.note("Une note")
    archive.write(
        tmp_path / "copie.zip",
        db.engine,
        app.config["DATA"],
        latest_document.compile_now(emergence.event).content,
    )
    restore(tmp_path / "copie.zip", tmp_path / "other")
    (tmp_path / "other" / "installation.json").write_text(
        (tmp_path / "other" / "installation.json")
        .read_text()
        .replace("}", ', "address": "http://10.0.0.1:1"}')
    )

    server = Server(tmp_path / "other", port=free_port()).start()
    server.kill()

    assert "l’adresse a changé" in server.said
    assert re.search(r"\S{5}-\S{5}  L’émergence", server.said)


def test_the_machine_is_kept_awake_as_long_as_the_server_lives(tmp_path: Path) -> None:
    """With the system's own program replaced by one that only says how it was asked."""
    tools = tmp_path / "tools"
    tools.mkdir()
    program = tools / "systemd-inhibit"
    program.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/asked\nwhile [ "$1" != tail ]; do shift; done\nexec "$@"\n'
    )
    program.chmod(0o755)

    server = Server(tmp_path / "data", PATH=f"{tools}:{os.environ['PATH']}").start()
    try:
        asked = (tmp_path / "asked").read_text()
        assert "--what=idle:sleep" in asked
        assert server.process
        waiting = f"--pid={server.process.pid}"
        assert waiting in asked
    finally:
        server.process.kill()
        server.process.wait()
    gone = eventually(lambda: subprocess.run(["pgrep", "-f", waiting], capture_output=True).returncode != 0)
    assert gone, "it ends with the server, even when that is killed"
