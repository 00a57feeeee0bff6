"""The report as an accessible page: one file, no script, readable and printable anywhere.

Each recommendation has an anchor that follows from its reference (`#eme-1`), each note one in the
annex (`#note-eme-1`): a printed sentence is followed to the raw note and back.
"""

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from exports.digest import french_date
from exports.documents.report import LIST_TITLE, said_counts, within_a_sentence
from exports.documents.report_content import RECOMMENDED, Content, Entry, Passage, in_short
from exports.formatted import Block, Heading, Item, Paragraph, Picture, Quotation, Span, Spans, Table, cited
from exports.ooxml.typed_lists import note_rows
from exports.report import STATUSES
from exports.report import Picture as ShownPicture
from exports.text import NBSP, NNBSP, counted, in_thousands

HERE = Path(__file__).parent / "page"
BADGES = {"retenue": "ok", "en-cours": "wait", "realisee": "ok", "ecartee": "no"}


class Download(NamedTuple):
    href: str
    label: str
    kind: str
    """Format in a reader's words: « .docx », « PDF accessible »."""
    size: int
    """Bytes."""


class EditionLine(NamedTuple):
    number: int
    on: str
    href: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What the page says of its own publication."""

    state: str
    """`publié` or `clos`; `à paraître` where there is nothing to read yet."""
    number: int = 0
    on: str = ""
    fingerprint: str = ""
    downloads: tuple[Download, ...] = ()
    editions: tuple[EditionLine, ...] = ()
    feed: str = ""
    home: str = ""
    """Where the page of all editions is, for a frozen one."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list of the page's, or a block that is none."""

    kind: str
    spans: Spans = ()
    level: int = 0
    rows: tuple[tuple[Spans, ...], ...] = ()
    header: tuple[Spans, ...] = ()
    items: tuple["Row", ...] = field(default=())
    picture: str = ""
    """Its key."""


def compile_page(content: Content, published: Published, fonts: Mapping[str, bytes]) -> bytes:
    """The page of a report; `fonts` by family (`serif`, `sans`), as woff2."""
    template = _environment().get_template("rapport.html")
    accents = {w.workshop.id: index % 4 for index, w in enumerate(content.workshops)}
    html = template.render(
        content=content,
        event=content.digest.event,
        published=published,
        style=Markup(style(fonts)),  # noqa: S704  ours
        counts=said_counts(content),
        accents=accents,
        sections=_sections(content),
        known=content.references,
        pictures=_figures(content, _data_address),
        attended=sum(w.participants or 0 for w in content.digest.workshops),
    )
    return html.encode()


def compile_announcement(content: Content, published: Published, fonts: Mapping[str, bytes]) -> bytes:
    """The page while nothing is published: that a report will come, and nothing of it."""
    template = _environment().get_template("annonce.html")
    styled = Markup(style(fonts))  # noqa: S704  ours
    return template.render(event=content.digest.event, published=published, style=styled).encode()


def style(fonts: Mapping[str, bytes]) -> str:
    """The stylesheet with the fonts in it."""
    faces = "".join(
        f'@font-face{{font-family:"Atelier {name.title()}";font-weight:400 700;font-display:swap;'
        f'src:url(data:font/woff2;base64,{base64.b64encode(content).decode()}) format("woff2")}}\n'
        for name, content in fonts.items()
    )
    return faces + (HERE / "rapport.css").read_text("utf-8")


class Section(NamedTuple):
    anchor: str
    title: str
    note: str


class Figure(NamedTuple):
    """A picture as the page shows it."""

    address: str
    described: str
    width: int
    height: int
    credit: str


def _figures(content: Content, address: Callable[[ShownPicture], str]) -> dict[str, Figure]:
    return {
        key: Figure(address(one), one.described, one.width, one.height, one.credit)
        for key, one in content.pictures.items()
    }


def _data_address(picture: ShownPicture) -> str:
    """A picture within the page: it is one file."""
    kind = "jpeg" if picture.ending == "jpg" else picture.ending
    return f"data:image/{kind};base64,{picture.content}"


def _sections(content: Content) -> list[Section]:
    found = [Section("bref", "En bref", "")]
    if content.recommendations:
        found.append(Section("liste", LIST_TITLE, ""))
    found.append(Section("journee", "La journée", ""))
    for one in content.workshops:
        number = sum(1 for group in one.groups for entry in group.entries if entry.number)
        said = counted(number, "recommandation", "recommandations") if number else ""
        found.append(Section(one.anchor, one.workshop.title, said))
    if has_crossing(content):
        found.append(Section("traverse", "Ce qui traverse les ateliers", ""))
    if has_follow_up(content):
        found.append(Section("suites", "Conclusion et suites", ""))
    found += [Section("methode", "Méthode", ""), Section("sigles", "Sigles et abréviations", "")]
    received = content.counts.received
    return [*found, Section("annexe", "Toutes les notes", counted(received, "note", "notes"))]


