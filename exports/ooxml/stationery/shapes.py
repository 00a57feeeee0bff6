"""What the styles of a Word file do to space: read from `word/styles.xml`, inheritance followed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from lxml import etree

from exports.ooxml import metrics
from exports.ooxml.pagination import Shape
from exports.ooxml.stationery.styles import W

DEFAULT_SIZE = 10.0
"""Points, where a file says nothing (ECMA-376, 17.3.2.38)."""


def w(name: str) -> str:
    return f"{{{W}}}{name}"


VAL = w("val")
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
EMU_PER_POINT = 12_700
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The paragraph styles of a file."""

    shapes: dict[str, Shape]
    """By lower-cased style name."""
    pace: float
    """How wide the body's font runs, as a multiple of Arial."""


def read_shapes(styles: etree._Element) -> Sheet:
    """The shapes of a `w:styles`. Unknown or damaged values count as absent."""
    raw = {s.get(w("styleId"), ""): s for s in styles.iter(w("style")) if s.get(w("type")) == "paragraph"}
    defaults = styles.find(w("docDefaults"))
    names = {key: (_value(style, "name") or "").lower() for key, style in raw.items()}
    shapes, face = {}, metrics.face("")
    for key, style in raw.items():
        chain = _chain(raw, style) + ([defaults] if defaults is not None else [])
        if names[key] == "normal":
            face = metrics.face(_first(chain, _font) or "")
    for key, style in raw.items():
        chain = _chain(raw, style) + ([defaults] if defaults is not None else [])
        shapes[names[key]] = _shape(chain, face.line)
    return Sheet(shapes, face.pace)


def _shape(chain: list[etree._Element], line_height: float) -> Shape:
    def points(element: str, *names: str) -> float:
        found = _first(chain, lambda style: _number(style, element, names))
        return (found or 0) / 20

    def flag(element: str) -> bool:
        return bool(_first(chain, lambda style: _toggle(style, element)))

    half = _first(chain, lambda style: _number(style, "sz", ("val",)))
    size = half / 2 if half else DEFAULT_SIZE
    line = _first(chain, lambda style: _number(style, "spacing", ("line",)))
    rule = _first(chain, lambda style: _attribute(style, "spacing", ("lineRule",))) or "auto"
    leading = (line or 240) / 240 * line_height / metrics.LINE_HEIGHT
    if line and rule in ("exact", "atLeast"):
        fixed = line / 20 / (size * metrics.LINE_HEIGHT)
        leading = fixed if rule == "exact" else max(fixed, line_height / metrics.LINE_HEIGHT)
    return Shape(
        size=size,
        bold=flag("b"),
        before=points("spacing", "before"),
        after=points("spacing", "after"),
        leading=leading,
        left=points("ind", "left", "start"),
        right=points("ind", "right", "end"),
        hanging=points("ind", "hanging"),
        keep_next=flag("keepNext"),
        keep_lines=flag("keepLines"),
        page_before=flag("pageBreakBefore"),
    )


def _chain(raw: dict[str, etree._Element], style: etree._Element) -> list[etree._Element]:
    """The style, then what it is based on; a circle is cut."""
    chain, key = [style], _value(style, "basedOn")
    while key in raw and raw[key] not in chain:
        chain.append(raw[key])
        key = _value(raw[key], "basedOn")
    return chain


def _first(chain: list[etree._Element], look: Callable[[etree._Element], T | None]) -> T | None:
    return next((found for style in chain if (found := look(style)) is not None), None)


def _attribute(style: etree._Element, element: str, names: tuple[str, ...]) -> str | None:
    for found in style.iter(w(element)):
        for name in names:
            if found.get(w(name)) is not None:
                return found.get(w(name))
    return None


def _number(style: etree._Element, element: str, names: tuple[str, ...]) -> float | None:
    text = _attribute(style, element, names)
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _toggle(style: etree._Element, element: str) -> bool | None:
    found = next(style.iter(w(element)), None)
    return None if found is None else found.get(VAL, "1") not in ("0", "false", "off")


def _font(style: etree._Element) -> str | None:
    return _attribute(style, "rFonts", ("ascii", "hAnsi"))


def _value(style: etree._Element, element: str) -> str | None:
    found = style.find(w(element))
    return None if found is None else found.get(VAL)


def height_of(root: etree._Element, shapes: Mapping[str, Shape]) -> float:
    """Points that a header or footer takes: its paragraphs one below the other, pictures inline.

    What floats beside the text takes no room of its own.
    """
    quiet = shapes.get("header") or shapes.get("normal") or Shape()
    height = 0.0
    for paragraph in root.iter(w("p")):
        if next(paragraph.iterancestors(w("txbxContent"), w("tc")), None) is not None:
            continue
        height += quiet.before + quiet.after + max([quiet.line, *_inline_heights(paragraph)])
    for row in root.iter(w("tr")):
        if next(row.iterancestors(w("txbxContent"), w("tc")), None) is None:
            height += max((_cell_height(cell, quiet) for cell in row.iter(w("tc"))), default=0)
    return height


def _cell_height(cell: etree._Element, quiet: Shape) -> float:
    paragraphs = list(cell.iter(w("p")))
    return sum(quiet.before + quiet.after + max([quiet.line, *_inline_heights(p)]) for p in paragraphs)


def _inline_heights(paragraph: etree._Element) -> list[float]:
    found = []
    for inline in paragraph.iter(f"{{{DRAWING}}}inline"):
        extent = inline.find(f"{{{DRAWING}}}extent")
        if extent is not None and (extent.get("cy") or "").isdigit():
            found.append(int(extent.get("cy", "0")) / EMU_PER_POINT)
    return found
