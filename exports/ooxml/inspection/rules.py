"""What a rule is, and a document opened so that rules can look at it."""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from lxml import etree

BLOCKS, WARNS = "blocks", "warns"
MOST_PLACES = 5
"""Places named for one rule: a fault that is everywhere is told once."""

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
}


@lru_cache
def q(name: str) -> str:
    """« w:p » as lxml names it."""
    prefix, local = name.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


VAL, ID, NAME, ANCHOR = q("w:val"), q("w:id"), q("w:name"), q("w:anchor")
P, R, T, TBL, TR, TC = q("w:p"), q("w:r"), q("w:t"), q("w:tbl"), q("w:tr"), q("w:tc")
P_PR, P_STYLE = q("w:pPr"), q("w:pStyle")


@dataclass(frozen=True, slots=True)
class Fault:
    rule: str
    grade: str
    sentence: str
    place: str = ""
    """Where: a part, or the first words of a paragraph."""

    def __str__(self) -> str:
        return f"{self.sentence}{f' ({self.place})' if self.place else ''}."


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    grade: str
    sentence: str
    find: Callable[[Any], Iterable[str]]


class Rules(list[Rule]):
    """The rules of one subject, in the order in which they look."""

    def add(self, name: str, grade: str, sentence: str) -> Callable[..., Callable[..., Iterable[str]]]:
        def register(find: Callable[[Any], Iterable[str]]) -> Callable[[Any], Iterable[str]]:
            self.append(Rule(name, grade, sentence, find))
            return find

        return register


def run(rules: Rules, thing: object) -> Iterator[Fault]:
    for rule in rules:
        for number, place in enumerate(rule.find(thing)):
            if number == MOST_PLACES:
                break
            yield Fault(rule.name, rule.grade, rule.sentence, place[:120])


class Unopenable(ValueError):
    """A part that the rules need is missing or is no XML."""


PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
)


