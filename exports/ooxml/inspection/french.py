"""French: the language where it belongs, and no character that nobody can see."""

import re
from collections.abc import Iterator

from exports.ooxml.inspection.rules import VAL, WARNS, Opened, Rules, q, text_of

RULES = Rules()


@RULES.add("language", WARNS, "La langue du document n’est pas le français, ou change en route")
def _language(opened: Opened) -> Iterator[str]:
    default = opened.styles_root.find(f".//{q('w:rPrDefault')}//{q('w:lang')}")
    if default is None or default.get(VAL) != "fr-FR":
        yield "styles par défaut"
    for tree in (*opened.stories, opened.styles_root):
        for element in tree.iter(q("w:lang")):
            if element is not default:
                yield f"{element.get(VAL)} dans le texte"
    core = opened.root("docProps/core.xml")
    said = core.find(q("dc:language")) if core is not None else None
    if said is None or said.text != "fr-FR":
        yield "propriétés"


@RULES.add("separators", WARNS, "La virgule décimale ou le séparateur de liste n’est pas français")
def _separators(opened: Opened) -> Iterator[str]:
    settings = opened.root("word/settings.xml")
    for name, wanted in (("w:decimalSymbol", ","), ("w:listSeparator", ";")):
        found = settings.find(q(name)) if settings is not None else None
        if found is None or found.get(VAL) != wanted:
            yield name


@RULES.add("invisible", WARNS, "Le texte contient des caractères invisibles")
def _invisible(opened: Opened) -> Iterator[str]:
    for paragraph in opened.paragraphs:
        found = _INVISIBLE.search(paragraph.text)
        if found:
            yield f"U+{ord(found[0]):04X} dans {paragraph.begins}"


_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff"
    "\ue000-\uf8ff\u0080-\u009f]"
)


@RULES.add("leftover", WARNS, "Il reste un morceau de gabarit")
def _leftovers(opened: Opened) -> Iterator[str]:
    """In what the application writes itself; a note may say « {{ » if somebody typed it."""
    for story in opened.stories[1:]:
        found = _GABARIT.search(text_of(story))
        if found:
            yield found[0]
    core = opened.root("docProps/core.xml")
    found = _GABARIT.search("".join(str(text) for text in core.itertext())) if core is not None else None
    if found:
        yield found[0]


_GABARIT = re.compile(r"\{\{|\}\}|\{%|&nbsp;|undefined|\bNone\b|Ã©|â€™|\ufffd")
