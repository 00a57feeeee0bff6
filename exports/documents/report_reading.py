"""A corrected report read back: what a change is, and what a chapter is with some of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exports.documents.word_paragraphs import properties_of
from exports.formatted import (
    Block,
    listed,
    parse,
    written,
)
from exports.ooxml.container import Unfit, open_container

KINDS = {"changed": "changé", "added": "ajouté", "deleted": "retiré", "moved": "déplacé"}
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
    """`changed`, `added`, `deleted`, `moved`."""
    old: str = ""
    new: str = ""
    at: int = -1
    """Index of the block that it is about; of what is added, of the block before (-1: the beginning)."""
    blocks: tuple[Block, ...] = ()
    """What stands there then, in a chapter."""
    order: tuple[str, ...] = ()
    """Of a move: the ids of a group, or the indices of a chapter's blocks, in their new order."""
    proposed: bool = False
    """Its bookmark was lost: found by its reference or its words."""
    remarks: tuple[str, ...] = ()
    tracked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    text: str
    why: str
    near: str = ""
    """The words before it."""


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


def applied(sources: Sequence[str], changes: Sequence[Change]) -> str:
    """A chapter's text with these changes of it; the others are as if they had not been made."""
    if not changes:
        return sources[0] if sources else ""
    before = parse(sources[0]) if sources else ()
    at = {one.at: one for one in changes if one.kind in ("changed", "deleted")}
    order = next((list(map(int, one.order)) for one in changes if one.kind == "moved"), None)
    added: dict[int, list[Block]] = {}
    for one in changes:
        if one.kind == "added":
            added.setdefault(one.at, []).extend(one.blocks)
    blocks = list(added.get(-1, ()))
    for index in order or range(len(before)):
        blocks += at[index].blocks if index in at else (before[index],)
        blocks += added.get(index, ())
    if not before:
        blocks += [block for one in changes if one.kind == "changed" for block in one.blocks]
    return written(listed(blocks))


def as_plain(reading: Reading) -> Mapping[str, object]:
    """For a program: `changes` and `unplaced`."""
    return {
        "changes": [
            {
                "id": one.id, "passage": one.key, "where": one.where, "kind": one.kind, "old": one.old,
                "new": one.new, "proposed": one.proposed, "tracked": one.tracked, "remarks": list(one.remarks),
            }
            for one in reading.changes
        ],
        "unplaced": [{"text": one.text, "why": one.why, "near": one.near} for one in reading.unplaced],
        "remarks": [{"remark": remark, "beside": text} for remark, text in reading.remarks],
        "compared": reading.compared,
        "tracked": reading.tracked,
    }  # fmt: skip
