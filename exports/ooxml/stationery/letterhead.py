"""What stands above and below the pages of the organiser's own Word file, taken over clean.

Only what shows is kept: text, lines, pictures. Content controls give way to what they
contain, corrections are accepted, languages are left to the defaults, links to addresses.
"""

import copy
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from docx.image.exceptions import (
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
    UnrecognizedImageError,
)
from docx.image.image import Image
from lxml import etree

from exports.ooxml.container import Unfit
from exports.ooxml.inspection.rules import field_codes
from exports.ooxml.stationery.schema import repair
from exports.ooxml.stationery.shapes import VAL, w
from exports.ooxml.stationery.skeleton import OFFICE, PACKAGE, PICTURES
from exports.ooxml.stationery.styles import R

SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
MOST_PICTURE_BYTES, MOST_BYTES, MOST_PIXELS = 2_000_000, 4_000_000, 25_000_000
"""A letterhead is in every document that leaves the room, also by a phone's network."""
FIELDS = frozenset(
    {"PAGE", "NUMPAGES", "SECTIONPAGES", "STYLEREF", "TITLE", "SUBJECT", "AUTHOR", "SEQ", "HYPERLINK"}
)
MOVING_FIELDS = frozenset({"DATE", "TIME", "PRINTDATE", "SAVEDATE", "CREATEDATE", "FILENAME", "DOCPROPERTY"})
"""Fields that would say another thing on another day, or nothing."""


@dataclass(frozen=True, slots=True)
class Story:
    """One header or footer, ready for the package."""

    xml: str
    relations: str
    media: dict[str, bytes]
    numbers_pages: bool


def take(
    root: etree._Element,
    relations: Mapping[str, tuple[str, str]],
    part: Callable[[str], bytes],
    known: dict[str, bytes],
    styles: Mapping[str, str],
    remark: Callable[[str, str], None],
) -> Story:
    """A header or footer of the file. `relations`: id -> kind and target, as the file has them.

    `part` reads a part; `known` collects pictures by their new name; `styles` are the ids
    that there are now, by the file's own. Raises Unfit.
    """
    root = copy.deepcopy(root)
    _unwrap(root)
    repair(root)
    for element in list(root.iter(w("pStyle"), w("rStyle"), w("tblStyle"))):
        own = styles.get(str(element.get(VAL, "")))
        if own is None:
            _replace(element, [])
        else:
            element.set(VAL, own)
    codes = field_codes(root)
    _check_fields(codes, remark)
    used = {
        str(k) for e in root.iter() for name, k in e.attrib.items() if str(name).startswith(f"{{{R}}}") and k
    }
    rows, media = [], {}
    for key in sorted(used):
        kind, target = relations.get(key, ("", ""))
        if kind == "image":
            name = _picture(target, part(target), known)
            media[name] = known[name]
            rows.append((key, "image", name.removeprefix("word/"), ""))
        elif kind == "hyperlink" and re.match(r"(?i)(https?|mailto):", target):
            rows.append((key, "hyperlink", target, ' TargetMode="External"'))
        elif kind == "hyperlink":
            raise Unfit(
                "Un lien de l’en-tête ou du pied de page mène à un fichier de votre ordinateur. Dans Word : clic "
                "droit sur le lien, « Supprimer le lien hypertexte »."
            )
        else:
            raise Unfit(
                "L’en-tête ou le pied de page contient un objet (graphique, classeur, contrôle). Dans "
                "Word : remplacez-le par une image, ou supprimez-le."
            )
    links = "".join(
        f'<Relationship Id="{k}" Type="{OFFICE}/relationships/{kind}" Target="{_quoted(t)}"{mode}/>'
        for k, kind, t, mode in rows
    )
    return Story(
        xml=etree.tostring(root, encoding="unicode"),
        relations=f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>' if links else "",
        media=media,
        numbers_pages="PAGE" in codes,
    )


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _unwrap(root: etree._Element) -> None:
    """Content controls, corrections, comments, bookmarks and languages, gone or replaced."""
    for control in list(root.iter(w("sdt"))):
        content = control.find(w("sdtContent"))
        _replace(control, list(content) if content is not None else [])
    for wrapper in list(root.iter(w("ins"), w("moveTo"), w("smartTag"), w("customXml"))):
        _replace(wrapper, list(wrapper))
    for link in list(root.iter(w("hyperlink"))):
        if link.get(f"{{{R}}}id") is None:  # an anchor in a body that is not taken over
            _replace(link, list(link))
    gone = (
        "del", "moveFrom", "commentRangeStart", "commentRangeEnd", "commentReference", "bookmarkStart",
        "bookmarkEnd", "proofErr", "permStart", "permEnd", "lang", "footnoteReference", "endnoteReference",
        "rPrChange", "pPrChange", "numPr", "altChunk", "customXmlPr", "smartTagPr",
    )  # fmt: skip
    for element in list(root.iter(*map(w, gone))):
        _replace(element, [])
    for extension in list(root.iter(f"{{{SVG}}}svgBlip")):  # its PNG twin stands beside it
        parent = extension.getparent()
        if parent is not None:
            _replace(parent, [])
    for element in root.iter():
        for name in list(element.attrib):
            if str(name).startswith(w("rsid")):
                del element.attrib[name]


