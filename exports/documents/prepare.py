"""The organiser's own Word file becomes stationery: opened with care, cleaned, completed.

It is hostile input: whatever it holds, the answer is stationery that our compiler can use,
or one French sentence that says what is wrong and what to do in Word.
"""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from exports.documents.restitution import compile_restitution
from exports.documents.specimen import specimen
from exports.ooxml.container import Unfit, open_container
from exports.ooxml.inspection import blocking, inspect
from exports.ooxml.inspection.accessibility import (
    CALM_FONTS,
    CONTRAST,
    GROUND,
    SMALLEST,
    SMALLEST_BODY,
    contrast,
)
from exports.ooxml.inspection.rules import PARSER, Opened, Package, on
from exports.ooxml.stationery import built_in, letterhead, open_stationery, text_area
from exports.ooxml.stationery.completed import IN_FRENCH, Remarking, complete
from exports.ooxml.stationery.letterhead import Story
from exports.ooxml.stationery.shapes import VAL, w
from exports.ooxml.stationery.skeleton import (
    FIRST_FOOTER,
    FIRST_HEADER,
    FOOTER,
    HEADER,
    PLACE,
    Letterhead,
    package,
)
from exports.ooxml.stationery.styles import R, W

SMALLEST_TEXT_AREA = (300.0, 400.0)
"""Points: below this, a page to say has no room."""

SMALLEST_SIDE, LARGEST_SIDE = 4_000, 31_680
"""Twentieths of a point: pages that are none give way to A4 (Word's own limit is the second)."""

_STRICT = "http://purl.oclc.org/ooxml/"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that is better changed, and what to do in Word."""

    sentence: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A checked file: the stationery made of it, and what was noticed on the way."""

    content: bytes
    """What `open_stationery` reads."""
    remarks: tuple[Remark, ...]
    made: tuple[str, ...]
    """Names of the styles that the file lacked and that were made."""
    trial: bytes
    """A trial document that shows every style."""
    pages: int


@lru_cache(maxsize=8)
def prepare(content: bytes) -> Prepared:
    """Stationery from a .docx or .dotx of any origin. Raises Unfit with a French sentence."""
    files = open_container(content)
    main, relations = _main_part(files)
    remarks: list[Remark] = []

    def remark(sentence: str, remedy: str) -> None:
        if Remark(sentence, remedy) not in remarks:
            remarks.append(Remark(sentence, remedy))

    document = _parsed(files, main)
    size = _section_size(document)
    completed = complete(
        _styles(files, relations), text_area(size).width, _counting(files, relations), remark
    )
    head = _letterhead(files, document, relations, completed.ids, remark)
    stationery = package(etree.tostring(completed.styles, encoding="unicode"), size, head)
    try:
        opened = open_stationery(stationery)
        area = opened.page
        if area.width < SMALLEST_TEXT_AREA[0] or area.height < SMALLEST_TEXT_AREA[1]:
            raise Unfit(
                "Il reste trop peu de place pour le texte. Dans Word : Mise en page, « Marges », et un en-tête "
                "moins haut."
            )
        compiled = compile_restitution(specimen(), stationery=opened)
        faults = inspect(compiled.content)
    except (ValueError, KeyError, TypeError, etree.LxmlError) as error:
        if isinstance(error, Unfit):
            raise
        raise _unusable() from error
    if blocking(faults):
        raise _unusable()
    _look(Opened(Package(compiled.content)), remark)
    for fault in faults:
        if fault.rule not in _LOOKED_AT:
            remark(str(fault), _REMEDIES.get(fault.rule, ""))
    return Prepared(stationery, tuple(remarks), completed.made, compiled.content, compiled.page_map.total)


