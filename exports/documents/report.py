"""The follow-up report, first form: what IREV edits, completes and publishes in the weeks after.

The whole day's programme with a chapter for each sequence to fill, then what the workshops
noted, every sentence with its reference. What a person has to write is between brackets.
"""

from exports.digest import Digest, Sequence, Workshop, french_date, typeset_digest
from exports.documents.record import Record, say_bookmark
from exports.ooxml.pagination import PageMap
from exports.ooxml.stationery import Stationery, built_in
from exports.ooxml.word import Compiled, Document, run, strong
from exports.text import NBSP, counted, typeset


def compile_report(
    digest: Digest, *, stationery: Stationery | None = None, pages: PageMap | None = None
) -> Compiled:
    """The Word document of the report. Headings are unique: they are read out of context."""
    digest = typeset_digest(digest)
    event = digest.event
    document = Document(
        stationery or built_in("restitution"),
        title=f"Rapport{NBSP}: {event.title}",
        author=event.organiser or "Ateliers",
        subject=f"{event.place or ''} {french_date(event.date)}".strip(),
        edition="Document de travail",
    )
    report = _Report(document, digest)
    report.header()
    report.title_page()
    report.day()
    report.workshops()
    report.common_points()
    report.method()
    report.annex()
    return document.finish(taken_at=digest.taken_at, pages=pages)


