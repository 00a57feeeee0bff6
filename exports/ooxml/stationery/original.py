"""The organiser's own Word file, as it came: its parts, found and read with care.

It is hostile input. Raises Unfit with a French sentence that says what is wrong and what to do in Word.
"""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from exports.ooxml.container import Unfit, open_container
from exports.ooxml.inspection.rules import PARSER, on
from exports.ooxml.stationery import built_in, letterhead
from exports.ooxml.stationery.completed import Remarking
from exports.ooxml.stationery.letterhead import Story
from exports.ooxml.stationery.shapes import VAL, w
from exports.ooxml.stationery.skeleton import (
    FIRST_FOOTER,
    FIRST_HEADER,
    FOOTER,
    HEADER,
    PLACE,
    Letterhead,
)
from exports.ooxml.stationery.styles import R, W

SMALLEST_SIDE, LARGEST_SIDE = 4_000, 31_680
"""Twentieths of a point: pages that are none give way to A4 (Word's own limit is the second)."""

_STRICT = b"http://purl.oclc.org/ooxml/"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_PLACES = {
    ("headerReference", "default"): HEADER,
    ("footerReference", "default"): FOOTER,
    ("headerReference", "first"): FIRST_HEADER,
    ("footerReference", "first"): FIRST_FOOTER,
}

Relations = Mapping[str, tuple[str, str]]
"""Id -> kind and target of what a part calls; a target inside the file is the name of its part."""


def open_original(content: bytes) -> "Original":
    """A .docx or .dotx of any origin. Raises Unfit."""
    files = open_container(content)
    _check_kind(files)
    for kind, target in _relations(files, "").values():
        if kind == "officeDocument" and target in files:
            return Original(files, _parsed(files, target), _relations(files, target))
    raise Unfit(
        "Ce fichier n’est pas un document Word. Dans Word : Fichier, « Enregistrer sous », « Document Word (.docx) »."
    )


@dataclass(frozen=True, slots=True)
class Original:
    """What stationery is made of, read from the file; each method takes one thing."""

    files: Mapping[str, bytes]
    document: etree._Element
    relations: Relations

    def styles(self) -> etree._Element:
        """The styles, with the fonts of the theme by their names; none where there are none."""
        name = self._related("styles")
        if name is None:
            return etree.fromstring(f'<w:styles xmlns:w="{W}"/>')
        styles = _parsed(self.files, name)
        if styles.tag != w("styles"):
            raise Unfit(
                "Ce fichier est abîmé : ses styles ne se lisent pas. Dans Word : Fichier, « Enregistrer sous »."
            )
        theme = self._related("theme")
        fonts = _theme_fonts(_parsed(self.files, theme)) if theme else {}
        for mark in styles.iter(w("rFonts")):
            for attribute in [a for a in mark.attrib if str(a).endswith("Theme")]:
                which = "major" if str(mark.attrib[attribute]).startswith("major") else "minor"
                side = str(attribute).rsplit("}", 1)[1].removesuffix("Theme")
                del mark.attrib[attribute]
                if fonts.get(which) and side in ("ascii", "hAnsi"):
                    mark.set(w(side), fonts[which])
        return styles

    def counting(self) -> set[str]:
        """The ids of the numbered lists that show a number on their first level."""
        name = self._related("numbering")
        if name is None:
            return set()
        root = _parsed(self.files, name)
        shown = {
            definition.get(w("abstractNumId"))
            for definition in root.iter(w("abstractNum"))
            if "%"
            in ((text := next(definition.iter(w("lvlText")), None)) is not None and text.get(VAL) or "")
        }
        return {
            str(number.get(w("numId")))
            for number in root.iter(w("num"))
            if (link := number.find(w("abstractNumId"))) is not None and link.get(VAL) in shown
        }

    def page_size(self) -> str:
        """`w:pgSz` and `w:pgMar` with nothing but their numbers; our own where there are none."""
        section = self._section()
        own = re.search(r"(<w:pgSz[^>]*/>)(<w:pgMar[^>]*/>)", built_in("restitution").section)
        assert own
        size = _numbers(section, "pgSz", ("w", "h"))
        if not all(SMALLEST_SIDE <= value <= LARGEST_SIDE for value in size.values()):
            size = {}
        margins = _numbers(section, "pgMar", ("top", "right", "bottom", "left", "header", "footer", "gutter"))
        landscape = ' w:orient="landscape"' if size and size["w"] > size["h"] else ""
        return (_element("pgSz", size, landscape) or own[1]) + (_element("pgMar", margins) or own[2])

    def letterhead(self, ids: Mapping[str, str], remark: Remarking) -> Letterhead:
        """What stands above and below every page; `ids` are the styles' ids now, by the file's own."""
        section = self._section()
        if section is None:
            return Letterhead()
        different_first = on(section.find(w("titlePg")))
        targets: dict[str, str] = {}
        # a section without a header of its own goes on with that of the one before
        for reference in self.document.iter(w("headerReference"), w("footerReference")):
            which = reference.get(w("type"), "default")
            name = _PLACES.get((etree.QName(reference).localname, which))
            target = self.relations.get(reference.get(f"{{{R}}}id", ""), ("", ""))[1]
            if name and target in self.files and (which == "default" or different_first):
                targets[name] = target
        media: dict[str, bytes] = {}
        stories: dict[str, Story] = {}
        for name, target in targets.items():
            root, related = _parsed(self.files, target), _relations(self.files, target)
            stories[name] = letterhead.take(
                root, related, lambda part: self.files.get(part, b""), media, ids, remark
            )
        return Letterhead(
            stories={name: _with_place(name, story) for name, story in stories.items()},
            relations={name: story.relations for name, story in stories.items() if story.relations},
            media=media,
            theme=self._colours() if stories else "",
        )

    def _related(self, kind: str) -> str | None:
        """The name of the part of this kind, where it is there."""
        name = next((target for each, target in self.relations.values() if each == kind), None)
        return name if name in self.files else None

    def _section(self) -> etree._Element | None:
        body = self.document.find(w("body"))
        return body.find(w("sectPr")) if body is not None else None

    def _colours(self) -> str:
        """The theme, whose colours a drawing in the header may name; none where it calls other parts."""
        name = self._related("theme")
        if name is None or _relations(self.files, name):
            return ""
        return etree.tostring(_parsed(self.files, name), encoding="unicode")


