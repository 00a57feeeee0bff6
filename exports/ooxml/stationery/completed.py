"""The styles of the organiser's file, brought to what our documents need.

A style is found by its lower-cased name, in Word's English or in French, whatever its id;
it keeps its look and gets our id. One that is missing is made. What would stop a document
from being French, navigable or free of surprises is changed: languages, numbers, tabs.
"""

import copy
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from lxml import etree

from exports.ooxml.stationery.schema import repair
from exports.ooxml.stationery.shapes import VAL, read_shapes, w
from exports.ooxml.stationery.styles import CHARACTER_STYLES, FONT, ROLES, TABLE_STYLES, Role, W, style_xml

Remarking = Callable[[str, str], None]

_FRENCH = {
    "titre": "title", "sous-titre": "subtitle", "légende": "caption", "liste à puces": "list bullet",
    "liste à puces 2": "list bullet 2", "liste à numéros": "list number", "liste continue": "list continue",
    "en-tête": "header", "pied de page": "footer", "en-tête de table des matières": "toc heading",
    "lien hypertexte": "hyperlink", "élevé": "strong", "grille du tableau": "table grid",
    "tableau normal": "normal table", "police par défaut": "default paragraph font", "aucune liste": "no list",
    **{f"titre {n}": f"heading {n}" for n in range(1, 5)},
    **{f"tm {n}": f"toc {n}" for n in (1, 2)},
    **{f"contents {n}": f"toc {n}" for n in (1, 2)},
    "contents heading": "toc heading",
}  # fmt: skip
"""Names that other programs write where Word writes its English ones."""

IN_FRENCH = {name: word for word, name in reversed(_FRENCH.items())}
"""What Word calls a style on a French screen, by its lower-cased name."""

_LINKING = ("basedOn", "next", "link")


@dataclass(frozen=True, slots=True)
class Completed:
    styles: etree._Element
    made: tuple[str, ...]
    """Names of the roles that the file lacked."""
    ids: dict[str, str]
    """The id that a style has now, by the one that it had."""


def complete(
    found: etree._Element, text_width: float, counting: Collection[str], remark: Remarking
) -> Completed:
    """The styles of a file with every role in them.

    `text_width` in points; `counting` are the numbered lists of the file that show a number.
    """
    styles = copy.deepcopy(found)
    _clean(styles)
    _set_defaults(styles)
    _cut_circles(styles)
    wanted: dict[str, tuple[str, str]] = {
        role.name.lower(): (role.id, style_xml(role, text_width)) for role in ROLES
    }
    for group in (CHARACTER_STYLES, TABLE_STYLES):
        for name, xml in group.items():
            wanted[name] = (etree.fromstring(_declared(xml)).get(w("styleId"), ""), xml)
    before = {s: s.get(w("styleId"), "") for s in styles.iter(w("style"))}
    made = _give_ids(styles, wanted)
    for role in ROLES:
        _adjust(styles, role, text_width, counting, remark)
    _drop_other_numbers(styles)
    repair(styles)
    names = {role.name.lower(): role.name for role in ROLES}
    return Completed(
        styles=styles,
        made=tuple(names[name] for name in made if name in names),
        ids={old: style.get(w("styleId"), "") for style, old in before.items()},
    )


def _declared(xml: str) -> str:
    return xml.replace("<w:style ", f'<w:style xmlns:w="{W}" ', 1)


