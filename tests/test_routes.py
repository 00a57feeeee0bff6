"""Who may do what: the table of all routes, and each of them walked as everybody."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Person, Room, code_of
from flask import Flask
from saved import carry, data_of, known
from valid_html import html_faults
from werkzeug.routing import Rule

from contrib.access import codes
from contrib.access.roles import Role
from contrib.installation import set_up_day
from contrib.programme import toml_file
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author
from contrib.store.models import Event
from contrib.store.report_models import Partner

EXPECTED = Path(__file__).parent / "expected"
ENDING = ("/sortir", "/essais", "/codes/renewal", "/codes/<workshop_name>/renewal")
"""What would end the visit of those who walk: their own tests try it."""
PEOPLE = ("tous", "atelier", "présentateur", "partenaire", "organisation")


def rules(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Method and rule of each route, in the order of their addresses."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ()))):
        if rule.endpoint != "static":
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, rule


def test_every_route_says_who_may_and_what_it_does(app: Flask) -> None:
    lines = []
    for method, rule in rules(app):
        view = app.view_functions[rule.endpoint]
        may = " ".join(role for role in Role if role in view.may)
        verbs = " ".join(verb.name for verb in view.verbs) or "-"
        kinds = " ".join(sorted({kind for verb in view.verbs for kind in verb.kinds})) or "-"
        lines.append(f"{method:5}{rule.rule:75} {may:35} {verbs:22} {kinds}")

    assert "\n".join(line.rstrip() for line in lines) == (EXPECTED / "routes.txt").read_text("utf-8").rstrip()


@pytest.fixture
def visitors(app: Flask, day: Event, people) -> dict[str, Person]:
    """One browser of each kind; the facilitator holds the code of « emergence » only."""
    found = {name: people() for name in PEOPLE}
    found["atelier"].enter(code_of(app, day, "emergence"))
    found["présentateur"].enter(code_of(app, day, None))
    receipt = log.write(log.VERBS["add_partner"], Author(), {"name": "Le Département"}, event=day.id)
    partner = db.session.get_one(Partner, receipt.outcome["partner"])
    found["partenaire"].enter(codes.of_partner(app.config["SECRET_KEY"], day, partner))
    found["organisation"].organise()
    return found


@pytest.fixture
def places(day: Event, emergence: Room, numerique: Room) -> dict[str, dict[str, str]]:
    """What an address may name: something of one's own workshop, of another one, of another day."""
    other_day = toml_file.read(toml_file.DEFAULT)
    other_day.event["name"] = "autre-jour"
    elsewhere = Room(set_up_day(other_day), "emergence")
    common = {
        "convergence_id": "0" * 32,
        "notice_id": "0" * 32,
        "edition_id": "0" * 32,
        "theme_id": "0" * 32,
        "merger_id": "0" * 32,
        "code": "0000000000",
        "key": "0" * 64,
        "number": "1",
        "ending": "docx",
        "chapter": "introduction",
        "answer_id": "0" * 32,
        "file": "index.html",
        "picture": "0123456789",
        "partner_id": "0" * 32,
    }
    common |= {"version": "x", "filename": "css/x.css", "page": "x"}
    found = {}
    for name, room in (("own", emergence), ("other", numerique), ("other day", elsewhere)):
        found[name] = {
            "event_name": room.event.name,
            "workshop_name": room.name,
            "note_id": room.note(f"Une note de {name}", "recommandations"),
            **common,
        }
    db.session.rollback()
    return found


def address(rule: Rule, place: dict[str, str]) -> str:
    return re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", lambda found: place[found[1]], rule.rule)


def test_every_route_answers_every_role_as_the_table_says(
    app: Flask, visitors: dict[str, Person], places: dict[str, dict[str, str]]
) -> None:
    """401 asks for the code; nobody gets further than the roles of the route allow."""
    lines, wrong = [], []
    for method, rule in rules(app):
        if rule.rule.endswith(ENDING):
            continue
        view = app.view_functions[rule.endpoint]
        for where, place in places.items():
            if where != "own" and "event_name" not in rule.arguments:
                continue
            answers = []
            for who, person in visitors.items():
                path = address(rule, place)
                if method == "GET":
                    person.get(path)
                else:
                    person.post(path, follow=False)
                answers.append(person.status)
                allowed = Role.EVERYBODY in view.may or Role(who) in view.may
                if who == "atelier" and allowed and Role.EVERYBODY not in view.may:
                    allowed = where == "own"
                if who in ("présentateur", "partenaire") and where == "other day":
                    allowed = Role.EVERYBODY in view.may
                if allowed == (person.status == 401):
                    wrong.append(f"{method} {path} as {who}: {person.status}")
                if person.status >= 500:
                    wrong.append(f"{method} {path} as {who}: {person.status}")
            lines.append(f"{method:5}{rule.rule:75} {where:10} {' '.join(map(str, answers))}")

    assert wrong == []
    header = f"{'':81}{'':10} {' '.join(PEOPLE)}"
    assert "\n".join([header, *lines]) == (EXPECTED / "answers.txt").read_text("utf-8").rstrip()


