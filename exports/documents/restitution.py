"""The restitution document of 16 h 30: the pages to say first, the record after."""

from collections.abc import Iterator

from exports.digest import Digest, Key, Note, Workshop, french_date, typeset_digest
from exports.documents.first_page import FirstPage, weighed
from exports.documents.record import Record, say_bookmark
from exports.documents.speech import (
    SENTENCE,
    Speech,
    missing,
    news,
    speech,
    told_as,
)
from exports.excerpt import cut, excerpt, is_whole
from exports.ooxml.assembly import Compiled
from exports.ooxml.pagination import PageMap
from exports.ooxml.runs import Inline, run, strong
from exports.ooxml.stationery import Stationery, built_in
from exports.ooxml.word import Document
from exports.text import NBSP, NNBSP, counted, typeset

RECORD_TITLE = "Notes de l’après-midi, non relues"
SPOKEN_TITLE = "À dire en plénière"
HEADER_TITLE = 60
"""Characters of the day's title at the top of each page."""
MOST_WEIGHTS = 8
SAYINGS = (
    (18, 400), (18, 280), (16, 280), (18, 200), (16, 200), (14, 280), (16, 140), (14, 200), (14, 140), (13, 200),
    (13, 140), (12, 140),
)  # fmt: skip
"""Sizes and lengths of what is said, in the order in which they are tried."""


def compile_restitution(
    digest: Digest,
    *,
    stationery: Stationery | None = None,
    pages: PageMap | None = None,
    record: bool = True,
) -> Compiled:
    """The Word document of a digest. `record=False` leaves only the pages to say."""
    digest = typeset_digest(digest)
    event = digest.event
    document = Document(
        stationery or built_in("restitution"),
        title=f"Restitution · {event.title}",
        author=event.organiser or "Ateliers",
        subject=f"{event.place or ''} {french_date(event.date)}".strip(),
        edition=f"Version figée n° {digest.edition.number}" if digest.edition else "Non figée",
    )
    restitution = _Restitution(document, digest, record)
    restitution.header()
    restitution.first_page()
    if restitution.says_something:
        for index, workshop in enumerate(digest.workshops):
            restitution.page_to_say(index, workshop)
        restitution.common_points()
        if record:
            restitution.contents()
            restitution.record()
            restitution.index()
    restitution.accounts()
    return document.finish(taken_at=digest.taken_at, pages=pages)