def _look(trial: Opened, remark: Remarking) -> None:
    """What the State's rules say of the styles that our documents use, style by style."""
    faces: dict[str, list[str]] = {}
    for style in trial.used:
        name = IN_FRENCH.get(style.name, style.name)
        name = name[:1].upper() + name[1:]
        size = style.size or trial.default_size
        smallest = SMALLEST if style.name in ("header", "footer") else SMALLEST_BODY
        if style.kind == "paragraph" and size < smallest:
            remark(
                f"Le style « {name} » est en {f'{size:g}'.replace('.', ',')} points : {smallest:g} au moins.",
                "Dans Word : clic droit sur le style, « Modifier », et choisissez la taille.",
            )
        ink, ground = style.colour or "", style.fill or GROUND
        if re.fullmatch(r"[0-9A-Fa-f]{6}", ink) and contrast(ink, ground) < CONTRAST:
            ratio = f"{contrast(ink, ground):.1f}".replace(".", ",")
            remark(
                f"La couleur du style « {name} » se lit mal : un contraste de {ratio} pour 1, 4,5 au moins.",
                "Dans Word : clic droit sur le style, « Modifier », et une couleur plus foncée.",
            )
        if style.justified not in (None, "left", "start") and style.name not in (
            "title",
            "subtitle",
            "header",
            "footer",
        ):
            remark(
                f"Le style « {name} » n’est pas aligné à gauche : les espaces inégaux gênent la lecture.",
                "Dans Word : clic droit sur le style, « Modifier », et l’alignement à gauche.",
            )
        font = style.font or (trial.default_font if style.name == "normal" else None)
        if font and font.lower() not in CALM_FONTS:
            faces.setdefault(font, []).append(name)
    for font, names in faces.items():
        names = ["Normal"] if "Normal" in names else names  # the others are based on it
        remark(
            f"La police « {font} » ({', '.join(names[:3])}) n’est pas sûre d’être sur chaque ordinateur, ou d’une lecture simple.",
            "Dans Word : choisissez une police sans empattement : Arial, Calibri, Verdana ou Marianne.",
        )


_LOOKED_AT = ("size", "contrast", "aligned", "font")
"""Rules of the inspection that `_look` tells better here: by style, and not by sentence."""


def _unusable() -> Unfit:
    return Unfit(
        "Aucun document qui s’ouvre n’a pu être fait avec ce fichier. Dans Word : Fichier, « Enregistrer "
        "sous », « Modèle Word (.dotx) », et essayez avec ce nouveau fichier."
    )


_REMEDIES: Mapping[str, str] = {
    "alternative": "Dans Word : clic droit sur l’image, « Modifier le texte de remplacement ».",
    "paper": "Dans Word : Mise en page, « Taille », A4.",
}
"""What to do in Word, by the rule of the inspection that found the fault."""


# --- the package -----------------------------------------------------------------------------


def _main_part(files: dict[str, bytes]) -> tuple[str, dict[str, tuple[str, str]]]:
    """The name of the document's part and what it is related to. Raises Unfit."""
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
    if any(_STRICT.encode() in body for name, body in files.items() if name.endswith(".xml")):
        raise Unfit(
            "Ce fichier est au format « Document Open XML Strict ». Dans Word : Fichier, « Enregistrer sous », "
            "« Document Word (.docx) »."
        )
    for kind, target in _relations(files, "").values():
        if kind == "officeDocument" and target in files:
            return target, _relations(files, target)
    raise Unfit(
        "Ce fichier n’est pas un document Word. Dans Word : Fichier, « Enregistrer sous », « Document Word (.docx) »."
    )


def _check_outside(files: dict[str, bytes], name: str) -> None:
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


def _relations(files: dict[str, bytes], source: str) -> dict[str, tuple[str, str]]:
    """Id -> kind and target of what a part calls; a target inside is the name of its part."""
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


# --- what is taken from it -------------------------------------------------------------------


def _styles(files: dict[str, bytes], relations: Mapping[str, tuple[str, str]]) -> etree._Element:
    name = next((target for kind, target in relations.values() if kind == "styles"), None)
    if name is None or name not in files:
        return etree.fromstring(f'<w:styles xmlns:w="{W}"/>')
    styles = _parsed(files, name)
    if styles.tag != w("styles"):
        raise Unfit(
            "Ce fichier est abîmé : ses styles ne se lisent pas. Dans Word : Fichier, « Enregistrer sous »."
        )
    theme = next((target for kind, target in relations.values() if kind == "theme"), None)
    fonts = _theme_fonts(_parsed(files, theme)) if theme and theme in files else {}
    for mark in styles.iter(f"{{{W}}}rFonts"):
        for attribute in [a for a in mark.attrib if str(a).endswith("Theme")]:
            which = "major" if str(mark.attrib[attribute]).startswith("major") else "minor"
            side = str(attribute).rsplit("}", 1)[1].removesuffix("Theme")
            del mark.attrib[attribute]
            if fonts.get(which) and side in ("ascii", "hAnsi"):
                mark.set(f"{{{W}}}{side}", fonts[which])
    return styles


