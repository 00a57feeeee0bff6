"""How far down the compiler's line has to go so that no floating logo of the header is under it.

Word lets text run under what floats beside it, and the letter's author had no line there.
Lengths in points, from the top and the left of the page.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from exports.ooxml.pagination import Shape
from exports.ooxml.stationery.shapes import DRAWING, EMU_PER_POINT, height_of, w

MOST = 0.5
"""Of the page's height: what reaches further down is a ground or a strip, on which text stands."""
GAP = 4.0
_VML = "{urn:schemas-microsoft-com:vml}"
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "px": 0.75, "": 1.0}


class Paper(NamedTuple):
    """The page and its margins."""

    width: float
    height: float
    left: float
    right: float
    top: float
    header: float
    """Where the header begins."""


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


def room_above_line(root: etree._Element, paper: Paper, shapes: Mapping[str, Shape]) -> float:
    """The space that the last paragraph of a header needs above it; 0 where nothing is in its way."""
    quiet = shapes.get("header") or shapes.get("normal") or Shape()
    top = paper.header + height_of(root, shapes) - quiet.line - quiet.after
    line = top
    for box in sorted(_boxes(root, paper, shapes), key=lambda box: box.top):
        beside = box.right <= paper.left or box.left >= paper.width - paper.right
        if (
            not beside
            and box.bottom <= paper.height * MOST
            and box.top < line + quiet.line
            and box.bottom > line
        ):
            line = box.bottom + GAP
    return line - top


def _boxes(root: etree._Element, paper: Paper, shapes: Mapping[str, Shape]) -> Iterator[Box]:
    for anchor in root.iter(f"{{{DRAWING}}}anchor"):
        extent = anchor.find(f"{{{DRAWING}}}extent")
        width, height = (_emu(extent.get(side) if extent is not None else None) for side in ("cx", "cy"))
        across, down = _offset(anchor, "positionH"), _offset(anchor, "positionV")
        yield _box(across, down, width, height, paper, _above(root, anchor, shapes))
    for shape in root.iter(f"{_VML}*"):
        style = dict(re.findall(r"([\w-]+)\s*:\s*([^;]+)", shape.get("style") or ""))
        if style.get("position", "").strip() == "absolute":
            left, top, width, height = (
                _length(style.get(name, "")) for name in ("margin-left", "margin-top", "width", "height")
            )
            across = (left, style.get("mso-position-horizontal-relative", "").strip())
            down = (top, style.get("mso-position-vertical-relative", "").strip())
            yield _box(across, down, width, height, paper, _above(root, shape, shapes))


Offset = tuple[float | None, str]
"""How far, None where a side is aligned and not measured; and from what, as Word names it."""


def _box(across: Offset, down: Offset, width: float, height: float, paper: Paper, above: float) -> Box:
    """The box on the page: the whole width where it is not measured, at the top where it is not."""
    tops = {"page": 0.0, "topMargin": 0.0, "margin": paper.top, "bottomMargin": paper.height}
    top = tops.get(down[1], paper.header + above) + (down[0] or 0.0)
    if across[0] is None:
        return Box(0.0, top, paper.width, top + height)
    starts = {"page": 0.0, "leftMargin": 0.0, "rightMargin": paper.width - paper.right}
    left = starts.get(across[1], paper.left) + across[0]
    return Box(left, top, left + width, top + height)


def _offset(anchor: etree._Element, name: str) -> Offset:
    position = anchor.find(f"{{{DRAWING}}}{name}")
    if position is None:
        return None, ""
    offset = position.find(f"{{{DRAWING}}}posOffset")
    return (_emu(offset.text) if offset is not None else None), position.get("relativeFrom", "")


def _above(root: etree._Element, element: etree._Element, shapes: Mapping[str, Shape]) -> float:
    """What the paragraphs before the one that holds an element take."""
    quiet = shapes.get("header") or shapes.get("normal") or Shape()
    outermost = [e for e in element.iterancestors() if e.getparent() is root]
    before = list(outermost[0].itersiblings(w("p"), preceding=True)) if outermost else []
    return len(before) * (quiet.before + quiet.line + quiet.after)


def _emu(text: str | None) -> float:
    return int(text) / EMU_PER_POINT if text and re.fullmatch(r"-?\d{1,12}", text.strip()) else 0.0


def _length(text: str) -> float:
    found = re.fullmatch(r"(-?\d{0,6}(?:\.\d{1,6})?)(pt|in|cm|mm|px|)", text.strip())
    return float(found[1]) * _POINTS[found[2]] if found and found[1] not in ("", "-") else 0.0
