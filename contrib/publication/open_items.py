"""What is still open in the report: chapter by chapter, in few words."""

from dataclasses import dataclass

from exports.documents.report_content import Content, Passage
from exports.formatted import Picture
from exports.text import counted

EXPECTED = frozenset({"introduction", "workshop", "conclusion", "method"})
"""Kinds of chapters that a report should have a text in; the others may stay without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    said: str
    settled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    chapters: dict[str, Item]
    """By key."""
    to_write: int
    to_read: int
    to_settle: int
    to_describe: int
    """Pictures without an alternative text."""

    @property
    def sentence(self) -> str:
        """« 2 textes à écrire, 1 texte à relire »; empty where nothing is open."""
        parts = (
            (self.to_write, "texte à écrire", "textes à écrire"),
            (self.to_read, "texte à relire", "textes à relire"),
            (self.to_settle, "texte à départager", "textes à départager"),
            (self.to_describe, "image à décrire", "images à décrire"),
        )
        return ", ".join(counted(number, one, many) for number, one, many in parts if number)


def open_items(content: Content) -> Open:
    chapters: dict[str, Item] = {}
    to_write = to_read = to_settle = to_describe = 0
    reworded = _reworded(content)
    for passage in content.passages:
        write, settle = _is_missing(passage), len(passage.versions) > 1
        unread = int(passage.written and not settle and not passage.chapter.reviewed)
        unread += reworded.get(passage.chapter.key, 0)
        to_write, to_read, to_settle = to_write + write, to_read + unread, to_settle + settle
        mute = _without_words(content, passage)
        to_describe += mute
        chapters[passage.chapter.key] = _item(passage, write, unread, settle, mute)
    return Open(
        chapters=chapters, to_write=to_write, to_read=to_read, to_settle=to_settle, to_describe=to_describe
    )


def _is_missing(passage: Passage) -> bool:
    return not passage.written and passage.chapter.kind in EXPECTED


def _without_words(content: Content, passage: Passage) -> int:
    shown = {b.key for version in passage.versions for b in version if isinstance(b, Picture)}
    return sum(1 for key in shown if not content.pictures[key].alternative)


def _reworded(content: Content) -> dict[str, int]:
    """By chapter, how many texts are in the report's own words and were not read again."""
    found: dict[str, int] = {
        one.passage.chapter.key: sum(1 for e in one.annex if e.kept and e.reworded and not e.reviewed)
        for one in content.workshops
    }
    unread = sum(1 for one in content.mergers if one.kept and one.reworded and not one.reviewed)
    return {**found, content.crossing.chapter.key: unread}


def _item(passage: Passage, write: bool, unread: int, settle: bool, mute: int) -> Item:
    if settle:
        return Item(said="Deux rédactions à départager", settled=False)
    if write:
        return Item(said="À écrire", settled=False)
    if mute:
        return Item(said=counted(mute, "image à décrire", "images à décrire"), settled=False)
    if unread:
        return Item(said=f"{unread} à relire", settled=False)
    if not passage.written:
        return Item(said="Sans texte", settled=True)
    return Item(said="Relu", settled=True)
