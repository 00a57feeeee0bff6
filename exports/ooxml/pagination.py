"""On which page does each bookmark fall? A pure estimate from the font's widths.

Word computes page numbers only when somebody lets it; a table of contents that is right
on opening needs them before. This lays paragraphs out as Word and LibreOffice do: greedy
lines, no lone line, headings kept with what follows. Lengths are in points.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from exports.ooxml import metrics

FULL = 0.55
"""Share of a page above which a chapter begins on the next: below it, a page would be nearly blank."""
BLANK = 1 / 3
"""Share of a page below which it is nearly blank."""
DRIFT = 0.05
"""Share of a page that Word and this may differ by: for each page since the last that is sure to begin, and for
a heading that one keeps on it and the other does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a paragraph style does to space."""

    size: float = 12
    bold: bool = False
    before: float = 0
    after: float = 0
    leading: float = 1.15
    left: float = 0
    right: float = 0
    hanging: float = 0
    keep_next: bool = False
    keep_lines: bool = False
    page_before: bool = False
    page_wanted: bool = False
    """Begins a page, unless that left one nearly blank."""
    line: float = field(init=False, compare=False)
    """The height of a line."""
    hang: float = field(init=False, compare=False)
    """What the last line of a page may leave out: the space between it and a next one."""

    def __post_init__(self) -> None:
        natural = self.size * metrics.LINE_HEIGHT  # asked for 10,000 times: reckoned once
        object.__setattr__(self, "line", natural * self.leading)
        object.__setattr__(self, "hang", max(0.0, natural * (self.leading - 1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The text area of a page."""

    width: float
    height: float
    pace: float = 1.0
    """How wide the body's font runs, as a multiple of Arial."""


class Block(NamedTuple):
    """A paragraph, or a table row (then `fixed` is its height)."""

    shape: Shape
    text: str
    bookmarks: tuple[str, ...] = ()
    fixed: float | None = None


@dataclass(frozen=True, slots=True)
class PageMap:
    """Page of each bookmark, from 1, and the number of pages."""

    pages: Mapping[str, int]
    total: int
    opening: frozenset[str] = frozenset()
    """Bookmarks of those that wanted to begin a page, and do."""


class Ruler:
    """Widths of words, remembered: a day repeats its words."""

    def __init__(self, bold: bool) -> None:
        self._widths = metrics.BOLD if bold else metrics.REGULAR
        self._words: dict[str, int] = {}
        self._lines: dict[tuple[str, float, float], int] = {}
        self._space = self._widths[" "]

    def word(self, word: str) -> int:
        """Width in thousandths of the type size."""
        width = self._words.get(word)
        if width is None:
            width = sum([self._widths.get(c, 1000 if ord(c) > 0x2E80 else 556) for c in word])
            if len(self._words) < 100_000:
                self._words[word] = width
        return width

    def lines(self, text: str, room: float, size: float) -> int:
        """Number of lines of `text` in `room` points, remembered: a day is compiled again and again."""
        key = (text, room, size)
        known = self._lines.get(key)
        if known is None:
            if len(self._lines) > 50_000:
                self._lines.clear()
            known = self._lines[key] = self._count(text, room, size)
        return known

    def _count(self, text: str, room: float, size: float) -> int:
        limit = room * 1000 / size
        word, space = self.word, self._space
        total = 0
        for row in text.split("\n"):
            total += 1
            x = 0.0
            for piece in row.split(" "):
                width = word(piece)
                if x and x + space + width > limit:
                    total += 1
                    if "-" in piece:  # a line may end after a hyphen
                        head, width = self._hyphenated(piece, limit - x - space)
                        if head and width == 0:
                            total -= 1
                            x = 0.0
                            continue
                    x = 0.0
                    while width > limit:  # a word without a space wraps anywhere
                        total += 1
                        width -= int(limit)
                    x = width
                elif x:
                    x += space + width
                else:
                    while width > limit:
                        total += 1
                        width -= int(limit)
                    x = width
        return total

    def _hyphenated(self, piece: str, room: float) -> tuple[bool, int]:
        """Whether some of `piece` stays on the line, and the width of what goes to the next."""
        parts = [part + "-" for part in piece.split("-")]
        parts[-1] = parts[-1][:-1]
        stays = False
        for index, part in enumerate(parts):
            width = self.word(part)
            if width > room:
                return stays, sum(self.word(rest) for rest in parts[index:])
            room -= width
            stays = True
        return stays, 0


