"""The file that came back beside the one that was sent, paragraph by paragraph.

The file that was sent is compiled again from its digest and read by the same eyes: an untouched
file changes nothing. A paragraph is found by its bookmark; where Word dropped it, by its printed
reference, by its words, by its neighbours, and then the change is only *proposed*.
"""

import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from textwrap import shorten

from exports.digest import Digest
from exports.documents.report import compile_report
from exports.documents.report_content import Content, Entry, content_of
from exports.documents.report_pieces import entry_bookmark, passage_bookmark
from exports.documents.report_reading import Change, NewPicture, Reading, Unplaced
from exports.documents.word_paragraphs import WordParagraph, WordPicture, read_word_file, tables_of
from exports.formatted import (
    Block,
    Heading,
    Item,
    Paragraph,
    Picture,
    Quotation,
    Span,
    Spans,
    Table,
    plain,
    tidy,
)
from exports.ooxml.typed_lists import note_rows
from exports.pictures import NoPicture, pixels_of
from exports.report import UNDESCRIBED

ALIKE = 0.55
"""Share of two texts in common above which one may be the other, retyped."""


def read_report(content: bytes, sent: Digest) -> Reading:
    """What changed since the file of that digest was sent. Raises Unfit where it is no Word file."""
    content_sent, base = _sent(sent)
    return _Comparison(content_sent, list(base), read_word_file(content).paragraphs).reading()