def _check_kind(files: Mapping[str, bytes]) -> None:
    """Raises Unfit for what looks like a Word file and cannot be one of ours."""
    if files.get("mimetype", b"").startswith(b"application/vnd.oasis"):
        raise Unfit(
            "Ce fichier est au format OpenDocument. Dans LibreOffice : Fichier, « Enregistrer sous », "
            "« Word 2010-365 (.docx) »."
        )
    types = files.get("[Content_Types].xml", b"")
    if b"macroEnabled" in types or any("vba" in name.lower() for name in files):
        raise Unfit(
            "Ce fichier contient des macros. Dans Word : Fichier, « Enregistrer sous », « Modèle Word (.dotx) » "
            "(celui sans macros)."
        )
    for name in files:
        if name.endswith(".rels"):
            _check_outside(files, name)
    if any(_STRICT in body for name, body in files.items() if name.endswith(".xml")):
        raise Unfit(
            "Ce fichier est au format « Document Open XML Strict ». Dans Word : Fichier, « Enregistrer sous », "
            "« Document Word (.docx) »."
        )


def _check_outside(files: Mapping[str, bytes], name: str) -> None:
    for relation in _parsed(files, name).iter(_RELATIONSHIP):
        kind = relation.get("Type", "").rsplit("/", 1)[-1]
        if relation.get("TargetMode") != "External" or kind == "hyperlink":
            continue
        if kind == "attachedTemplate":
            raise Unfit(
                "Ce document est attaché à un autre modèle, qu’il irait chercher à chaque ouverture. Dans Word : "
                "Fichier, « Enregistrer sous », « Modèle Word (.dotx) », et envoyez ce fichier-là."
            )
        raise Unfit(
            "Ce fichier va chercher une image ou un objet ailleurs. Dans Word : Fichier, Informations, « Modifier "
            "les liens d’accès aux fichiers », « Rompre la liaison »."
        )


def _relations(files: Mapping[str, bytes], source: str) -> Relations:
    folder, file = posixpath.split(source)
    name = posixpath.join(folder, "_rels", f"{file}.rels")
    if name not in files:
        return {}
    found = {}
    for relation in _parsed(files, name).iter(_RELATIONSHIP):
        target = relation.get("Target", "")
        if relation.get("TargetMode") != "External":
            target = posixpath.normpath(
                target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            )
        found[relation.get("Id", "")] = (relation.get("Type", "").rsplit("/", 1)[-1], target)
    return found


def _parsed(files: Mapping[str, bytes], name: str) -> etree._Element:
    try:
        root = etree.fromstring(files[name], PARSER)
    except (KeyError, etree.XMLSyntaxError, ValueError) as error:
        raise Unfit(
            "Ce fichier est abîmé : une de ses parties ne se lit pas. Dans Word : Fichier, « Enregistrer sous »."
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unfit("Ce fichier contient des déclarations qu’aucun Word n’écrit : il n’est pas ouvert.")
    return root


def _theme_fonts(theme: etree._Element) -> dict[str, str]:
    """The Latin fonts of a theme: « major » for headings, « minor » for text."""
    found = {}
    for which in ("major", "minor"):
        latin = next(theme.iter(f"{{*}}{which}Font"), None)
        latin = latin.find("{*}latin") if latin is not None else None
        if latin is not None and latin.get("typeface"):
            found[which] = latin.get("typeface", "")
    return found


def _numbers(section: etree._Element | None, name: str, attributes: tuple[str, ...]) -> dict[str, int]:
    """The attributes of an element of the section; none where one of them is no number."""
    element = section.find(w(name)) if section is not None else None
    values = {a: element.get(w(a), "0") for a in attributes} if element is not None else {}
    if not all(re.fullmatch(r"-?\d{1,5}(\.\d+)?", value) for value in values.values()):
        return {}
    return {a: abs(round(float(value))) for a, value in values.items()}


def _element(name: str, numbers: Mapping[str, int], more: str = "") -> str:
    written = " ".join(f'w:{a}="{number}"' for a, number in numbers.items())
    return f"<w:{name} {written}{more}/>" if numbers else ""


def _with_place(name: str, story: Story) -> str:
    """The part, with the paragraph that the compiler fills at its end."""
    wanted = name == HEADER or (name == FOOTER and not story.numbers_pages)
    if not wanted:
        return story.xml
    at = story.xml.rindex("</") if "</" in story.xml else -1
    if at < 0:  # an element that closes itself
        tag = story.xml.split()[0].lstrip("<")
        return f"{story.xml.rstrip().removesuffix('/>')}>{PLACE[name]}</{tag}>"
    return story.xml[:at] + PLACE[name] + story.xml[at:]
