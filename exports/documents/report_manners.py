"""How paragraphs and cells of a Word file are compared: words, emphasis, links, lists, headings."""

import re
from collections.abc import Sequence
from dataclasses import replace

from exports.documents.word_paragraphs import WordParagraph
from exports.formatted import Span, Spans, Table, tidy


def words_of(one: WordParagraph) -> str:
    """The words of a paragraph as they are compared: white space is one space."""
    return re.sub(r"\s+", " ", one.text).strip()


def manner(one: WordParagraph) -> tuple[object, ...]:
    """What makes two paragraphs differ: words, emphasis, links, list, heading."""
    spans = _span_manners(one.spans)
    heading = one.style if one.style.startswith("heading") else ""
    return (
        spans if not heading else words_of(one),
        one.ordered,
        one.depth if one.ordered is not None else 0,
        heading,
    )


def _span_manners(spans: Spans) -> tuple[object, ...]:
    return tuple((re.sub(r"\s+", " ", s.text), s.strong, s.emphasis, s.link) for s in spans)


def own_spans(spans: Spans) -> Spans:
    """As a chapter has them: a link within the file is a reference, which its words say."""
    return tidy(replace(s, link="" if s.link.startswith("#") else s.link) for s in spans)


def manners(rows: Sequence[Sequence[Spans]]) -> tuple[tuple[object, ...], ...]:
    """The cells of a table, with emphasis and links."""
    return tuple(tuple(_span_manners(cell) for cell in row) for row in rows)


def cells(rows: Sequence[Sequence[tuple[Span, ...]]]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(re.sub(r"\s+", " ", "".join(s.text for s in cell)).strip() for cell in row) for row in rows
    )


def table_of(rows: Sequence[Sequence[tuple[Span, ...]]]) -> Table:
    width = max(len(row) for row in rows)
    full = [(*map(own_spans, row), *[()] * (width - len(row))) for row in rows]
    return Table(full[0], tuple(full[1:]))
