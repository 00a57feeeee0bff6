"""From the record to the public: editions, one address for life, files that anybody can read."""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from browsing import axe
from click.testing import CliRunner
from conftest import Person, Room
from lxml import etree
from photographs import photograph
from playwright.sync_api import Browser
from pypdf import PdfReader
from pypdf.generic import StreamObject
from readback import text

from contrib.cli import main
from contrib.documents import report_editions
from contrib.documents.operations import publish_report
from contrib.publication import operations
from contrib.publication.pictures import stored
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author
from contrib.store.models import Event
from contrib.store.report_models import ReportEdition
from exports.documents.report_content import content_of
from exports.documents.report_data import data_files
from exports.pictures import pixels_of

NAMES = ("Zénobie Quatrefages", "Barnabé Œuvrard")


@pytest.fixture
def notes(emergence: Room, numerique: Room, people) -> dict[str, str]:
    """An afternoon, signed: each note bears a name."""
    signed = log.write(log.VERBS["sign"], Author(), {"name": NAMES[0]}, event=emergence.event.id)
    author = Author(device="table-1", person_id=signed.outcome["person"])
    found = {}
    for key, room, words, rubric in (
        ("soir", emergence, "Ouvrir le soir", "recommandations"),
        ("clé", emergence, "=Prêter une clé", "recommandations"),
        ("café", emergence, "Un café mobile", "experiences"),
        ("présence", numerique, "Doubler en présence", "recommandations"),
    ):
        values = {"text": words, "rubric": room.rubric(rubric)}
        receipt = log.write(
            log.VERBS["record"], author, values, event=room.event.id, workshop=room.workshop.id
        )
        found[key] = receipt.outcome["note"]
    emergence.write("theme", found["soir"], name="Lieux")
    emergence.write("highlight", found["soir"], chosen=True)
    emergence.write("speaker", name=NAMES[1])
    numerique.write("withdraw", numerique.note("Retirée", "recommandations"), withdrawn=True)
    return found


def write(event: Event, verb: log.Verb, **values: object) -> log.Receipt:
    return log.write(verb, Author(device="desk"), values, event=event.id)


def reword(event: Event, note: str, words: str) -> None:
    write(event, operations.write_passage, key=f"note:{note}", text=words, base="")


def freeze(event: Event) -> int:
    db.session.rollback()
    return report_editions.freeze(event, Author()).outcome["edition"]


def publish(event: Event) -> int:
    number = freeze(event)
    write(event, publish_report, number=number)
    db.session.rollback()
    return number


def answer(event: Event, note: str, text: str = "C’est commencé", status: str = "en-cours") -> None:
    write(
        event, operations.answer, about=note, status=status, who="La Ville", text=text,
        link="https://exemple.fr/suite", given_on="2021-11-12",
    )  # fmt: skip


def test_unpublished_work_is_invisible_and_the_address_is_there_before_it(
    day: Event, notes: dict[str, str], people
) -> None:
    visitor = people()
    before = visitor.get(f"/{day.name}/rapport/")
    freeze(day)
    frozen = visitor.get(f"/{day.name}/rapport/")

    for page in (before, frozen):
        assert "À paraître" in page
        assert "Ouvrir le soir" not in page
    visitor.get(f"/{day.name}/rapport/1/rapport.docx")
    assert visitor.status == 404
    visitor.get(f"/{day.name}/rapport/1/")
    assert visitor.status == 404


def test_an_edition_is_published_at_an_address_that_never_changes(
    day: Event, notes: dict[str, str], people
) -> None:
    publish(day)
    visitor = people()
    first = visitor.get(f"/{day.name}/rapport/1/")
    document = visitor.get(f"/{day.name}/rapport/1/rapport.docx") or visitor.bytes
    reword(day, notes["soir"], "Ouvrir deux soirs par semaine")
    publish(day)

    page = visitor.get(f"/{day.name}/rapport")

    assert "2e édition" in page
    assert "Ouvrir deux soirs par semaine" in page
    assert "Ouvrir le soir" in page, "what was said is one click away"
    assert "1 texte changé (ÉME\u20111)" in page
    assert "Licence Ouverte 2.0" in page
    assert visitor.get(f"/{day.name}/rapport/1/") == first
    visitor.get(f"/{day.name}/rapport/1/rapport.docx")
    assert visitor.bytes == document
    assert "Édition 1" in zipfile.ZipFile(io.BytesIO(document)).read("docProps/custom.xml").decode()
    assert "[Introduire" not in text(document), "an edition asks nothing"
    visitor.get(f"/{day.name}/rapport/atom.xml")
    feed = etree.fromstring(visitor.bytes)
    entries = feed.findall("{*}entry")
    assert [entry.find("{*}link").get("href") for entry in entries] == ["2/", "1/"]
    assert "script" not in visitor.headers["Content-Security-Policy"]