def _clean(styles: etree._Element) -> None:
    """Languages belong to the defaults; what Word only remembers for itself is left out."""
    for name in ("lang", "rsid", "rPrChange", "pPrChange"):
        for element in list(styles.iter(w(name))):
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
    for element in styles.iter():
        for attribute in [a for a in element.attrib if "theme" in str(a).rsplit("}", 1)[-1].lower()]:
            del element.attrib[attribute]
    for size in list(styles.iter(w("sz"), w("szCs"))):  # « 11pt » is allowed; half-points are understood
        measure = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)(pt)?", size.get(VAL) or "")
        parent = size.getparent()
        if measure:
            size.set(VAL, str(round(float(measure[1]) * (2 if measure[2] else 1))))
        elif parent is not None:
            parent.remove(size)
    seen: set[str] = set()
    ids: set[str] = set()
    for style in list(styles.iter(w("style"))):
        style.set(w("type"), style.get(w("type"), "paragraph"))
        name, parent = _name(style), style.getparent()
        key = f"{style.get(w('type'))} {name.lower()}"
        own = style.get(w("styleId")) or ""
        if parent is not None and (not name or not own or key in seen or own in ids or parent is not styles):
            parent.remove(style)
            continue
        seen.add(key)
        ids.add(own)


def _set_defaults(styles: etree._Element) -> None:
    """fr-FR in the defaults, and a font and a size where the file says none."""
    defaults = styles.find(w("docDefaults"))
    if defaults is None:
        defaults = etree.Element(w("docDefaults"))
        styles.insert(0, defaults)
    run = _within(_within(defaults, "rPrDefault", first=True), "rPr")
    if run.find(w("rFonts")) is None:
        fonts = etree.Element(w("rFonts"))
        for side in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(w(side), FONT)
        run.insert(0, fonts)
    language = etree.SubElement(run, w("lang"))
    for side in ("val", "eastAsia", "bidi"):
        language.set(w(side), "fr-FR")


def _within(parent: etree._Element, name: str, *, first: bool = False) -> etree._Element:
    found = parent.find(w(name))
    if found is None:
        found = etree.Element(w(name))
        parent.insert(0 if first else len(parent), found)
    return found


def _cut_circles(styles: etree._Element) -> None:
    """A style that is based on itself, or on nothing that is there, is based on nothing."""
    by_id = {s.get(w("styleId"), ""): s for s in styles.iter(w("style"))}
    for key, style in by_id.items():
        seen, at = {key}, style
        while True:
            base = at.find(w("basedOn"))
            if base is None:
                break
            target = base.get(VAL, "")
            same_kind = target in by_id and by_id[target].get(w("type")) == at.get(w("type"))
            if not same_kind or target in seen:
                at.remove(base)
                break
            seen.add(target)
            at = by_id[target]
        for name in ("next", "link"):
            other = style.find(w(name))
            if other is not None and other.get(VAL) not in by_id:
                style.remove(other)


def _give_ids(styles: etree._Element, wanted: dict[str, tuple[str, str]]) -> list[str]:
    """Each wanted style under our id: the file's own by name, else ours. The names made."""
    kinds = {name: etree.fromstring(_declared(xml)).get(w("type"), "") for name, (_, xml) in wanted.items()}
    there: dict[str, etree._Element] = {}
    for style in styles.iter(w("style")):
        lowered = _name(style).lower()
        for name in (lowered, _FRENCH.get(lowered, "")):
            if name in wanted and name not in there and style.get(w("type"), "paragraph") == kinds[name]:
                there[name] = style
                break
    taken = {wanted[name][0]: style for name, style in there.items()}
    renamed: dict[str, str] = {}
    for style in styles.iter(w("style")):
        key = style.get(w("styleId"), "")
        ours = next((wanted[name][0] for name, own in there.items() if own is style), None)
        if ours is not None:
            new = ours
        elif key in {style_id for style_id, _ in wanted.values()}:
            new = _free(f"{key}Autre", styles, taken)
        else:
            continue
        if new != key:
            renamed[key] = new
        style.set(w("styleId"), new)
    for style in styles.iter(w("style")):
        for name in _LINKING:
            link = style.find(w(name))
            if link is not None and link.get(VAL) in renamed:
                link.set(VAL, renamed[link.get(VAL, "")])
    for name, style in there.items():
        element = style.find(w("name"))
        if element is not None and name in CHARACTER_STYLES | TABLE_STYLES:
            element.set(VAL, _name(etree.fromstring(_declared(wanted[name][1]))))
        elif element is not None:
            element.set(VAL, next(role.name for role in ROLES if role.name.lower() == name))
    names = {_name(style).lower(): style for style in styles.iter(w("style"))}
    made = [name for name in wanted if name not in there]
    for name in made:
        clash = names.get(name)  # the same name, of another kind
        if clash is not None:
            element = clash.find(w("name"))
            if element is not None:
                element.set(VAL, f"{_name(clash)} (autre)")
        style = etree.fromstring(_declared(wanted[name][1]))
        if style.get(w("default")) and any(
            s.get(w("default")) in ("1", "true", "on") and s.get(w("type")) == style.get(w("type"))
            for s in styles.iter(w("style"))
        ):
            del style.attrib[w("default")]
        styles.append(style)
    return made


