"""The formatted text of a chapter: CommonMark and its table, cut down to a named small set.

Paragraphs, two levels of sub-heading (`##`, `###`), bullet and numbered lists, emphasis, links,
quotation, a simple table with a header row, a picture of the report (`![](image:3f2ab91c0d)`, on a
line of its own). Raw HTML is text like any other. `parse` and
`written` are each other's inverse on what `parse` returns.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from exports.text import typeset

RULES = (
    "heading", "list", "blockquote", "table", "emphasis", "link", "image", "autolink", "newline", "escape",
    "entity",
)  # fmt: skip
SCHEMES = ("https://", "http://", "mailto:")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a paragraph, all in one manner. A line feed is a line break."""

    text: str
    strong: bool = False
    emphasis: bool = False
    link: str = ""


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: Spans


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    """1 or 2: below the chapter's own title."""
    spans: Spans


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list; `depth` is 0, or 1 for a list within a list."""

    spans: Spans
    ordered: bool = False
    depth: int = 0
    begins: bool = False
    """The first line of its list. Lists of one kind that touch are one list."""


@dataclass(frozen=True, slots=True)
class Quotation:
    spans: Spans


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    key: str
    """Ten hexadecimal digits, by which the report knows it; its words are the report's, not the text's."""


Block = Paragraph | Heading | Item | Quotation | Table | Picture


def picture_mark(key: str) -> str:
    """What stands for a picture in a text."""
    return f"![](image:{key})"


def pictures_in(source: str) -> list[str]:
    """The keys of the pictures that a text shows, in order."""
    return [block.key for block in parse(source) if isinstance(block, Picture)]


def parse(source: str) -> tuple[Block, ...]:
    """The blocks of a text. Never raises: what is in no rule is text."""
    return listed(_Reading(_parser().parse(source)).blocks())


def listed(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The same, each line of a list as deep as the lines above allow, and told whether it begins one."""
    found: list[Block] = []
    above: list[Item] = []
    """The last line of each depth of the open list."""
    for block in blocks:
        if not isinstance(block, Item):
            above = []
            found.append(block)
            continue
        depth = min(block.depth, len(above), 1)
        same = len(above) > depth and above[depth].ordered == block.ordered
        item = replace(block, depth=depth, begins=not same)
        above = [*above[:depth], item]
        found.append(item)
    return tuple(found)


