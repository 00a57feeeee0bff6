"""The roles that our documents need, with the style that each gets where a file has none.

Style *names* are English in every Word; ids are the language's own (« Titre1 »): a role
is found by its lower-cased name. Sizes in points; colours keep 7:1 on white.
"""

from dataclasses import dataclass

from exports.ooxml.pagination import Shape

INK = "1B2440"
ACCENT = "1D4E89"
QUIET = "454D63"
BORDER = "5B6478"
FONT = "Arial"

FRENCH_PAGE_WIDTH = 11906
"""A4 in twentieths of a point."""
FRENCH_PAGE_HEIGHT = 16838


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    name: str
    id: str
    shape: Shape = Shape()
    colour: str | None = None
    outline: int | None = None
    numbering: int | None = None
    """Number definition (see `numbering_xml`) that the style itself carries."""
    based_on: str | None = "Normal"
    next: str | None = None
    border: bool = False
    rule_below: bool = False
    toc_tab: bool = False
    links: bool = False
    """Whether the paragraph is nothing but links: its words are underlined, the spaces are not."""
    priority: int = 99


BODY = Shape(size=12, after=6)
BULLET = Shape(size=12, after=5, left=21, hanging=21)

BULLETS, NUMBERS = 1, 5
TIGHT_BULLETS = {14: 2, 13: 3, 12: 4}
"""Ids of the abstract number definitions: a definition belongs to one style."""


def _say(size: int) -> Role:
    return Role(
        name=f"À dire {size}",
        id=f"ADire{size}",
        shape=Shape(size=size, after=size * 0.5, left=30, hanging=30, leading=1.12, keep_lines=True),
        colour=INK,
    )


def _essential_message(size: int) -> Role:
    return Role(
        name=f"Essentiel message {size}",
        id=f"EssentielMessage{size}",
        shape=Shape(size=size, bold=True, after=2, leading=1.05, keep_lines=True),
        colour=INK,
    )


def _essential_bullet(size: int) -> Role:
    return Role(
        name=f"Essentiel puce {size}",
        id=f"EssentielPuce{size}",
        shape=Shape(size=size, after=2, leading=1.05, left=21, hanging=21, keep_lines=True),
        colour=INK,
        numbering=TIGHT_BULLETS[size],
    )


SAY_SIZES = (18, 16, 14, 13, 12)

