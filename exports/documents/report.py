"""The follow-up report as a Word file: what IREV edits, corrects in Word, and publishes.

It says what was noted and by whom it was chosen, and claims nothing else. Each paragraph that the
editors may change bears a bookmark, by which the file is read back (`report_reading.py`).
"""

from collections.abc import Iterable, Sequence

from exports import digest as values
from exports.digest import Digest, french_date
from exports.documents.record import plain_reference
from exports.documents.report_content import (
    RECOMMENDED,
    Content,
    Entry,
    Group,
    Passage,
    WorkshopChapter,
    content_of,
)
from exports.formatted import Block, Heading, Item, Picture, Quotation, Span, Spans, Table, cited, words
from exports.ooxml.assembly import Compiled
from exports.ooxml.pagination import PageMap
from exports.ooxml.runs import Drawing, Inline, emphasised, link, outside_link, run, strong
from exports.ooxml.stationery import Stationery, built_in
from exports.ooxml.typed_lists import note_rows
from exports.ooxml.word import Document
from exports.report import STATUSES
from exports.text import NBSP, counted, typeset

CREDIT = f"Crédit{NBSP}: "
"""What the line below a picture begins with."""
FULL = 0.55
"""Share of a page above which a chapter begins on the next: below it, a page would be nearly blank."""
MOST_THEMES = 12
"""Rows of the table of themes: the others are in the data."""
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


def compile_report(
    digest: Digest, *, stationery: Stationery | None = None, pages: PageMap | None = None
) -> Compiled:
    """The Word document of the report. Headings are unique: they are read out of context."""
    content = content_of(digest)
    document = _written(content, stationery, 0.0)
    filled = document.filled_by_contents()
    if filled < FULL:
        # the contents end high on a page: the summary goes on below them
        document = _written(content, stationery, filled)
    return document.finish(taken_at=content.digest.taken_at, pages=pages)


def _written(content: Content, stationery: Stationery | None, filled: float) -> Document:
    """The document before its end; `filled`: how much of their last page the contents leave, 0 for all."""
    event, edition = content.digest.event, content.report.edition
    document = Document(
        stationery or built_in("restitution"),
        title=f"Rapport{NBSP}: {event.title}",
        author=event.organiser or "Ateliers",
        subject=f"{event.place or ''} {french_date(event.date)}".strip(),
        edition=f"Édition {edition.number}" if edition else "Document de travail",
        custom={"Document": "rapport", "Journée": event.name},
    )
    report = _Report(document, content, filled)
    report.header()
    report.title_page()
    report.summary()
    report.day()
    for index, chapter in enumerate(content.workshops, 1):
        report.workshop(index, chapter)
    report.crossing()
    report.follow_up()
    report.method()
    report.abbreviations()
    report.annex()
    return document


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


