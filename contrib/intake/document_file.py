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
from contrib.forms import fold, raw
from contrib.intake.csv_file import decoded, utf16_order
from contrib.intake.limits import (
    MOST_ELEMENTS,
    MOST_LINES,
    MOST_PARAGRAPHS,
    UnreadableFile,
    bounded,
    checked_text,
)
from exports.characters import symbol_font_bullets
from exports.ooxml.container import Unfit, open_container, what_it_is
from exports.ooxml.inspection.rules import PARSER
from exports.ooxml.stationery.styles import W
from exports.text import in_thousands

_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
"""The namespace of « Document Open XML Strict »: read as well as the usual one."""
_T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = {f"{{{space}}}{name}" for space in (W, _STRICT) for name in ("del", "moveFrom")} | {_FALLBACK}
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_GONE_ODT = {_T + "tracked-changes", _OFFICE + "annotation", _T + "note", _T + "table-of-content",
             _T + "alphabetical-index", _T + "number", _SVG + "title", _SVG + "desc"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, a heading, or a cell; `rubric` where the file itself names one."""

    text: str
    heading: bool = False
    rubric: str = ""


def read_lines(name: str, content: bytes) -> list[Line]:
    """The lines of a file that say something. Raises UnreadableFile in a French sentence."""
    try:
        every = bounded(_lines(name, content), MOST_PARAGRAPHS)
        lines = list(bounded(line for line in every if raw(line.text).strip()))
    except Unfit as error:
        raise UnreadableFile(str(error)) from error
    if not lines:
        raise UnreadableFile("Ce fichier ne contient aucun texte.")
    return lines


def pasted(text: str) -> list[Line]:
    """The lines of a pasted list, without their typed bullets and numbers. Raises UnreadableFile."""
    return list(bounded(Line(line) for line in as_notes(checked_text(raw(text)))))


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
    if b"\0" in content[:2000] and content[:2] not in (b"\xff\xfe", b"\xfe\xff") and not utf16_order(content):
        raise UnreadableFile("Ce fichier n’est pas du texte. Enregistrez-le en .docx, .odt, .txt ou .csv.")
    text = checked_text(decoded(content))
    if re.match(r"\s*<(?:!doctype|html|\?xml)", text, re.I):
        raise UnreadableFile(
            "Ce fichier est une page web. Ouvrez-la dans Word et enregistrez-la en .docx, ou collez son texte."
        )
    return _of_table(text) if ending == "csv" else iter(_of_text(text))


def _of_text(text: str) -> Iterator[Line]:
    for line in re.split(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", text):
        heading = re.match(r"^\s{0,3}#{1,4}\s+(.*)$", line)
        yield Line(heading[1].strip(), heading=True) if heading else Line(_clean(line))


def _of_table(text: str) -> Iterator[Line]:
    """A CSV by other hands: the column `texte` (or `note`), and `rubrique`. Without a header, whole lines."""
    named = re.match(r"sep=(.)\r?\n", text)
    text = (text[named.end() :] if named else text).lstrip("\r\n")
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    delimiter = named[1] if named else max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except (csv.Error, TypeError) as error:
        raise UnreadableFile(
            "Ce fichier n’est pas un CSV lisible : un guillemet reste ouvert, ou une case est démesurée."
        ) from error
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    names = [fold(cell) for cell in rows[0]] if rows else []
    if "atelier" in names:
        raise UnreadableFile(
            "Ce tableau a une colonne « atelier » : l’organisateur l’importe pour tous les ateliers à la fois, page "
            "« Reprendre des fichiers »."
        )
    columns = [n for n, name in enumerate(names) if name in ("texte", "note", "contribution")]
    if not columns and "rubrique" not in names:
        for row in rows:  # nothing says which cell is the note: all of them are
            yield Line(_clean(f"{delimiter} ".join(cell.strip() for cell in row if cell.strip())))
        return
    if len(columns) > 1:
        raise UnreadableFile("Deux colonnes portent le texte : n’en gardez qu’une.")
    label = names.index("rubrique") if "rubrique" in names else -1
    others = [n for n in range(len(names)) if n != label]
    if not others:
        raise UnreadableFile("Il manque la colonne « texte ».")
    at = (
        columns[0]
        if columns
        else max(others, key=lambda n: sum(len(row[n]) for row in rows[1:] if n < len(row)))
    )
    for row in rows[1:]:
        if len(row) > len(names):
            raise UnreadableFile(
                "Une ligne a plus de cases que de colonnes ; un texte qui contient le séparateur se met entre guillemets."
            )
        rubric = row[label].strip() if 0 <= label < len(row) else ""
        if at < len(row):
            yield Line(row[at].strip(), rubric=rubric)


def _clean(text: str) -> str:
    """A paragraph without its typed bullet or number."""
    first, *rest = text.strip().split("\n")
    return "\n".join([next(iter(as_notes(first)), ""), *rest]).strip()


# --- Word ------------------------------------------------------------------------------------


def _of_docx(files: Mapping[str, bytes]) -> Iterator[Line]:
    """The text, then what stands at the feet of its pages."""
    name = next((n for n in files if re.fullmatch(r"word/document\d*\.xml", n)), "word/document.xml")
    styles = _styles(files)
    yield from _of_story(_parsed(files, name), styles)
    for part, heading in (("footnotes", "Notes de bas de page"), ("endnotes", "Notes de fin")):
        if f"word/{part}.xml" in files:
            below = _parsed(files, f"word/{part}.xml")
            marks = (f"{{{W}}}type", f"{{{_STRICT}}}type")
            for separator in [note for note in below if any(note.get(mark) for mark in marks)]:
                below.remove(separator)
            lines = [line for line in _of_story(below, styles) if line.text]
            if lines:
                yield Line(heading, heading=True)
                yield from lines


def _of_story(root: etree._Element, styles: Mapping[str, str]) -> Iterator[Line]:
    """One walk from the first element to the last: a text box is a line after the one that it hangs on."""
    found: list[tuple[etree._Element, list[str]]] = []
    within: list[list[str]] = []
    gone = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        start = event == "start"
        if node.tag in _GONE or _is_hidden(node):
            gone += 1 if start else -1
        if gone:
            continue
        if node.tag in _PARAGRAPH:
            if start:
                found.append((node, []))
                within.append(found[-1][1])
            elif within:
                within.pop()
        elif start and within:
            within[-1].append(_said(node))
    for paragraph, words in found:
        style = styles.get(_val(paragraph, "pPr", "pStyle"), "")
        if not style.startswith("toc "):
            own = _val(paragraph, "pPr", "outlineLvl") not in ("", "9")
            yield Line(_clean("".join(words)), heading=own or style.startswith(("heading", "titre")))


def _said(node: etree._Element) -> str:
    """What an element adds to its line."""
    name = etree.QName(node)
    kind = name.localname
    if kind == "t":
        return node.text or ""
    if kind == "sym":
        code = node.get(f"{{{name.namespace}}}char", "")
        sign = symbol_font_bullets(chr(int(code, 16))) if re.fullmatch("[0-9A-Fa-f]{4}", code) else " "
        return " " if sign == "•" else sign  # an arrow says something, an ornament does not
    parent = node.getparent()
    if kind not in _SPACES or parent is None or parent.tag not in _RUN:
        return ""  # a tab stop stands in the properties, not in a run
    return _SPACES[kind]


def _is_hidden(node: etree._Element) -> bool:
    """A run that Word does not show; `w:val="0"` takes back what its style hides."""
    if node.tag not in _RUN:
        return False
    marks = (node.find(f"{{{space}}}rPr/{{{space}}}vanish") for space in (W, _STRICT))
    values = (mark.get(f"{{{etree.QName(mark).namespace}}}val", "1") for mark in marks if mark is not None)
    return any(value not in ("0", "false", "off") for value in values)


def _styles(files: Mapping[str, bytes]) -> dict[str, str]:
    """Style id -> its lower-cased name; « heading » for one with an outline level."""
    if "word/styles.xml" not in files:
        return {f"{word}{n}": "heading" for word in ("Heading", "Titre") for n in range(1, 7)}
    found: dict[str, str] = {}
    based: dict[str, str] = {}
    for style in _parsed(files, "word/styles.xml").iter(*_named("style")):
        key = style.get(f"{{{W}}}styleId") or style.get(f"{{{_STRICT}}}styleId") or ""
        name = _val(style, "name").lower()
        outlined = _val(style, "pPr", "outlineLvl") not in ("", "9")
        found[key] = "heading" if outlined and not name.startswith("toc") else name
        based[key] = _val(style, "basedOn")
    for key in found:
        above, seen = based[key], {key}
        while above in found and above not in seen:
            if found[above].startswith(("heading", "titre")) and not found[key].startswith("toc"):
                found[key] = "heading"
            seen.add(above)
            above = based[above]
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


_PARAGRAPH, _RUN = _named("p"), _named("r")
_SPACES = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}


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
    yield _one_space(element.text)
    for child in element:
        if child.tag == _T + "s":
            count = child.get(_T + "c") or "1"
            yield " " * (min(int(count), 100) if re.fullmatch(r"\d{1,4}", count) else 1)
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
        yield _one_space(child.tail)


def _one_space(text: str | None) -> str:
    """White space counts once in OpenDocument; more of it has elements of its own."""
    return re.sub(r"[ \t\r\n]+", " ", text or "")


def _parsed(files: Mapping[str, bytes], name: str) -> etree._Element:
    try:
        root = etree.fromstring(files[name], PARSER)
    except (KeyError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(
            "Ce fichier est abîmé : une de ses parties ne se lit pas. Enregistrez-le à nouveau, puis recommencez."
        ) from error
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise UnreadableFile(
            f"Ce fichier est démesuré : {in_thousands(MOST_LINES)} lignes utiles au plus. Coupez-le en deux."
        )
    return root
