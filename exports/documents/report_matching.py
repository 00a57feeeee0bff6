"""Our paragraphs in the file that came back: by their bookmark; where Word dropped it, by their words.

A paragraph is found by its bookmark; else by its printed reference, by its words, by its neighbours,
and then it is only *proposed*.
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from exports.documents.report_content import Content, Entry
from exports.documents.report_manners import cells, manners, words_of
from exports.documents.report_pieces import entry_bookmark, passage_bookmark
from exports.documents.word_paragraphs import WordParagraph, tables_of
from exports.formatted import Block, Picture, Table
from exports.ooxml.typed_lists import note_rows
from exports.report import UNDESCRIBED

ALIKE = 0.55
"""Share of two texts in common above which one may be the other, retyped."""
CREDITED = re.compile(r"(?:(?:crédits?(?:\s+photo\w*)?|photo\w*|source|légende)\s*:|©)\s*", re.I)
"""What a line below a picture begins with where it says whose that is."""
LONGEST_CREDIT = 200
CAPTIONS = ("caption", "légende", "illustration", "figure")
"""Names of the styles of a line below a picture: Word's, and LibreOffice's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A paragraph of ours in the file that was sent."""

    mark: str
    key: str
    group: str
    """What it may be ordered within."""
    where: str
    index: int
    rank: int
    base: WordParagraph
    entry: Entry | None = None
    block: Block | None = None
    level: int = 1
    """Of the heading above a chapter's text."""
    table: tuple[tuple[object, ...], ...] = ()
    """Its cells, with their manner."""


@dataclass(slots=True)
class Found:
    """Where a unit is in the file that came back."""

    unit: Unit
    at: list[int] = field(default_factory=list)
    proposed: bool = False


