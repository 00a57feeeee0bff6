"""Pictures of the report: bounded, without what a photograph knows, with words for who does not see them."""

import base64
import io
import re
import zipfile

import docx
import pytest
from conftest import Person
from photographs import SVG, bomb, encoded, noise, photograph
from PIL import Image

from contrib.documents import report_editions
from contrib.documents.operations import publish_report
from contrib.publication.pictures import shown_at
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author
from contrib.store.models import Event
from exports.formatted import picture_mark
from exports.ooxml.inspection import inspect
from exports.pictures import HEAVIEST, LONGEST, NoPicture, pixels_of

HIDDEN = (b"Exif", b"TELEPHONE", b"COMMENTAIRE", b"ZENOBIE", b"<script", b"PK\x03\x04")


@pytest.mark.parametrize(
    ("sent", "size"),
    [
        (photograph(), (900, 600)),
        (photograph(sideways=True), (600, 900)),
        (photograph(6000, 4000), (LONGEST, 867)),
        (photograph() + b"<script>alert(1)</script>", (900, 600)),
        (photograph() + b"PK\x03\x04 une archive", (900, 600)),
        (encoded(Image.new("RGBA", (40, 30), (0, 0, 0, 0)), "PNG"), (40, 30)),
        (encoded(Image.new("CMYK", (40, 30))), (40, 30)),
        (encoded(noise(1800, 1200), "PNG"), (LONGEST, 867)),
        (encoded(noise(400, 300), "WEBP"), (400, 300)),
    ],
    ids=["place", "sideways", "large", "script behind", "zip behind", "transparent", "cmyk", "noise", "webp"],
)
def test_what_is_kept_is_pixels_within_bounds_and_nothing_else(sent: bytes, size: tuple[int, int]) -> None:
    found = pixels_of(sent)

    assert (found.width, found.height) == size
    assert len(found.content) <= HEAVIEST
    assert not any(word in found.content for word in HIDDEN)
    again = Image.open(io.BytesIO(found.content))
    assert again.size == size
    assert not again.getexif()
    assert again.mode == "RGB"


def test_what_is_transparent_stands_on_white() -> None:
    found = pixels_of(encoded(Image.new("RGBA", (4, 4), (0, 0, 0, 0)), "PNG"))

    assert Image.open(io.BytesIO(found.content)).getpixel((1, 1)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (SVG, "en JPEG ou en PNG"),
        (b"<html>" + photograph(), "en JPEG ou en PNG"),
        (b"", "en JPEG ou en PNG"),
        (photograph()[:2000], "en JPEG ou en PNG"),
        (encoded(noise(30, 30), "TIFF"), "en JPEG ou en PNG"),
        (bomb(), "millions de pixels"),
        (encoded(Image.new("1", (6000, 5000)), "PNG"), "25 millions de pixels"),
        (encoded(Image.new("L", (9000, 6000))), "50 millions de pixels"),
        (b"\xff\xd8\xff" + bytes(15_000_001), "15 Mo au plus"),
    ],
    ids=["svg", "html", "empty", "cut", "tiff", "bomb", "large drawing", "large photograph", "heavy"],
)
def test_what_is_no_picture_or_too_much_is_refused_in_a_sentence(sent: bytes, said: str) -> None:
    with pytest.raises(NoPicture, match=said):
        pixels_of(sent)


def test_a_picture_comes_below_the_paragraph_of_the_cursor_or_the_text() -> None:
    mark = picture_mark("0123456789")

    assert shown_at("", "0123456789", "") == mark
    assert shown_at("Un.\n\nDeux.", "0123456789", "") == f"Un.\n\nDeux.\n\n{mark}"
    assert shown_at("Un.\n\nDeux.", "0123456789", "1") == f"Un.\n\n{mark}\n\nDeux."
    assert shown_at("Un.\n\nDeux.", "0123456789", "8") == f"Un.\n\nDeux.\n\n{mark}"
    assert shown_at(f"Un.\n\n{mark}", "0123456789", "1") == f"Un.\n\n{mark}"


def test_a_chapter_with_a_picture_is_written_described_and_published(
    day: Event, desk: Person, app, tmp_path
) -> None:
    """Without a script: the text goes with the picture, and the list of what is open says what it lacks."""
    rapport = f"/{day.name}/organisation/rapport"
    desk.get(rapport)
    fields = {"key": "chapter:introduction", "chapter": "introduction", "text": "Un début.", "base": ""}
    page = desk.post(f"{rapport}/images", **fields, picture=(io.BytesIO(SVG), "plan.svg"))
    assert desk.status == 422
    assert "en JPEG ou en PNG" in page
    assert "Un début.</textarea>" in page
    assert "Choisissez d’abord l’image" in desk.post(f"{rapport}/images", **fields)

    file = (io.BytesIO(photograph()), "photo.jpg")
    page = desk.post(f"{rapport}/images", **fields, picture=file, credit="Zénobie Quatrefages")

    key = re.search(r"!\[\]\(image:([0-9a-f]{10})\)</textarea>", page)[1]
    assert "1 image à décrire" in page
    desk.post(f"{rapport}/images/{key}/mots", alternative="Un jardin, le soir", credit="Zénobie Quatrefages")
    assert "image à décrire" not in desk.get(rapport)
    desk.get(f"{rapport}/images/{key}")
    assert pixels_of(photograph()).content == desk.bytes
    desk.get(f"{rapport}/images/0000000000")
    assert desk.status == 404
    _is_in_every_file_and_in_no_log(day, key)


def _is_in_every_file_and_in_no_log(day: Event, key: str) -> None:
    db.session.rollback()
    number = report_editions.freeze(day, Author()).outcome["edition"]
    log.write(publish_report, Author(), {"number": number}, event=day.id)
    for _ in report_editions.OFFICE_FILES:
        report_editions.look()
    files = report_editions.public_site(day)
    html = files["index.html"].decode()
    shown = re.search(r'<img src="data:image/jpeg;base64,([^"]+)" alt="Un jardin, le soir" width="900"', html)
    pixels = base64.b64decode(shown[1])
    assert re.search(r"<figcaption[^>]*>Crédit\s:\sZénobie Quatrefages</figcaption>", html)
    document = files["1/rapport.docx"]
    assert [fault for fault in inspect(document) if fault.rule in ("alternative", "relation", "part")] == []
    picture = docx.Document(io.BytesIO(document)).element.body.xpath(".//wp:docPr")[0]
    assert picture.get("descr") == "Un jardin, le soir"
    assert parts(document)[f"word/media/image-{key}.jpg"] == pixels
    assert "Un jardin, le soir" in parts(files["1/rapport.odt"])["content.xml"].decode()
    for content in (pixels, *parts(document).values()):
        assert not any(word in content for word in HIDDEN)
    rows = db.session.connection().exec_driver_sql("SELECT payload FROM operation")
    logged = " ".join(str(row[0]) for row in rows)
    assert "Quatrefages" not in logged
    assert len(logged) < 100_000, "the log does not hold the pixels"


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