class _Report:
    def __init__(self, document: Document, digest: Digest) -> None:
        self.document = document
        self.digest = digest
        self.event = digest.event
        self.state = document.volatile(typeset(f"État {digest.clock(digest.taken_at)}"))
        chosen = {note.id for workshop in digest.workshops for note in workshop.highlights}
        self.notes = Record(document, digest, spoken=chosen)

    def header(self) -> None:
        fiction = " · notes fictives" if self.event.fictional else ""
        self.document.header(run(f"Rapport, document de travail · {self.state}{fiction}"))

    def title_page(self) -> None:
        document, event = self.document, self.event
        document.title(f"Rapport{NBSP}: {event.title}")
        if event.subtitle:
            document.paragraph("Subtitle", run(event.subtitle))
        where = " · ".join(part for part in (french_date(event.date), event.place, event.organiser) if part)
        document.paragraph("Subtitle", run(where))
        if event.fictional:
            document.paragraph("Normal", strong(f"Essai{NBSP}: les notes de ce document sont fictives."))
        document.paragraph(
            "Normal",
            strong(f"Document de travail{NBSP}: "),
            run(
                "il contient toutes les notes des ateliers, telles qu’elles ont été prises. Ce qui reste à "
                "écrire est entre crochets."
            ),
        )
        self._to_fill("Écrire ici le résumé du rapport, en quelques phrases.")
        document.contents("Sommaire", new_page=True)

    def day(self) -> None:
        document, event = self.document, self.event
        document.heading(1, "La journée", new_page=True)
        self._to_fill("Présenter la journée, son objet et ses participants.")
        if not event.sequences:
            self._to_fill("Le programme de la journée n’a pas été saisi : l’ajouter ici.")
            return
        document.table(
            "programme de la journée",
            ("Heure", "Séquence", "Intervenants"),
            [(_hour(s), s.title, ", ".join(s.speakers) or "non précisé") for s in event.sequences],
            (0.15, 0.5, 0.35),
        )
        for sequence in event.sequences:
            document.heading(2, f"{_hour(sequence)}{NBSP}: {sequence.title}")
            if sequence.speakers:
                document.paragraph("Normal", strong("Avec "), run(f"{', '.join(sequence.speakers)}."))
            self._to_fill("Écrire ici ce qui s’est dit.")

    def workshops(self) -> None:
        document = self.document
        document.heading(1, "Les ateliers", new_page=True)
        if not self.digest.workshops:
            document.paragraph("Normal", run("Cette journée n’a pas eu d’atelier."))
            return
        rows = [
            (
                workshop.title,
                str(workshop.participants) if workshop.participants is not None else "non compté",
                str(len(workshop.notes)),
                str(len(workshop.highlights)),
            )
            for workshop in self.digest.workshops
        ]
        document.table(
            "les ateliers en chiffres",
            ("Atelier", "Participants", "Notes", "Dites en plénière"),
            rows,
            (0.43, 0.19, 0.14, 0.24),
        )
        for index, workshop in enumerate(self.digest.workshops):
            document.heading(2, f"Atelier{NBSP}: {workshop.title}", new_page=index > 0)
            self._workshop(workshop)

    def common_points(self) -> None:
        if not (self.digest.convergences or self.digest.mergers):
            return
        self.document.heading(1, "Ce qui traverse les ateliers", new_page=True)
        if self.digest.convergences:
            self.document.heading(2, "Points communs aux ateliers")
            self.notes.convergences(self.digest.convergences, "List Bullet")
        if self.digest.mergers:
            self.document.heading(2, "Recommandations de synthèse")
            self.notes.mergers(self.digest.mergers)

    def method(self) -> None:
        document = self.document
        document.heading(1, "Méthode", new_page=True)
        received = sum(w.received for w in self.digest.workshops)
        withdrawn = sum(w.withdrawn for w in self.digest.workshops)
        document.paragraph(
            "Normal",
            run(
                "Dans chaque atelier, une ou plusieurs personnes ont noté ce qui se disait, phrase par phrase, au "
                "fil de la discussion. Chaque note porte une référence qui ne change plus. Les ateliers ont choisi "
                "eux-mêmes ce qui serait dit en plénière."
            ),
        )
        document.bullets(
            [
                [run(f"{counted(received, 'note reçue', 'notes reçues')}.")],
                [
                    run(
                        f"{counted(withdrawn, 'note retirée par son atelier, non imprimée', 'notes retirées par leur atelier, non imprimées')}."
                    )
                ],
                [
                    run(
                        "Les textes sont ceux des ateliers ; seule la typographie a été mise au propre. "
                        "Aucun nom de participant n’est ajouté aux notes."
                    )
                ],
            ]
        )
        self._to_fill("Préciser qui a relu, groupé et complété ces notes, et quand.")

    def annex(self) -> None:
        document = self.document
        document.heading(1, "Annexe", new_page=True)
        document.heading(2, "Lire les références")
        document.bullets(
            [run(f"{workshop.initials}{NBSP}: atelier «{NBSP}{workshop.title}{NBSP}».")]
            for workshop in self.digest.workshops
        )
        document.paragraph(
            "Normal",
            run(
                "Le nombre qui suit est le numéro d’arrivée de la note dans son atelier. Un numéro absent est celui "
                "d’une note retirée."
            ),
        )
        document.heading(2, "État et empreinte du document")
        document.paragraph("Normal", run(f"{self.state}."))
        document.paragraph("Normal", run(document.fingerprint_text()))

    # --- pieces of pages --------------------------------------------------------------

    def _workshop(self, workshop: Workshop) -> None:
        document = self.document
        if workshop.question:
            document.paragraph("Normal", strong(f"Question{NBSP}: "), run(workshop.question))
        facts = [
            f"Restitué par {workshop.speaker}." if workshop.speaker else "",
            f"{counted(workshop.participants, 'participant', 'participants')}."
            if workshop.participants is not None
            else "",
        ]
        if any(facts):
            document.paragraph("Normal", run(" ".join(fact for fact in facts if fact)))
        self._to_fill("Introduire les échanges de cet atelier.")
        if workshop.message:
            document.heading(3, f"{workshop.title}{NBSP}: message clé")
            for wording in workshop.message.wordings:
                document.paragraph("Essentiel message 14", run(wording.text))
        if workshop.highlights:
            document.heading(3, f"{workshop.title}{NBSP}: ce qui a été dit en plénière")
            number = document.numbered()
            for note in workshop.highlights:
                for index, wording in enumerate(note.wordings):
                    pieces = (run(f"{wording.text} "), self.notes.reference(note))
                    marks = (say_bookmark(note),) if index == 0 else ()
                    document.paragraph(
                        "List Number", *pieces, bookmarks=marks, number=number if index == 0 else None
                    )
        self.notes.of(workshop)

    def _to_fill(self, what: str) -> None:
        """What a person has to write."""
        self.document.paragraph("Normal", run(typeset(f"[{what}]"), "Reference"))


def _hour(sequence: Sequence) -> str:
    return f"{sequence.at.hour}{NBSP}h{NBSP}{sequence.at.minute:02}"