def _replace(element: etree._Element, by: list[etree._Element]) -> None:
    parent = element.getparent()
    if parent is not None:
        at = parent.index(element)
        parent[at : at + 1] = by


def _check_fields(codes: set[str], remark: Callable[[str, str], None]) -> None:
    for code in sorted(codes - FIELDS):
        if code not in MOVING_FIELDS:
            raise Unfit(
                f"L’en-tête ou le pied de page contient un champ « {code} », qui pourrait aller chercher "
                "quelque chose ailleurs. Dans Word : cliquez dessus, puis Ctrl + Maj + F9 pour le remplacer "
                "par son texte."
            )
        remark(
            f"L’en-tête ou le pied de page contient un champ « {code} » : il changera selon le jour ou l’ordinateur.",
            "Dans Word : cliquez dessus, puis Ctrl + Maj + F9 pour le remplacer par son texte.",
        )


def _picture(target: str, content: bytes, known: dict[str, bytes]) -> str:
    """The new name of a picture, checked. Raises Unfit."""
    ending = target.rsplit(".", 1)[-1].lower()
    file = target.rsplit("/", 1)[-1]
    if ending not in PICTURES:
        raise Unfit(
            f"L’image « {file} » n’est pas d’un format que tous les Word affichent. Dans Word : "
            "collez-la à nouveau en PNG."
        )
    if len(content) > MOST_PICTURE_BYTES:
        raise Unfit(
            f"L’image « {file} » pèse {len(content) / 1e6:.0f} Mo : 2 Mo au plus, elle serait dans chaque "
            "document. Dans Word : Format de l’image, « Compresser les images »."
        )
    if ending in ("emf", "wmf"):
        sound = content[40:44] == b" EMF" or content[:4] in (b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00")
    else:
        sound = _pixels(content, file) > 0
    if not sound:
        raise Unfit(f"L’image « {file} » est abîmée. Dans Word : supprimez-la et insérez-la à nouveau.")
    for name, there in known.items():
        if there == content and name.endswith(f".{ending}"):
            return name
    name = f"word/media/image{len(known) + 1}.{ending}"
    known[name] = content
    if sum(map(len, known.values())) > MOST_BYTES:
        raise Unfit(
            "Les images de l’en-tête et du pied de page pèsent plus de 4 Mo ensemble. Dans Word : "
            "Format de l’image, « Compresser les images »."
        )
    return name


def _pixels(content: bytes, file: str) -> int:
    """Number of pixels; 0 where the picture is damaged. Raises Unfit where it is huge."""
    try:
        picture = Image.from_file(io.BytesIO(content))
        pixels = int(picture.px_width) * int(picture.px_height)
    except (InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError):
        return 0
    except Exception:  # a damaged header raises whatever it meets: struct, index, key
        return 0
    if pixels > MOST_PIXELS:
        raise Unfit(
            f"L’image « {file} » a {pixels // 1_000_000} millions de points : 25 au plus. Dans Word : Format de "
            "l’image, « Compresser les images »."
        )
    return pixels
