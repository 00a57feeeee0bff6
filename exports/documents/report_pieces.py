"""Texts of the report as paragraphs: passages, notes and mergers, each with the bookmark that it is read back by."""

from collections.abc import Iterable, Sequence

from exports import digest as values
from exports.digest import french_date
from exports.documents.record import plain_reference
from exports.documents.report_content import RECOMMENDED, Content, Entry, Group, Passage
from exports.formatted import Block, Heading, Item, Picture, Quotation, Span, Spans, Table, cited, words
from exports.ooxml.runs import Drawing, Inline, emphasised, link, outside_link, run, strong
from exports.ooxml.typed_lists import note_rows
from exports.ooxml.word import Document
from exports.report import STATUSES
from exports.text import NBSP, typeset

CREDIT = f"Crédit{NBSP}: "
"""What the line below a picture begins with."""
TO_WRITE = {
    "introduction": "Présenter la journée, son objet et ses participants",
    "sequence": "Dire en quelques phrases ce qui s’est dit à ce moment",
    "workshop": "Introduire les échanges de cet atelier",
    "crossing": "Dire ce qui rapproche les ateliers, et ce qui les oppose",
    "conclusion": "Conclure, et dire qui répondra à ces recommandations, et quand",
    "method": "Préciser qui a relu, groupé et complété ces notes, et quand",
    "abbreviations": "Donner le sens de chaque sigle, un par ligne",
}
"""What a chapter without text asks for, by kind."""


def passage_bookmark(content: Content, passage: Passage, number: int) -> str:
    """Of the nth paragraph of a chapter: at most 40 letters, digits and underscores."""
    place = content.passages.index(passage) + 1
    return f"c{place}_{plain_reference(passage.chapter.key)[:26]}_{number}"


def entry_bookmark(entry: Entry, row: int = 1) -> str:
    """Of a note or a merger where the chapter has it; `row` for a line after its first."""
    return f"t_{plain_reference(entry.reference)}{f'_{row}' if row > 1 else ''}"[:40]


def record_bookmark(entry: Entry) -> str:
    """Of a note in the annex."""
    return f"r_{plain_reference(entry.reference)}"[:40]


def to_write(content: Content, passage: Passage) -> str:
    """What stands where nothing is written yet, between brackets."""
    what = TO_WRITE.get(passage.chapter.kind, "Écrire ce passage")
    if passage.chapter.kind == "abbreviations" and content.acronyms:
        what += f" ({', '.join(content.acronyms)})"
    return typeset(f"[{what}.]")


