"""The organiser's own Word file becomes stationery: opened with care, cleaned, completed.

It is hostile input: whatever it holds, the answer is stationery that our compiler can use,
or one French sentence that says what is wrong and what to do in Word.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from exports.documents.restitution import compile_restitution
from exports.documents.specimen import specimen
from exports.ooxml.container import Unfit
from exports.ooxml.inspection import blocking, inspect
from exports.ooxml.inspection.accessibility import (
    CALM_FONTS,
    CONTRAST,
    GROUND,
    SMALLEST,
    SMALLEST_BODY,
    contrast,
)
from exports.ooxml.inspection.rules import Opened, Package
from exports.ooxml.stationery import open_stationery, text_area
from exports.ooxml.stationery.completed import IN_FRENCH, Remarking, complete
from exports.ooxml.stationery.original import open_original
from exports.ooxml.stationery.skeleton import package

SMALLEST_TEXT_AREA = (300.0, 400.0)
"""Points: below this, a page to say has no room."""


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
    original = open_original(content)
    remarks: list[Remark] = []

    def remark(sentence: str, remedy: str) -> None:
        if Remark(sentence, remedy) not in remarks:
            remarks.append(Remark(sentence, remedy))

    size = original.page_size()
    completed = complete(original.styles(), text_area(size).width, original.counting(), remark)
    head = original.letterhead(completed.ids, remark)
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