class _Restitution:
    def __init__(self, document: Document, digest: Digest, has_record: bool) -> None:
        self.document = document
        self.digest = digest
        self.event = digest.event
        self.has_record = has_record
        self.says_something = any(w.notes or w.message for w in digest.workshops) or bool(digest.convergences)
        self.state = document.volatile(typeset(f"État du {digest.moment(digest.taken_at)}"))
        self.speeches = {workshop.id: speech(workshop) for workshop in digest.workshops}
        self.spoken = self._spoken_notes()
        self.notes = Record(document, digest, spoken=self.spoken, present=has_record)
        self.said = self._fitting()
        self.sections: dict[Key, str] = {}
        """By workshop, the bookmark of its notes."""

    # --- pages ----------------------------------------------------------------------

    def header(self) -> None:
        fiction = " · notes fictives" if self.event.fictional else ""
        edition = f" · version n°{NBSP}{self.digest.edition.number}" if self.digest.edition else ""
        name = cut(self.event.title, HEADER_TITLE)
        self.document.header(run(f"{name}{edition} · {self.state}{fiction}"))

    def first_page(self) -> None:
        FirstPage(self.document, self.digest, self.speeches, self.notes, self.state).write()

    def page_to_say(self, index: int, workshop: Workshop) -> None:
        self._say(index, workshop, *self.said)

    def _fitting(self) -> tuple[int, int]:
        """Size and length that all pages to say share: the largest with which each is one page.

        With the smallest, a workshop that chose many notes goes on to a second page.
        """
        start = self.document.checkpoint()

        def fits(size: int, most: int) -> bool:
            for index, workshop in enumerate(self.digest.workshops):
                self._say(index, workshop, size, most)
                pages = self.document.pages_since(start, margin=0.04)
                self.document.rewind(start)
                if pages > 1:
                    return False
            return True

        found = ((size, most) for size, most in SAYINGS if fits(size, most))
        return next(found, SAYINGS[-1])

    def common_points(self) -> None:
        if not self.digest.convergences:
            return
        self.document.heading(1, "Points communs aux ateliers", new_page=True)
        self.notes.convergences(self.digest.convergences, "Message clé")

    def contents(self) -> None:
        self.document.contents("Sommaire", new_page=True)

    def record(self) -> None:
        document = self.document
        order = "par thème, puis par rubrique" if self.digest.themes else "par rubrique"
        document.heading(1, RECORD_TITLE)
        document.paragraph(
            "Normal",
            run(
                f"Toutes les notes reçues, dans les mots de chaque atelier, {order}. La référence suit "
                "chaque note."
            ),
        )
        for index, workshop in enumerate(self.digest.workshops):
            title = f"{workshop.title} ({workshop.initials}){NBSP}: notes"
            self.sections[workshop.id] = (document.chapter if index else document.heading)(2, title)
            self._record_of(workshop)
        if self.digest.mergers:
            self._mergers()

    def index(self) -> None:
        """Every reference, a link to its note: no note is reached by turning pages only."""
        self.document.chapter(1, "Index des notes")
        for workshop in self.digest.workshops:
            if workshop.notes:
                self.notes.index(workshop, self.sections[workshop.id])

    def accounts(self) -> None:
        document = self.document
        title = "Ce que contient ce document"
        if self.has_record and self.says_something:
            document.chapter(1, title)
        else:
            document.heading(1, title, new_page=True)  # what is before it is carried to the microphone
        document.paragraph("Normal", run(f"{self.state}."))
        self._edition()
        document.bullets([run(sentence)] for sentence in self._counts())
        document.paragraph(
            "Normal",
            run(
                "Les messages clés sont imprimés avec leur atelier et ne sont pas comptés. "
                "Aucun nom de participant n’est ajouté aux notes."
            ),
        )
        gaps = missing(self.digest)
        if self.digest.workshops:
            document.heading(2, "Ce qui manque encore" if gaps else "Rien ne manque")
            document.bullets([run(typeset(sentence))] for sentence in gaps)
            document.paragraph("Normal", run(self._news()))
        document.heading(2, "Empreinte du document")
        document.paragraph(
            "Normal",
            run(f"Deux tirages qui portent la même empreinte disent la même chose{NBSP}:"),
        )
        document.paragraph("Normal", run(document.fingerprint_text()))

    def _counts(self) -> Iterator[str]:
        """How many notes were received, are printed, were withdrawn: true by count."""
        workshops = self.digest.workshops
        received, withdrawn = sum(w.received for w in workshops), sum(w.withdrawn for w in workshops)
        yield _sentence(received, "Aucune note n’a été reçue", "note a été reçue", "notes ont été reçues")
        if self.has_record:
            yield _sentence(
                sum(len(w.notes) for w in workshops),
                "Aucune note n’est imprimée ici",
                "note est imprimée ici",
                "notes sont imprimées ici",
            )
        else:
            yield (
                f"Ce tirage ne contient que les pages à dire{NNBSP}; le document complet porte toutes les notes."
            )
        yield _sentence(
            withdrawn,
            "Aucune note n’a été retirée",
            "note a été retirée par son atelier et n’est pas imprimée",
            "notes ont été retirées par leur atelier et ne sont pas imprimées",
        )

    def _news(self) -> str:
        """Per workshop, when it was last heard of. That moves with the clock, not with the notes."""
        told = [
            f"{w.title}, {self.document.volatile(typeset(news(w.announcement, self.digest.clock)))}"
            if w.announcement.heard_at
            else f"{w.title}, inconnu"
            for w in self.digest.workshops
        ]
        return f"Dernières nouvelles des ateliers{NBSP}: {f'{NNBSP}; '.join(told)}." if told else ""

    def _edition(self) -> None:
        """Which frozen version this is, and what it corrects."""
        edition = self.digest.edition
        if edition is None:
            return
        words = f"Version figée n°{NBSP}{edition.number}. "
        if edition.number > 1:
            before = f"la version n°{NBSP}{edition.number - 1}"
            words += f"Depuis {before}{NBSP}:" if edition.changes else f"Elle dit la même chose que {before}."
        self.document.paragraph("Normal", run(words.strip()))
        self.document.bullets([run(f"{line}.")] for line in edition.changes)

    # --- pieces of pages --------------------------------------------------------------

    def _say(self, index: int, workshop: Workshop, size: int, most: int) -> None:
        """The page at a type size, each note in `most` characters."""
        document, said = self.document, self.speeches[workshop.id]
        if index == 0:
            document.heading(1, SPOKEN_TITLE, new_page=True)
        document.heading(2, f"À dire{NBSP}: {workshop.title}", new_page=index > 0)
        speaker = workshop.speaker or f"Qui parle{NBSP}: à désigner"
        minutes = counted(workshop.minutes, "minute", "minutes")
        document.paragraph("Subtitle", strong(f"{cut(speaker, 120)} · {minutes}"))
        document.paragraph("Normal", run(excerpt(workshop.question, 240)))
        for wording in workshop.message.wordings if workshop.message else ():
            document.paragraph("Message clé", run(wording.text))
        if said.chosen:
            number = document.numbered()
            for note in said.chosen:
                self._say_note(note, f"À dire {size}", number, most)
        else:
            self._say_weights(said, f"À dire {size}", most)
        document.paragraph("À dire ensuite", run(f"Ensuite{NBSP}: {self._next(index)}"))

    def _say_weights(self, said: Speech, style: str, most: int) -> None:
        document = self.document
        if not said.weights:
            document.paragraph("Normal", run("L’atelier n’a encore rien noté."))
            return
        document.paragraph(
            "Normal", run(f"L’atelier n’a pas encore choisi{NNBSP}; voici de quoi il a parlé, et combien.")
        )
        number = document.numbered()
        for weight in said.weights[:MOST_WEIGHTS]:
            document.paragraph(style, *weighed(self.notes, weight, min(most, SENTENCE)), number=number)
        left = said.weights[MOST_WEIGHTS:]
        if left:
            others = counted(sum(weight.count for weight in left), "note", "notes")
            document.paragraph(
                "Normal", run(f"Et {others} sur {counted(len(left), 'autre point', 'autres points')}.")
            )

    def _say_note(self, note: Note, style: str, number: int, most: int) -> None:
        """A note to say, in its first sentences; the record has the rest, one link away."""
        for index, wording in enumerate(note.wordings):
            told = excerpt(wording.text, most)
            pieces: list[Inline] = []
            if told_as(note) and index == 0:
                pieces.append(strong(f"{told_as(note)}{NBSP}: "))
            pieces.append(run(told or "Une adresse du Web"))
            if note.in_conflict:
                pieces.append(run(f" (rédaction {index + 1} sur {len(note.wordings)})"))
            if note.reference:
                more = "" if is_whole(wording.text, told) else f"·{NBSP}suite{NBSP}:{NBSP}"
                pieces += [run(f"{NBSP}{more}"), self.notes.reference(note)]
            bookmarks = (say_bookmark(note),) if index == 0 and note.reference else ()
            self.document.paragraph(
                style, *pieces, bookmarks=bookmarks, number=number if index == 0 else None
            )

    def _next(self, index: int) -> str:
        if index + 1 < len(self.digest.workshops):
            after = self.digest.workshops[index + 1]
            who = f"{after.speaker}, " if after.speaker else ""
            return f"{after.title} ({who}{counted(after.minutes, 'minute', 'minutes')})."
        return "points communs aux ateliers." if self.digest.convergences else "fin de la restitution."

    def _record_of(self, workshop: Workshop) -> None:
        self.document.paragraph("Normal", run(workshop.question))
        self.notes.of(workshop)

    def _mergers(self) -> None:
        self.document.chapter(2, "Recommandations de synthèse")
        self.notes.mergers(self.digest.mergers)

    def _spoken_notes(self) -> set[str]:
        """Those that somebody chose: what fills in on a page to say is not called « à dire »."""
        return {note.id for workshop in self.digest.workshops for note in workshop.highlights}


def _sentence(number: int, none: str, one: str, many: str) -> str:
    """A count in plain words; none, one and many differ in more than an s."""
    return f"{none}." if number == 0 else f"{number}{NBSP}{one if number == 1 else many}."