ROLES: tuple[Role, ...] = (
    Role(name="Normal", id="Normal", shape=BODY, based_on=None, colour=INK, priority=0),
    Role(
        name="Title",
        id="Title",
        shape=Shape(size=20, bold=True, after=3, leading=1.05, keep_next=True),
        colour=INK,
        next="Normal",
        priority=10,
    ),
    Role(
        name="Subtitle",
        id="Subtitle",
        shape=Shape(size=13, after=5, leading=1.1),
        colour=QUIET,
        priority=11,
    ),
    Role(
        name="heading 1",
        id="Heading1",
        shape=Shape(size=18, bold=True, before=12, after=6, leading=1.1, keep_next=True, keep_lines=True),
        colour=ACCENT,
        outline=0,
        next="Normal",
        rule_below=True,
        priority=9,
    ),
    Role(
        name="heading 2",
        id="Heading2",
        shape=Shape(size=16, bold=True, before=14, after=6, leading=1.1, keep_next=True, keep_lines=True),
        colour=INK,
        outline=1,
        next="Normal",
        priority=9,
    ),
    Role(
        name="heading 3",
        id="Heading3",
        shape=Shape(size=14, bold=True, before=12, after=5, leading=1.1, keep_next=True, keep_lines=True),
        colour=ACCENT,
        outline=2,
        next="Normal",
        priority=9,
    ),
    Role(
        name="heading 4",
        id="Heading4",
        shape=Shape(size=12, bold=True, before=9, after=4, leading=1.1, keep_next=True, keep_lines=True),
        colour=INK,
        outline=3,
        next="Normal",
        priority=9,
    ),
    Role(name="List Bullet", id="ListBullet", shape=BULLET, numbering=BULLETS),
    Role(
        name="List Bullet 2",
        id="ListBullet2",
        shape=Shape(size=12, after=4, left=42, hanging=21),
        numbering=BULLETS,
    ),
    Role(name="List Continue", id="ListContinue", shape=Shape(size=12, after=5, left=21)),
    Role(name="List Number", id="ListNumber", shape=BULLET),
    *(_say(size) for size in SAY_SIZES),
    Role(
        name="Essentiel",
        id="Essentiel",
        shape=Shape(size=12, before=7, after=1, leading=1.05, keep_next=True, keep_lines=True),
        colour=ACCENT,
    ),
    *(_essential_message(size) for size in (18, 16, 14)),
    *(_essential_bullet(size) for size in (14, 13, 12)),
    Role(
        name="Essentiel pied",
        id="EssentielPied",
        shape=Shape(size=12, before=8, leading=1.05, keep_lines=True),
        colour=QUIET,
    ),
    Role(name="Index des notes", id="IndexDesNotes", shape=BODY, colour=ACCENT, links=True),
    Role(
        name="À dire ensuite",
        id="ADireEnsuite",
        shape=Shape(size=16, bold=True, before=10, leading=1.1, keep_lines=True),
        colour=ACCENT,
    ),
    Role(
        name="Message clé",
        id="MessageCle",
        shape=Shape(size=18, bold=True, before=4, after=10, left=12, leading=1.12, keep_lines=True),
        colour=INK,
        border=True,
    ),
    Role(
        name="caption",
        id="Caption",
        shape=Shape(size=12, before=6, after=4, keep_next=True),
        colour=QUIET,
        priority=35,
    ),
    Role(name="Table Text", id="TableText", shape=Shape(size=12, leading=1.05)),
    Role(name="Table Heading", id="TableHeading", shape=Shape(size=12, bold=True, leading=1.05)),
    Role(
        name="TOC Heading",
        id="TOCHeading",
        shape=Shape(size=17, bold=True, before=12, after=6, keep_next=True),
        colour=ACCENT,
        priority=39,
    ),
    Role(name="toc 1", id="TOC1", shape=Shape(size=12, after=3, leading=1.05), toc_tab=True, priority=39),
    Role(
        name="toc 2",
        id="TOC2",
        shape=Shape(size=12, after=2, left=18, leading=1.05),
        toc_tab=True,
        priority=39,
    ),
    Role(name="header", id="Header", shape=Shape(size=10, leading=1), colour=QUIET),
    Role(name="footer", id="Footer", shape=Shape(size=10, leading=1), colour=QUIET),
)

BY_NAME = {role.name.lower(): role for role in ROLES}


def twips(points: float) -> int:
    return round(points * 20)


def style_xml(role: Role, text_width: float) -> str:
    """The `w:style` element of a role; `text_width` in points places the TOC's tab."""
    shape = role.shape
    default = ' w:default="1"' if role.name == "Normal" else ""
    custom = "" if role.name.lower() in BUILT_IN_NAMES else ' w:customStyle="1"'
    properties = [
        "<w:keepNext/>" if shape.keep_next else "",
        "<w:keepLines/>" if shape.keep_lines else "",
        "<w:widowControl/>" if role.name == "Normal" else "",
        f'<w:numPr><w:ilvl w:val="{1 if role.name == "List Bullet 2" else 0}"/>'
        f'<w:numId w:val="{role.numbering}"/></w:numPr>'
        if role.numbering
        else "",
        _borders(role),
        f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{twips(text_width)}"/></w:tabs>'
        if role.toc_tab
        else "",
        f'<w:spacing w:before="{twips(shape.before)}" w:after="{twips(shape.after)}"'
        f' w:line="{round(shape.leading * 240)}" w:lineRule="auto"/>',
        _indent(shape),
        '<w:jc w:val="left"/>' if role.name == "Normal" else "",
        f'<w:outlineLvl w:val="{role.outline}"/>' if role.outline is not None else "",
    ]
    weight = "<w:b/><w:bCs/>" if shape.bold else ""
    ink = f'<w:color w:val="{role.colour}"/>' if role.colour else ""
    half_points = round(shape.size * 2)
    underline = '<w:u w:val="words"/>' if role.links else ""
    return (
        f'<w:style w:type="paragraph"{default}{custom} w:styleId="{role.id}">'
        f'<w:name w:val="{role.name}"/>'
        + (f'<w:basedOn w:val="{role.based_on}"/>' if role.based_on else "")
        + (f'<w:next w:val="{role.next}"/>' if role.next else "")
        + f'<w:uiPriority w:val="{role.priority}"/><w:qFormat/>'
        + f"<w:pPr>{''.join(properties)}</w:pPr>"
        + f'<w:rPr>{weight}{ink}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>{underline}</w:rPr>'
        + "</w:style>"
    )