class _Report:
    def __init__(self, document: Document, content: Content, filled: float) -> None:
        self.document = document
        self.filled = filled
        self.content = content
        self.event = content.digest.event
        edition = content.report.edition
        if edition:
            self.state = f"{_ordinal(edition.number)} édition, {content.digest.moment(edition.frozen_at)}"
            self.state_within = self.state
        else:
            moment = typeset(content.digest.clock(content.digest.taken_at))
            self.state = document.volatile(f"État {moment}")
            self.state_within = document.volatile(f"état {moment}")
        self.references = content.references
        self.recommendations = document.numbered()
        self.begin = document.checkpoint()

    def header(self) -> None:
        fiction = " · notes fictives" if self.event.fictional else ""
        kind = "Rapport de suivi" if self.content.frozen else "Rapport, document de travail"
        self.document.header(run(f"{kind} · {french_date(self.event.date)} · {self.state}{fiction}"))

    def title_page(self) -> None:
        document, event = self.document, self.event
        document.title(f"Rapport{NBSP}: {event.title}")
        if event.subtitle:
            document.paragraph("Subtitle", run(event.subtitle))
        where = " · ".join(part for part in (french_date(event.date), event.place, event.organiser) if part)
        document.paragraph("Subtitle", run(where))
        if event.fictional:
            document.paragraph("Normal", strong(f"Essai{NBSP}: les notes de ce document sont fictives."))
        if self.content.frozen:
            document.paragraph("Normal", run(f"{self.state}. {self.content.report.licence}."))
        else:
            document.paragraph(
                "Normal",
                strong(f"Document de travail{NBSP}: "),
                run(
                    "corrigez-le dans Word, puis rendez-le à l’application. Ce qui reste à écrire est entre "
                    "crochets."
                ),
            )
        document.contents("Sommaire")

    def summary(self) -> None:
        document, content = self.document, self.content
        self.begin = document.checkpoint()
        document.heading(1, "En bref", new_page=not self.filled)
        people = [w.participants for w in content.digest.workshops if w.participants is not None]
        attended = f" {counted(sum(people), 'personne', 'personnes')} y ont pris part." if people else ""
        number = len(content.digest.workshops)
        place = f", {self.event.place}" if self.event.place else ""
        document.paragraph(
            "Normal",
            run(
                f"{_capital(french_date(self.event.date))}{place}{NBSP}: "
                f"{counted(number, 'atelier', 'ateliers') if number else 'une journée sans atelier'}.{attended}"
            ),
        )
        if not number:
            document.paragraph("Normal", run("Cette journée n’a pas eu d’atelier."))
            return
        document.paragraph("Normal", strong(said_counts(content)), run("."))
        document.bullets(self._in_a_word(one) for one in content.workshops)
        document.table(
            "les ateliers en chiffres",
            ("Atelier", "Participants", "Notes", "Reprises", "Choisies pour la plénière"),
            [_figures(one) for one in content.workshops],
            (0.36, 0.18, 0.12, 0.14, 0.2),
        )
        if content.themes:
            document.table(
                "les thèmes en chiffres",
                ("Thème", "Notes", "Ateliers"),
                [
                    (one.name, str(len(one.entries)), ", ".join(w.title for w in one.workshops))
                    for one in content.themes[:MOST_THEMES]
                ],
                (0.44, 0.12, 0.44),
            )

    def day(self) -> None:
        document, content = self.document, self.content
        self._chapter_heading("La journée")
        self._passage(content.introduction, 1)
        if self.event.sequences:
            rows = [_sequence(one) for one in self.event.sequences]
            columns = 3 if any(row[2] for row in rows) else 2
            header = ("Heure", "Séquence", "Intervenants")[:columns]
            shares = (0.15, 0.5, 0.35) if columns == 3 else (0.15, 0.85)
            rows = [row[:columns] for row in rows]
            document.table("programme de la journée", header, rows, shares)
        for passage in content.sequences:
            if not passage.written and content.frozen:
                continue
            at = passage.chapter.at
            hour = f"{at.hour}{NBSP}h{NBSP}{at.minute:02}{NBSP}: " if at else ""
            document.heading(2, f"{hour}{passage.chapter.title}")
            self._passage(passage, 2)

    def workshop(self, index: int, chapter: WorkshopChapter) -> None:
        document, workshop = self.document, chapter.workshop
        self._chapter_heading(f"Atelier {index}{NBSP}: {workshop.title}")
        if workshop.question:
            document.paragraph("Normal", strong(f"Question{NBSP}: "), run(workshop.question))
        if workshop.speaker:
            document.paragraph("Normal", run(f"Restitué par {workshop.speaker}."))
        if workshop.message:
            for wording in workshop.message.wordings:
                document.paragraph("Essentiel message 14", run(wording.text))
        self._passage(chapter.passage, 1)
        for group in chapter.groups:
            document.heading(2, f"{workshop.title}{NBSP}: {within_a_sentence(group.label)}")
            self._group(group)
        if not chapter.annex:
            document.paragraph("Normal", run("Aucune note reçue de cet atelier."))
        elif not chapter.groups:
            document.paragraph("Normal", run("Les notes de cet atelier se lisent en annexe."))

    def crossing(self) -> None:
        document, content = self.document, self.content
        shared = [one for one in content.themes if len(one.workshops) > 1]
        found = bool(content.convergences or content.mergers or shared)
        if not (content.crossing.written or found) and (content.frozen or len(content.workshops) < 2):
            return
        self._chapter_heading("Ce qui traverse les ateliers")
        self._passage(content.crossing, 1)
        if content.convergences:
            document.heading(2, "Points communs aux ateliers")
            for number, (one, notes) in enumerate(content.convergences, 1):
                pieces = [run(one.text), *self._resting_on(notes)]
                document.paragraph("List Bullet", *pieces, bookmarks=(f"p_{number}",))
        kept = tuple(one for one in content.mergers if one.kept)
        if kept:
            document.heading(2, "Recommandations de synthèse")
            self._group(Group(label="", nature="recommandation", entries=kept))
        if shared:
            document.heading(2, "Thèmes communs à plusieurs ateliers")
            for theme in shared[:MOST_THEMES]:
                pieces = [strong(theme.name), run(f"{NBSP}: "), *self._links(theme.entries)]
                document.paragraph("List Bullet", *pieces)

    def follow_up(self) -> None:
        document, content = self.document, self.content
        answered = [one for one in content.recommendations if one.answers]
        expected = content.report.expected_on
        if not content.conclusion.written and not answered and not expected and content.frozen:
            return
        self._chapter_heading("Conclusion et suites")
        self._passage(content.conclusion, 1)
        if not (answered or expected):
            return
        document.heading(2, "Suites données aux recommandations")
        waiting = len(content.recommendations) - len(answered)
        if expected and waiting:
            document.paragraph("Normal", run(f"Réponse attendue le {french_date(expected)}."))
        rows = [
            (label, str(sum(1 for one in answered if one.answers[-1].status == status)))
            for status, label in STATUSES.items()
        ]
        rows.append(("Pas encore de réponse", str(waiting)))
        document.table("les suites données", ("Suite", "Recommandations"), rows, (0.6, 0.4))

    def method(self) -> None:
        """Also what this very document is: its state and its fingerprint."""
        document = self.document
        self._chapter_heading("Méthode")
        self._passage(self.content.method, 1)
        document.bullets(
            [
                [run("Dans chaque atelier, ce qui se disait a été noté au fil de la discussion.")],
                [run("Chaque note porte une référence qui ne change plus.")],
                [
                    run(
                        "Une note reformulée pour ce rapport le dit, et renvoie à ce que l’atelier avait "
                        "noté, mot pour mot, en annexe."
                    )
                ],
                [run(f"{said_counts(self.content)}.")],
                [
                    run(
                        "Aucun nom n’est ajouté aux notes sans l’accord de la personne ; seule la typographie "
                        "des textes a été mise au propre."
                    )
                ],
                [
                    run(f"Ce document{NBSP}: {self.state_within}, empreinte "),
                    run(f"{document.fingerprint_text()}."),
                ],
            ]
        )

    def abbreviations(self) -> None:
        content, document = self.content, self.document
        if not content.digest.workshops and not content.abbreviations.written:
            return
        self._chapter_heading("Sigles et abréviations")
        document.bullets(
            [strong(workshop.initials), run(f"{NBSP}: atelier «{NBSP}{workshop.title}{NBSP}»")]
            for workshop in content.digest.workshops
        )
        if content.abbreviations.written or content.acronyms:
            self._passage(content.abbreviations, 1)

    def annex(self) -> None:
        document, content = self.document, self.content
        self._chapter_heading("Annexe : toutes les notes")
        document.paragraph(
            "Normal",
            run(
                f"{said_counts(content)}. Le nombre qui suit le sigle d’un atelier est le numéro d’arrivée de "
                "la note ; un numéro absent est celui d’une note retirée par son atelier."
            ),
        )
        for chapter in content.workshops:
            if not chapter.annex:
                continue
            document.heading(2, f"Notes de l’atelier «{NBSP}{chapter.workshop.title}{NBSP}»")
            same = [entry for entry in chapter.annex if entry.kept and not entry.reworded]
            if same:
                begins = strong(f"Reprises mot pour mot dans le chapitre{NBSP}: ")
                document.paragraph("Normal", begins, *self._links(same), run("."))
            for entry in chapter.annex:
                if entry not in same:
                    self._annexed(entry)

    # --- pieces of pages --------------------------------------------------------------

    def _chapter_heading(self, title: str) -> None:
        """A chapter begins on a new page, unless that left most of one blank."""
        full = self.document.filled_since(self.begin, self.filled) > FULL
        self.document.heading(1, typeset(title), new_page=full)

    def _passage(self, passage: Passage, level: int) -> None:
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

    def _group(self, group: Group) -> None:
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
            return [*pieces, *self._resting_on(entry.sources)]
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

    def _annexed(self, entry: Entry) -> None:
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

    def _links(self, entries: Sequence[Entry]) -> list[Inline]:
        pieces: list[Inline] = []
        for index, entry in enumerate(entries):
            pieces += [run(", ")] if index else []
            pieces.append(link(self._there(entry), entry.printed_reference))
        return pieces

    def _resting_on(self, notes: Sequence[values.Note]) -> list[Inline]:
        known = [self.references[n.reference] for n in notes if n.reference in self.references]
        return [run(" (d’après "), *self._links(known), run(")")] if known else []

    def _in_a_word(self, chapter: WorkshopChapter) -> list[Inline]:
        number = sum(1 for group in chapter.groups for entry in group.entries if entry.number)
        message = chapter.workshop.message
        said = message.text if message else chapter.workshop.question
        count = counted(number, "recommandation", "recommandations") if number else "aucune recommandation"
        return [strong(chapter.workshop.title), run(f"{NBSP}: {said} ({count})" if said else f" ({count})")]


def said_counts(content: Content) -> str:
    """« 63 notes reçues = 34 reprises + 26 en annexe + 3 retirées »."""
    counts = content.counts
    return (
        f"{counted(counts.received, 'note reçue', 'notes reçues')} = "
        f"{counted(counts.taken_up, 'reprise', 'reprises')} + {counts.annexed}{NBSP}en annexe + "
        f"{counted(counts.withdrawn, 'retirée', 'retirées')}"
    )


def within_a_sentence(label: str) -> str:
    """« Recommandations » loses its capital after a colon, « QPV » keeps it."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _figures(chapter: WorkshopChapter) -> tuple[str, ...]:
    workshop = chapter.workshop
    return (
        workshop.title,
        str(workshop.participants) if workshop.participants is not None else "non compté",
        str(len(chapter.annex)),
        str(chapter.taken_up),
        str(len(workshop.highlights)),
    )


def _sequence(sequence: values.Sequence) -> tuple[str, ...]:
    hour = f"{sequence.at.hour}{NBSP}h{NBSP}{sequence.at.minute:02}"
    return hour, sequence.title, ", ".join(sequence.speakers)


def _ordinal(number: int) -> str:
    return "1re" if number == 1 else f"{number}e"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
