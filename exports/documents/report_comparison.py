"""The file that came back beside the one that was sent, paragraph by paragraph.

The file that was sent is compiled again from its digest and read by the same eyes: an untouched
file changes nothing. A paragraph is found by its bookmark; where Word dropped it, by its printed
reference, by its words, by its neighbours, and then the change is only *proposed*.
"""

import hashlib
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from textwrap import shorten

from exports.digest import Digest
from exports.documents.report import compile_report
from exports.documents.report_content import Content, content_of
from exports.documents.report_manners import cells, manner, manners, own_spans, table_of, words_of
from exports.documents.report_matching import CREDITED, Found, Matching, Unit
from exports.documents.report_reading import Change, NewPicture, Reading, Unplaced
from exports.documents.word_paragraphs import WordParagraph, WordPicture, read_word_file
from exports.formatted import (
    Block,
    Heading,
    Item,
    Paragraph,
    Picture,
    Quotation,
    Table,
    plain,
)
from exports.pictures import NoPicture, pixels_of
from exports.report import UNDESCRIBED


def read_report(content: bytes, sent: Digest) -> Reading:
    """What changed since the file of that digest was sent. Raises Unfit where it is no Word file."""
    content_sent, base = _sent(sent)
    return _Comparison(content_sent, list(base), read_word_file(content).paragraphs).reading()


@lru_cache(maxsize=4)
def _sent(sent: Digest) -> tuple[Content, tuple[WordParagraph, ...]]:
    """What was sent, and how its file reads."""
    return content_of(sent), tuple(read_word_file(compile_report(sent).content).paragraphs)


