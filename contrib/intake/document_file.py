"""What stands in a file by somebody else's hand, line by line: .docx, .odt, .txt, .csv.

Only text and headings are read. Word's and LibreOffice's deletions, comments, fields' codes
and hidden copies of drawings are not lines that anybody noted.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from contrib.capture.lines import as_notes
from contrib.intake.csv_file import UnreadableFile, decoded
from contrib.programme import fold
from exports.container import Unfit, open_container, what_it_is
from exports.inspection.rules import PARSER
from exports.stationery.styles import W

MOST_LINES = 2_000

_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
"""The namespace of « Document Open XML Strict »: read as well as the usual one."""
_T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = {f"{{{space}}}{name}" for space in (W, _STRICT) for name in ("del", "moveFrom")} | {_FALLBACK}
_GONE_ODT = {_T + "tracked-changes", _OFFICE + "annotation", _T + "note", _T + "table-of-content"}


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, a heading, or a cell; `rubric` where the file itself names one."""

    text: str
    heading: bool = False
    rubric: str = ""


def read_lines(name: str, content: bytes) -> list[Line]:
    """The lines of a file that say something. Raises UnreadableFile in a French sentence."""
    try:
        lines = list(_lines(name, content))
    except Unfit as error:
        raise UnreadableFile(str(error)) from error
    lines = [line for line in lines if line.text.strip()]
    if not lines:
        raise UnreadableFile("Ce fichier ne contient aucun texte.")
    if len(lines) > MOST_LINES:
        raise UnreadableFile(f"Ce fichier a plus de {MOST_LINES} lignes : coupez-le en plusieurs fichiers.")
    return lines


def pasted(text: str) -> list[Line]:
    """The lines of a pasted list, without their typed bullets and numbers."""
    return [Line(line) for line in as_notes(text)]


def _lines(name: str, content: bytes) -> Iterator[Line]:
    ending = name.rsplit(".", 1)[-1].lower()
    if content.startswith(b"PK"):
        files = open_container(content)
        if any("vba" in part.lower() for part in files):
            raise UnreadableFile(
                "Ce fichier contient des macros. Dans Word : Fichier, « Enregistrer sous », « Document Word (.docx) »."
            )
        if "word/document.xml" in files or b"wordprocessingml" in files.get("[Content_Types].xml", b""):
            return _of_docx(files)
        if files.get("mimetype", b"").startswith(b"application/vnd.oasis.opendocument.text"):
            return _of_odt(files)
        if any(part.startswith("xl/") for part in files) or b"spreadsheet" in files.get("mimetype", b""):
            raise UnreadableFile(
                "Ce fichier est un classeur. Dans Excel : Fichier, « Enregistrer sous », « CSV UTF-8 »."
            )
        raise UnreadableFile("Ce fichier n’est pas un document Word. Enregistrez-le en .docx ou en .txt.")
    if content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rt")) or ending in (
        "doc",
        "pdf",
        "xls",
        "xlsx",
    ):
        if ending in ("xls", "xlsx"):
            raise UnreadableFile(
                "Ce fichier est un classeur. Dans Excel : Fichier, « Enregistrer sous », « CSV UTF-8 »."
            )
        if content.startswith(b"%PDF") or ending == "pdf":
            raise UnreadableFile(
                "Ce fichier est un PDF. Ouvrez-le dans Word, puis Fichier, « Enregistrer sous », « Document Word "
                "(.docx) », ou collez son texte."
            )
        raise UnreadableFile(what_it_is(content))
    if b"\0" in content[:2000] and content[:2] not in (b"\xff\xfe", b"\xfe\xff") and not _is_utf16(content):
        raise UnreadableFile("Ce fichier n’est pas du texte. Enregistrez-le en .docx, .odt, .txt ou .csv.")
    text = decoded(content)
    return _of_table(text) if ending == "csv" else iter(_of_text(text))


def _is_utf16(content: bytes) -> bool:
    return content[1:200:2].count(0) > 40


def _of_text(text: str) -> Iterator[Line]:
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        heading = re.match(r"^\s{0,3}#{1,4}\s+(.*)$", line)
        yield Line(heading[1].strip(), heading=True) if heading else Line(_clean(line))


def _of_table(text: str) -> Iterator[Line]:
    """A CSV by other hands: the column `texte` (else the one with the longest texts), and `rubrique`."""
    if text.startswith("sep="):
        text = text.split("\n", 1)[-1]
    first = text.split("\n", 1)[0]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count)))
    except csv.Error as error:
        raise UnreadableFile("Ce fichier n’est pas un CSV lisible : un guillemet reste ouvert.") from error
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        return
    names = [fold(cell) for cell in rows[0]]
    headed = bool({"texte", "note", "contribution", "rubrique"} & set(names))
    body = rows[1:] if headed else rows
    columns = (
        [n for n, name in enumerate(names) if name in ("texte", "note", "contribution")] if headed else []
    )
    width = max(map(len, rows))
    longest = max(range(width), key=lambda n: sum(len(row[n]) for row in body if n < len(row)))
    at = columns[0] if columns else longest
    label = names.index("rubrique") if headed and "rubrique" in names else None
    for row in body:
        rubric = row[label].strip() if label is not None and label < len(row) else ""
        if at < len(row):
            yield Line(row[at].strip(), rubric=rubric)


