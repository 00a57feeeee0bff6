"""The desk in the last half hour: who is silent and why, who is late, what is left to do."""

import re
from pathlib import Path

import pytest
from browsing import enter, organise
from conftest import Clock, Person, Room, Server, code_of
from playwright.sync_api import Browser, expect
from waiting import eventually

from contrib.documents import latest_document
from contrib.programme import toml_file
from contrib.programme.toml_file import BrokenProgramme
from contrib.store.db import db
from contrib.store.models import Workshop
from contrib.synthesis import likeness


def laptop(people, app, room: Room) -> Person:
    person: Person = people()
    person.enter(code_of(app, room.event, room.name))
    return person


def announce(person: Person, room: Room, unsent: int = 0) -> None:
    person.get(f"{room.path}/feed?since=0&unsent={unsent}")


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def rows(page: str) -> dict[str, str]:
    """By workshop what its line says, in the order of the lines."""
    found = {}
    for row in re.findall(r"<tr class=\"accent.*?</tr>", page, re.S):
        said = [plain(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]
        found[said[0].strip()] = " | ".join(said[1:])
    return found


def todo(page: str) -> list[str]:
    """What is to be done, without the links."""
    lines = re.findall(r'<li class="badge (\w+)"><span>(.*?)</span></li>', page, re.S)
    return [f"{grade}: {plain(re.sub(r'<a .*?</a>', '', text, flags=re.S))}" for grade, text in lines]


def test_only_laptops_of_the_room_are_news(people, app, emergence: Room, desk: Person, at: Clock) -> None:
    at(15, 0)
    presenter: Person = people()
    presenter.enter(code_of(app, emergence.event, None))
    for visitor in (desk, presenter):
        announce(visitor, emergence, unsent=3)
    page = desk.get(f"/{emergence.event.name}/organisation")
    assert rows(page)["L’émergence"].startswith(
        "Silencieux personne n’est encore entré avec son code | jamais entré | 0 | rien d’annoncé"
    )

    announce(laptop(people, app, emergence), emergence, unsent=2)
    page = desk.get(f"/{emergence.event.name}/organisation")
    assert rows(page)["L’émergence"].startswith(
        "En cours | à l’instant 1 ordinateur | 0 | 2 annoncées depuis 15 h 00 | 0 aucune"
    )


def test_the_most_urgent_workshop_stands_first_with_its_reason(
    people, app, emergence: Room, numerique: Room, desk: Person, at: Clock
) -> None:
    consolidation, concretisation = (
        Room(emergence.event, "consolidation"),
        Room(emergence.event, "concretisation"),
    )
    at(16, 2)
    silent = laptop(people, app, numerique)
    announce(silent, numerique, unsent=1)
    at(16, 5)
    announce(silent, numerique, unsent=2)
    at(16, 12)
    for room in (emergence, consolidation, concretisation):
        announce(laptop(people, app, room), room)
    emergence.write("ready", ready=True)
    for room in (emergence, consolidation):
        for number in range(3):
            room.note(f"Choisie {number}", "recommandations" if room is emergence else None, highlight=True)
        room.write("message", text="Une phrase", base="")
        room.write("speaker", name="Mme R.")
    page = desk.get(f"/{emergence.event.name}/organisation")

    assert rows(page) == {
        "L’outil numérique": "Silencieux 2 notes sur un ordinateur qui n’a plus donné signe, la dernière fois à 16 h 05 ;"
        " aucune note choisie ; message clé vide ; personne pour parler"
        " | il y a 7 min aucun ordinateur | 0 | 2 annoncées depuis 16 h 02 | 0 aucune | Vide | à désigner",
        "La concrétisation": "En retard aucune note choisie ; message clé vide ; personne pour parler"
        " | à l’instant 1 ordinateur | 0 | Tout est reçu | 0 aucune | Vide | à désigner",
        "La consolidation": "En cours | à l’instant 1 ordinateur | 3 | Tout est reçu | 3 sur 3 | Écrit | Mme R.",
        "L’émergence": "Prêt à 16 h 12 3 notes ajoutées depuis"
        " | à l’instant 1 ordinateur | 3 | Tout est reçu | 3 sur 3 | Écrit | Mme R.",
    }
    assert list(rows(page)) == ["L’outil numérique", "La concrétisation", "La consolidation", "L’émergence"]
    assert todo(page) == [
        "no: Aller voir L’outil numérique. 2 notes sur un ordinateur qui n’a plus donné signe, la dernière fois à"
        " 16 h 05 ; aucune note choisie ; message clé vide ; personne pour parler.",
        "wait: Relancer La concrétisation : aucune note choisie ; message clé vide ; personne pour parler.",
        "todo: Lire les notes : 6 notes n’ont été lues par personne à ce bureau.",
        "todo: Figer la restitution à 16 h 30, après « c’est prêt ».",
    ]


def test_what_the_desk_has_not_looked_at_is_counted_until_it_has(
    emergence: Room, numerique: Room, desk: Person, at: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(likeness, "COUNT_EVERY_S", 0.0)
    at(16, 12)
    notes = [
        emergence.note("Ouvrir les centres sociaux le soir, sans dossier"),
        numerique.note("Que les centres sociaux restent ouverts le soir"),
        emergence.note("Prêter du matériel entre associations"),
    ]
    page = f"/{emergence.event.name}/organisation"
    assert "Synthèse</b><span>3 notes à lire</span>" in desk.get(page)

    def looked_at() -> list[str]:
        return [line for line in todo(desk.get(page)) if re.search("Lire|seules|paires", line)]

    assert eventually(lambda: len(looked_at()) == 3)
    assert looked_at() == [
        "todo: Lire les notes : 3 notes n’ont été lues par personne à ce bureau.",
        "todo: Ne pas perdre les voix seules : 1 note ne ressemble à aucune autre.",
        "todo: Regarder les paires : 1 paire attend un oui ou un non.",
    ]

    emergence.write("read_notes", notes=notes)
    emergence.write("judge", notes=notes[:2], word="linked")
    db.session.rollback()
    assert eventually(lambda: not looked_at())
    assert "Synthèse</b><span>Toutes les notes sont lues</span>" in desk.page


def test_before_the_day_the_list_empties_itself(
    people, app, emergence: Room, desk: Person, tmp_path: Path, at: Clock
) -> None:
    name = emergence.event.name
    at(9, 0)
    assert todo(desk.get(f"/{name}/organisation")) == [
        "wait: Donner une salle à 4 ateliers.",
        "wait: Trouver qui parle pour 4 ateliers.",
        "wait: Essayer depuis un autre appareil : aucun n’est encore arrivé.",
        "wait: Mettre les copies sur une clé USB : elles sont sur le disque du serveur.",
        "todo: Choisir l’en-tête du document : celui de votre organisme, ou celui d’origine.",
        "todo: Répéter la journée : trente minutes, des notes fictives, rien qui reste.",
    ]

    for workshop in emergence.event.workshops:
        desk.post(
            f"/{name}/organisation/ateliers/{workshop.name}", title=workshop.title, minutes="5",
            expected_highlights="3", room="Salle 1", speaker="Mme R.",
        )  # fmt: skip
    announce(laptop(people, app, emergence), emergence)
    desk.post(f"/{name}/organisation/copies/dossier", folder=str(tmp_path))
    desk.get(f"/{name}/organisation/modele")
    desk.post(f"/{name}/organisation/modele/origine")
    desk.get(f"/{name}/organisation/reglages")
    desk.post(f"/{name}/organisation/repetition")
    desk.post(f"/{name}-repetition-1/organisation/repetition/rangement")
    assert "Rien à faire pour l’instant" in desk.get(f"/{name}/organisation")


def test_a_day_that_is_over_without_a_note_has_a_wrong_date(emergence: Room, desk: Person) -> None:
    found = todo(desk.get(f"/{emergence.event.name}/organisation"))
    assert found[0] == "no: Corriger la date : le 30 septembre 2021 est passé."


@pytest.mark.parametrize(
    ("start", "end", "plenary", "last", "said"),
    [
        ("14:30", "14:00", "16:30", "17:00", "la fin des ateliers (14 h 00) doit venir après le début des ateliers (14 h 30)"),
        ("14:30", "16:40", "16:30", "17:00", "la restitution (16 h 30) doit venir après la fin des ateliers (16 h 40)"),
        ("14:30", "16:20", "16:30", "16:30", "la fin de la journée (16 h 30) doit venir après la restitution (16 h 30)"),
        ("14:30", "16:20", "25:99", "17:00", "« 25:99 » n’est pas une heure : écrivez-la comme 16:30."),
    ],
)  # fmt: skip
def test_impossible_hours_are_refused_with_a_sentence(
    emergence: Room, desk: Person, start: str, end: str, plenary: str, last: str, said: str
) -> None:
    path = f"/{emergence.event.name}/organisation/programme"
    desk.get(path)
    desk.post(
        path, title="T", date="2021-09-30", workshops_start=start, workshops_end=end, plenary_at=plenary,
        ends_at=last,
    )  # fmt: skip
    assert desk.status == 422
    assert said in desk.page
    assert f'value="{last}"' in desk.page, "what was typed is still there"


def test_a_programme_file_with_impossible_hours_is_refused(tmp_path: Path) -> None:
    text = toml_file.DEFAULT.read_text("utf-8").replace("fin_ateliers = 16:20:00", "fin_ateliers = 14:00:00")
    (tmp_path / "p.toml").write_text(text, "utf-8")
    with pytest.raises(BrokenProgramme, match="Ces heures ne se suivent pas : la fin des ateliers"):
        toml_file.read(tmp_path / "p.toml")


def test_an_hour_is_read_as_people_type_it(emergence: Room, desk: Person) -> None:
    path = f"/{emergence.event.name}/organisation/programme"
    desk.get(path)
    desk.post(path, title="T", date="2021-09-30", plenary_at="16 h 45")
    assert desk.status == 200
    assert 'value="16:45"' in desk.page


def test_the_sheet_to_project_shows_workshops_only(app, emergence: Room, desk: Person) -> None:
    printed = desk.get(f"/{emergence.event.name}/organisation/fiches")
    projected = desk.get(f"/{emergence.event.name}/organisation/fiches?ensemble=1")
    assert code_of(app, emergence.event, None) in printed
    assert code_of(app, emergence.event, None) not in projected
    assert all(code_of(app, emergence.event, w.name) in projected for w in emergence.event.workshops)


def test_a_page_behind_a_tab_says_where_one_is(emergence: Room, desk: Person) -> None:
    desk_of = f"/{emergence.event.name}/organisation"
    tabs = {
        "/ateliers/emergence": "Programme",
        "/fiches": "Codes et fiches",
        "/diagnostic": "Réglages",
        "/rapport/chapitres/introduction": "Rédaction",
        "/fichiers": "Ateliers",
    }

    shown = {
        path: re.findall(r'aria-current="true">\s*([^<]+)</a>', desk.get(desk_of + path))[-1:]
        for path in tabs
    }

    assert shown == {path: [words] for path, words in tabs.items()}


def test_the_door_to_the_document_says_whether_there_is_one(emergence: Room, desk: Person) -> None:
    page = f"/{emergence.event.name}/organisation"
    assert "Aucune note à imprimer" in desk.get(page)
    emergence.note("Ouvrir le soir", "recommandations")
    assert "Le document se prépare" in desk.get(page)
    latest_document.compile_now(emergence.event)
    assert "Le document suit les notes, état" in desk.get(page)


def test_a_day_without_a_workshop_has_a_desk(emergence: Room, desk: Person) -> None:
    name = emergence.event.name
    for workshop in db.session.query(Workshop).all():
        desk.post(f"/{name}/organisation/ateliers/{workshop.name}/removal")
    page = desk.get(f"/{name}/organisation")
    assert desk.status == 200
    assert "Cette journée n’a pas encore d’atelier" in page
    assert "no: Ajouter un atelier." in todo(page)


def test_the_desk_ages_without_network_and_its_clock_goes_on(browser: Browser, tmp_path: Path) -> None:
    server = Server(tmp_path / "d", CONTRIB_TESTING="1", CONTRIB_TEST_NOW="2021-09-30T16:12:40+02:00").start()
    facilitator = enter(browser.new_context(service_workers="block").new_page(), server)
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    desk = organise(context.new_page(), server)
    row = desk.locator("tr", has_text="L’émergence")
    expect(row).to_contain_text("1 ordinateur")
    expect(desk.locator(".clock")).to_have_text(re.compile(r"8.min\s+avant la fin des ateliers, 16.h.20"))
    for shown in (desk, facilitator):
        expect(shown.locator(".top .now b")).to_have_text(re.compile(r"16.h.1[23]"))

    aged = desk.locator(".aged")
    expect(aged).to_be_attached()  # the page follows what happens
    context.set_offline(True)
    expect(aged).to_contain_text(re.compile(r"Le serveur ne répond plus. Cette page est celle de 16.h.1[23]"))  # fmt: skip
    expect(row).to_contain_text("1 ordinateur")
    expect(desk.locator(".clock b")).to_have_text(re.compile("7.min"), timeout=40_000)
    context.set_offline(False)
    expect(aged).to_have_text("")
    facilitator.context.close()
    context.close()
    server.kill()