class Pieces:
    """Writes them into a document, in the order in which they are asked for."""

    def __init__(self, document: Document, content: Content) -> None:
        self.document = document
        self.content = content
        self.references = content.references
        self.recommendations = document.numbered()

    def passage(self, passage: Passage, level: int) -> None:
        """A chapter's text below a heading of that level; what it asks for where there is none."""
        if not passage.written:
            if not self.content.frozen:
                mark = passage_bookmark(self.content, passage, 1)
                asked = run(to_write(self.content, passage), "Reference")
                self.document.paragraph("Normal", asked, bookmarks=(mark,))
            return
        number = 0
        for index, version in enumerate(passage.versions):
            if len(passage.versions) > 1:
                what = f"Rédaction {index + 1} sur {len(passage.versions)}, à départager{NBSP}:"
                self.document.paragraph("Normal", strong(what))
            current = 0
            for block in version:
                number += 1
                marks = (passage_bookmark(self.content, passage, number),)
                if isinstance(block, Item) and block.ordered and block.begins:
                    current = self.document.numbered()
                self._block(block, passage, level, marks, current)

    def _block(
        self, block: Block, passage: Passage, level: int, marks: tuple[str, ...], numbered: int
    ) -> None:
        document = self.document
        if isinstance(block, Picture):
            self._picture(block, marks)
            return
        if isinstance(block, Table):
            rows = [[self._pieces(cell) for cell in row] for row in block.rows]
            header = [self._pieces(cell) for cell in block.header]
            shares = [1 / len(header)] * len(header)
            document.table(passage.chapter.title, header, rows, shares, bookmarks=marks)
            return
        pieces = self._pieces(block.spans)
        if isinstance(block, Heading):
            document.subheading(min(level + block.level, 4), words(block.spans), marks)
        elif isinstance(block, Item):
            style = "List Number" if block.ordered else ("List Bullet", "List Bullet 2")[block.depth]
            number = numbered if block.ordered else None
            document.paragraph(style, *pieces, bookmarks=marks, number=number)
        else:
            style = "List Continue" if isinstance(block, Quotation) else "Normal"
            document.paragraph(style, *pieces, bookmarks=marks)

    def _picture(self, block: Picture, marks: tuple[str, ...]) -> None:
        """The picture, and below it whose it is."""
        shown = self.content.pictures[block.key]
        credit = [run(f"\n{CREDIT}{shown.credit}", "Reference")] if shown.credit else []
        self.document.picture(
            Drawing(
                name=f"image-{shown.key}",
                content=shown.bytes,
                ending=shown.ending,
                width=shown.width,
                height=shown.height,
                described=shown.described,
            ),
            credit,
            marks,
        )

    def _pieces(self, spans: Spans) -> list[Inline]:
        return [piece for span in spans for piece in self._span(span)]

    def _span(self, span: Span) -> Iterable[Inline]:
        if span.link:
            yield outside_link(span.link, span.text)
            return
        for text, reference in cited(span.text, self.references):
            if reference:
                yield link(self._there(self.references[reference]), text)
            elif span.emphasis:
                yield emphasised(text, bold=span.strong)
            else:
                yield strong(text) if span.strong else run(text)

    def group(self, group: Group) -> None:
        for entry in group.entries:
            texts = (entry.text,) if entry.reworded or len(entry.said) < 2 else entry.said
            numbered = self.recommendations if entry.number else None
            rows = [row for text in texts for row in note_rows(text)]
            for index, (style, text) in enumerate(rows):
                tail = self._tail(entry) if index == len(rows) - 1 else []
                if index == 0:
                    first = "List Number" if numbered else "List Bullet"
                    mark = (entry_bookmark(entry),)
                    self.document.paragraph(first, run(text), *tail, bookmarks=mark, number=numbered)
                else:
                    style = "List Continue" if style == "List Number" else style
                    row = (entry_bookmark(entry, index + 1),)
                    self.document.paragraph(style, run(text), *tail, bookmarks=row)
            self._follow(entry)

    def _tail(self, entry: Entry) -> list[Inline]:
        """What follows a text: its reference, and what it comes from."""
        pieces = [run(" (deux rédactions, à départager) ")] if len(entry.said) > 1 else [run(" ")]
        if entry.workshop is None:
            pieces.append(run(entry.printed_reference, "Reference"))
            return [*pieces, *self.resting_on(entry.sources)]
        if entry.reworded:
            pieces.append(link(record_bookmark(entry), f"{entry.printed_reference}, reformulée"))
        else:
            pieces.append(run(entry.printed_reference, "Reference"))
        if entry.signature:
            pieces.append(run(f" ({entry.signature})", "Reference"))
        return pieces

    def _follow(self, entry: Entry) -> None:
        if entry.nature not in RECOMMENDED:
            return
        for answer in entry.answers:
            label = STATUSES.get(answer.status, answer.status)
            said = f"{NBSP}: {answer.text}" if answer.text else ""
            pieces = [strong(label), run(f"{said} ({answer.who}, {french_date(answer.on)})")]
            if answer.link:
                pieces += [run(" "), outside_link(answer.link, answer.link)]
            self.document.paragraph("List Continue", *pieces)

    def annexed(self, entry: Entry) -> None:
        tail = [run(" (deux rédactions, à départager) " if len(entry.said) > 1 else " ")]
        tail.append(run(entry.printed_reference, "Reference"))
        if entry.kept:
            where = f"recommandation {entry.number}" if entry.number else "chapitre"
            tail += [run(" · reformulée, "), link(entry_bookmark(entry), where)]
        for reference in entry.mergers:
            merger = self.references[reference]
            if merger.kept:
                tail += [run(" · "), link(entry_bookmark(merger), f"synthèse {merger.printed_reference}")]
        if entry.signature:
            tail.append(run(f" ({entry.signature})", "Reference"))
        self.document.note(entry.said, tail, bookmark=record_bookmark(entry))

    def _there(self, entry: Entry) -> str:
        """Where a reference leads: to the text in the chapter, else in the annex."""
        in_chapter = entry.kept and not entry.reworded or entry.workshop is None
        return entry_bookmark(entry) if in_chapter else record_bookmark(entry)

    def links(self, entries: Sequence[Entry]) -> list[Inline]:
        pieces: list[Inline] = []
        for index, entry in enumerate(entries):
            pieces += [run(", ")] if index else []
            pieces.append(link(self._there(entry), entry.printed_reference))
        return pieces

    def resting_on(self, notes: Sequence[values.Note]) -> list[Inline]:
        known = [self.references[n.reference] for n in notes if n.reference in self.references]
        return [run(" (d’après "), *self.links(known), run(")")] if known else []