def _clean(text: str) -> str:
    """A line without its typed bullet or number."""
    return next(iter(as_notes(text)), "") if "\n" not in text else text.strip()


# --- Word ------------------------------------------------------------------------------------


def _of_docx(files: Mapping[str, bytes]) -> Iterator[Line]:
    name = next((n for n in files if re.fullmatch(r"word/document\d*\.xml", n)), "word/document.xml")
    root = _parsed(files, name)
    styles = _styles(files)
    for paragraph in root.iter(*_named("p")):
        if any(above.tag in _GONE for above in paragraph.iterancestors()):
            continue
        style = styles.get(_val(paragraph, "pPr", "pStyle"), "")
        if style.startswith("toc "):
            continue
        heading = style.startswith(("heading", "titre")) or bool(_val(paragraph, "pPr", "outlineLvl"))
        yield Line(_clean("".join(_words(paragraph))), heading=heading)


def _words(paragraph: etree._Element) -> Iterator[str]:
    """The text of a paragraph, without that of the text boxes that hang on it."""
    own = _named("p")
    for node in paragraph.iter(
        *_named("t"), *_named("tab"), *_named("br"), *_named("cr"), *_named("noBreakHyphen")
    ):
        above = list(node.iterancestors())
        owner = next((element for element in above if element.tag in own), None)
        if owner is not paragraph or any(element.tag in _GONE for element in above):
            continue
        kind = etree.QName(node).localname
        if kind == "tab" and above[0].tag not in _named("r"):
            continue  # a tab stop, in the properties
        yield {"t": node.text or "", "tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}[kind]


def _styles(files: Mapping[str, bytes]) -> dict[str, str]:
    """Style id -> its lower-cased name; « heading » for one with an outline level."""
    if "word/styles.xml" not in files:
        return {}
    found = {}
    for style in _parsed(files, "word/styles.xml").iter(*_named("style")):
        key = style.get(f"{{{W}}}styleId") or style.get(f"{{{_STRICT}}}styleId") or ""
        name = _val(style, "name").lower()
        outlined = _val(style, "pPr", "outlineLvl") not in ("", "9")
        found[key] = "heading" if outlined and not name.startswith("toc") else name
    return found


def _val(element: etree._Element, *path: str) -> str:
    """The `w:val` at the end of a path, in either of Word's two namespaces; empty where absent."""
    for space in (W, _STRICT):
        found = element.find("/".join(f"{{{space}}}{name}" for name in path))
        if found is not None:
            return found.get(f"{{{space}}}val") or ""
    return ""


def _named(name: str) -> tuple[str, str]:
    return (f"{{{W}}}{name}", f"{{{_STRICT}}}{name}")


# --- OpenDocument ----------------------------------------------------------------------------


def _of_odt(files: Mapping[str, bytes]) -> Iterator[Line]:
    if b"encryption-data" in files.get("META-INF/manifest.xml", b""):
        raise UnreadableFile(
            "Ce fichier est protégé par un mot de passe. Dans LibreOffice : Fichier, Propriétés, et retirez-le."
        )
    text = _parsed(files, "content.xml").find(f"{_OFFICE}body/{_OFFICE}text")
    if text is None:
        return
    for paragraph in text.iter(_T + "p", _T + "h"):
        if any(above.tag in _GONE_ODT for above in paragraph.iterancestors()):
            continue
        yield Line(_clean("".join(_odt_words(paragraph))), heading=paragraph.tag == _T + "h")


def _odt_words(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == _T + "s":
            yield " " * min(int(child.get(_T + "c") or 1), 100)
        elif child.tag == _T + "tab":
            yield " "
        elif child.tag == _T + "line-break":
            yield "\n"
        elif (
            isinstance(child.tag, str)
            and child.tag not in _GONE_ODT
            and child.tag not in (_T + "p", _T + "h")
        ):
            yield from _odt_words(child)
        yield child.tail or ""


def _parsed(files: Mapping[str, bytes], name: str) -> etree._Element:
    try:
        return etree.fromstring(files[name], PARSER)
    except (KeyError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(
            "Ce fichier est abîmé : une de ses parties ne se lit pas. Enregistrez-le à nouveau, puis recommencez."
        ) from error
