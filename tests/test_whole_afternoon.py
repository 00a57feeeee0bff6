"""The last hour as six people play it at once: what each frozen document says, line by line.

Four laptops note at speed, one of them is cut off for half an hour, the organiser groups and merges,
the presenter links. The server is started again at each hour, as if somebody had stumbled over its
cable: so the clock of the room goes on.
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from browsing import all_received, enter, organise
from conftest import Server
from material import Day, Material
from played_afternoon import UNSORTED, Afternoon, Laptop, start
from playwright.sync_api import Browser, expect
from readback import linear, part

from exports.documents.record import hyphenated, plain_reference
from exports.excerpt import excerpt
from exports.text import counted, typeset

SIZE = {"width": 1366, "height": 768}
WORD = "Il reste peu de temps : choisissez trois notes, écrivez votre message clé"
SHOWN = 140
"""Characters of a text that a version tells as changed."""


@pytest.fixture
def afternoon(browser: Browser, material: Material, tmp_path: Path) -> Iterator[Afternoon]:
    """At forty minutes before the plenary everybody has entered, and nobody has typed."""
    day: Day = material.day
    programme = tomllib.loads(day.programme.read_text("utf-8"))
    said = programme["journee"]
    plenary = datetime.combine(said["date"], said["restitution"], ZoneInfo(said["fuseau"]))
    server = start(Server(tmp_path / "data"), plenary - timedelta(minutes=40), day.programme)
    pages = [browser.new_context(viewport=SIZE, service_workers="block").new_page() for _ in range(6)]
    rows = [row | {"texte": row["texte"].replace("\r\n", "\n")} for row in day.rows()]
    laptops = [
        Laptop(enter(page, server, one["titre"]), one, [row for row in rows if row["atelier"] == one["nom"]])
        for page, one in zip(pages, programme["ateliers"], strict=False)
    ][:4]
    presenter = enter(pages[4], server, "Restitution", script=False)
    yield Afternoon(
        server, plenary, said["nom"], day.programme, laptops, organise(pages[5], server), presenter
    )
    for page in pages:
        page.context.close()
    server.kill()


def test_six_people_play_the_afternoon_and_each_version_says_what_they_did(afternoon: Afternoon) -> None:
    cut_off, *others = laptops = afternoon.laptops
    for _ in range(len(cut_off.rows) // 2):
        for laptop in laptops:
            laptop.type_one()
    say_to_all(afternoon, "Gardez votre page ouverte.")
    for laptop in laptops:
        all_received(laptop.page)
        laptop.acknowledge()
    there = len(cut_off.notes)

    afternoon.at(-20)  # 16 h 10
    cut_off.page.context.set_offline(True)
    group(afternoon)
    say_to_all(afternoon, WORD)
    for laptop in others:
        laptop.acknowledge()
        laptop.close()
    cut_off.choose(*cut_off.notes[:3])
    expect(cut_off.page.locator("#state")).to_contain_text("sur cet ordinateur")
    afternoon.at(-15)
    row = afternoon.go(afternoon.desk, "organisation").locator("tr", has_text=cut_off.title)
    expect(row).to_contain_text(re.compile(r"Silencieux\s+plus de nouvelle depuis"))

    afternoon.at(0)  # 16 h 30
    held, chosen = cut_off.notes[there:], cut_off.notes[:3]
    for note in cut_off.notes:
        note.printed, note.chosen = note not in held, False
    says_all(afternoon.freeze("Celle de la plénière", 1), afternoon)

    afternoon.at(10)  # 16 h 40
    cut_off.page.context.set_offline(False)
    cut_off.acknowledge()
    for note in cut_off.notes:
        note.printed, note.late, note.chosen = True, note in held, note in chosen
    told = [f"{hyphenated(note.reference)} choisie pour la plénière" for note in chosen]
    told += correct(*others)
    for laptop in laptops:
        all_received(laptop.page)

    afternoon.at(15)  # 16 h 45
    heard = says_all(afternoon.freeze("Avec ce qui est arrivé", 2), afternoon)
    late = [note for laptop in laptops for note in laptop.notes if note.late]
    told += [f"{hyphenated(note.reference)} ajoutée\u00a0: {quoted(note.text)}" for note in late]
    assert len(late) == len(held) + 1
    lines = section(heard, "[titre 1] Ce que contient ce document")
    assert sorted(lines[2 : 2 + len(told)]) == sorted(f"[List Bullet] {line}." for line in told)
    words = afternoon.go(afternoon.desk, "organisation").locator(".sent li")
    for laptop in laptops:
        read = re.compile(re.escape(laptop.title).replace(r"\ ", r"\s+") + r"\s+à\s+\d")
        expect(words).to_contain_text([read, read])


def say_to_all(afternoon: Afternoon, word: str) -> None:
    page = afternoon.go(afternoon.desk, "organisation")
    page.locator("#text").fill(word)
    page.locator("#text").press("Enter")
    expect(page.locator(".sent li").first).to_contain_text(word.split(":")[0].strip())


def group(afternoon: Afternoon) -> None:
    """Ten notes in two themes, five mergers, three points communs, while the tables go on typing."""
    out, a, b, c = (laptop.notes for laptop in afternoon.laptops)
    point = partial(afternoon.cite, afternoon.presenter, "En faire un point commun", afternoon.points)
    merge = partial(afternoon.cite, afternoon.desk, "Réunir en une synthèse", afternoon.mergers)
    acts = [
        partial(afternoon.theme, "Ce qui se fait déjà", [*a[:3], *b[:2]]),
        partial(point, "Aller là où sont les gens", [a[0], b[0], c[0]]),
        partial(merge, "Ouvrir plus tard : le soir et le samedi", [a[3], b[3]]),
        partial(merge, "Payer d’avance, « sans facture à montrer »", [a[4], b[4], c[4]]),
        partial(point, "Dire qui répond, et quand", [a[1], out[1]]),
        partial(afternoon.theme, "Ce qu’il faudrait, d’ici deux ans", [*c[:3], *out[:2]]),
        partial(merge, "Un seul dossier pour tous les guichets", [b[5], c[5]]),
        partial(merge, "Former ceux qui accueillent", [out[3], a[5]]),
        partial(point, "Tenir dans la durée", [b[2], c[2]]),
        partial(merge, "Demander d’abord aux habitants", [c[0], b[0]]),
    ]
    while acts or any(laptop.rows for laptop in afternoon.laptops):
        for laptop in afternoon.laptops * 3:
            laptop.type_one()
        if acts:
            acts.pop(0)()
    afternoon.desk.get_by_role("button", name="À dire : synthèse 1").click()
    expect(afternoon.desk.get_by_role("button", name="À dire : synthèse 1")).to_contain_text("Choisie")


def correct(a: Laptop, b: Laptop, c: Laptop) -> list[str]:
    """After the first version: a text is put right, a note withdrawn, one more typed. What the next says."""
    reworded, gone = a.notes[5], b.notes[6]
    was, reworded.text = reworded.text, "La même idée, dite autrement après la plénière."
    a.line_of(reworded).hover()
    a.page.locator("#act").get_by_role("link", name="Modifier").click()
    a.page.locator("[data-edit-box]").fill(reworded.text)
    a.page.locator("[data-edit-box]").press("Control+Enter")
    expect(a.line_of(reworded).locator(".said")).to_have_text(reworded.text)
    b.line_of(gone).hover()
    b.page.locator("#act summary").click()
    b.page.locator("#act").get_by_role("button", name="Retirer").click()
    gone.printed = False
    c.type("Une dernière idée, venue dans le couloir.").late = True
    return [
        f"{hyphenated(reworded.reference)}, texte modifié\u00a0: {quoted(was)} devient {quoted(reworded.text)}",
        f"{hyphenated(gone.reference)} retirée\u00a0: {quoted(gone.text)}",
    ]


# --- what a document says ---------------------------------------------------------------------------------


def says_all(content: bytes, afternoon: Afternoon) -> list[str]:
    """Every note that stands is in the record once, in its place, with links both ways. What is heard of the document."""
    heard = linear(content).splitlines()
    for laptop in afternoon.laptops:
        name = f"{typeset(laptop.title)} ({laptop.workshop['sigle']})\u00a0: notes"
        assert section(heard, f"[titre 2] {name}")[1:] == list(record(laptop, afternoon.themes))
        chosen = [note for note in laptop.notes if note.chosen]
        said = section(heard, f"[titre 2] À dire\u00a0: {typeset(laptop.title)}")
        assert re.findall(r"→(r_\w+)", " ".join(said))[: len(chosen)] == [
            f"r_{plain_reference(note.reference)}" for note in chosen
        ]
        assert (f"[Message clé] {typeset(laptop.message)}" in said) == laptop.closed
    printed = [note for laptop in afternoon.laptops for note in laptop.notes if note.printed]
    index = re.findall(r"([^\W\d_]+\u2011\d+)\s*→", " ".join(section(heard, "[titre 1] Index des notes")))
    assert sorted(index) == sorted(hyphenated(note.reference) for note in printed)
    assert section(heard, "[titre 1] Points communs aux ateliers")[:3] == [
        f"[Message clé] {point.line()}" for point in afternoon.points
    ]
    first, *more = [f"[List Bullet] {merger.line()}" for merger in afternoon.mergers]
    assert section(heard, "[titre 2] Recommandations de synthèse") == [
        f"{first} · à\u00a0dire→d_synthese_1", *more,
    ]  # fmt: skip
    xml = part(content, "word/document.xml")
    assert set(re.findall(r'w:anchor="([^"]+)"', xml)) <= set(
        re.findall(r'w:bookmarkStart [^>]*w:name="([^"]+)"', xml)
    )
    assert f"[List Bullet] {len(printed)}\u00a0notes sont imprimées ici." in heard
    return heard


def record(laptop: Laptop, themes: list[str]) -> Iterator[str]:
    """By theme, then by rubric, in the order in which they were typed."""
    initials = laptop.workshop["sigle"]
    notes = [note for note in laptop.notes if note.printed]
    rubrics = [*(one["libelle"] for one in laptop.workshop["rubriques"]), UNSORTED]
    for theme in (*themes, ""):
        found = [(label, [n for n in notes if (n.theme, n.rubric) == (theme, label)]) for label in rubrics]
        found = [(typeset(label), inside) for label, inside in found if inside]
        name = typeset(theme) or "Sans thème"
        if found:
            count = counted(sum(len(inside) for _, inside in found), "note", "notes")
            only = f", {found[0][0][:1].lower()}{found[0][0][1:]}" if len(found) == 1 else ""
            yield f"[titre 3] {name} ({count}) · {initials}{only}"
        for label, inside in found:
            if len(found) > 1:
                yield f"[titre 4] {label} · {initials}, {typeset(theme) or 'sans thème'}"
            for note in inside:
                yield from note.lines()


def section(heard: list[str], heading: str) -> list[str]:
    """What is heard after a heading, up to the next of its level or above."""
    lines = iter(heard)
    level = int(heading[len("[titre ")])
    assert any(line == heading for line in lines), heading
    ends = tuple(f"[titre {n}]" for n in range(1, level + 1))
    return list(takewhile(lambda line: not line.startswith(ends), lines))


def quoted(text: str) -> str:
    return f"«\u00a0{excerpt(typeset(text), SHOWN)}\u00a0»"
