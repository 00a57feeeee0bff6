"""The State's rules for accessible office documents (RGAA, guides bureautiques).

Real headings without gaps, real lists, no empty paragraph, titles and language set,
tables with headings and captions, sizes and contrast, nothing by layout alone.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from lxml import etree

from exports.ooxml.inspection.rules import (
    P_PR,
    TBL,
    TC,
    TR,
    VAL,
    WARNS,
    Opened,
    P,
    R,
    Rules,
    begins,
    field_codes,
    on,
    parent_tag,
    q,
    shading,
    text_of,
    val,
)

RULES = Rules()
SMALLEST_BODY, SMALLEST = 12.0, 9.0
"""Points. The body's size is the State's; nothing at all may be smaller than the second."""
CONTRAST = 4.5
GROUND = "FFFFFF"
CALM_FONTS = frozenset({"arial", "liberation sans", "calibri", "carlito", "verdana", "dejavu sans", "marianne",
                        "helvetica", "tahoma", "aptos", "segoe ui", "luciole"})  # fmt: skip
A4 = (11906, 16838)
TAB, JC = q("w:tab"), q("w:jc")


@RULES.add("title", WARNS, "Le document n’a pas de titre, d’auteur ou de dates dans ses propriétés")
def _title(opened: Opened) -> Iterator[str]:
    core = opened.root("docProps/core.xml")
    for name in ("dc:title", "dc:creator", "dcterms:created", "dcterms:modified"):
        found = core.find(q(name)) if core is not None else None
        if found is None or not (found.text or "").strip():
            yield name


@RULES.add("title-paragraph", WARNS, "Aucun paragraphe n’a le style Titre du document")
def _title_paragraph(opened: Opened) -> Iterator[str]:
    names = {p.style.name for p in opened.paragraphs[:40] if p.style}
    if "title" not in names:
        yield ""


@RULES.add("heading-levels", WARNS, "Les titres sautent un niveau, ou il n’y en a pas de premier")
def _levels(opened: Opened) -> Iterator[str]:
    before = 0
    if not any(level == 1 for level, _ in opened.headings):
        yield "aucun titre 1"
    for level, paragraph in opened.headings:
        if level > before + 1:
            yield paragraph.begins
        before = level


@RULES.add("heading-empty", WARNS, "Un titre est vide")
def _empty_headings(opened: Opened) -> Iterator[str]:
    yield from (f"niveau {level}" for level, p in opened.headings if not p.text.strip())


@RULES.add("heading-twice", WARNS, "Deux titres disent la même chose : on les lit hors contexte")
def _same_headings(opened: Opened) -> Iterator[str]:
    counts = Counter(p.text.strip().casefold() for _, p in opened.headings)
    yield from (f"« {text[:60]} »" for text, count in counts.items() if count > 1 and text)


@RULES.add("heading-keep", WARNS, "Un titre peut rester seul au bas d’une page")
def _lone_headings(opened: Opened) -> Iterator[str]:
    used = {p.style.id: p.style for _, p in opened.headings if p.style}
    yield from (style.name for style in used.values() if not style.keep_next)


@RULES.add("false-heading", WARNS, "Un paragraphe en gras se fait passer pour un titre")
def _false_headings(opened: Opened) -> Iterator[str]:
    for paragraph in opened.paragraphs:
        element, style, text = paragraph.element, paragraph.style, paragraph.text.strip()
        if style is None or style.name not in ("normal", "body text") or parent_tag(element) == TC:
            continue
        if not text or len(text) >= 90 or text[-1:] in ".!?;:…»":
            continue
        runs = [run for run in element.iter(R) if text_of(run).strip()]
        if runs and all(map(_is_bold(opened), runs)):
            yield paragraph.begins


def _is_bold(opened: Opened) -> Callable[[etree._Element], bool]:
    def bold(run: etree._Element) -> bool:
        properties = run.find(q("w:rPr"))
        if properties is None:
            return False
        style = opened.styles.get(val(properties.find(q("w:rStyle"))) or "")
        return on(properties.find(q("w:b"))) or bool(style and style.bold)

    return bold


@RULES.add("typed-list", WARNS, "Une liste est tapée à la main")
def _typed_lists(opened: Opened) -> Iterator[str]:
    for paragraph in opened.paragraphs:
        style = paragraph.style
        if style and style.name in ("normal", "body text") and _TYPED.match(paragraph.text):
            yield paragraph.begins


_TYPED = re.compile(r"(?:[-–—•*·▪]|\d{1,2}[.)])[ \u00a0\t]+\S")


@RULES.add("empty-paragraph", WARNS, "Un paragraphe vide fait office d’espace")
def _empty_paragraphs(opened: Opened) -> Iterator[str]:
    carriers = (q("w:drawing"), q("w:fldChar"), q("w:pict"), q("w:object"))
    for paragraph in opened.paragraphs:
        if not paragraph.text.strip() and next(paragraph.element.iter(*carriers), None) is None:
            before = paragraph.element.getprevious()
            yield f"après {begins(text_of(before))}" if before is not None else "au début"


@RULES.add("layout", WARNS, "Des tabulations ou des espaces font la mise en page")
def _layout(opened: Opened) -> Iterator[str]:
    for paragraph in opened.paragraphs:
        if paragraph.style and paragraph.style.name.startswith("toc "):
            continue
        tabs = (tab for tab in paragraph.element.iter(TAB) if parent_tag(tab) == R)
        if "    " in paragraph.text or next(tabs, None) is not None:
            yield paragraph.begins


@RULES.add("table-header", WARNS, "Un tableau n’a pas de ligne d’en-tête")
def _headers(opened: Opened) -> Iterator[str]:
    for table in opened.document.iter(TBL):
        first = table.find(TR)
        if first is not None and not on(first.find(f"{q('w:trPr')}/{q('w:tblHeader')}")):
            yield begins(text_of(first))


@RULES.add("table-caption", WARNS, "Un tableau n’a pas de légende")
def _captions(opened: Opened) -> Iterator[str]:
    for table in opened.document.iter(TBL):
        before = table.getprevious()
        style = opened.style_of(before) if before is not None else None
        caption = table.find(f"{q('w:tblPr')}/{q('w:tblCaption')}")
        if style is None or style.name != "caption" or caption is None:
            yield begins(text_of(table))


@RULES.add("table-merged", WARNS, "Un tableau a des cellules fusionnées")
def _merged(opened: Opened) -> Iterator[str]:
    for cell in opened.document.iter(q("w:vMerge"), q("w:gridSpan"), q("w:hMerge")):
        if cell.tag != q("w:gridSpan") or int(cell.get(VAL, "1")) > 1:
            yield cell.tag.rsplit("}", 1)[1]


@RULES.add("alternative", WARNS, "Une image n’a pas de texte de remplacement")
def _alternatives(opened: Opened) -> Iterator[str]:
    for story in opened.stories:
        for picture in story.iter(q("wp:docPr")):
            if not (picture.get("descr") or "").strip():
                yield picture.get("name", "image")


@RULES.add("contrast", WARNS, "Une couleur de texte n’est pas assez contrastée")
def _contrast(opened: Opened) -> Iterator[str]:
    pairs = {(style.colour, style.fill or GROUND, style.name) for style in opened.used if style.colour}
    for story in opened.stories:
        pairs |= {
            (val(c) or "", _behind(c), begins(text_of(_paragraph_of(c)))) for c in story.iter(q("w:color"))
        }
    for ink, ground, place in sorted(pairs):
        if re.fullmatch(r"[0-9A-Fa-f]{6}", ink or "") and contrast(ink or "", ground) < CONTRAST:
            yield f"{ink}, {place}"


def _behind(element: etree._Element) -> str:
    """The colour behind a run: its own shading, its paragraph's, its cell's, or the ground."""
    for above in element.iterancestors(R, P, TC):
        properties = above.find(f"{str(above.tag)}Pr")
        fill = shading(properties)
        if fill:
            return fill
    return GROUND


def _paragraph_of(element: etree._Element) -> etree._Element:
    return next(iter(element.iterancestors(P)), element)


def contrast(ink: str, ground: str) -> float:
    """The ratio of WCAG 2, from 1 to 21, of two colours as six hexadecimal digits."""
    light, dark = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@RULES.add("size", WARNS, "Un texte est trop petit")
def _sizes(opened: Opened) -> Iterator[str]:
    for paragraph in opened.paragraphs:
        style = paragraph.style
        size = style.size if style and style.size else opened.default_size
        if size < SMALLEST_BODY and paragraph.text.strip():
            yield f"{paragraph.begins}, {size:g} points"
    for story in opened.stories:
        for size_mark in story.iter(q("w:sz")):
            if float(size_mark.get(VAL, "24")) / 2 < SMALLEST:
                yield f"{float(size_mark.get(VAL, '24')) / 2:g} points"
    yield from (s.name for s in opened.used if s.size and s.size < SMALLEST)


@RULES.add("aligned", WARNS, "Un texte n’est pas aligné à gauche")
def _aligned(opened: Opened) -> Iterator[str]:
    wrong = ("both", "center", "right", "end", "distribute")
    for paragraph in opened.paragraphs:
        element, style = paragraph.element, paragraph.style
        properties = element.find(P_PR)
        own = val(properties.find(JC)) if properties is not None else None
        side = own or (style.justified if style else None)
        if side in wrong and parent_tag(element) != TC and paragraph.text.strip():
            if style and style.name in ("title", "subtitle", "caption") and side != "both":
                continue
            yield paragraph.begins


@RULES.add("font", WARNS, "Une police n’est pas d’une lecture simple")
def _fonts(opened: Opened) -> Iterator[str]:
    fonts = {style.font for style in opened.used if style.font}
    if opened.normal is None or not opened.normal.font:
        fonts.add(opened.default_font or "")
    for story in opened.stories:
        fonts |= {f.get(q("w:ascii")) or "" for f in story.iter(q("w:rFonts"))}
    yield from sorted(font for font in fonts if font and font.lower() not in CALM_FONTS)


@RULES.add("contents", WARNS, "Le sommaire manque, est vide, en désordre ou sans numéros de page")
def _contents(opened: Opened) -> Iterator[str]:
    codes = [c.text or "" for c in opened.document.iter(q("w:instrText"))]
    entries = [p for p in opened.paragraphs if p.style and re.fullmatch(r"toc \d+", p.style.name)]
    if not any(code.strip().startswith("TOC") for code in codes):
        if len(opened.headings) > 12 or entries:
            yield "pas de champ de sommaire"
        return
    if not entries:
        yield "sommaire vide"
    headings = [p.text.strip() for level, p in opened.headings]
    at = -1
    for entry in entries:
        link = entry.element.find(q("w:hyperlink"))
        words = entry.text
        title = re.sub(r"\d+$", "", words).strip()
        if link is None or not re.search(r"\d$", words):
            yield f"{entry.begins} sans lien ou sans page"
            continue
        places = [n for n, heading in enumerate(headings) if n > at and heading == title]
        exact = [n for n, heading in enumerate(headings) if n > at and words.startswith(heading)]
        if not places and not exact:
            yield f"{entry.begins} n’est pas à sa place"
        else:
            at = (places or exact)[0]


@RULES.add("page-number", WARNS, "Les pages ne sont pas numérotées")
def _page_numbers(opened: Opened) -> Iterator[str]:
    if not any("PAGE" in field_codes(story) for story in opened.stories[1:]):
        yield ""


@RULES.add("paper", WARNS, "La page n’est pas au format A4")
def _paper(opened: Opened) -> Iterator[str]:
    for size in opened.document.iter(q("w:pgSz")):
        found = sorted((int(size.get(q("w:w"), "0")), int(size.get(q("w:h"), "0"))))
        if any(abs(a - b) > 20 for a, b in zip(found, A4, strict=True)):
            yield " × ".join(str(side) for side in found)
