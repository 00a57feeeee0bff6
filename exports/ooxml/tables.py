"""Tables of a document: the XML of a table, and how high its rows are."""

from collections.abc import Callable, Sequence

from exports.ooxml.pagination import Block, Shape, ruler
from exports.ooxml.runs import Cell, cell_text, cell_xml, escape
from exports.ooxml.stationery import Stationery

CELL_MARGINS = 11.0
"""Points to the left and the right of a cell's text together, in Word's own table style; 9 in ours."""
WIDEST = 1.3
"""How wide the widest of usual fonts (Verdana, Courier New) sets a word, as a multiple of Arial."""
HEADING, TEXT = "Table Heading", "Table Text"

Opening = Callable[[str], tuple[str, Shape]]
"""By style: how a paragraph begins, and its shape."""


def table(
    stationery: Stationery,
    opening: Opening,
    caption: str,
    header: Sequence[Cell],
    rows: Sequence[Sequence[Cell]],
    shares: Sequence[float],
) -> tuple[str, list[Block]]:
    """The XML and a block a row. `shares` are the columns' parts of the width; `caption` is for those who listen."""
    columns = _columns(stationery, header, rows, shares)
    pace = stationery.page.pace
    head, block = _row(opening(HEADING), header, columns, pace, header=True)
    cells, blocks = [head], [block]
    for row in rows:
        xml, block = _row(opening(TEXT), row, columns, pace)
        cells.append(xml)
        blocks.append(block)
    grid = "".join([f'<w:gridCol w:w="{column}"/>' for column in columns])
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0"'
        ' w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{escape(caption)}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(cells)}</w:tbl>"
    ), blocks


def _columns(
    stationery: Stationery, header: Sequence[Cell], rows: Sequence[Sequence[Cell]], shares: Sequence[float]
) -> list[int]:
    """Widths in twentieths of a point: the shares, except that no word of a column is broken.

    What a narrow column lacks is taken from the others, where all have room.
    """
    total = stationery.page.width
    needs = [0.0] * len(shares)
    for style, cells in ((HEADING, header), *((TEXT, row) for row in rows)):
        shape = stationery.shape(style)
        for at, cell in enumerate(cells):
            widest = max(map(ruler(shape.bold).word, cell_text(cell).split(" ")))
            needs[at] = max(needs[at], widest * shape.size / 1000 * WIDEST + CELL_MARGINS)
    widths = [max(total * share, need) for share, need in zip(shares, needs, strict=True)]
    excess, spare = sum(widths) - total, sum(widths) - sum(needs)
    if sum(needs) > total:
        widths = [total * share for share in shares]
    elif excess > 0:
        widths = [width - excess * (width - need) / spare for width, need in zip(widths, needs, strict=True)]
    return [round(width * 20) for width in widths]


def _row(
    opened: tuple[str, Shape],
    cells: Sequence[Cell],
    columns: Sequence[int],
    pace: float,
    *,
    header: bool = False,
) -> tuple[str, Block]:
    opening, shape = opened
    xml, lines = [], 1
    for cell, width in zip(cells, columns, strict=True):
        xml.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{opening}</w:pPr>{cell_xml(cell)}</w:p></w:tc>"
        )
        room = (width / 20 - CELL_MARGINS) / pace
        lines = max(lines, ruler(shape.bold).lines(cell_text(cell), room, shape.size))
    repeat = "<w:cantSplit/><w:tblHeader/>" if header else "<w:cantSplit/>"
    block = Block(Shape(keep_next=header, keep_lines=True), "", fixed=lines * shape.line + 4.5)
    return f"<w:tr><w:trPr>{repeat}</w:trPr>{''.join(xml)}</w:tr>", block
