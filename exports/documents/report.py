"""The follow-up report as a Word file: what IREV edits, corrects in Word, and publishes.

It says what was noted and by whom it was chosen, and claims nothing else. Each paragraph that the
editors may change bears a bookmark, by which the file is read back (`report_reading.py`).
"""

from exports import digest as values
from exports.digest import Digest, french_date
from exports.documents.report_content import (
    Content,
    Group,
    WorkshopChapter,
    content_of,
    in_short,
)
from exports.documents.report_pieces import Pieces, entry_bookmark
from exports.ooxml.assembly import Compiled
from exports.ooxml.pagination import PageMap
from exports.ooxml.runs import Inline, link, run, strong
from exports.ooxml.stationery import Stationery, built_in
from exports.ooxml.word import Document
from exports.report import STATUSES
from exports.text import NBSP, counted, typeset

LIST_TITLE = "Liste des recommandations"
MOST_THEMES = 12
"""Rows of the table of themes: the others are in the data."""


def compile_report(
    digest: Digest, *, stationery: Stationery | None = None, pages: PageMap | None = None
) -> Compiled:
    """The Word document of the report. Headings are unique: they are read out of context."""
    content = content_of(digest)
    event, edition = content.digest.event, content.report.edition
    document = Document(
        stationery or built_in("restitution"),
        title=f"Rapport{NBSP}: {event.title}",
        author=event.organiser or "Ateliers",
        subject=f"{event.place or ''} {french_date(event.date)}".strip(),
        edition=f"Édition {edition.number}" if edition else "Document de travail",
        custom={"Document": "rapport", "Journée": event.name},
    )
    report = _Report(document, content)
    report.header()
    report.title_page()
    report.summary()
    report.recommendations()
    report.day()
    for index, chapter in enumerate(content.workshops, 1):
        report.workshop(index, chapter)
    report.crossing()
    report.follow_up()
    report.method()
    report.abbreviations()
    report.annex()
    return document.finish(taken_at=content.digest.taken_at, pages=pages)


class _Report:
    def __init__(self, document: Document, content: Content) -> None:
        self.document = document
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
        self.pieces = Pieces(document, content)

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
        document.chapter(1, "En bref")
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

    def recommendations(self) -> None:
        """All of them in short, for who has ten minutes: the reference leads to each, whole."""
        document, entries = self.document, self.content.recommendations
        if not entries:
            return
        document.chapter(1, LIST_TITLE)
        document.table(
            "les recommandations",
            ("N°", "Recommandation", "Atelier"),
            [
                (
                    str(entry.number),
                    [run(f"{in_short(entry)} "), link(entry_bookmark(entry), entry.printed_reference)],
                    entry.origin,
                )
                for entry in entries
            ],
            (0.1, 0.64, 0.26),
        )

    def day(self) -> None:
        document, content = self.document, self.content
        if content.frozen and not (
            self.event.sequences or any(p.written for p in (content.introduction, *content.sequences))
        ):
            return
        document.chapter(1, "La journée")
        self.pieces.passage(content.introduction, 1)
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
            self.pieces.passage(passage, 2)

    def workshop(self, index: int, chapter: WorkshopChapter) -> None:
        document, workshop = self.document, chapter.workshop
        document.chapter(1, f"Atelier {index}{NBSP}: {workshop.title}")
        if workshop.question:
            document.paragraph("Normal", strong(f"Question{NBSP}: "), run(workshop.question))
        if workshop.speaker:
            document.paragraph("Normal", run(f"Restitué par {workshop.speaker}."))
        if workshop.message:
            for wording in workshop.message.wordings:
                document.paragraph("Essentiel message 14", run(wording.text))
        self.pieces.passage(chapter.passage, 1)
        for group in chapter.groups:
            document.heading(2, f"{workshop.title}{NBSP}: {within_a_sentence(group.label)}")
            self.pieces.group(group)
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
        document.chapter(1, "Ce qui traverse les ateliers")
        self.pieces.passage(content.crossing, 1)
        if content.convergences:
            document.heading(2, "Points communs aux ateliers")
            for number, (one, notes) in enumerate(content.convergences, 1):
                pieces = [run(one.text), *self.pieces.resting_on(notes)]
                document.paragraph("List Bullet", *pieces, bookmarks=(f"p_{number}",))
        kept = tuple(one for one in content.mergers if one.kept)
        if kept:
            document.heading(2, "Recommandations de synthèse")
            self.pieces.group(Group(label="", nature="recommandation", entries=kept))
        if shared:
            document.heading(2, "Thèmes communs à plusieurs ateliers")
            for theme in shared[:MOST_THEMES]:
                pieces = [strong(theme.name), run(f"{NBSP}: "), *self.pieces.links(theme.entries)]
                document.paragraph("List Bullet", *pieces)

    def follow_up(self) -> None:
        document, content = self.document, self.content
        answered = [one for one in content.recommendations if one.answers]
        expected = content.report.expected_on
        if not content.conclusion.written and not answered and not expected and content.frozen:
            return
        document.chapter(1, "Conclusion et suites")
        self.pieces.passage(content.conclusion, 1)
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
        document.chapter(1, "Méthode")
        self.pieces.passage(self.content.method, 1)
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
        document.chapter(1, "Sigles et abréviations")
        document.bullets(
            [strong(workshop.initials), run(f"{NBSP}: atelier «{NBSP}{workshop.title}{NBSP}»")]
            for workshop in content.digest.workshops
        )
        if content.abbreviations.written or content.acronyms:
            self.pieces.passage(content.abbreviations, 1)

    def annex(self) -> None:
        document, content = self.document, self.content
        document.chapter(1, typeset("Annexe : toutes les notes"))
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
                document.paragraph("Normal", begins, *self.pieces.links(same), run("."))
            for entry in chapter.annex:
                if entry not in same:
                    self.pieces.annexed(entry)

    # --- pieces of pages --------------------------------------------------------------

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
