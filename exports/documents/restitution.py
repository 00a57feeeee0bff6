"""The restitution document of 16 h 30: the pages to say first, the record after."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from exports.digest import Digest, Note, Workshop, french_date, typeset_digest
from exports.documents.record import Record, printed_reference, say_bookmark
from exports.documents.speech import (
    SENTENCE,
    Speech,
    Weight,
    lacking,
    missing,
    news,
    speech,
    start_times,
    told_as,
)
from exports.excerpt import cut, excerpt, first_sentence, is_whole
from exports.ooxml.pagination import PageMap
from exports.ooxml.stationery import Stationery, built_in
from exports.ooxml.word import Compiled, Document, Inline, link, run, strong
from exports.text import NBSP, NNBSP, counted, typeset

RECORD_TITLE = "Notes de l’après-midi, non relues"
SPOKEN_TITLE = "À dire en plénière"
HEADER_TITLE = 60
"""Characters of the day's title at the top of each page."""
MOST_ON_ONE = 8
"""Workshops that page one holds whatever they say; more of them take two pages."""
MOST_WEIGHTS = 8
SHORTEST = 60
"""A sentence in fewer characters than this says too little: the theme stands alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """How large page one speaks, and how many characters its pieces may have."""

    message: int
    """Points of the key messages."""
    bullet: int
    sentence: int = 240
    told: int = 160
    """Of a key message."""
    title: int = 200
    cell: int = 120
    table: bool = True
    """Whether the running order is a table; else each workshop's own line says when, and who."""


