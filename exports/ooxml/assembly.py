"""The parts of a document, put together: what was written, the stationery around it, its fingerprint.

What changes with the clock alone is in the fingerprint as a token, and in the file as its text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from exports.ooxml.package import Part, fingerprint, pack, part
from exports.ooxml.pagination import PageMap
from exports.ooxml.runs import Drawing, escape, field
from exports.ooxml.stationery import Stationery
from exports.ooxml.stationery.skeleton import (
    APP,
    APP_XML,
    CORE,
    CORE_XML,
    CUSTOM,
    CUSTOM_XML,
    DOCUMENT,
    FOOTER,
    HEAD,
    HEADER,
    NUMBERING,
    OFFICE,
    PICTURES,
    custom_properties,
)
from exports.ooxml.stationery.styles import R, W, numbering_xml

TYPES, RELATIONS = "[Content_Types].xml", "word/_rels/document.xml.rels"
_FIRST = 0xE000
FINGERPRINT = chr(_FIRST)
"""The token of the shortened fingerprint, known only at the end: a private-use character, which no
typeset string contains. Those after it are the volatile texts'."""
_TOKEN = re.compile(b"\xee[\x80-\xa3][\x80-\xbf]")
"""Private-use characters from U+E000, in UTF-8."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A finished document."""

    content: bytes
    fingerprint: str
    page_map: PageMap


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a document wrote: the XML of its body and header, and what the other parts say."""

    body: str
    header: str
    lists: int
    """How many numbered lists begin at 1."""
    drawings: Mapping[str, Drawing]
    """By their name: the pictures of the text."""
    volatile: Sequence[str]
    """The texts that `token` stands for."""
    title: str
    author: str
    subject: str
    edition: str
    custom: Mapping[str, str]
    """Properties of the file by which we know it again."""


def token(number: int) -> str:
    """What stands in the XML for a volatile text, from 1."""
    return chr(_FIRST + number)


def assembled(stationery: Stationery, written: Written, *, taken_at: datetime, pages: PageMap) -> Compiled:
    volatile = [*written.volatile, taken_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")]
    texts = _parts(stationery, written, token(len(volatile)), pages.total)
    encoded = {name: text.encode() for name, text in texts.items()}
    around = _with_drawings(stationery.parts, written.drawings)
    whole = fingerprint([*((one.name, one.content) for one in around), *encoded.items()])
    swaps = {FINGERPRINT: short_fingerprint(whole)}
    swaps |= {token(number): escape(text) for number, text in enumerate(volatile, 1)}
    plain = {key.encode(): text.encode() for key, text in swaps.items()}
    finished = [part(name, _swap(content, plain)) for name, content in encoded.items()]
    types, *others = around  # content types first, as some readers want them
    return Compiled(pack([types, *finished, *others]), whole, pages)


def short_fingerprint(whole: str) -> str:
    """The first 16 digits in groups of four: enough to compare two prints by eye."""
    return "\u00a0".join(whole[n : n + 4] for n in range(0, 16, 4))


def _parts(stationery: Stationery, written: Written, moment: str, total: int) -> dict[str, str]:
    footer = stationery.around_footer
    return {
        DOCUMENT: (
            f'{HEAD}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{written.body}'
            f"{stationery.section}</w:body></w:document>"
        ),
        NUMBERING: HEAD + numbering_xml(written.lists),
        HEADER: _placed(stationery.around_header, "Header", written.header, stationery.above_line),
        FOOTER: footer if isinstance(footer, str) else _placed(footer, "Footer", _page_of(total)),
        CORE: CORE_XML.format(
            moment=moment,
            title=escape(written.title),
            author=escape(written.author),
            subject=escape(written.subject),
        ),
        APP: APP_XML,
        CUSTOM: CUSTOM_XML.format(
            moment=moment,
            print=FINGERPRINT,
            edition=escape(written.edition),
            more=custom_properties({name: escape(value) for name, value in written.custom.items()}),
        ),
    }


def _placed(around: tuple[str, str], style: str, inner: str, space: float = 0) -> str:
    """Our paragraph above or below every page, where the stationery leaves its place."""
    before, after = around
    room = f'<w:spacing w:before="{round(space * 20)}"/>' if space else ""
    opening = f'<w:p xmlns:w="{W}"><w:pPr><w:pStyle w:val="{style}"/>{room}</w:pPr>'
    return f"{before}{opening}{inner}</w:p>{after}"


def _page_of(total: int) -> str:
    return (
        f'<w:r><w:t xml:space="preserve">Page </w:t></w:r>{field("PAGE", "1")}'
        f'<w:r><w:t xml:space="preserve"> sur </w:t></w:r>{field("NUMPAGES", str(total))}'
    )


def _with_drawings(parts: Sequence[Part], drawings: Mapping[str, Drawing]) -> list[Part]:
    """The parts of the stationery with the pictures of the text: their kinds told, related, and there."""
    if not drawings:
        return list(parts)
    types = next(one.content for one in parts if one.name == TYPES).decode()
    endings = sorted({one.ending for one in drawings.values()})
    kinds = "".join(
        f'<Default Extension="{ending}" ContentType="{PICTURES[ending]}"/>'
        for ending in endings
        if f'Extension="{ending}"' not in types
    )
    relations = "".join(
        f'<Relationship Id="{one.name}" Type="{OFFICE}/relationships/image" Target="media/{one.name}.{one.ending}"/>'
        for one in drawings.values()
    )
    inserted = {TYPES: (kinds, "<Default "), RELATIONS: (relations, "</Relationships>")}
    around = [_with(one, *inserted[one.name]) if one.name in inserted else one for one in parts]
    media = [part(f"word/media/{one.name}.{one.ending}", one.content) for one in drawings.values()]
    return [*around, *media]


def _with(one: Part, xml: str, before: str) -> Part:
    return part(one.name, one.content.decode().replace(before, xml + before, 1).encode())


def _swap(content: bytes, swaps: Mapping[bytes, bytes]) -> bytes:
    """Every token replaced in one pass; one that nobody wrote (a Key may hold anything) stays."""
    return _TOKEN.sub(lambda found: swaps.get(found[0], found[0]), content)
