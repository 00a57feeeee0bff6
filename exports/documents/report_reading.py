"""A corrected report read back: what a change is, and what a chapter is with some of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from exports.documents.word_paragraphs import properties_of
from exports.formatted import Block, listed, parse, written
from exports.ooxml.container import Unfit, open_container
from exports.pictures import Pixels

KINDS = {
    "changed": "changé",
    "added": "ajouté",
    "deleted": "retiré",
    "moved": "déplacé",
    "carried": "déplacé dans un autre chapitre",
    "described": "décrite autrement",
}
"""What may have happened to a passage, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference, to be accepted or refused."""

    id: str
    key: str
    """The passage: `chapter:…` or `note:…`; of an order, its first one."""
    where: str
    """In words: « L’émergence, texte du chapitre »."""
    kind: str
    """One of KINDS."""
    old: str = ""
    new: str = ""
    at: int = -1
    """Index of the block that it is about; of what is added, of the block before (-1: the beginning)."""
    blocks: tuple[Block, ...] = ()
    """What stands there then, in a chapter."""
    to: str = ""
    """The chapter that a passage was carried to, behind its block `to_at`; `to_where` in words."""
    to_at: int = -1
    to_where: str = ""
    picture: "NewPicture | None" = None
    """What came with it; of one that is described anew, no pixels."""
    order: tuple[str, ...] = ()
    """Of a move: the ids of a group, or the indices of a chapter's blocks, in their new order."""
    proposed: bool = False
    """Its bookmark was lost: found by its reference or its words."""
    remarks: tuple[str, ...] = ()
    tracked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPicture:
    """A picture that somebody put into the Word file, made one of ours."""

    key: str
    described: str
    """Its alternative text there."""
    pixels: Pixels | None = None
    credit: str | None = None
    """None: as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    id: str
    text: str
    why: str
    near: str = ""
    """The words before it."""
    block: Block | None = None
    """What it is in a chapter, once somebody says which; None of what cannot be taken over."""
    picture: NewPicture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    changes: tuple[Change, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()
    """A comment, and the paragraph that it stands beside."""
    compared: int = 0
    """Passages that were compared."""
    tracked: bool = False
    """Pending changes were read as accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDocument:
    """What a file of ours says of itself."""

    kind: str
    """`rapport`, `restitution` or `trame`."""
    event: str
    fingerprint: str
    """The first 16 digits."""


def recognised(content: bytes) -> OwnDocument | None:
    """A document that this application made, however often it was saved since; None for any other."""
    try:
        properties = properties_of(open_container(content))
    except (Unfit, ValueError):
        return None
    fingerprint = re.sub(r"[^0-9a-f]", "", properties.get("Empreinte", ""))
    if not fingerprint:
        return None
    kind = properties.get("Document") or ("trame" if properties.get("Version") == "Trame" else "restitution")
    return OwnDocument(kind=kind, event=properties.get("Journée", ""), fingerprint=fingerprint[:16])


def applied(sources: Sequence[str], changes: Sequence[Change], key: str = "") -> str:
    """A chapter's text with these changes of it; the others are as if they had not been made.

    `key`: the chapter's, where something may have been carried from it or to it.
    """
    if not changes:
        return sources[0] if sources else ""
    before = parse(sources[0]) if sources else ()
    at = {one.at: one for one in changes if one.kind in ("changed", "deleted")}
    for one in changes:
        if one.kind == "carried" and one.key == key:
            at[one.at] = replace(one, blocks=())
    order = next((list(map(int, one.order)) for one in changes if one.kind == "moved"), None)
    added: dict[int, list[Block]] = {}
    for one in changes:
        if one.kind == "added":
            added.setdefault(one.at, []).extend(one.blocks)
        elif one.kind == "carried" and one.to == key:
            added.setdefault(one.to_at, []).extend(one.blocks)
    blocks = list(added.get(-1, ()))
    for index in order or range(len(before)):
        blocks += at[index].blocks if index in at else (before[index],)
        blocks += added.get(index, ())
    if not before:
        blocks += [block for one in changes if one.kind == "changed" for block in one.blocks]
        blocks += added.get(0, ())
    return written(listed(blocks))


def as_plain(reading: Reading) -> Mapping[str, object]:
    """For a program: `changes` and `unplaced`."""
    return {
        "changes": [
            {
                "id": one.id, "passage": one.key, "where": one.where, "kind": one.kind, "old": one.old,
                "new": one.new, "proposed": one.proposed, "tracked": one.tracked, "remarks": list(one.remarks),
                "to": one.to,
            }
            for one in reading.changes
        ],
        "unplaced": [{"text": one.text, "why": one.why, "near": one.near} for one in reading.unplaced],
        "remarks": [{"remark": remark, "beside": text} for remark, text in reading.remarks],
        "compared": reading.compared,
        "tracked": reading.tracked,
    }  # fmt: skip
