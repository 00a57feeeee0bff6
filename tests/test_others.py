"""Who else is in a workshop, and in which note: said quietly, with signatures only, and it ages away."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from browsing import all_received, edit, enter, note
from conftest import Person, Room, Server, code_of
from flask import Flask
from playwright.sync_api import Browser, expect

from contrib import clock
from contrib.capture.others import sentence
from contrib.store.db import db

AT = datetime(2021, 9, 30, 15, 30, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ([], ""),
        ([("", False)], "Aussi ici : un autre ordinateur"),
        ([("", True)], "Aussi ici : un autre ordinateur (écrit)"),
        ([("", True), ("", False)], "Aussi ici : 2 autres ordinateurs"),
        ([("Nadia", False), ("A. B.", True)], "Aussi ici : A. B. (écrit) et Nadia"),
        (
            [(name, False) for name in ("Nadia", "Mme K.", "A. B.", "J.-P. L.")] + [("", False)],
            "Aussi ici : A. B., J.-P. L., Mme K. et 2 autres ordinateurs",
        ),
    ],
)
def test_the_others_are_named_by_their_signature_or_not_at_all(
    people: list[tuple[str, bool]], said: str
) -> None:
    assert sentence(people) == said


def test_whoever_is_gone_is_said_no_more_and_no_save_waits_for_it(
    app: Flask, emergence: Room, people
) -> None:
    mine, other = people(), people()
    for person in (mine, other):
        person.enter(code_of(app, emergence.event, "emergence"))
    other.post(f"{emergence.path}/signature", name="Zénobie Quatrefages")
    id = emergence.note("Ouvrir le soir", "recommandations")

    def asked(person: Person, seconds: int, **more: str) -> dict:
        with clock.frozen_at(AT + timedelta(seconds=seconds)):
            query = "&".join(f"{name}={value}" for name, value in more.items())
            person.client.get(f"{emergence.path}/feed?{query}")
            return json.loads(person.client.get(f"{emergence.path}/feed?{query}").get_data())

    assert asked(other, 0, note=id)["others"] == {}
    expected = {"said": "Aussi ici : Zénobie Quatrefages (écrit)", "notes": {id: "Zénobie Quatrefages"}}
    assert asked(mine, 1)["others"] == expected
    assert asked(other, 2)["others"]["said"] == "Aussi ici : un autre ordinateur"
    assert asked(mine, 3)["others"] == {"said": "Aussi ici : Zénobie Quatrefages", "notes": {}}
    assert asked(mine, 20)["others"] == {}, "nobody asked for twelve seconds"

    with clock.frozen_at(AT + timedelta(seconds=21)):
        asked(other, 21)
        mine.get(emergence.path)
        saved = mine.client.post(
            f"{emergence.path}/notes?since=1",
            data={"text": "Une note", "parts": "one", "csrf_token": mine.token()},
            headers={"Accept": "application/json"},
        )
    assert "others" not in saved.get_json()["news"]
    rows = db.session.connection().exec_driver_sql("SELECT * FROM presence").all()
    assert rows
    assert "Zénobie" not in str(rows), "a name stands in its person only"


def test_two_people_see_each_other_and_the_note_that_one_of_them_changes(
    browser: Browser, tmp_path: Path
) -> None:
    server = Server(tmp_path / "data").start()
    mine, theirs = (enter(browser.new_context().new_page(), server) for _ in range(2))
    note(theirs, "Ouvrir les centres sociaux le soir")
    all_received(theirs)
    theirs.locator("summary", has_text="Signer mes notes").click()
    theirs.fill("#name", "Nadia")
    theirs.get_by_role("button", name="Signer", exact=True).click()
    expect(mine.locator("#others")).to_have_text("Aussi ici : Nadia")

    edit(theirs)
    line = mine.locator(".note .meta")
    expect(line).to_contain_text("Nadia modifie cette note")
    expect(mine.locator("#others")).to_have_text("Aussi ici : Nadia (écrit)")
    edit(mine)
    expect(theirs.locator(".note .shared-by")).to_contain_text("Un autre ordinateur modifie aussi cette note")  # fmt: skip

    theirs.context.close()
    expect(mine.locator(".note.is-shared")).to_have_count(0)
    expect(mine.locator("#others")).to_have_text("")
    mine.context.close()
    server.kill()
