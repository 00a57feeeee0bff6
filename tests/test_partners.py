"""A partner answers what was published, in its own name, with a code that opens nothing else."""

import re

import pytest
from conftest import Person, Room
from flask import Flask

from contrib.access import codes
from contrib.documents import report_editions
from contrib.documents.operations import publish_report
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author
from contrib.store.models import Event

NAME = "Département du Pas-de-Calais"


@pytest.fixture
def notes(emergence: Room) -> dict[str, str]:
    words = ("Ouvrir le soir", "Prêter une clé")
    return {text: emergence.note(text, "recommandations") for text in words}


def publish(day: Event) -> None:
    db.session.rollback()
    number = report_editions.freeze(day, Author()).outcome["edition"]
    log.write(publish_report, Author(), {"number": number}, event=day.id)
    db.session.rollback()


def code_on_the_sheet(desk: Person, day: Event) -> str:
    """The organiser adds the partner and prints its sheet."""
    editions = f"/{day.name}/organisation/rapport/editions"
    desk.get(editions)
    page = desk.post(f"/{day.name}/organisation/rapport/partenaires", name=NAME)
    sheet = desk.get(re.search(r'href="([^"]+fiches\?partenaire=[^"]+)"', page)[1])
    assert f'<h2 id="sheet-1">{NAME}</h2>' in sheet
    assert "Ce code n’ouvre rien d’autre" in sheet
    return re.search(r'<p class="code">([^<]+)</p>', sheet)[1]


def test_a_partner_answers_under_its_own_name_and_is_revoked(
    app: Flask, day: Event, desk: Person, notes: dict[str, str], emergence: Room, people
) -> None:
    partner = people()
    code = code_on_the_sheet(desk, day)

    assert f"Suites données : {NAME}" in partner.enter(code.lower())
    assert "pas encore publié" in partner.page
    later = emergence.note("Notée depuis", "recommandations")
    log.write(log.VERBS["withdraw"], Author(), {"withdrawn": True}, event=day.id,
              workshop=emergence.workshop.id, subject=later)  # fmt: skip
    publish(day)
    unpublished = emergence.note("Pas encore publiée", "recommandations")
    suites = f"/{day.name}/suites"
    page = partner.get(suites)
    assert "Ouvrir le soir" in page
    assert "Pas encore publiée" not in page
    page = partner.post(
        suites, about=notes["Ouvrir le soir"], status="retenue", text="Voté", given_on="2021-11-20"
    )
    assert "C’est publié sous votre nom" in page
    assert f"Retenue, {NAME}, 20 novembre 2021. Voté" in page
    public = people().get(f"/{day.name}/rapport/")
    assert "Voté" in public
    assert NAME in public
    for fields in (
        {"about": unpublished},
        {"about": ""},
        {"about": notes["Ouvrir le soir"], "link": "javascript:x"},
    ):
        partner.post(suites, **{"status": "retenue", "text": "gardé dans la boîte", **fields})
        assert partner.status == 422
        assert "gardé dans la boîte" in partner.page
    _withdraws_its_own_only(day, desk, partner, notes)

    editions = desk.get(f"/{day.name}/organisation/rapport/editions")
    desk.post(re.search(r'action="([^"]+/revocation)"', editions)[1])
    partner.get(suites)
    assert partner.status == 401
    partner.enter(code)
    assert partner.status == 422, "the code opens nothing any more"
    logged = db.session.connection().exec_driver_sql("SELECT payload FROM operation")
    assert not any("Pas-de-Calais" in row[0] for row in logged), "a name is in no payload"


def _withdraws_its_own_only(day: Event, desk: Person, partner: Person, notes: dict[str, str]) -> None:
    suites = f"/{day.name}/suites"
    desk.get(f"/{day.name}/organisation/rapport/editions")
    desk.post(
        f"/{day.name}/organisation/rapport/suites", about=notes["Prêter une clé"], status="ecartee",
        who="La Région", text="Non",
    )  # fmt: skip
    others = next(a for a in report_editions.taken(day).report.answers if a.who == "La Région")
    page = partner.get(suites)
    assert "Non" in page
    assert page.count("/retrait") == 1
    partner.post(f"{suites}/{others.id}/retrait")
    assert partner.status == 404
    partner.get(suites)
    partner.post(re.search(r'action="([^"]+/retrait)"', page)[1])
    assert [one.text for one in report_editions.taken(day).report.answers] == ["Non"]


def test_a_code_of_another_day_s_partner_or_a_guess_opens_no_answers(app: Flask, day: Event, people) -> None:
    receipt = log.write(log.VERBS["add_partner"], Author(), {"name": NAME}, event=day.id)
    rows = db.session.connection().exec_driver_sql("SELECT id FROM partner")
    assert [row[0] for row in rows] == [receipt.outcome["partner"]]
    scope = f"{day.scope}//partenaire/{receipt.outcome['partner']}"
    wrong = codes.derive(app.config["SECRET_KEY"], scope, 2)

    guesser = people()
    guesser.enter(wrong)

    assert guesser.status == 422
    guesser.get(f"/{day.name}/suites")
    assert guesser.status == 401
    assert "Répondez aux recommandations" in guesser.page