class _Comparison:
    def __init__(self, content: Content, base: list[WordParagraph], now: list[WordParagraph]) -> None:
        self.content = content
        self.now = now
        self.ours = Matching(content, base, now)
        self.known_pictures: set[tuple[int, int]] = set()
        """Paragraph and number within it of each picture that something was said of."""
        self.changes: list[Change] = []
        self.unplaced: list[Unplaced] = []

    def reading(self) -> Reading:
        moved = self.ours.moved()
        self._chapters()
        self._entries()
        self._orders(moved)
        self._others()
        remarks = tuple((remark, one.text) for one in self.now for remark in one.remarks)
        return Reading(
            changes=tuple(self.changes),
            unplaced=tuple(self.unplaced),
            remarks=remarks,
            compared=len(self.ours.units),
            tracked=any(one.tracked for one in self.now),
        )

    # --- saying -------------------------------------------------------------------------

    def _change(self, unit: Unit, kind: str, **more: object) -> None:
        content = f"{unit.mark} {kind} {more.get('new', '')} {more.get('order', '')} {more.get('at', '')}{more.get('to', '')}"
        name = hashlib.sha256(content.encode()).hexdigest()[:16]
        more.setdefault("at", unit.index)
        self.changes.append(Change(id=name, key=unit.key, where=unit.where, kind=kind, **more))  # type: ignore[arg-type]

    def _chapters(self) -> None:
        for unit in self.ours.units:
            if unit.entry is not None:
                continue
            here = self.ours.found.get(unit.mark)
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
            elif len(paragraphs) > 1 or manner(paragraphs[0]) != manner(unit.base):
                blocks = tuple(self._as_block(one, unit) for one in paragraphs)
                old = plain(unit.block) if unit.block is not None else ""
                self._change(unit, "changed", old=old, new=_words(blocks), blocks=blocks, **facts)

    def _merged_away(self, unit: Unit) -> bool:
        """Its words are in a paragraph of another unit: that one says so."""
        said = words_of(unit.base)
        holders = [o for o in self.ours.found.values() if any(said in words_of(self.now[at]) for at in o.at)]
        if holders and said:
            self._change(unit, "deleted", old=unit.base.text, remarks=("Réuni au passage voisin.",))
            return True
        return False

    def _chapter_table(self, unit: Unit, here: Found, facts: dict[str, object]) -> None:
        following = self.now[here.at[0] + 1].table if here.at[0] + 1 < len(self.now) else None
        if following is None:
            self._change(unit, "deleted", old=plain(unit.block) if unit.block else "")
            return
        self.ours.generated |= {i for i, one in enumerate(self.now) if one.table == following}
        rows = self.ours.now_tables[following]
        if manners(rows) != unit.table:
            table = table_of(rows)
            old = plain(unit.block) if unit.block else ""
            self._change(unit, "changed", old=old, new=plain(table), blocks=(table,), **facts)

    def _chapter_picture(self, unit: Unit, here: Found, facts: dict[str, object]) -> None:
        """The same picture, perhaps in other words; another one; or words in its place."""
        assert isinstance(unit.block, Picture)
        old, was = unit.base.pictures[0], plain(unit.block)
        own = " ".join(words_of(self.now[at]) for at in here.at).strip()
        shown = [(at, n) for at in here.at for n in range(len(self.now[at].pictures))]
        same = next((p for p in shown if self._drawn(p).content == old.content), None)
        if same is not None:
            self.known_pictures.add(same)
            described, credit = self._said_below(same[0], self._drawn(same).described, own)
            self._picture_words(unit, described, credit, facts)
            return
        for place in shown:
            with suppress(NoPicture):
                new = self._described_below(place[0], self._taken_over(self._drawn(place)), own)
                self.known_pictures.add(place)
                block = Picture(new.key)
                self._change(
                    unit, "changed", old=was, new=plain(block), blocks=(block,), picture=new, **facts
                )
                return
        if own and own != words_of(unit.base):
            blocks = tuple(self._as_block(self.now[at], unit) for at in here.at if self.now[at].text)
            self._change(unit, "changed", old=was, new=_words(blocks), blocks=blocks, **facts)
        else:
            self._change(unit, "deleted", old=was)

    def _picture_words(self, unit: Unit, described: str, credit: str, facts: dict[str, object]) -> None:
        """The alternative text and the line below, where somebody changed them in Word."""
        assert isinstance(unit.block, Picture)
        old = unit.base.pictures[0].described
        if described == old and credit == words_of(unit.base):
            return
        words = NewPicture(
            key=unit.block.key,
            described=described if described != UNDESCRIBED else "",
            credit=credit_of(credit),
        )
        of_picture = replace(unit, key=f"picture:{unit.block.key}")
        self._change(
            of_picture, "described", old=f"{old}\n{words_of(unit.base)}", new=f"{described}\n{credit}",
            picture=words, **facts,
        )  # fmt: skip

    def _said_below(self, index: int, described: str, own: str) -> tuple[str, str]:
        """Alternative text and credit of a picture, with what a line of its own below it says."""
        if index not in self.ours.lines:
            return described, own
        line = words_of(self.now[self.ours.lines[index]])
        return (described, f"{own}\n{line}".strip()) if CREDITED.match(line) else (line, own)

    def _described_below(self, index: int, new: NewPicture, own: str = "") -> NewPicture:
        """A picture that came, with what the line below it says of it."""
        described, credit = self._said_below(index, new.described, own)
        return replace(new, described=described, credit=credit_of(credit) or None)

    def _drawn(self, place: tuple[int, int]) -> WordPicture:
        return self.now[place[0]].pictures[place[1]]

    def _entries(self) -> None:
        by_key: dict[str, list[Unit]] = {}
        for unit in self.ours.units:
            if unit.entry is not None:
                by_key.setdefault(unit.key, []).append(unit)
        for units in by_key.values():
            here = [self.ours.found[unit.mark] for unit in units if unit.mark in self.ours.found]
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

    def _orders(self, moved: list[Found]) -> None:
        said: set[str] = set()
        placed = sorted(self.ours.found.values(), key=lambda one: one.at[0])
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

    def _carried(self, one: Found, there: Unit, at: int) -> None:
        """A chapter's passage that stands in another chapter now."""
        unit, block = one.unit, one.unit.block
        following = self.now[one.at[0] + 1].table if one.at[0] + 1 < len(self.now) else None
        if isinstance(block, Table) and following is not None:
            blocks: tuple[Block, ...] = (table_of(self.ours.now_tables[following]),)
        elif isinstance(block, Picture):
            blocks = (block,)
        else:
            blocks = tuple(self._as_block(self.now[index], there) for index in one.at)
        self._change(
            unit, "carried", new=_words(blocks), blocks=blocks, to=there.key, to_at=at, to_where=there.where,
            remarks=tuple(remark for index in one.at for remark in self.now[index].remarks),
        )  # fmt: skip

    def _order(self, group: str, placed: list[Found]) -> None:
        units = [one.unit for one in placed if one.unit.group == group]
        if units[0].entry is not None:
            order = list(dict.fromkeys(unit.key.removeprefix("note:") for unit in units))
            names = {unit.key.removeprefix("note:"): unit.entry for unit in units if unit.entry}
            new = ", ".join(names[key].printed_reference for key in order)
        else:
            order = [str(unit.index) for unit in units]
            missing = [u.index for u in self.ours.units if u.group == group and str(u.index) not in order]
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
            taken = index in self.ours.owner or index in self.ours.generated
            if not taken and index not in self.ours.lines.values():
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
            block: Block = table_of(self.ours.now_tables[one.table])
        else:
            block = self._as_block(one, place[0] if place else None)
        if place is None:
            if isinstance(block, Table):
                block = self._only_what_is_new(block, one)
            why = "ajouté ou changé là où l’application écrit d’elle-même"
            self._unplaced(first, plain(block), why, block)
            return
        unit, at = place
        facts = _facts([one], proposed=False)
        self._change(unit, "added", new=plain(block), at=at, blocks=(block,), **facts)

    def _only_what_is_new(self, table: Table, one: WordParagraph) -> Table:
        """Of a table that the application writes, the rows that somebody changed."""
        said = cells(self.ours.now_tables[one.table or 0])
        sent = next((rows for rows in self.ours.known_cells if rows[0] == said[0]), ())
        new = [row for row, words in zip(table.rows, said[1:], strict=True) if words not in sent]
        return replace(table, rows=tuple(new))

    def _added_pictures(self, index: int) -> None:
        for number, drawn in enumerate(self.now[index].pictures):
            if (index, number) in self.known_pictures:
                continue
            try:
                new = self._described_below(index, self._taken_over(drawn))
            except NoPicture as error:
                self._unplaced(index, "Une image", str(error))
                if index in self.ours.lines:
                    self._added(self.ours.lines[index], self.ours.lines[index])
                continue
            owner = self.ours.by_mark.get(self.ours.owner.get(index, ""))
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
        before = next((words_of(self.now[at]) for at in range(index - 1, -1, -1) if self.now[at].text), "")
        gone = [text for text in self.ours.after.get(before, ()) if self.ours.missing[text] > 0]
        if gone:
            self.ours.missing[gone[0]] -= 1
        return bool(gone)

    def _beside(self, index: int, step: int, away: Collection[str] = ()) -> tuple[Unit, int] | None:
        """The chapter's paragraph that what was added follows (or precedes), with nothing else between.

        What has itself come from elsewhere (`away`) does not count.
        """
        at = index + step
        while 0 <= at < len(self.now):
            if self.ours.owner.get(at) in away:
                at += step
                continue
            if at in self.ours.owner:
                unit = self.ours.by_mark[self.ours.owner[at]]
                if unit.entry is not None:
                    return None
                if unit.block is None:
                    return unit, 0 if step < 0 else -1
                return unit, unit.index if step < 0 else unit.index - 1
            table = self.now[at].table
            tabled = isinstance(self._table_owner(at), Unit)
            if at in self.ours.generated and self.now[at].text and not (table is not None and tabled):
                return None
            at += step
        return None

    def _table_owner(self, index: int) -> Unit | None:
        """The chapter's table that a cell belongs to."""
        table = self.now[index].table
        while index >= 0 and table is not None and self.now[index].table == table:
            index -= 1
        unit = self.ours.by_mark.get(self.ours.owner.get(index, ""))
        return unit if unit is not None and isinstance(unit.block, Table) else None

    def _before(self, index: int) -> str:
        before = next((self.now[at].text for at in range(index - 1, -1, -1) if self.now[at].text), "")
        return shorten(before, 80, placeholder="…")

    def _as_block(self, one: WordParagraph, unit: Unit | None) -> Block:
        found = re.fullmatch(r"(?:heading|titre) (\d)", one.style)
        spans = own_spans(one.spans)
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


def credit_of(said: str) -> str:
    """Whose a picture is, of the lines that say so."""
    return ", ".join(filter(None, (CREDITED.sub("", line, count=1).strip() for line in said.split("\n"))))


def _words(blocks: Sequence[Block]) -> str:
    return "\n".join(plain(block) for block in blocks)


def _without_tail(text: str, unit: Unit) -> str:
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
