"""What is brought in is read whole, or what is not is named; and no way in works without a bound."""

import io
import time

import docx
import pytest
from conftest import Person, Room, code_of
from word_files import packed, parts_of

from contrib.capture.lines import as_notes
from contrib.intake.document_file import pasted, read_lines
from contrib.intake.limits import UnreadableFile
from contrib.store.db import db
from contrib.store.models import Note

LONG = "Une phrase assez longue pour être coupée. " * 260
"""More than 10,000 characters."""


def with_parts(body: str, **others: str) -> bytes:
    out = io.BytesIO()
    docx.Document().save(out)
    parts = parts_of(out.getvalue())
    before, after = parts["word/document.xml"].decode().split("<w:body>", 1)
    parts["word/document.xml"] = f"{before}<w:body>{body}{after}".encode()
    for name, xml in others.items():
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        parts[f"word/{name}.xml"] = f'<w:{name} xmlns:w="{space}">{xml}</w:{name}>'.encode()
    return packed(parts)


def test_what_word_shows_is_read_and_what_it_hides_is_not() -> None:
    run = "<w:r><w:rPr><w:vanish{value}/></w:rPr><w:t>{text}</w:t></w:r>"
    body = "".join(
        f"<w:p>{run.format(value=value, text=text)}</w:p>"
        for value, text in (
            ("", "caché"),
            (' w:val="1"', "caché aussi"),
            (' w:val="0"', "montré"),
            (' w:val="false"', "vu"),
        )
    )

    assert [line.text for line in read_lines("a.docx", with_parts(body))] == ["montré", "vu"]


def test_notes_at_the_foot_and_symbols_come_along() -> None:
    body = (
        '<w:p><w:r><w:t>Vers </w:t><w:sym w:font="Wingdings" w:char="F0E0"/><w:t> la suite</w:t></w:r></w:p>'
    )
    notes = (
        '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>trait</w:t></w:r></w:p></w:footnote>'
        '<w:footnote w:id="1"><w:p><w:r><w:t>Une précision</w:t></w:r></w:p></w:footnote>'
    )

    lines = read_lines("a.docx", with_parts(body, footnotes=notes))

    assert [(line.text, line.heading) for line in lines] == [
        ("Vers → la suite", False),
        ("Notes de bas de page", True),
        ("Une précision", False),
    ]


def test_a_table_with_one_long_text_brings_the_others_and_names_its_row(
    app, day, people, emergence: Room
) -> None:
    desk: Person = people()
    desk.organise()
    rows = [
        "atelier,rubrique,texte",
        '"emergence",,"Sur\ndeux lignes"',
        f'emergence,,"{LONG}"',
        "emergence,,La dernière",
    ]
    file = (io.BytesIO("\n".join(rows).encode()), "notes.csv")
    desk.get(f"/{day.name}/organisation/fichiers")
    desk.post(f"/{day.name}/organisation/fichiers", files=file)

    assert "2 notes ajoutées" in desk.page
    assert "Ligne 3 : le texte dépasse 10 000 caractères, coupez-le en deux." in desk.page


def test_a_long_line_stands_in_the_preview_to_be_cut(app, day, people, emergence: Room) -> None:
    paul: Person = people()
    paul.enter(code_of(app, day, "emergence"))
    paul.get(f"{emergence.path}/importer")
    paul.post(f"{emergence.path}/importer", file=(io.BytesIO(f"Courte\n{LONG}".encode()), "a.txt"))
    assert 'aria-label="Ligne 2, à couper"' in paul.page
    half = len(LONG) // 2
    cut = f"{LONG[:half]}\n\n{LONG[half:]}"
    paul.post(f"{emergence.path}/importer/notes", line=["Courte", cut], choice=["", ""])

    assert "3 notes ajoutées" in paul.page
    texts = [note.revisions[0].text for note in db.session.query(Note).order_by(Note.number)]
    assert "".join(texts[1:]).replace(" ", "") == LONG.replace(" ", "")

    # a piece that is still too long is said, not lost in silence
    paul.post(f"{emergence.path}/importer/notes", line=[LONG], choice=[""])
    assert "1 texte est encore trop long" in paul.page


BEYOND = {
    "a list of 200,000 lines": lambda: "une idée\n" * 200_000,
    "a text of 15 MB": lambda: b"une ligne assez longue\n" * 650_000,
    "a document of 400,000 paragraphs": lambda: with_parts("<w:p/>" * 400_000),
}


def read_any(brought: str | bytes) -> None:
    if isinstance(brought, str):
        pasted(brought)
    else:
        read_lines("a.docx" if brought.startswith(b"PK") else "a.txt", brought)


@pytest.mark.parametrize("kind", BEYOND)
def test_what_is_beyond_the_limits_is_refused_before_the_work(kind: str) -> None:
    brought = BEYOND[kind]()
    start = time.thread_time()
    as_notes("une idée\n" * 20_000)
    reference = time.thread_time() - start

    start = time.thread_time()
    with pytest.raises(UnreadableFile, match="lignes"):
        read_any(brought)
    spent = time.thread_time() - start
    print(f"{kind}: {spent:.2f} s")
    assert spent < 60 * reference