def _free(key: str, styles: etree._Element, taken: dict[str, etree._Element]) -> str:
    used = {s.get(w("styleId"), "") for s in styles.iter(w("style"))} | set(taken)
    number = 1
    while f"{key}{number}" in used:
        number += 1
    return f"{key}{number}"


def _adjust(
    styles: etree._Element, role: Role, text_width: float, counting: Collection[str], remark: Remarking
) -> None:
    """What a role needs whatever its look: numbers, levels, tabs, no heading left alone."""
    style = next(s for s in styles.iter(w("style")) if s.get(w("styleId")) == role.id)
    properties = _within(style, "pPr")
    numbers = properties.find(w("numPr"))
    if numbers is not None:
        properties.remove(numbers)
        if role.outline is not None and _counts_by(numbers) in counting:
            remark(
                "Les numéros des titres du modèle ne sont pas repris : le sommaire de la restitution est sans numéros.",
                "",
            )
    if role.numbering:
        numbers = etree.Element(w("numPr"))
        etree.SubElement(numbers, w("ilvl")).set(VAL, "1" if role.name == "List Bullet 2" else "0")
        etree.SubElement(numbers, w("numId")).set(VAL, str(role.numbering))
        _put(properties, numbers)
    if role.outline is not None:
        _put(properties, _element("keepNext"))
        _put(properties, _element("outlineLvl", str(role.outline)))
    if role.toc_tab:
        tabs = etree.Element(w("tabs"))
        tab = etree.SubElement(tabs, w("tab"))
        for name, value in (("val", "right"), ("leader", "dot"), ("pos", str(round(text_width * 20)))):
            tab.set(w(name), value)
        _put(properties, tabs)
        indent = properties.find(w("ind"))
        for side in ("right", "end"):
            if indent is not None and indent.get(w(side)) is not None:
                del indent.attrib[w(side)]
    if role.numbering and not read_shapes(styles).shapes[role.name.lower()].left:
        indent = etree.Element(w("ind"))
        indent.set(w("left"), str(round(role.shape.left * 20)))
        indent.set(w("hanging"), str(round(role.shape.hanging * 20)))
        _put(properties, indent)


def _drop_other_numbers(styles: etree._Element) -> None:
    """The definitions that other styles count by are not taken over."""
    ours = {role.id for role in ROLES if role.numbering}
    for style in styles.iter(w("style")):
        for numbers in list(style.iter(w("numPr"))):
            parent = numbers.getparent()
            if style.get(w("styleId")) not in ours and parent is not None:
                parent.remove(numbers)


def _counts_by(numbers: etree._Element) -> str:
    found = numbers.find(w("numId"))
    return "" if found is None else str(found.get(VAL, ""))


def _put(properties: etree._Element, element: etree._Element) -> None:
    """An element into a style's properties, instead of the one that is there."""
    old = properties.find(element.tag)
    if old is not None:
        properties.remove(old)
    properties.append(element)


def _element(name: str, value: str | None = None) -> etree._Element:
    element = etree.Element(w(name))
    if value is not None:
        element.set(VAL, value)
    return element


def _name(style: etree._Element) -> str:
    found = style.find(w("name"))
    return (found.get(VAL) or "").strip() if found is not None else ""