WHOLE = tuple(
    Frame(message=message, bullet=bullet, table=table)
    for table in (True, False)
    for message, bullet in ((18, 14), (18, 13), (16, 13), (16, 12))
)
"""Tried first: everything that was chosen, in whole sentences."""
CROWDED = (
    Frame(message=16, bullet=12, sentence=170, cell=80, table=False),
    Frame(message=14, bullet=12, sentence=170, cell=80),
    Frame(message=14, bullet=12, sentence=110, cell=60, title=120),
    Frame(message=14, bullet=12, sentence=110, cell=60, title=120, table=False),
    Frame(message=14, bullet=12, sentence=90, cell=40, title=90, table=False),
    Frame(message=14, bullet=12, sentence=90, told=100, cell=30, title=60, table=False),
    Frame(message=14, bullet=12, sentence=80, told=70, cell=24, title=50, table=False),
)
"""Then the key messages, and as many notes of each workshop as there is room for, dealt out in turn. The last
frame always fits."""
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
        self.start = document.checkpoint()
        self.said = self._fitting()

    # --- pages ----------------------------------------------------------------------

    def header(self) -> None:
        fiction = " · notes fictives" if self.event.fictional else ""
        edition = f" · version n°{NBSP}{self.digest.edition.number}" if self.digest.edition else ""
        name = cut(self.event.title, HEADER_TITLE)
        self.document.header(run(f"{name}{edition} · {self.state}{fiction}"))

    def first_page(self) -> None:
        """One page, whatever was noted; two where there are more than eight workshops."""
        everything: dict[str, int] = {w.id: len(self._points(w)) for w in self.digest.workshops}
        for frame in WHOLE:
            if self._fits(frame, everything):
                return
        best: tuple[Frame, dict[str, int]] = (CROWDED[-1], {})
        for frame in CROWDED:
            if best[1] and frame.told < best[0].told:
                break  # a whole message says more than a few more notes
            shares = self._filled(frame, everything)
            if sum(shares.values()) > sum(best[1].values()) or (shares and not best[1]):
                best = (frame, shares)
            if shares and all(shares[key] or not most for key, most in everything.items()):
                break
        frame, shares = best
        self._fits(frame, shares or dict.fromkeys(everything, 0))

    def _filled(self, frame: Frame, everything: dict[str, int]) -> dict[str, int]:
        """By workshop, how many points fit; empty where not even the messages do."""
        shares = dict.fromkeys(everything, 0)
        if not self._fits(frame, shares):
            return {}
        open_to_more = [key for key, most in everything.items() if most]
        while open_to_more:
            for key in tuple(open_to_more):
                more = {**shares, key: shares[key] + 1}
                if self._fits(frame, more):
                    shares = more
                if shares is not more or shares[key] == everything[key]:
                    open_to_more.remove(key)
        return shares

    def _fits(self, frame: Frame, shares: dict[str, int]) -> bool:
        """Write page one so, and say whether it is one page."""
        self.document.rewind(self.start)
        self._first_page(frame, shares)
        most = 1 if len(self.digest.workshops) <= MOST_ON_ONE else 2
        return self.document.pages_since(self.start, margin=0.07) <= most

    def _points(self, workshop: Workshop) -> tuple[Note, ...] | tuple[Weight, ...]:
        said = self.speeches[workshop.id]
        return said.chosen or said.weights

    def _first_page(self, frame: Frame, shares: dict[str, int]) -> None:
        document, event = self.document, self.event
        document.title(cut(event.title, frame.title))
        parts = [
            "Restitution des ateliers",
            french_date(event.date),
            event.place or "",
            event.organiser or "",
        ]
        while len(" · ".join(parts)) > frame.title:
            parts.pop()
        document.paragraph("Subtitle", run(" · ".join(part for part in parts if part)))
        if event.fictional:
            document.paragraph(
                "Normal", strong(f"Démonstration{NBSP}: les notes de ce document sont fictives.")
            )
        if not self.digest.workshops:
            document.paragraph("Normal", run("Cette journée n’a pas encore d’atelier."))
            return
        if frame.table:
            self._running_order(frame)
        document.heading(1, "L’essentiel")
        for workshop in self.digest.workshops:
            self._in_short(workshop, frame, shares[workshop.id])
        lacks = lacking(self.digest)
        document.paragraph(
            "Essentiel pied", run(f"{lacks or 'Tous les ateliers sont prêts.'} {self._gathered()}")
        )

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
        document.heading(1, RECORD_TITLE)
        document.paragraph(
            "Normal",
            run(
                "Toutes les notes reçues, dans les mots de chaque atelier, par rubrique puis par "
                "thème. La référence suit chaque note."
            ),
        )
        for index, workshop in enumerate(self.digest.workshops):
            document.heading(2, f"{workshop.title}{NBSP}: notes", new_page=index > 0)
            self._record_of(workshop)
        if self.digest.mergers:
            self._mergers()

    def index(self) -> None:
        """Every reference, a link to its note: no note is reached by turning pages only."""
        document = self.document
        document.heading(1, "Index des notes", new_page=True)
        for workshop in self.digest.workshops:
            if workshop.notes:
                name = strong(f"{workshop.title}{NBSP}:")
                document.paragraph("Normal", name, *self.notes.index(workshop))

    def accounts(self) -> None:
        document = self.document
        document.heading(1, "Ce que contient ce document", new_page=True)
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

    def _gathered(self) -> str:
        """How much was noted, by how many people, as of which moment: a quiet line."""
        workshops = self.digest.workshops
        people = [w.participants for w in workshops if w.participants is not None]
        told = [counted(sum(len(w.notes) for w in workshops), "note", "notes")]
        if people:
            told.append(counted(sum(people), "participant", "participants"))
        return f"{', '.join(told)}. {self.state}."

    def _running_order(self, frame: Frame) -> None:
        rows = [
            (
                _hour(at),
                cut(workshop.title, frame.cell),
                cut(workshop.speaker or "à désigner", frame.cell),
                f"{workshop.minutes}{NBSP}min",
            )
            for workshop, at in zip(self.digest.workshops, start_times(self.digest), strict=True)
        ]
        self.document.table(
            "ordre de passage", ("Heure", "Atelier", "Qui parle", "Durée"), rows, (0.14, 0.34, 0.4, 0.12)
        )

    def _in_short(self, workshop: Workshop, frame: Frame, share: int) -> None:
        """The workshop's name small, its message large, then what it chose in whole sentences."""
        document, points = self.document, self._points(workshop)
        document.paragraph("Essentiel", *self._named(workshop, frame, share))
        message = workshop.message.text if workshop.message else ""
        if message.strip():
            document.paragraph(f"Essentiel message {frame.message}", run(excerpt(message, frame.told)))
        bullet = f"Essentiel puce {frame.bullet}"
        for point in points[:share]:
            if isinstance(point, Weight):
                document.paragraph(bullet, *self._weighed(point, frame.sentence))
            else:
                words = first_sentence(point.text, frame.sentence) or "Une adresse du Web"
                document.paragraph(bullet, run(f"{words}{NBSP}"), self._spoken_reference(point))
        if not points:
            document.paragraph(bullet, run("Aucune note reçue."))

    def _named(self, workshop: Workshop, frame: Frame, share: int) -> list[Inline]:
        """The workshop, who speaks, what is left out; its hour where no table says it."""
        at = start_times(self.digest)[self.digest.workshops.index(workshop)]
        hour = "" if frame.table else f"{_hour(at)} · "
        told = [cut(workshop.speaker or f"qui parle{NBSP}: à désigner", frame.cell)]
        chosen = len(self.speeches[workshop.id].chosen)
        if share < chosen:
            choice = counted(chosen, "note choisie", "notes choisies")
            told.append(f"{share} des {choice}" if share else choice)
        return [strong(f"{hour}{cut(workshop.title, frame.cell)}"), run(f" · {' · '.join(told)}")]

    def _weighed(self, weight: Weight, most: int) -> list[Inline]:
        """« Lieux, 6 notes : Ouvrir le soir. ÉME-3 »"""
        count = counted(weight.count, "note", "notes")
        pieces = [strong(f"{cut(weight.label, 60)}, {count}")]
        if weight.sentence and most > SHORTEST:
            pieces += [
                run(f"{NBSP}: {excerpt(weight.sentence, most)}{NBSP}"),
                self.notes.reference(weight.note),
            ]
        return pieces

    def _spoken_reference(self, note: Note) -> Inline:
        """A visible reference that leads to the page to say."""
        return link(say_bookmark(note), printed_reference(note))

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
            document.paragraph(style, *self._weighed(weight, min(most, SENTENCE)), number=number)
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
                more = "" if is_whole(wording.text, told) else f"· suite{NBSP}:{NBSP}"
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
        self.document.heading(2, "Recommandations de synthèse", new_page=True)
        self.notes.mergers(self.digest.mergers)

    def _spoken_notes(self) -> set[str]:
        """Those that somebody chose: what fills in on a page to say is not called « à dire »."""
        return {note.id for workshop in self.digest.workshops for note in workshop.highlights}


def _hour(at: time) -> str:
    return f"{at.hour}{NBSP}h{NBSP}{at.minute:02}"


def _sentence(number: int, none: str, one: str, many: str) -> str:
    """A count in plain words; none, one and many differ in more than an s."""
    return f"{none}." if number == 0 else f"{number}{NBSP}{one if number == 1 else many}."