@lru_cache(maxsize=2)
def ruler(bold: bool) -> Ruler:
    return Ruler(bold)


def paginate(blocks: Sequence[Block], page: Page) -> PageMap:
    """Lay `blocks` out on pages of the given text area."""
    return _Layout(page).run(blocks)


class _Layout:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.number = 1
        self.y = 0.0
        self.gap = 0.0
        self.found: dict[str, int] = {}
        self.sure = 1
        """The last page that began whatever the estimate is worth."""
        self.opening: set[str] = set()

    def run(self, blocks: Sequence[Block]) -> PageMap:
        index = 0
        while index < len(blocks):
            if blocks[index].shape.page_wanted and self._is_full():
                self.opening.update(blocks[index].bookmarks)
                self._turn()
                self.sure = self.number
            if not blocks[index].shape.keep_next:
                self._place(blocks[index])
                index += 1
                continue
            end = index
            while end < len(blocks) - 1 and blocks[end].shape.keep_next:
                end += 1
                if blocks[end].shape.page_before or blocks[end].shape.page_wanted:
                    end -= 1
                    break
            chain = blocks[index : end + 1]
            if len(chain) > 1 and not self._chain_fits(chain):
                self._turn()
            for block in chain:
                self._place(block)
            index = end + 1
        return PageMap(self.found, self.number, frozenset(self.opening))

    def _is_full(self) -> bool:
        """Whether a new page leaves none nearly blank here, although the estimate may err.

        One that is full to its last lines is left to Word: these may already be the first of the next.
        """
        drift = DRIFT * (self.number - self.sure + 2)
        return max(FULL, BLANK + drift) < self.y / self.page.height < 1 - drift

    def _lines(self, block: Block) -> int:
        shape = block.shape
        room = (self.page.width - shape.left - shape.right) / self.page.pace
        return ruler(shape.bold).lines(block.text, room, shape.size)

    def _chain_fits(self, chain: Sequence[Block]) -> bool:
        y, gap, blocks = self.y, self.gap, chain
        if blocks[0].shape.page_before or y == 0:
            return True
        for block in blocks:
            lines = self._lines(block)
            if block is blocks[-1] and not block.shape.keep_lines:
                lines = min(lines, 2 if lines != 3 else 3)
            height = block.fixed if block.fixed is not None else lines * block.shape.line
            y += max(gap, block.shape.before) + height
            gap = block.shape.after
        return y - (chain[-1].shape.hang if chain[-1].fixed is None else 0) <= self.page.height

    def _turn(self) -> None:
        self.number += 1
        self.y = 0.0
        self.gap = 0.0

    def _place(self, block: Block) -> None:
        shape = block.shape
        if shape.page_before and self.y:
            self._turn()
            self.sure = self.number
        opens = shape.page_before or not self.opening.isdisjoint(block.bookmarks)
        top = max(self.gap, shape.before) if self.y else (shape.before if opens else 0)
        if block.fixed is not None:
            if self.y and self.y + top + block.fixed > self.page.height:
                self._turn()
                top = 0
            self._note(block)
            self.y += top + block.fixed
            self.gap = shape.after
            return
        lines = self._lines(block)
        height = self.page.height + shape.hang + 0.01
        end = self.y + top + lines * shape.line
        if end <= height:
            self._note(block)
            self.y = end
            self.gap = shape.after
            return
        whole = int(height / shape.line)
        fit = max(0, int((height - self.y - top) / shape.line))
        if self.y and (shape.keep_lines or fit < 2 or lines - fit < 2 and lines - 2 < 2):
            self._turn()
            top, fit = 0, whole
        elif lines - fit < 2:
            fit = lines - 2
        self._note(block)
        while lines > fit:
            lines -= fit
            self._turn()
            top, fit = 0, whole
        self.y += top + lines * shape.line
        self.gap = shape.after

    def _note(self, block: Block) -> None:
        for name in block.bookmarks:
            self.found[name] = self.number
