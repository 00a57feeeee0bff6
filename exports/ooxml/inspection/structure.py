"""WordprocessingML: what Word cannot open, and what it opens wrongly.

The validator of the Open XML SDK sees neither a cell without a paragraph nor a dangling
style, number, bookmark or link, nor a field that never ends (measured).
"""

import re
from collections import Counter
from collections.abc import Iterator

from exports.ooxml.inspection.rules import (
    ANCHOR,
    BLOCKS,
    ID,
    NAME,
    TBL,
    TC,
    TR,
    VAL,
    WARNS,
    Opened,
    P,
    R,
    Rules,
    T,
    begins,
    on,
    parent_tag,
    q,
    text_of,
    val,
)

RULES = Rules()


@RULES.add("body", BLOCKS, "Le document n’a pas de corps, ou sa section n’est pas à la fin")
def _body(opened: Opened) -> Iterator[str]:
    body = opened.body
    if body is None:
        yield "corps absent"
    elif len(body) == 0 or body[-1].tag != q("w:sectPr"):
        yield "section"


@RULES.add("cell-empty", BLOCKS, "Une cellule n’a pas de paragraphe")
def _empty_cells(opened: Opened) -> Iterator[str]:
    for cell in opened.document.iter(TC):
        if cell.find(P) is None and cell.find(q("w:sdt")) is None:
            yield begins(text_of(cell))


@RULES.add("cell-end", BLOCKS, "Une cellule se termine par un tableau")
def _cells_that_end_in_a_table(opened: Opened) -> Iterator[str]:
    for cell in opened.document.iter(TC):
        blocks = [child for child in cell if child.tag in (P, TBL)]
        if blocks and blocks[-1].tag == TBL:
            yield begins(text_of(cell))


@RULES.add("table-empty", BLOCKS, "Un tableau ou une ligne est vide")
def _empty_tables(opened: Opened) -> Iterator[str]:
    for table in opened.document.iter(TBL):
        if table.find(TR) is None:
            yield "tableau"
    for row in opened.document.iter(TR):
        if row.find(TC) is None:
            yield "ligne"


@RULES.add("grid", WARNS, "Une ligne n’a pas le nombre de cellules de son tableau")
def _grids(opened: Opened) -> Iterator[str]:
    for table in opened.document.iter(TBL):
        grid = table.find(q("w:tblGrid"))
        columns = len(grid) if grid is not None else -1
        for row in table.findall(TR):
            spans = (val(c.find(f"{q('w:tcPr')}/{q('w:gridSpan')}")) for c in row.findall(TC))
            if sum(int(span or 1) for span in spans) != columns:
                yield begins(text_of(row))


@RULES.add("nested", BLOCKS, "Un paragraphe est dans un autre, ou du texte hors de tout passage")
def _nested(opened: Opened) -> Iterator[str]:
    for paragraph in opened.paragraphs:
        if parent_tag(paragraph.element) in (P, R, q("w:hyperlink")):
            yield paragraph.begins
    for text in opened.document.iter(T):
        if parent_tag(text) != R:
            yield f"« {(text.text or '')[:60]} »"


@RULES.add("field", BLOCKS, "Un champ n’est pas fermé")
def _fields(opened: Opened) -> Iterator[str]:
    for story in opened.stories:
        depth = 0
        last = ""
        for element in story.iter(q("w:fldChar")):
            kind = element.get(q("w:fldCharType"))
            depth += {"begin": 1, "end": -1}.get(kind or "", 0)
            if depth < 0:
                break
            last = kind or ""
        if depth:
            yield f"dernier signe : {last}"


@RULES.add("style", WARNS, "Un style n’existe pas")
def _styles(opened: Opened) -> Iterator[str]:
    used = {
        element.get(VAL, "")
        for story in opened.stories
        for tag in ("w:pStyle", "w:rStyle", "w:tblStyle")
        for element in story.iter(q(tag))
    }
    based = {val(e) or "" for e in opened.styles_root.iter(q("w:basedOn"), q("w:next"), q("w:link"))}
    yield from sorted((used | based) - set(opened.styles))