class Matching:
    """Which paragraphs of the file that came back are ours: found by bookmark, by words, by neighbours."""

    def __init__(self, content: Content, base: list[WordParagraph], now: list[WordParagraph]) -> None:
        self.content = content
        self.now = now
        self.base_tables = dict(tables_of(base))
        self.now_tables = dict(tables_of(now))
        self.units = self._units(base)
        self.by_mark = {unit.mark: unit for unit in self.units}
        self.found: dict[str, Found] = {}
        self.owner: dict[int, str] = {}
        """By index of a paragraph, the mark of the unit that it is."""
        ours = {mark for one in base for mark in one.starts if mark in self.by_mark}
        plain_base = [one for one in base if not ours.intersection(one.starts) and one.table is None]
        self.known = Counter(words_of(one) for one in plain_base if one.text)
        self.missing: Counter[str] = Counter()
        """What the application writes by itself and the file no longer has."""
        texts = [words_of(one) for one in base if one.text]
        self.after: dict[str, set[str]] = {}
        """By text of a paragraph of the base, the texts that follow it there."""
        for text, following in pairwise(texts):
            self.after.setdefault(text, set()).add(following)
        self.known_cells = [cells(rows) for rows in self.base_tables.values()]
        self.generated: set[int] = set()
        """Paragraphs that the application writes by itself, as they were."""
        self.generated_ranks: dict[int, int] = {}
        """By index, where each of them stood in the base."""
        self.lines: dict[int, int] = {}
        """By index of a paragraph that holds a picture, that of the line below it which is about it."""
        self.places: dict[str, list[int]] = {}
        for rank, paragraph in enumerate(base):
            if paragraph.text and paragraph.table is None and not ours.intersection(paragraph.starts):
                self.places.setdefault(words_of(paragraph), []).append(rank)
        self._by_bookmark()
        self._generated_ones()
        self._lost_ones()

    # --- what was sent ------------------------------------------------------------------

    def _units(self, base: list[WordParagraph]) -> list[Unit]:
        where = {mark: index for index, one in enumerate(base) for mark in one.starts}
        tables = self.base_tables
        found: list[Unit] = []

        def add(mark: str, **more: object) -> None:
            if mark not in where:
                return
            at = where[mark]
            following = base[at + 1].table if at + 1 < len(base) else None
            table = manners(tables[following]) if following is not None and more.pop("tabled", False) else ()
            more.pop("tabled", None)
            found.append(Unit(mark=mark, base=base[at], rank=at, table=table, **more))  # type: ignore[arg-type]

        for passage in self.content.passages:
            key = f"chapter:{passage.chapter.key}"
            said = f"{passage.chapter.title}, texte du chapitre"
            level = 2 if passage.chapter.kind == "sequence" else 1
            blocks: Sequence[Block | None] = [b for version in passage.versions for b in version] or [None]
            for index, block in enumerate(blocks):
                add(
                    passage_bookmark(self.content, passage, index + 1), key=key, group=key, where=said,
                    index=index, block=block, level=level, tabled=isinstance(block, Table),
                )  # fmt: skip
        for entry, group, said in self._printed():
            texts = (entry.text,) if entry.reworded or len(entry.said) < 2 else entry.said
            for row in range(len([line for text in texts for line in note_rows(text)])):
                add(
                    entry_bookmark(entry, row + 1), key=f"note:{entry.id}", group=group, where=said,
                    index=row, entry=entry,
                )  # fmt: skip
        return sorted(found, key=lambda unit: unit.rank)

    def _printed(self) -> Iterator[tuple[Entry, str, str]]:
        for chapter in self.content.workshops:
            for number, group in enumerate(chapter.groups):
                for entry in group.entries:
                    said = f"{chapter.workshop.title}, {entry.printed_reference}"
                    yield entry, f"{chapter.workshop.id} {number}", said
        for entry in self.content.mergers:
            if entry.kept:
                yield entry, "mergers", f"Recommandations de synthèse, {entry.printed_reference}"

    # --- finding ------------------------------------------------------------------------

    def _by_bookmark(self) -> None:
        ends = {mark: index for index, one in enumerate(self.now) for mark in one.ends}
        for index, one in enumerate(self.now):
            marks = [mark for mark in one.starts if mark in self.by_mark and mark not in self.found]
            for mark in marks:
                covered = [index]
                for later in range(index + 1, ends.get(mark, index) + 1):
                    # its own mark may begin again: LibreOffice says it twice
                    others = self.by_mark.keys() & set(self.now[later].starts) - {mark}
                    if others or self.now[later].table is not None:
                        break
                    covered.append(later)
                covered = [at for at in covered if _holds(self.now[at]) and at not in self.owner]
                if covered:
                    self.found[mark] = Found(self.by_mark[mark], covered)
                    self.owner |= dict.fromkeys(covered, mark)

    def _generated_ones(self) -> None:
        left = Counter(self.known)
        for index, one in enumerate(self.now):
            if index in self.owner:
                continue
            said = words_of(one)
            if not one.text or one.style.startswith(("toc", "contents")) or left[said] > 0:
                if left[said] > 0:
                    self.generated_ranks[index] = self.places[said][-left[said]]
                    left[said] -= 1
                self.generated.add(index)
            elif one.table is not None and cells(self.now_tables[one.table]) in self.known_cells:
                self.generated.add(index)
        self.missing = +left

    def _lost_ones(self) -> None:
        """Without a bookmark: the same words are the same passage; a reference or alike words propose one."""
        lost = [unit for unit in self.units if unit.mark not in self.found]
        for sure in (True, False):
            for unit in [one for one in lost if one.mark not in self.found]:
                free = [i for i in range(len(self.now)) if self._is_free(i)]
                at = self._same(unit, free) if sure else self._alike(unit, free)
                if at is not None:
                    self.found[unit.mark] = Found(unit, [at], proposed=not sure)
                    self.owner[at] = unit.mark
            if sure:
                self._lines_below()
        still = [one for one in lost if one.mark not in self.found]
        self._by_neighbours([one for one in still if not isinstance(one.block, Picture)])

    def _lines_below(self) -> None:
        """Below each picture, a line of its own that says whose it is, or what it shows where nothing does."""
        last = {at: one.at[-1] for one in self.found.values() for at in one.at}
        for index, one in enumerate(self.now):
            below = last.get(index, index) + 1
            if not one.pictures or below >= len(self.now) or not self._is_free(below):
                continue
            line, described = self.now[below], one.pictures[-1].described
            credited = CREDITED.match(line.text) and len(line.text) <= LONGEST_CREDIT
            if credited or (line.style.startswith(CAPTIONS) and described in ("", UNDESCRIBED)):
                self.lines[index] = below
                self.owner |= {below: self.owner[index]} if index in self.owner else {}

    def _by_neighbours(self, lost: list[Unit]) -> None:
        """As many paragraphs as passages between the same two neighbours: these may be those, retyped."""
        gaps: dict[tuple[int, int], list[Unit]] = {}
        for unit in lost:
            before = [o.at[-1] for o in self.found.values() if o.unit.rank < unit.rank]
            after = [o.at[0] for o in self.found.values() if o.unit.rank > unit.rank]
            gaps.setdefault((max(before, default=-1), min(after, default=len(self.now))), []).append(unit)
        for (first, last), units in gaps.items():
            free = [index for index in range(first + 1, last) if self._is_free(index)]
            if len(free) == len(units):
                for unit, at in zip(units, free, strict=True):
                    self.found[unit.mark] = Found(unit, [at], proposed=True)
                    self.owner[at] = unit.mark

    def _is_free(self, index: int) -> bool:
        taken = index in self.owner or index in self.generated or index in self.lines.values()
        return not taken and self.now[index].table is None

    def _same(self, unit: Unit, free: list[int]) -> int | None:
        if isinstance(unit.block, Picture):
            shown = unit.base.pictures[0].content
            holds = (i for i, one in enumerate(self.now) if i not in self.owner and one.pictures)
            return next((i for i in holds if self.now[i].pictures[0].content == shown), None)
        return next((index for index in free if words_of(self.now[index]) == words_of(unit.base)), None)

    def _alike(self, unit: Unit, free: list[int]) -> int | None:
        if isinstance(unit.block, Picture):
            return None
        if unit.entry is not None:
            reference = re.compile(
                rf"{re.escape(unit.entry.printed_reference)}(?!\d)".replace("\u2011", "[-\u2011]")
            )
            for index in free:
                if reference.search(self.now[index].text):
                    return index
        matcher = difflib.SequenceMatcher(autojunk=False)
        matcher.set_seq2(unit.base.text)
        best, share = None, ALIKE
        for index in free:
            matcher.set_seq1(self.now[index].text)
            if matcher.quick_ratio() > share and matcher.ratio() > share:
                best, share = index, matcher.ratio()
        return best

    def moved(self) -> list[Found]:
        """Units that stand out of the order in which they were sent, but for those that carry them."""
        ranks = {one.at[0]: one.unit.rank for one in self.found.values()} | self.generated_ranks
        order = sorted(ranks)
        kept = {order[index] for index in _longest_increasing([ranks[at] for at in order])}
        placed = sorted(self.found.values(), key=lambda one: one.at[0])
        return [one for one in placed if one.at[0] not in kept]


def _holds(one: WordParagraph) -> bool:
    return bool(one.text or one.pictures)


def _longest_increasing(ranks: Sequence[int]) -> set[int]:
    """Indices of a longest increasing subsequence."""
    best: list[int] = []
    before = [-1] * len(ranks)
    for index, rank in enumerate(ranks):
        low, high = 0, len(best)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if ranks[best[middle]] < rank else (low, middle)
        before[index] = best[low - 1] if low else -1
        best[low : low + 1] = [index]
    kept, at = set(), best[-1] if best else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    return kept