def _counting(files: dict[str, bytes], relations: Mapping[str, tuple[str, str]]) -> set[str]:
    """The ids of the numbered lists that show a number on their first level."""
    name = next((target for kind, target in relations.values() if kind == "numbering"), None)
    if name is None or name not in files:
        return set()
    root = _parsed(files, name)
    shown = {
        definition.get(w("abstractNumId"))
        for definition in root.iter(w("abstractNum"))
        if "%" in ((text := next(definition.iter(w("lvlText")), None)) is not None and text.get(VAL) or "")
    }
    return {
        str(number.get(w("numId")))
        for number in root.iter(w("num"))
        if (link := number.find(w("abstractNumId"))) is not None and link.get(VAL) in shown
    }


def _theme_fonts(theme: etree._Element) -> dict[str, str]:
    """The Latin fonts of a theme: « major » for headings, « minor » for text."""
    found = {}
    for which in ("major", "minor"):
        latin = next(theme.iter(f"{{*}}{which}Font"), None)
        latin = latin.find("{*}latin") if latin is not None else None
        if latin is not None and latin.get("typeface"):
            found[which] = latin.get("typeface", "")
    return found


def _section(document: etree._Element) -> etree._Element | None:
    body = document.find(f"{{{W}}}body")
    return body.find(f"{{{W}}}sectPr") if body is not None else None


def _section_size(document: etree._Element) -> str:
    """`w:pgSz` and `w:pgMar` with nothing but their numbers; our own where there are none."""
    section = _section(document)
    own = re.search(r"(<w:pgSz[^>]*/>)(<w:pgMar[^>]*/>)", built_in("restitution").section)
    assert own
    found = []
    for name, fallback, attributes in (
        ("pgSz", own[1], ("w", "h")),
        ("pgMar", own[2], ("top", "right", "bottom", "left", "header", "footer", "gutter")),
    ):
        element = section.find(f"{{{W}}}{name}") if section is not None else None
        values = {a: element.get(f"{{{W}}}{a}", "0") for a in attributes} if element is not None else {}
        sound = all(re.fullmatch(r"-?\d{1,5}(\.\d+)?", v) for v in values.values())
        if name == "pgSz" and sound and values:
            sound = all(SMALLEST_SIDE <= float(v) <= LARGEST_SIDE for v in values.values())
        if not values or not sound:
            found.append(fallback)
            continue
        numbers = " ".join(f'w:{a}="{abs(round(float(v)))}"' for a, v in values.items())
        landscape = (
            ' w:orient="landscape"' if name == "pgSz" and float(values["w"]) > float(values["h"]) else ""
        )
        found.append(f"<w:{name} {numbers}{landscape}/>")
    return "".join(found)


def _letterhead(
    files: dict[str, bytes],
    document: etree._Element,
    relations: Mapping[str, tuple[str, str]],
    ids: Mapping[str, str],
    remark: Remarking,
) -> Letterhead:
    section = _section(document)
    if section is None:
        return Letterhead()
    media: dict[str, bytes] = {}
    stories: dict[str, Story] = {}
    different_first = on(section.find(w("titlePg")))
    targets: dict[str, str] = {}
    # a section without a header of its own goes on with that of the one before
    for reference in document.iter(w("headerReference"), w("footerReference")):
        which = reference.get(w("type"), "default")
        name = _PLACES.get((etree.QName(reference).localname, which))
        target = relations.get(reference.get(f"{{{R}}}id", ""), ("", ""))[1]
        if name and target in files and (which == "default" or different_first):
            targets[name] = target
    for name, target in targets.items():
        root, related = _parsed(files, target), _relations(files, target)
        stories[name] = letterhead.take(root, related, lambda part: files.get(part, b""), media, ids, remark)
    return Letterhead(
        stories={name: _with_place(name, story) for name, story in stories.items()},
        relations={name: story.relations for name, story in stories.items() if story.relations},
        media=media,
        theme=_theme(files, relations) if stories else "",
    )


_PLACES = {
    ("headerReference", "default"): HEADER,
    ("footerReference", "default"): FOOTER,
    ("headerReference", "first"): FIRST_HEADER,
    ("footerReference", "first"): FIRST_FOOTER,
}


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


def _theme(files: dict[str, bytes], relations: Mapping[str, tuple[str, str]]) -> str:
    """The colours that a drawing in the header may name; none where it calls other parts."""
    name = next((target for kind, target in relations.values() if kind == "theme"), None)
    if name is None or name not in files or _relations(files, name):
        return ""
    return etree.tostring(_parsed(files, name), encoding="unicode")