def has_crossing(content: Content) -> bool:
    shared = any(len(theme.workshops) > 1 for theme in content.themes)
    return bool(content.crossing.written or content.convergences or content.mergers or shared)


def has_follow_up(content: Content) -> bool:
    answered = any(entry.answers for entry in content.recommendations)
    return bool(content.conclusion.written or answered or content.report.expected_on)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    sources = {path.name: spaced(path.read_text("utf-8")) for path in HERE.glob("*.html")}
    found = Environment(
        loader=DictLoader(sources), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    found.filters |= {
        "date": french_date,
        "within": within_a_sentence,
        "in_short": in_short,
        "pieces": _pieces,
        "rows": _rows,
        "lines": note_lines,
        "size": said_size,
        "thousands": in_thousands,
        "print": lambda whole: NBSP.join(whole[n : n + 4] for n in range(0, len(whole), 4)),
    }
    found.globals |= {
        "statuses": STATUSES,
        "badges": BADGES,
        "counted": counted,
        "recommended": RECOMMENDED,
        "has_crossing": has_crossing,
        "has_follow_up": has_follow_up,
        "ordinal": lambda number: "1re" if number == 1 else f"{number}e",
    }
    return found


def spaced(source: str) -> str:
    """A template with French spaces: no line begins with a colon or a question mark."""
    source = re.sub(r" (?=[:»])|(?<=«) ", NBSP, source)
    return re.sub(r" (?=[;!?])", NNBSP, source)


def _pieces(spans: Spans, known: Mapping[str, Entry]) -> Iterator[tuple[Span, str]]:
    """Each piece of a text, and the anchor of the note that it cites."""
    for span in spans:
        if span.link:
            yield span, ""
            continue
        for text, reference in cited(span.text, known):
            piece = Span(text, span.strong, span.emphasis)
            yield piece, there(known[reference]) if reference else ""


def there(entry: Entry) -> str:
    """The anchor where a reference leads: the chapter's text, else the note in the annex."""
    return entry.anchor if entry.kept else f"note-{entry.anchor}"


def _rows(passage: Passage) -> list[Row]:
    """The blocks of a chapter, the lines of a list together."""
    found: list[Row] = []
    for version in passage.versions:
        for ordered, group in groupby(version, _list_kind):
            blocks = list(group)
            if ordered is None:
                found += [_row(block) for block in blocks]
            else:
                found.append(_list([block for block in blocks if isinstance(block, Item)], ordered))
    return found


def _list_kind(block: Block) -> bool | None:
    """Whether a line is of a numbered list, by its outermost line; None for what is no list."""
    if not isinstance(block, Item):
        return None
    return block.ordered if block.depth == 0 else False


def _list(items: Sequence[Item], ordered: bool) -> Row:
    rows: list[Row] = []
    for item in items:
        if item.depth and rows:
            inner = Row("item", item.spans)
            rows[-1] = Row("item", rows[-1].spans, items=(*rows[-1].items, inner))
        else:
            rows.append(Row("item", item.spans))
    return Row("ol" if ordered else "ul", items=tuple(rows))


def _row(block: Block) -> Row:
    if isinstance(block, Picture):
        return Row("picture", picture=block.key)
    if isinstance(block, Table):
        return Row("table", header=block.header, rows=block.rows)
    if isinstance(block, Heading):
        return Row("heading", block.spans, level=block.level)
    kinds = {Quotation: "quotation", Paragraph: "paragraph", Item: "paragraph"}
    return Row(kinds[type(block)], block.spans)


def note_lines(text: str) -> list[str]:
    """The lines of a note, without the bullets that somebody typed."""
    return [line for _, line in note_rows(text)]


def said_size(size: int) -> str:
    """« 142 ko », « 1,3 Mo »."""
    if size >= 1_000_000:
        return f"{size / 1e6:.1f}".replace(".", ",") + f"{NBSP}Mo"
    return f"{max(1, round(size / 1000))}{NBSP}ko"


def compile_passage(content: Content, passage: Passage, address: Callable[[ShownPicture], str]) -> Markup:
    """A chapter's text as it will be read, for a preview; `address`: where a picture is served."""
    template = _environment().get_template("_blocks.html")
    written: str = template.module.passage(passage, content.references, _figures(content, address), 2)  # type: ignore[attr-defined]
    return Markup(written)  # noqa: S704  every piece was escaped by the macro