@RULES.add("numbering", WARNS, "Une numérotation n’existe pas")
def _numbering(opened: Opened) -> Iterator[str]:
    root = opened.root("word/numbering.xml")
    nums = {n.get(q("w:numId")): n for n in root.iter(q("w:num"))} if root is not None else {}
    abstracts = (
        {a.get(q("w:abstractNumId")) for a in root.iter(q("w:abstractNum"))} if root is not None else set()
    )
    used = {
        val(e)
        for tree in (opened.document, opened.styles_root)
        for e in tree.iter(q("w:numId"))
        if val(e) != "0"
    }
    yield from sorted(str(key) for key in used - set(nums))
    for key, num in nums.items():
        if val(num.find(q("w:abstractNumId"))) not in abstracts:
            yield f"définition de {key}"


@RULES.add("bookmark", WARNS, "Un signet est là deux fois, mal nommé, ou ne se termine pas")
def _bookmarks(opened: Opened) -> Iterator[str]:
    starts = list(opened.document.iter(q("w:bookmarkStart")))
    ends = [end.get(ID) for end in opened.document.iter(q("w:bookmarkEnd"))]
    for name, count in Counter(start.get(NAME, "").lower() for start in starts).items():
        if count > 1:
            yield f"{name}, {count} fois"
    for start in starts:
        if not re.fullmatch(r"[^\W\d]\w{0,39}", start.get(NAME, "")):
            yield f"nom {start.get(NAME, '')}"
    ids = [start.get(ID) for start in starts]
    if Counter(ids) != Counter(ends) or len(set(ids)) != len(ids):
        differing = (Counter(ids) - Counter(ends)) or (Counter(ends) - Counter(ids)) or Counter(ids)
        yield f"numéro {next(iter(differing))}"


@RULES.add("link", WARNS, "Un lien ou un renvoi ne mène nulle part")
def _links(opened: Opened) -> Iterator[str]:
    known = set(opened.bookmarks)
    for link in opened.document.iter(q("w:hyperlink")):
        anchor = link.get(ANCHOR)
        if anchor is not None and anchor not in known:
            yield f"{begins(text_of(link))} → {anchor}"
    for code in opened.document.iter(q("w:instrText")):
        found = re.match(r"\s*(?:PAGEREF|REF)\s+(\S+)", code.text or "")
        if found and found[1] not in known:
            yield found[0].strip()


@RULES.add("prompt", WARNS, "Word poserait une question à l’ouverture")
def _prompts(opened: Opened) -> Iterator[str]:
    settings = opened.root("word/settings.xml")
    if settings is not None:
        for name in ("w:updateFields", "w:attachedTemplate", "w:mailMerge", "w:documentProtection"):
            found = settings.find(q(name))
            if found is not None and (name != "w:updateFields" or on(found)):
                yield name
    for story in opened.stories:
        for element in story.iter(q("w:fldChar"), q("w:fldSimple")):
            if element.get(q("w:dirty")) in ("1", "true", "on"):
                yield "champ à mettre à jour"


@RULES.add("tracked", WARNS, "Le document porte des corrections ou des commentaires")
def _tracked(opened: Opened) -> Iterator[str]:
    for tag in ("w:ins", "w:del", "w:moveFrom", "w:moveTo", "w:commentReference"):
        if next(opened.document.iter(q(tag)), None) is not None:
            yield tag


@RULES.add("compatibility", WARNS, "Word ouvrirait le document en mode de compatibilité")
def _compatibility(opened: Opened) -> Iterator[str]:
    settings = opened.root("word/settings.xml")
    modes = [
        s.get(VAL)
        for s in (settings.iter(q("w:compatSetting")) if settings is not None else ())
        if s.get(NAME) == "compatibilityMode"
    ]
    if modes != ["15"]:
        yield ", ".join(str(mode) for mode in modes) or "non dit"