def parsed(content: bytes) -> etree._Element:
    """The root of an XML part; entities are never followed. Raises Unopenable."""
    try:
        return etree.fromstring(content, PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unopenable(str(error)) from error


def val(element: etree._Element | None) -> str | None:
    return None if element is None else element.get(VAL)


def on(element: etree._Element | None) -> bool:
    """A toggle such as `w:b`: present, and not switched off."""
    return element is not None and element.get(VAL, "1") not in ("0", "false", "off")


def field_codes(story: etree._Element) -> set[str]:
    """The names of the fields: « PAGE ». An instruction may be spread over runs, or hold others."""
    instructions = [element.get(q("w:instr")) or "" for element in story.iter(q("w:fldSimple"))]
    open_ones: list[list[str]] = []
    for element in story.iter(q("w:fldChar"), q("w:instrText")):
        kind = element.get(q("w:fldCharType"))
        if element.tag == q("w:instrText"):
            if open_ones:
                open_ones[-1].append(element.text or "")
        elif kind == "begin":
            open_ones.append([])
        elif kind == "end" and open_ones:
            instructions.append("".join(open_ones.pop()))
    instructions += ["".join(parts) for parts in open_ones]
    names = (re.split(r"[\s\\]", instruction.strip(), maxsplit=1)[0] for instruction in instructions)
    return {name.upper() for name in names if name}


def shading(properties: etree._Element | None) -> str | None:
    """The fill of a `w:pPr`, `w:rPr` or `w:tcPr`, as six hexadecimal digits."""
    element = properties.find(q("w:shd")) if properties is not None else None
    fill = element.get(q("w:fill")) if element is not None else None
    return fill if fill and re.fullmatch(r"[0-9A-Fa-f]{6}", fill) else None


def text_of(element: etree._Element) -> str:
    return "".join([node.text or "" for node in element.iter(T)])


def parent_tag(element: etree._Element) -> str:
    parent = element.getparent()
    return "" if parent is None else str(parent.tag)


def begins(text: str) -> str:
    return f"« {text[:60]} »"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What inspection wants to know of a style, inherited values included."""

    id: str
    name: str
    kind: str
    size: float | None
    bold: bool
    colour: str | None
    keep_next: bool
    outline: int | None
    justified: str | None
    font: str | None
    fill: str | None
    """The colour behind the text, where it is not the paper's."""


class Paragraph(NamedTuple):
    """A paragraph of the document; its style and its text are asked for by one rule after the other."""

    element: etree._Element
    style: Style | None
    text: str

    @property
    def begins(self) -> str:
        return begins(self.text)


class Package:
    """The zip, each part decompressed once and parsed once, whatever state it is in."""

    def __init__(self, content: bytes) -> None:
        self.names: list[str] = []
        """As the directory lists them: a name may stand there twice."""
        self.parts: dict[str, bytes] = {}
        self.broken = ""
        """What is damaged; empty where all could be read."""
        self._roots: dict[str, etree._Element | Unopenable] = {}
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                self.names = archive.namelist()
                for name in self.names:
                    self.parts[name] = self._part(archive, name)
        except (zipfile.BadZipFile, OSError):
            self.broken = "le zip ne s’ouvre pas"

    def _part(self, archive: zipfile.ZipFile, name: str) -> bytes:
        try:
            return archive.read(name)
        except Exception:  # a damaged zip raises whatever its damage meets
            self.broken = self.broken or name
            return b""

    @property
    def xml_names(self) -> list[str]:
        return [name for name in self.names if name.endswith((".xml", ".rels"))]

    def root(self, name: str) -> etree._Element:
        """A part, parsed. Raises Unopenable where it is absent or no XML."""
        if name not in self._roots:
            try:
                self._roots[name] = parsed(self.parts[name])
            except KeyError:
                self._roots[name] = Unopenable(name)
            except Unopenable as error:
                self._roots[name] = error
        found = self._roots[name]
        if isinstance(found, Unopenable):
            raise found
        return found

    def readable(self, name: str) -> etree._Element | None:
        """A part, parsed; None where it is absent or no XML (another rule says so)."""
        try:
            return self.root(name)
        except Unopenable:
            return None


@dataclass
class Opened:
    """A document whose text can be looked at. Raises Unopenable where it cannot."""

    package: Package

    def __post_init__(self) -> None:
        if self.package.broken:
            raise Unopenable(self.package.broken)
        self.document = self.package.root("word/document.xml")
        self.styles_root = self.package.root("word/styles.xml")

    def root(self, name: str) -> etree._Element | None:
        return self.package.readable(name)

    @cached_property
    def body(self) -> etree._Element | None:
        return self.document.find(q("w:body"))

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        return [Paragraph(p, self.style_of(p), text_of(p)) for p in self.document.iter(P)]

    @cached_property
    def stories(self) -> list[etree._Element]:
        """The document, its headers and its footers."""
        names = sorted(n for n in self.package.parts if n.startswith(("word/header", "word/footer")))
        return [self.document, *(root for n in names if (root := self.root(n)) is not None)]

    @cached_property
    def styles(self) -> dict[str, Style]:
        raw = {s.get(q("w:styleId"), ""): s for s in self.styles_root.iter(q("w:style"))}
        found: dict[str, Style] = {}

        def resolve(key: str, depth: int = 0) -> Style | None:
            if key in found or key not in raw or depth > 20:
                return found.get(key)
            element = raw[key]
            base = resolve(val(element.find(q("w:basedOn"))) or "", depth + 1)
            size = val(element.find(f"{q('w:rPr')}/{q('w:sz')}"))
            bold = element.find(f"{q('w:rPr')}/{q('w:b')}")
            colour = val(element.find(f"{q('w:rPr')}/{q('w:color')}"))
            keep = element.find(f"{q('w:pPr')}/{q('w:keepNext')}")
            level = val(element.find(f"{q('w:pPr')}/{q('w:outlineLvl')}"))
            fonts = element.find(f"{q('w:rPr')}/{q('w:rFonts')}")
            found[key] = Style(
                id=key,
                name=(val(element.find(q("w:name"))) or "").lower(),
                kind=element.get(q("w:type"), "paragraph"),
                size=float(size) / 2 if size else (base.size if base else None),
                bold=on(bold) if bold is not None else bool(base and base.bold),
                colour=colour or (base.colour if base else None),
                keep_next=on(keep) if keep is not None else bool(base and base.keep_next),
                outline=int(level) if level else (base.outline if base else None),
                justified=val(element.find(f"{q('w:pPr')}/{q('w:jc')}"))
                or (base.justified if base else None),
                font=(fonts.get(q("w:ascii")) if fonts is not None else None)
                or (base.font if base else None),
                fill=shading(element.find(q("w:pPr")))
                or shading(element.find(q("w:rPr")))
                or (base.fill if base else None),
            )
            return found[key]

        for key in raw:
            resolve(key)
        return found

    @cached_property
    def used(self) -> list[Style]:
        """The styles that the document, its headers and its footers use."""
        marks = (q("w:pStyle"), q("w:rStyle"), q("w:tblStyle"))
        keys = {element.get(VAL, "") for story in self.stories for element in story.iter(*marks)}
        found = {key: self.styles[key] for key in sorted(keys) if key in self.styles}
        if self.normal:
            found.setdefault(self.normal.id, self.normal)
        return list(found.values())

    def style_of(self, paragraph: etree._Element) -> Style | None:
        properties = paragraph.find(P_PR)
        key = val(properties.find(P_STYLE)) if properties is not None else None
        return self.styles.get(key) if key else self.normal

    @cached_property
    def normal(self) -> Style | None:
        return next((s for s in self.styles.values() if s.name == "normal"), None)

    @cached_property
    def default_size(self) -> float:
        size = val(self.styles_root.find(f".//{q('w:rPrDefault')}//{q('w:sz')}"))
        return float(size) / 2 if size else 10.0

    @cached_property
    def default_font(self) -> str | None:
        fonts = self.styles_root.find(f".//{q('w:rPrDefault')}//{q('w:rFonts')}")
        return fonts.get(q("w:ascii")) if fonts is not None else None

    @cached_property
    def headings(self) -> list[tuple[int, Paragraph]]:
        """Level and paragraph of each heading, in document order."""
        found = []
        for paragraph in self.paragraphs:
            style = paragraph.style
            if style and style.name.startswith("heading ") and style.name[8:].isdigit():
                found.append((int(style.name[8:]), paragraph))
        return found

    @cached_property
    def bookmarks(self) -> list[str]:
        return [b.get(NAME, "") for b in self.document.iter(q("w:bookmarkStart"))]