@lru_cache(maxsize=4)
def _sent(sent: Digest) -> tuple[Content, tuple[WordParagraph, ...]]:
    """What was sent, and how its file reads."""
    return content_of(sent), tuple(read_word_file(compile_report(sent).content).paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
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
class _Found:
    """Where a unit is in the file that came back."""

    unit: _Unit
    at: list[int] = field(default_factory=list)
    proposed: bool = False


class _Comparison:
    def __init__(self, content: Content, base: list[WordParagraph], now: list[WordParagraph]) -> None:
        self.content = content
        self.now = now
        self.base_tables = dict(tables_of(base))
        self.now_tables = dict(tables_of(now))
        self.units = self._units(base)
        self.by_mark = {unit.mark: unit for unit in self.units}
        self.found: dict[str, _Found] = {}
        self.owner: dict[int, str] = {}
        """By index of a paragraph, the mark of the unit that it is."""
        ours = {mark for one in base for mark in one.starts if mark in self.by_mark}
        plain_base = [one for one in base if not ours.intersection(one.starts) and one.table is None]
        self.known = Counter(_said(one) for one in plain_base if one.text)
        self.missing: Counter[str] = Counter()
        """What the application writes by itself and the file no longer has."""
        texts = [_said(one) for one in base if one.text]
        self.after: dict[str, set[str]] = {}
        """By text of a paragraph of the base, the texts that follow it there."""
        for text, following in pairwise(texts):
            self.after.setdefault(text, set()).add(following)
        self.known_cells = [_cells(rows) for rows in self.base_tables.values()]
        self.generated: set[int] = set()
        """Paragraphs that the application writes by itself, as they were."""
        self.generated_ranks: dict[int, int] = {}
        """By index, where each of them stood in the base."""
        self.places: dict[str, list[int]] = {}
        for rank, paragraph in enumerate(base):
            if paragraph.text and paragraph.table is None and not ours.intersection(paragraph.starts):
                self.places.setdefault(_said(paragraph), []).append(rank)
        self.known_pictures: set[tuple[int, int]] = set()
        """Paragraph and number within it of each picture that something was said of."""
        self.changes: list[Change] = []
        self.unplaced: list[Unplaced] = []

    def reading(self) -> Reading:
        self._by_bookmark()
        self._generated_ones()
        self._lost_ones()
        moved = self._moved()
        self._chapters()
        self._entries()
        self._orders(moved)
        self._others()
        remarks = tuple((remark, one.text) for one in self.now for remark in one.remarks)
        return Reading(
            changes=tuple(self.changes),
            unplaced=tuple(self.unplaced),
            remarks=remarks,
            compared=len(self.units),
            tracked=any(one.tracked for one in self.now),
        )

    # --- what was sent ------------------------------------------------------------------

    def _units(self, base: list[WordParagraph]) -> list[_Unit]:
        where = {mark: index for index, one in enumerate(base) for mark in one.starts}
        tables = self.base_tables
        found: list[_Unit] = []

        def add(mark: str, **more: object) -> None:
            if mark not in where:
                return
            at = where[mark]
            following = base[at + 1].table if at + 1 < len(base) else None
            table = _manners(tables[following]) if following is not None and more.pop("tabled", False) else ()
            more.pop("tabled", None)
            found.append(_Unit(mark=mark, base=base[at], rank=at, table=table, **more))  # type: ignore[arg-type]

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
                    if self.by_mark.keys() & set(self.now[later].starts) or self.now[later].table is not None:
                        break
                    covered.append(later)
                covered = [at for at in covered if _holds(self.now[at]) and at not in self.owner]
                if covered:
                    self.found[mark] = _Found(self.by_mark[mark], covered)
                    self.owner |= dict.fromkeys(covered, mark)

    def _generated_ones(self) -> None:
        left = Counter(self.known)
        for index, one in enumerate(self.now):
            if index in self.owner:
                continue
            said = _said(one)
            if not one.text or one.style.startswith(("toc", "contents")) or left[said] > 0:
                if left[said] > 0:
                    self.generated_ranks[index] = self.places[said][-left[said]]
                    left[said] -= 1
                self.generated.add(index)
            elif one.table is not None and _cells(self.now_tables[one.table]) in self.known_cells:
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
                    self.found[unit.mark] = _Found(unit, [at], proposed=not sure)
                    self.owner[at] = unit.mark

        still = [one for one in lost if one.mark not in self.found]
        self._by_neighbours([one for one in still if not isinstance(one.block, Picture)])

    def _by_neighbours(self, lost: list[_Unit]) -> None:
        """As many paragraphs as passages between the same two neighbours: these may be those, retyped."""
        gaps: dict[tuple[int, int], list[_Unit]] = {}
        for unit in lost:
            before = [o.at[-1] for o in self.found.values() if o.unit.rank < unit.rank]
            after = [o.at[0] for o in self.found.values() if o.unit.rank > unit.rank]
            gaps.setdefault((max(before, default=-1), min(after, default=len(self.now))), []).append(unit)
        for (first, last), units in gaps.items():
            free = [index for index in range(first + 1, last) if self._is_free(index)]
            if len(free) == len(units):
                for unit, at in zip(units, free, strict=True):
                    self.found[unit.mark] = _Found(unit, [at], proposed=True)
                    self.owner[at] = unit.mark

    def _is_free(self, index: int) -> bool:
        return index not in self.owner and index not in self.generated and self.now[index].table is None

    def _same(self, unit: _Unit, free: list[int]) -> int | None:
        if isinstance(unit.block, Picture):
            shown = unit.base.pictures[0].content
            holds = (i for i, one in enumerate(self.now) if i not in self.owner and one.pictures)
            return next((i for i in holds if self.now[i].pictures[0].content == shown), None)
        return next((index for index in free if _said(self.now[index]) == _said(unit.base)), None)

    def _alike(self, unit: _Unit, free: list[int]) -> int | None:
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

    def _moved(self) -> list[_Found]:
        """Units that stand out of the order in which they were sent, but for those that carry them."""
        ranks = {one.at[0]: one.unit.rank for one in self.found.values()} | self.generated_ranks
        order = sorted(ranks)
        kept = {order[index] for index in _longest_increasing([ranks[at] for at in order])}
        placed = sorted(self.found.values(), key=lambda one: one.at[0])
        return [one for one in placed if one.at[0] not in kept]

    # --- saying -------------------------------------------------------------------------

    def _change(self, unit: _Unit, kind: str, **more: object) -> None:
        content = f"{unit.mark} {kind} {more.get('new', '')} {more.get('order', '')} {more.get('at', '')}{more.get('to', '')}"
        name = hashlib.sha256(content.encode()).hexdigest()[:16]
        more.setdefault("at", unit.index)
        self.changes.append(Change(id=name, key=unit.key, where=unit.where, kind=kind, **more))  # type: ignore[arg-type]

    def _chapters(self) -> None:
        for unit in self.units:
            if unit.entry is not None:
                continue
            here = self.found.get(unit.mark)
            if here is None:
                if unit.block is not None and not self._merged_away(unit):
                    self._change(unit, "deleted", old=plain(unit.block))
                continue
            paragraphs = [self.now[at] for at in here.at]
            facts = _facts(paragraphs, here.proposed)
            if isinstance(unit.block, Picture):
                self._chapter_picture(unit, here, facts)
            elif isinstance(unit.block, Table):
                self._chapter_table(unit, here, facts)
            elif len(paragraphs) > 1 or _manner(paragraphs[0]) != _manner(unit.base):
                blocks = tuple(self._as_block(one, unit) for one in paragraphs)
                old = plain(unit.block) if unit.block is not None else ""
                self._change(unit, "changed", old=old, new=_words(blocks), blocks=blocks, **facts)

    def _merged_away(self, unit: _Unit) -> bool:
        """Its words are in a paragraph of another unit: that one says so."""
        said = _said(unit.base)
        holders = [o for o in self.found.values() if any(said in _said(self.now[at]) for at in o.at)]
        if holders and said:
            self._change(unit, "deleted", old=unit.base.text, remarks=("Réuni au passage voisin.",))
            return True
        return False

    def _chapter_table(self, unit: _Unit, here: _Found, facts: dict[str, object]) -> None:
        following = self.now[here.at[0] + 1].table if here.at[0] + 1 < len(self.now) else None
        if following is None:
            self._change(unit, "deleted", old=plain(unit.block) if unit.block else "")
            return
        self.generated |= {i for i, one in enumerate(self.now) if one.table == following}
        rows = self.now_tables[following]
        if _manners(rows) != unit.table:
            table = _table(rows)
            old = plain(unit.block) if unit.block else ""
            self._change(unit, "changed", old=old, new=plain(table), blocks=(table,), **facts)

    def _chapter_picture(self, unit: _Unit, here: _Found, facts: dict[str, object]) -> None:
        """The same picture, perhaps in other words; another one; or words in its place."""
        assert isinstance(unit.block, Picture)
        old, was = unit.base.pictures[0], plain(unit.block)
        credit = " ".join(_said(self.now[at]) for at in here.at).strip()
        shown = [(at, n) for at in here.at for n in range(len(self.now[at].pictures))]
        same = next((p for p in shown if self._drawn(p).content == old.content), None)
        if same is not None:
            self.known_pictures.add(same)
            self._picture_words(unit, self._drawn(same).described, credit, facts)
            return
        for place in shown:
            with suppress(NoPicture):
                new = self._taken_over(self._drawn(place))
                self.known_pictures.add(place)
                block = Picture(new.key)
                self._change(
                    unit, "changed", old=was, new=plain(block), blocks=(block,), picture=new, **facts
                )
                return
        if credit and credit != _said(unit.base):
            blocks = tuple(self._as_block(self.now[at], unit) for at in here.at if self.now[at].text)
            self._change(unit, "changed", old=was, new=_words(blocks), blocks=blocks, **facts)
        else:
            self._change(unit, "deleted", old=was)

    def _picture_words(self, unit: _Unit, described: str, credit: str, facts: dict[str, object]) -> None:
        """The alternative text and the line below, where somebody changed them in Word."""
        assert isinstance(unit.block, Picture)
        old = unit.base.pictures[0].described
        if described == old and credit == _said(unit.base):
            return
        words = NewPicture(
            key=unit.block.key,
            described=described if described != UNDESCRIBED else "",
            credit=re.sub(r"^Crédit\s*:\s*", "", credit),
        )
        of_picture = replace(unit, key=f"picture:{unit.block.key}")
        self._change(
            of_picture, "described", old=f"{old}\n{_said(unit.base)}", new=f"{described}\n{credit}",
            picture=words, **facts,
        )  # fmt: skip

    def _drawn(self, place: tuple[int, int]) -> WordPicture:
        return self.now[place[0]].pictures[place[1]]

    def _entries(self) -> None:
        by_key: dict[str, list[_Unit]] = {}
        for unit in self.units:
            if unit.entry is not None:
                by_key.setdefault(unit.key, []).append(unit)
        for units in by_key.values():
            here = [self.found[unit.mark] for unit in units if unit.mark in self.found]
            old = "\n".join(_without_tail(unit.base.text, unit) for unit in units)
            if not here:
                self._change(units[0], "deleted", old=old)
                continue
            rows = []
            for one in sorted(here, key=lambda found: found.at[0]):
                rows += [_without_tail(self.now[at].text, one.unit) for at in one.at]
            new = "\n".join(row for row in rows if row)
            paragraphs = [self.now[at] for one in here for at in one.at]
            if new != old:
                proposed = any(one.proposed for one in here)
                self._change(units[0], "changed", old=old, new=new, **_facts(paragraphs, proposed))

    def _orders(self, moved: list[_Found]) -> None:
        said: set[str] = set()
        placed = sorted(self.found.values(), key=lambda one: one.at[0])
        away = {one.unit.mark for one in moved}
        for one in moved:
            group, place = one.unit.group, None
            if one.unit.entry is None:
                place = self._beside(one.at[0], -1, away) or self._beside(one.at[-1], 1, away)
                here = place[0].group if place else ""
            else:
                at = placed.index(one)
                beside = {placed[i].unit.group for i in (at - 1, at + 1) if 0 <= i < len(placed)}
                here = group if group in beside else ""
            if here == group:
                if group not in said:
                    said.add(group)
                    self._order(group, placed)
            elif place is not None and one.unit.block is not None:
                self._carried(one, *place)
            else:
                why = f"déplacé de « {one.unit.where} » vers un autre endroit"
                block = None if one.unit.entry else self._as_block(self.now[one.at[0]], one.unit)
                self._unplaced(one.at[0], self.now[one.at[0]].text, why, block)

    def _carried(self, one: _Found, there: _Unit, at: int) -> None:
        """A chapter's passage that stands in another chapter now."""
        unit, block = one.unit, one.unit.block
        following = self.now[one.at[0] + 1].table if one.at[0] + 1 < len(self.now) else None
        if isinstance(block, Table) and following is not None:
            blocks: tuple[Block, ...] = (_table(self.now_tables[following]),)
        elif isinstance(block, Picture):
            blocks = (block,)
        else:
            blocks = tuple(self._as_block(self.now[index], there) for index in one.at)
        self._change(
            unit, "carried", new=_words(blocks), blocks=blocks, to=there.key, to_at=at, to_where=there.where,
            remarks=tuple(remark for index in one.at for remark in self.now[index].remarks),
        )  # fmt: skip

    def _order(self, group: str, placed: list[_Found]) -> None:
        units = [one.unit for one in placed if one.unit.group == group]
        if units[0].entry is not None:
            order = list(dict.fromkeys(unit.key.removeprefix("note:") for unit in units))
            names = {unit.key.removeprefix("note:"): unit.entry for unit in units if unit.entry}
            new = ", ".join(names[key].printed_reference for key in order)
        else:
            order = [str(unit.index) for unit in units]
            missing = [u.index for u in self.units if u.group == group and str(u.index) not in order]
            for index in missing:
                order[index:index] = [str(index)]
            new = " / ".join(unit.base.text[:40] for unit in units)
        before = sorted(units, key=lambda unit: unit.rank)
        self._change(before[0], "moved", new=new, order=tuple(order), at=-1)

    def _others(self) -> None:
        """What was added, where a chapter's text is beside it; else it is shown and never dropped."""
        index = 0
        while index < len(self.now):
            one, last = self.now[index], index
            if index not in self.owner and index not in self.generated:
                if one.table is not None:
                    while last + 1 < len(self.now) and self.now[last + 1].table == one.table:
                        last += 1
                self._added(index, last)
            for at in range(index, last + 1):
                self._added_pictures(at)
            index = last + 1

    def _added(self, first: int, last: int) -> None:
        one = self.now[first]
        place = self._beside(first, -1) or self._beside(last, 1)
        if place is not None and self._stands_for_generated(first):
            place = None
        if one.table is not None:
            block: Block = _table(self.now_tables[one.table])
        else:
            block = self._as_block(one, place[0] if place else None)
        if place is None:
            why = "ajouté ou changé là où l’application écrit d’elle-même"
            self._unplaced(first, plain(block), why, block)
            return
        unit, at = place
        facts = _facts([one], proposed=False)
        self._change(unit, "added", new=plain(block), at=at, blocks=(block,), **facts)

    def _added_pictures(self, index: int) -> None:
        for number, drawn in enumerate(self.now[index].pictures):
            if (index, number) in self.known_pictures:
                continue
            try:
                new = self._taken_over(drawn)
            except NoPicture as error:
                self._unplaced(index, "Une image", str(error))
                continue
            owner = self.by_mark.get(self.owner.get(index, ""))
            place = (owner, owner.index if owner.block else 0) if owner and not owner.entry else None
            place = place or self._beside(index, -1) or self._beside(index, 1)
            block = Picture(new.key)
            if place is None or (owner and owner.entry):
                self._unplaced(index, plain(block), "image ajoutée hors d’un chapitre", block, new)
                continue
            facts = _facts([self.now[index]], proposed=False)
            self._change(
                place[0], "added", new=plain(block), at=place[1], blocks=(block,), picture=new, **facts
            )

    def _taken_over(self, drawn: WordPicture) -> NewPicture:
        """A picture of the file as one of ours; one that is ours already stays as it is. Raises NoPicture."""
        if not drawn.content:
            raise NoPicture("un dessin de Word ne se reprend pas : collez-le comme image")
        for shown in self.content.report.pictures:
            if shown.bytes == drawn.content:
                return NewPicture(key=shown.key, described=drawn.described)
        pixels = pixels_of(drawn.content)
        return NewPicture(key=pixels.key, described=drawn.described, pixels=pixels)

    def _unplaced(
        self, index: int, text: str, why: str, block: Block | None = None, picture: NewPicture | None = None
    ) -> None:
        name = hashlib.sha256(f"{index} {text} {why}".encode()).hexdigest()[:16]
        near = self._before(index)
        self.unplaced.append(Unplaced(id=name, text=text, why=why, near=near, block=block, picture=picture))

    def _stands_for_generated(self, index: int) -> bool:
        """In the place of something that the application wrote, and that is gone."""
        before = next((_said(self.now[at]) for at in range(index - 1, -1, -1) if self.now[at].text), "")
        gone = [text for text in self.after.get(before, ()) if self.missing[text] > 0]
        if gone:
            self.missing[gone[0]] -= 1
        return bool(gone)

    def _beside(self, index: int, step: int, away: Collection[str] = ()) -> tuple[_Unit, int] | None:
        """The chapter's paragraph that what was added follows (or precedes), with nothing else between.

        What has itself come from elsewhere (`away`) does not count.
        """
        at = index + step
        while 0 <= at < len(self.now):
            if self.owner.get(at) in away:
                at += step
                continue
            if at in self.owner:
                unit = self.by_mark[self.owner[at]]
                if unit.entry is not None:
                    return None
                if unit.block is None:
                    return unit, 0 if step < 0 else -1
                return unit, unit.index if step < 0 else unit.index - 1
            table = self.now[at].table
            tabled = isinstance(self._table_owner(at), _Unit)
            if at in self.generated and self.now[at].text and not (table is not None and tabled):
                return None
            at += step
        return None

    def _table_owner(self, index: int) -> _Unit | None:
        """The chapter's table that a cell belongs to."""
        table = self.now[index].table
        while index >= 0 and table is not None and self.now[index].table == table:
            index -= 1
        unit = self.by_mark.get(self.owner.get(index, ""))
        return unit if unit is not None and isinstance(unit.block, Table) else None

    def _before(self, index: int) -> str:
        before = next((self.now[at].text for at in range(index - 1, -1, -1) if self.now[at].text), "")
        return shorten(before, 80, placeholder="…")

    def _as_block(self, one: WordParagraph, unit: _Unit | None) -> Block:
        found = re.fullmatch(r"(?:heading|titre) (\d)", one.style)
        spans = _spans(one.spans)
        if found:
            level = unit.level if unit else 1
            return Heading(1 if int(found[1]) - level <= 1 else 2, spans)
        if one.ordered is not None:
            return Item(spans, one.ordered, one.depth)
        if one.style in ("list continue", "quote", "intense quote", "citation", "quotations"):
            return Quotation(spans)
        return Paragraph(spans)


def _facts(paragraphs: Sequence[WordParagraph], proposed: bool) -> dict[str, object]:
    return {
        "proposed": proposed,
        "remarks": tuple(remark for one in paragraphs for remark in one.remarks),
        "tracked": any(one.tracked for one in paragraphs),
    }


def _holds(one: WordParagraph) -> bool:
    return bool(one.text or one.pictures)


def _said(one: WordParagraph) -> str:
    """The words of a paragraph as they are compared: white space is one space."""
    return re.sub(r"\s+", " ", one.text).strip()


def _manner(one: WordParagraph) -> tuple[object, ...]:
    """What makes two paragraphs differ: words, emphasis, links, list, heading."""
    spans = _span_manners(one.spans)
    heading = one.style if one.style.startswith("heading") else ""
    return (
        spans if not heading else _said(one),
        one.ordered,
        one.depth if one.ordered is not None else 0,
        heading,
    )


def _span_manners(spans: Spans) -> tuple[object, ...]:
    return tuple((re.sub(r"\s+", " ", s.text), s.strong, s.emphasis, s.link) for s in spans)


def _spans(spans: Spans) -> Spans:
    """As a chapter has them: a link within the file is a reference, which its words say."""
    return tidy(replace(s, link="" if s.link.startswith("#") else s.link) for s in spans)


def _manners(rows: Sequence[Sequence[Spans]]) -> tuple[tuple[object, ...], ...]:
    """The cells of a table, with emphasis and links."""
    return tuple(tuple(_span_manners(cell) for cell in row) for row in rows)


def _cells(rows: Sequence[Sequence[tuple[Span, ...]]]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(re.sub(r"\s+", " ", "".join(s.text for s in cell)).strip() for cell in row) for row in rows
    )


def _table(rows: Sequence[Sequence[tuple[Span, ...]]]) -> Table:
    width = max(len(row) for row in rows)
    full = [(*map(_spans, row), *[()] * (width - len(row))) for row in rows]
    return Table(full[0], tuple(full[1:]))


def _words(blocks: Sequence[Block]) -> str:
    return "\n".join(plain(block) for block in blocks)


def _without_tail(text: str, unit: _Unit) -> str:
    """An entry's words without the reference and what follows it."""
    assert unit.entry is not None
    reference = unit.entry.printed_reference.replace("\u2011", "[-\u2011]")
    tail = re.compile(
        rf"\s*(?:\(deux rédactions, à départager\))?\s*{reference}(?!\d)(?:, reformulée)?"
        r"(?: \(d’après [^()]*\))?(?P<after>.*)$",
        re.S,
    )
    found = tail.search(text)
    if not found:
        return text.strip()
    after = found["after"]
    signature = f"({unit.entry.signature})" if unit.entry.signature else ""
    after = after.replace(signature, "") if signature else after
    return f"{text[: found.start()]}{after}".strip()


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