class Page(HTMLParser):
    """Links, anchors, and what comes from elsewhere."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.loaded: list[str] = []
        self.feed(content.decode())

    def handle_starttag(self, tag, attributes) -> None:
        found = dict(attributes)
        if found.get("id"):
            assert found["id"] not in self.ids, found["id"]
            self.ids.add(found["id"])
        if tag == "a":
            self.links.append(found.get("href", ""))
        elif tag in ("img", "script", "iframe") or (tag == "link" and found["rel"] != "alternate"):
            self.loaded.append(found.get("src") or found.get("href") or "")


def test_the_folder_is_complete_without_us_and_no_link_is_broken(
    app, day: Event, notes: dict[str, str], tmp_path: Path, people
) -> None:
    publish(day)
    answer(day, notes["soir"])
    publish(day)
    folder = tmp_path / "site"

    said = CliRunner().invoke(main, ["publish", "-o", str(folder), "--data", str(app.config["DATA"])])

    assert said.exit_code == 0, said.output
    pages = sorted(folder.rglob("*.html"))
    assert len(pages) == 3
    for path in pages:
        page = Page(path.read_bytes())
        assert [one for one in page.loaded if one != "data:,"] == []
        for link in page.links:
            if link.startswith("https://exemple.fr/"):
                continue
            assert not re.match(r"\w+:|/", link), link
            target, _, anchor = link.partition("#")
            there = (path.parent / target) if target else path
            there = there / "index.html" if there.is_dir() else there
            assert there.exists(), link
            if anchor:
                assert anchor in Page(there.read_bytes()).ids, link
    again = CliRunner().invoke(main, ["publish", "-o", str(folder), "--data", str(app.config["DATA"])])
    assert again.exit_code == 1
    organiser = Person(app)
    organiser.organise()
    organiser.get(f"/{day.name}/organisation/rapport/site.zip")
    inside = zipfile.ZipFile(io.BytesIO(organiser.bytes))
    for path in folder.rglob("*"):
        if path.is_file():
            assert inside.read(f"rapport/{path.relative_to(folder).as_posix()}") == path.read_bytes()


def test_a_recommendation_is_followed_to_the_raw_note_and_back(day: Event, notes: dict[str, str]) -> None:
    reword(day, notes["soir"], "Ouvrir deux soirs")
    publish(day)
    page = Page(report_editions.public_site(day)["index.html"])

    for anchor in ("eme-1", "eme-2", "num-1"):
        assert {anchor, f"note-{anchor}"} <= page.ids
        assert {f"#{anchor}", f"#note-{anchor}"} <= set(page.links)
    assert "note-eme-3" in page.ids, "a note of the annex alone is there as well"


def test_every_note_received_is_accounted_for_in_the_files(day: Event, notes: dict[str, str]) -> None:
    publish(day)
    files = report_editions.public_site(day)

    rows = list(csv.DictReader(io.StringIO(files["1/notes.csv"].decode("utf-8-sig")), delimiter=";"))
    whole = json.loads(files["1/donnees.json"])
    assert sorted(row["reference"] for row in rows) == ["NUM-1", "ÉME-1", "ÉME-2", "ÉME-3"]
    assert whole["notes_recues"] == len(rows) + whole["retirees"] == 5
    assert whole["reprises"] == sum(row["reprise"] == "oui" for row in rows) == 3
    assert whole["en_annexe"] == sum(row["reprise"] == "non" for row in rows) == 1
    said = text(files["1/rapport.docx"])
    assert "5\u00a0notes reçues = 3\u00a0reprises + 1\u00a0en annexe + 1\u00a0retirée" in said
    for row in rows:
        assert row["reference"].replace("-", "\u2011") in said


def test_with_a_name_on_every_note_none_is_in_any_byte_of_what_is_published(
    day: Event, notes: dict[str, str], app
) -> None:
    publish(day)
    files = report_editions.public_site(day)
    assert len(files) > 12

    for name, content in files.items():
        parts = [content]
        if name.endswith(".docx"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                parts = [archive.read(part) for part in archive.namelist()]
        whole = b"".join(parts).decode("utf-8", "replace")
        for who in (*NAMES, "Quatrefages", "Œuvrard", app.config["SECRET_KEY"], "Alain Bavay"):
            assert who not in whole, name


def test_no_note_that_is_typed_makes_the_public_side_anew(
    day: Event, emergence: Room, notes: dict[str, str]
) -> None:
    before = report_editions.public_site(day)
    emergence.note("Notée pendant que l’on regarde")
    db.session.rollback()
    assert report_editions.public_site(day) is before

    publish(day)
    db.session.rollback()
    assert b"Ouvrir le soir" in report_editions.public_site(day)["index.html"]


def test_the_data_say_what_each_column_means(day: Event, notes: dict[str, str]) -> None:
    answer(day, notes["clé"])
    db.session.rollback()
    files = data_files(content_of(report_editions.taken(day)))
    package = json.loads(files["datapackage.json"])

    assert package["licenses"][0]["name"] == "etalab-2.0"
    for resource in package["resources"]:
        content = files[resource["path"]]
        assert content.startswith(b"\xef\xbb\xbf")
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
        fields = resource["schema"]["fields"]
        assert rows[0] == [field["name"] for field in fields]
        assert all(field["title"] and field["description"] and field["type"] for field in fields)
        for row in rows[1:]:
            for field, cell in zip(fields, row, strict=True):
                assert fits(field, cell), (field["name"], cell)
    texts = [row[4] for row in csv.reader(io.StringIO(files["notes.csv"].decode("utf-8-sig")), delimiter=";")]
    assert "'=Prêter une clé" in texts, "no cell begins like a formula"


def fits(field: dict, cell: str) -> bool:
    """Table Schema by hand: the kinds that these tables use."""
    constraints = field.get("constraints", {})
    if not cell:
        return not constraints.get("required")
    if "enum" in constraints:
        return cell in constraints["enum"]
    patterns = {
        "integer": r"\d+",
        "boolean": "oui|non",
        "date": r"\d{4}-\d\d-\d\d",
        "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d",
        "string": r"(?s).+",
    }
    return re.fullmatch(patterns[field["type"]], cell) is not None


def test_an_answer_is_on_the_page_in_the_data_and_in_the_next_edition_only(
    day: Event, notes: dict[str, str], people
) -> None:
    publish(day)
    write(day, operations.describe_report, licence=None, expected_on="2022-01-31")
    answer(day, notes["soir"])
    publish(day)
    organiser = people()
    organiser.organise()
    organiser.get(f"/{day.name}/organisation/rapport/editions")
    organiser.post(
        f"/{day.name}/organisation/rapport/suites", about=notes["clé"], status="retenue", who="La Région",
        text="Inscrite au programme", given_on="2021-11-20",
    )  # fmt: skip

    files = report_editions.public_site(day)
    page = files["index.html"].decode()
    assert "C’est commencé" in page
    assert "Inscrite au programme" in page
    assert "Réponse attendue le 31 janvier 2022" in page
    assert "Inscrite au programme" in files["donnees/suites.csv"].decode()
    assert "C’est commencé" not in files["1/index.html"].decode()
    assert "Inscrite au programme" not in files["2/index.html"].decode()
    assert "En cours" in text(files["2/rapport.docx"])
    refused = organiser.post(
        f"/{day.name}/organisation/rapport/suites", about=notes["clé"], status="retenue", who="X", text="",
        link="javascript:alert(1)",
    )  # fmt: skip
    assert organiser.status == 422
    assert "https://" in refused


def test_the_editor_writes_without_javascript_and_sees_what_is_open(
    day: Event, notes: dict[str, str], people
) -> None:
    desk = f"/{day.name}/organisation/rapport"
    editor = people()
    editor.organise()
    page = editor.get(f"{desk}/chapitres/atelier-emergence")
    assert "Reste à faire : 7 textes à écrire." in page
    editor.post(f"{desk}/passages", key="chapter:atelier-emergence", text="Un *début* <b>x</b>", base="")
    page = editor.get(f"{desk}/chapitres/atelier-emergence")
    assert "Un <em>début</em> &lt;b&gt;x&lt;/b&gt;" in page
    revision = re.search(r'name="revision" value="(\w+)"', page)[1]
    editor.post(f"{desk}/relectures", key="chapter:atelier-emergence", revision=revision)
    page = editor.get(f"{desk}/chapitres/atelier-emergence")
    assert re.search(r"L’émergence</span> <small class=\"ready\">Relu", page)
    editor.post(f"{desk}/reprises", key=f"note:{notes['soir']}", kept="0", chapter="atelier-emergence")
    page = editor.get(f"{desk}/chapitres/atelier-emergence")
    assert 'id="note-eme-1"' in page
    assert 'id="eme-1"' not in page
    order = f"{notes['clé']} {notes['soir']}"
    editor.post(f"{desk}/reprises", key=f"note:{notes['soir']}", kept="1")
    editor.post(f"{desk}/ordre", order=order, moved=notes["soir"], direction="up")
    db.session.rollback()
    first = content_of(report_editions.taken(day)).recommendations
    assert [entry.reference for entry in first[:2]] == ["ÉME-1", "ÉME-2"]
    editor.post(f"{desk}/passages", key="chapter:introduction", text="x" * 40_001, chapter="introduction")
    assert editor.status == 422
    assert "x" * 40_001 in editor.page, "what was typed is on the page again"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_page_that_is_published(
    browser: Browser, day: Event, notes: dict[str, str], tmp_path: Path, scheme: str
) -> None:
    reword(day, notes["soir"], "Ouvrir deux soirs")
    write(
        day, operations.write_passage, key="chapter:introduction", base="",
        text="Un début.\n\n## Titre\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n\n> Dit.",
    )  # fmt: skip
    answer(day, notes["soir"])
    publish(day)
    (tmp_path / "index.html").write_bytes(report_editions.public_site(day)["index.html"])
    context = browser.new_context(color_scheme=scheme, bypass_csp=True, java_script_enabled=True)
    page = context.new_page()
    page.goto(f"file://{tmp_path}/index.html")

    assert axe(page) == []
    assert page.evaluate("document.documentElement.lang") == "fr"
    context.close()


@pytest.fixture
def made(day: Event, notes: dict[str, str]) -> dict[str, bytes]:
    """A public edition with a picture and a table, and what LibreOffice made of it."""
    pixels = pixels_of(photograph())
    write(
        day, operations.add_picture, key="chapter:introduction", base="", **stored(pixels),
        text=f"Un début.\n\n![](image:{pixels.key})\n\n| Lieu | Soir |\n| --- | --- |\n| *Lens* | oui |",
        alternative="Un jardin, le soir", credit="Ville de Liévin",
    )  # fmt: skip
    publish(day)
    for _ in report_editions.OFFICE_FILES:
        report_editions.look()
    return report_editions.public_site(day)


def test_libreoffice_s_files_join_the_edition_and_name_nobody(made: dict[str, bytes], day: Event) -> None:
    assert ">PDF/UA" in made["index.html"].decode()
    assert db.session.query(ReportEdition).count() == 1
    with zipfile.ZipFile(io.BytesIO(made["1/rapport.odt"])) as archive:
        odt = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    assert "Ouvrir le soir" in odt["content.xml"]
    pdf = PdfReader(io.BytesIO(made["1/rapport.pdf"]))
    said = {f"page {number}": page.extract_text() for number, page in enumerate(pdf.pages, 1)}
    assert "Ouvrir le soir" in "".join(said.values())
    objects = list(_strings(pdf))
    assert any("Un jardin, le soir" in one for one in objects), "what is no page is read as well"
    said |= {f"object {number}": one for number, one in enumerate(objects)}
    for where, content in {**odt, **said}.items():
        for who in (*NAMES, "Quatrefages", "Œuvrard", "Alain Bavay"):
            assert who not in content, where


def _strings(pdf: PdfReader) -> Iterator[str]:
    """What every object of the file holds, unpacked, in the codes that PDF writes text in."""
    for number in range(1, len(pdf.xref[0]) + sum(map(len, pdf.xref_objStm.values())) + 1):
        one = pdf.get_object(number)
        content = str(one)
        if isinstance(one, StreamObject) and one.get("/Subtype") != "/Image":
            content += one.get_data().decode("latin-1")
            content += one.get_data().decode("utf-16-be", "ignore") + one.get_data().decode("utf-8", "ignore")
        yield content


def test_the_pdf_bears_what_pdf_ua_asks_for(made: dict[str, bytes], day: Event) -> None:
    pdf = PdfReader(io.BytesIO(made["1/rapport.pdf"]))
    catalog = pdf.trailer["/Root"]

    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "fr-FR"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata is not None
    assert day.title in pdf.metadata.title.replace("\xa0", " ")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalog["/Metadata"].get_data()
    assert pdf.outline, "chapters are bookmarks"
    kinds = [(kind, alternative) for kind, alternative in _structure(catalog["/StructTreeRoot"])]
    assert [alternative for kind, alternative in kinds if kind == "/Figure"] == ["Un jardin, le soir"]
    found = {kind for kind, _ in kinds}
    assert {"/H1", "/H2", "/L", "/LI", "/Table", "/TR", "/TH", "/TD", "/TOC", "/Link"} <= found
    levels = [int(kind[2:]) for kind, _ in kinds if re.fullmatch(r"/H\d", kind)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), "no level is skipped"


def _structure(root) -> Iterator[tuple[str, str]]:
    """Kind and alternative text of each element, in reading order; kinds as the standard names them."""
    roles = root.get("/RoleMap", {})
    waiting = [root]
    while waiting:
        one = waiting.pop().get_object()
        if not hasattr(one, "get"):
            continue
        if "/S" in one:
            kind = one["/S"]
            yield str(roles.get(kind, kind)), str(one.get("/Alt", ""))
        below = one.get("/K", [])
        below = below if isinstance(below, list) else [below]
        waiting += reversed([kid for kid in below if not isinstance(kid, int)])