def typeset_blocks(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The same blocks, each piece of text set in French typography."""
    return tuple(_mapped(block, lambda spans: tuple(_set(spans))) for block in blocks)


def plain(block: Block) -> str:
    """The words of a block, without its marks."""
    if isinstance(block, Picture):
        return f"[image {block.key}]"
    if isinstance(block, Table):
        rows = [block.header, *block.rows]
        return "\n".join(" | ".join(words(cell) for cell in row) for row in rows)
    return words(block.spans)


def words(spans: Spans) -> str:
    return "".join(span.text for span in spans)


def written(blocks: Iterable[Block]) -> str:
    """The text that `parse` reads as these blocks."""
    return "".join(_Writing().lines(tuple(blocks))).rstrip("\n")


def cited(text: str, known: Collection[str]) -> Iterator[tuple[str, str | None]]:
    """Pieces of a text, and the reference that a piece is: « ÉME-12 » where that note is known."""
    end = 0
    for found in _REFERENCE.finditer(text):
        reference = f"{found[1].upper()}-{int(found[2])}"
        if reference not in known:
            continue
        if found.start() > end:
            yield text[end : found.start()], None
        yield found[0], reference
        end = found.end()
    if end < len(text):
        yield text[end:], None


_REFERENCE = re.compile(r"(?<![\w-])([^\W\d_]{2,5})[-\u2010\u2011](\d{1,6})(?![\w-])")


# --- reading --------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("zero", {"html": False, "maxNesting": 12}).enable(list(RULES))


class _Reading:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.lists: list[bool] = []
        """Whether each open list is numbered."""
        self.quotes = 0

    def blocks(self) -> Iterator[Block]:
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.type in ("bullet_list_open", "ordered_list_open"):
                self.lists.append(token.type.startswith("ordered"))
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                self.lists.pop()
            elif token.type in ("blockquote_open", "blockquote_close"):
                self.quotes += 1 if token.type.endswith("open") else -1
            elif token.type == "table_open":
                yield self._table()
            elif token.type == "inline":
                yield from self._block(token)

    def _block(self, token: Token) -> Iterator[Block]:
        """A line of text; a picture stands by itself, between what is before and after it."""
        opening = self.tokens[self.at - 2]
        children: list[Token] = []
        for child in token.children or ():
            found = _PICTURE.fullmatch(str(child.attrs.get("src", ""))) if child.type == "image" else None
            if found is None:
                children.append(child)
                continue
            yield from self._words(opening, children)
            yield Picture(found[1])
            children = []
        yield from self._words(opening, children)

    def _words(self, opening: Token, children: Sequence[Token]) -> Iterator[Block]:
        spans = _spans(children)
        if not words(spans).strip():
            return
        if opening.type == "heading_open":
            yield Heading(1 if opening.tag in ("h1", "h2") else 2, spans)
        elif self.lists and not self.quotes:
            yield Item(spans, self.lists[-1], len(self.lists) - 1)
        else:
            yield Quotation(spans) if self.quotes else Paragraph(spans)

    def _table(self) -> Table:
        rows: list[list[Spans]] = []
        while (token := self.tokens[self.at]).type != "table_close":
            self.at += 1
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(_spans(token.children or ()))
        header = tuple(rows[0])
        return Table(header, tuple(tuple(row) for row in rows[1:]))


_PICTURE = re.compile(r"image:([0-9a-f]{10})")


def _spans(children: Iterable[Token]) -> Spans:
    found: list[Span] = []
    manner = Span("")
    for child in children:
        if child.type in ("strong_open", "strong_close"):
            manner = replace(manner, strong=child.type == "strong_open")
        elif child.type in ("em_open", "em_close"):
            manner = replace(manner, emphasis=child.type == "em_open")
        elif child.type == "link_open":
            address = str(child.attrs.get("href", ""))
            manner = replace(manner, link=address if address.lower().startswith(SCHEMES) else "")
        elif child.type == "link_close":
            manner = replace(manner, link="")
        else:
            text = {"softbreak": " ", "hardbreak": "\n"}.get(child.type, child.content)
            found.append(replace(manner, text=text))
    return tidy(found)


def tidy(spans: Iterable[Span]) -> Spans:
    """In the form that `parse` gives: white space is never emphasised, nor at the edges of the whole."""
    apart: list[Span] = []
    for span in spans:
        bare = span.text.strip(_WHITE)
        before, after = span.text.split(bare, 1) if bare else (span.text, "")
        apart += [Span(before), replace(span, text=bare), Span(after)]
    found: list[Span] = []
    for span in apart:
        text = _BLANKS.sub(" ", span.text)
        if not text:
            continue
        if found and replace(found[-1], text="") == replace(span, text=""):
            found[-1] = replace(span, text=_BLANKS.sub(" ", found[-1].text + text))
        else:
            found.append(replace(span, text=text))
    if found:
        found[0] = replace(found[0], text=found[0].text.lstrip(" \n"))
        found[-1] = replace(found[-1], text=found[-1].text.rstrip(" \n"))
    return tuple(span for span in found if span.text)


_WHITE = " \t\n"
_BLANKS = re.compile(r"[ \t]+")


def _mapped(block: Block, change: Callable[[Spans], Spans]) -> Block:
    if isinstance(block, Picture):
        return block
    if isinstance(block, Table):
        rows = tuple(tuple(change(cell) for cell in row) for row in block.rows)
        return Table(tuple(change(cell) for cell in block.header), rows)
    return replace(block, spans=change(block.spans))


def _set(spans: Spans) -> Iterator[Span]:
    """Each span typeset; the spaces at its edges stay, for they stand between words."""
    for span in spans:
        bare = span.text.strip(" ")
        if not bare:
            yield span
            continue
        before, after = span.text.split(bare, 1)
        yield replace(span, text=f"{before}{typeset(bare)}{after}")


# --- writing --------------------------------------------------------------------------------------


class _Writing:
    """Blocks back to marks: what a reader could take for a mark is escaped."""

    def __init__(self) -> None:
        self.number = [0, 0]
        self.width = 2
        """Signs that a line of the outer list begins with: what a list within it is set in by."""
        self.before: Block | None = None

    def lines(self, blocks: Sequence[Block]) -> Iterator[str]:
        for block in blocks:
            if self.before is not None:
                yield from self._between(block)
            yield self._one(block)
            self.before = block

    def _between(self, block: Block) -> Iterator[str]:
        if not (isinstance(block, Item) and isinstance(self.before, Item)):
            yield "\n"

    def _one(self, block: Block) -> str:
        if isinstance(block, Picture):
            return picture_mark(block.key) + "\n"
        if isinstance(block, Heading):
            return f"{'#' * (block.level + 1)} {_flat(block.spans)}\n"
        if isinstance(block, Item):
            return self._item(block)
        if isinstance(block, Quotation):
            return "> " + _inline(block.spans).replace("\n", "\n> ") + "\n"
        if isinstance(block, Table):
            rows = [block.header, *block.rows]
            lines = ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
            lines.insert(1, "|" + " --- |" * len(block.header))
            return "\n".join(lines) + "\n"
        return _inline(block.spans) + "\n"

    def _item(self, item: Item) -> str:
        depth = item.depth
        self.number[depth] = 1 if item.begins else self.number[depth] + 1
        indent = " " * self.width * depth
        sign = f"{self.number[depth]}." if item.ordered else "-"
        if depth == 0:
            self.width = len(sign) + 1
        body = _inline(item.spans).replace("\n", f"\n{indent}{' ' * (len(sign) + 1)}")
        return f"{indent}{sign} {body}\n"


def _cell(spans: Spans) -> str:
    return _flat(spans).replace("|", "\\|")


def _flat(spans: Spans) -> str:
    """On one line."""
    return _inline(tuple(replace(span, text=span.text.replace("\n", " ")) for span in spans))


def _inline(spans: Spans) -> str:
    out = ""
    for span in spans:
        bare = span.text.strip(" \n")
        if not bare:
            out += span.text
            continue
        before, after = span.text.split(bare, 1)
        mark = ("**" if span.strong else "") + ("*" if span.emphasis else "")
        text = f"{mark}{_escaped(bare)}{mark[::-1]}"
        out += before + (f"[{text}]({_address(span.link)})" if span.link else text) + after
    lines = out.strip(" \n").replace("\n", "\\\n").split("\n")
    return "\n".join(_LEADING.sub(r"\1\\\2", line) for line in lines)


def _escaped(text: str) -> str:
    return re.sub(r"([\\*_\[\]<`&#!])", r"\\\1", text)


def _address(link: str) -> str:
    return link.replace("(", "%28").replace(")", "%29").replace(" ", "%20")


_LEADING = re.compile(r"^(\s*\d{0,9})([#>+.)\-=|~])")
"""What would begin a heading, a quotation, a list or a table at the head of a line."""