BUILT_IN_NAMES = frozenset(
    {
        "normal", "title", "subtitle", "caption", "toc heading", "toc 1", "toc 2", "header",
        "footer", "list bullet", "list bullet 2", "list continue", "list number",
        "heading 1", "heading 2", "heading 3", "heading 4",
    }
)  # fmt: skip


def _indent(shape: Shape) -> str:
    if not (shape.left or shape.hanging):
        return ""
    hanging = f' w:hanging="{twips(shape.hanging)}"' if shape.hanging else ""
    return f'<w:ind w:left="{twips(shape.left)}"{hanging}/>'


def _borders(role: Role) -> str:
    if role.border:
        return f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="{ACCENT}"/></w:pBdr>'
    if role.rule_below:
        return f'<w:pBdr><w:bottom w:val="single" w:sz="8" w:space="3" w:color="{ACCENT}"/></w:pBdr>'
    return ""


CHARACTER_STYLES = {
    "default paragraph font": '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>',
    "hyperlink": '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
    '<w:basedOn w:val="DefaultParagraphFont"/><w:uiPriority w:val="99"/>'
    f'<w:rPr><w:color w:val="{ACCENT}"/><w:u w:val="single"/></w:rPr></w:style>',
    "référence": '<w:style w:type="character" w:customStyle="1" w:styleId="Reference">'
    '<w:name w:val="Référence"/><w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/>'
    f'<w:rPr><w:color w:val="{QUIET}"/></w:rPr></w:style>',
    "strong": '<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/>'
    '<w:basedOn w:val="DefaultParagraphFont"/><w:uiPriority w:val="22"/><w:qFormat/>'
    "<w:rPr><w:b/><w:bCs/></w:rPr></w:style>",
}
"""By lower-cased name."""

TABLE_STYLES = {
    "normal table": '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
    '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>',
    "table grid": '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/>'
    '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="39"/><w:tblPr><w:tblBorders>'
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{BORDER}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + '</w:tblBorders><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="90" w:type="dxa"/>'
    '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="90" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>',
    "no list": '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>',
}
"""By lower-cased name."""


def numbering_xml(numbered_lists: int) -> str:
    """`word/numbering.xml`: the bullet lists, and `numbered_lists` that each start at 1."""
    numbers = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/>'
        '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="600" w:hanging="600"/></w:pPr></w:lvl>'
    )
    nums = "".join(
        f'<w:num w:numId="{FIRST_NUMBERED + n}"><w:abstractNumId w:val="{NUMBERS}"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for n in range(numbered_lists)
    )
    return (
        f'<w:numbering xmlns:w="{W}">'
        + _definition(BULLETS, _bullet(0, "•", 420, "ListBullet") + _bullet(1, "–", 840, "ListBullet2"))
        + "".join(
            _definition(number, _bullet(0, "•", 420, f"EssentielPuce{size}"))
            for size, number in TIGHT_BULLETS.items()
        )
        + _definition(NUMBERS, numbers)
        + "".join(
            f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>'
            for n in (BULLETS, *TIGHT_BULLETS.values())
        )
        + f"{nums}</w:numbering>"
    )


FIRST_NUMBERED = 5
"""The id of the first numbered list."""


def _definition(number: int, levels: str) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="hybridMultilevel"/>'
        f"{levels}</w:abstractNum>"
    )


def _bullet(level: int, sign: str, left: int, style: str) -> str:
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
        f'<w:pStyle w:val="{style}"/><w:lvlText w:val="{sign}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{left}" w:hanging="420"/></w:pPr>'
        f'<w:rPr><w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}"/></w:rPr></w:lvl>'
    )


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