@pytest.mark.parametrize("where", ["other", "other day"])
def test_no_action_of_one_s_own_workshop_reaches_a_note_of_another(
    app: Flask, visitors: dict[str, Person], places: dict[str, dict[str, str]], where: str
) -> None:
    """The address is one's own, the note's id is not: nothing is written."""
    before = log.last_of_all(db.session())
    mixed = places["own"] | {"note_id": places[where]["note_id"]}
    for method, rule in rules(app):
        if method == "POST" and "note_id" in rule.arguments:
            fields = {
                "text": "À moi\n\nmaintenant",
                "base": mixed["note_id"],
                "keep": mixed["note_id"],
                "name": "x",
            }
            for who in ("atelier", "présentateur", "organisation"):
                visitors[who].post(address(rule, mixed), follow=False, **fields)
                assert visitors[who].status in (403, 409, 422), rule.rule

    db.session.rollback()
    assert log.last_of_all(db.session()) == before


def test_a_name_that_somebody_gives_is_in_no_operation_s_payload(people, app, emergence: Room) -> None:
    names = ("Zénobie Quatrefages", "Barnabé Œuvrard", "Cunégonde Ydon")
    person, organiser = people(), people()
    person.enter(code_of(app, emergence.event, "emergence"))
    person.post(f"{emergence.path}/signature", name=names[0])
    person.post(f"{emergence.path}/speaker", name=names[1])
    organiser.organise()
    carry(emergence, data_of(emergence, known("a", "Reprise"), speaker=names[0]))
    other = toml_file.read(toml_file.DEFAULT)
    other.event["name"] = "autre-jour"
    other.event["sequences"] = json.dumps([{"at": "09:00:00", "title": "Accueil", "speakers": [names[2]]}])
    other.workshops[0][0]["speaker"] = names[1]
    set_up_day(other)
    desk = f"/{emergence.event.name}/organisation"
    organiser.post(f"{desk}/deroule", text=f"11:00 | Ouverture | {names[2]}")
    organiser.post(
        f"{desk}/ateliers/emergence", title="T", minutes="5", expected_highlights="3", speaker=names[0]
    )
    db.session.rollback()

    rows = db.session.connection().exec_driver_sql("SELECT payload, outcome, subject FROM operation")
    logged = " ".join(str(cell) for row in rows for cell in row)
    for name in names:
        assert name not in logged
        assert name.split()[0] not in logged
    assert person.get(emergence.path).count(names[0]) >= 1, "the name is where it belongs"


def a_full_workshop(room: Room) -> None:
    """Notes of every kind: chosen, withdrawn, with two texts, of a theme; a message with two texts too."""
    first = room.note(
        "Ouvrir le soir & sans « dossier » <b>\nà deux lignes", "recommandations", highlight=True
    )
    room.note("Un mot à classer", theme="Lieux")
    gone = room.note("Retirée", "recommandations", highlight=True)
    room.write("withdraw", gone, withdrawn=True)
    for text in ("Ouvrir le soir", "Ouvrir tous les soirs"):
        room.write("reword", first, text=text, base=first)
        room.write("message", text=text, base="")
    for number in range(60):
        room.note(
            f"Une expérience, la {number}e", "experiences" if number % 2 else None, highlight=number < 3
        )


def test_every_page_of_every_role_is_valid_html(
    app: Flask,
    visitors: dict[str, Person],
    places: dict[str, dict[str, str]],
    emergence: Room,
    tmp_path: Path,
) -> None:
    """Refusals too: a post without its fields gives the page again, with its sentence."""
    a_full_workshop(emergence)
    for number, (method, rule) in enumerate(rules(app)):
        if rule.rule.endswith(ENDING):
            continue
        path = address(rule, places["own"])
        for who in PEOPLE if method == "GET" else ("organisation",):
            person = visitors[who]
            if method == "GET":
                person.get(path)
            else:
                person.post(path, follow=False)
            if person.headers["Content-Type"].startswith("text/html") and person.status not in (302, 303):
                (tmp_path / f"{number:03}-{method}-{who}.html").write_bytes(person.bytes)

    assert len(list(tmp_path.glob("*.html"))) > 200
    assert html_faults(tmp_path) == []
