"""The restitution document of 16 h 30: the pages to say first, the record after."""

from collections.abc import Iterator

from exports.digest import Digest, Note, Workshop, french_date, typeset_digest
from exports.documents.record import Record, printed_reference, say_bookmark
from exports.documents.speech import Speech, missing, news, speech, start_times
from exports.ooxml.pagination import PageMap
from exports.ooxml.stationery import Stationery, built_in
from exports.ooxml.stationery.styles import SAY_SIZES
from exports.ooxml.word import Compiled, Document, Inline, link, run, strong
from exports.text import NBSP, NNBSP, counted, shortened, typeset

RECORD_TITLE = "Notes de l’après-midi, non relues"
SPOKEN_TITLE = "À dire en plénière"
ESSENTIALS_WORDS = 10
STORY_WORDS = 25


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
        title=f"Restitution{NBSP}: {event.title}",
        author=event.organiser or "Ateliers",
        subject=f"{event.place or ''} {french_date(event.date)}".strip(),
        edition=f"Version figée n° {digest.edition.number}" if digest.edition else "Non figée",
    )
    restitution = _Restitution(document, digest, record)
    restitution.header()
    restitution.first_page()
    for index, workshop in enumerate(digest.workshops):
        restitution.page_to_say(index, workshop)
    restitution.common_points()
    if record:
        restitution.contents()
        restitution.record()
    restitution.accounts()
    return document.finish(taken_at=digest.taken_at, pages=pages)


class _Restitution:
    def __init__(self, document: Document, digest: Digest, has_record: bool) -> None:
        self.document = document
        self.digest = digest
        self.event = digest.event
        self.has_record = has_record
        self.state = document.volatile(typeset(f"État {digest.clock(digest.taken_at)}"))
        self.speeches = {workshop.id: speech(workshop) for workshop in digest.workshops}
        self.spoken = self._spoken_notes()
        self.notes = Record(document, digest, spoken=self.spoken, present=has_record)

    # --- pages ----------------------------------------------------------------------

    def header(self) -> None:
        fiction = " · notes fictives" if self.event.fictional else ""
        edition = f" · version n°{NBSP}{self.digest.edition.number}" if self.digest.edition else ""
        self.document.header(run(f"{shortened(self.event.title, 7)}{edition} · {self.state}{fiction}"))

    def first_page(self) -> None:
        document, event = self.document, self.event
        document.title(f"Restitution{NBSP}: {event.title}")
        where = " · ".join(part for part in (french_date(event.date), event.place, event.organiser) if part)
        document.paragraph("Subtitle", run(where))
        if event.fictional:
            document.paragraph(
                "Normal", strong(f"Démonstration{NBSP}: les notes de ce document sont fictives.")
            )
        document.paragraph("Normal", strong(self.state), run(f". {self._readiness()}"))
        if self.digest.workshops:
            document.paragraph("Normal", run(self._news()))
        gaps = missing(self.digest)
        if gaps:
            document.bullets(([run(typeset(sentence))] for sentence in gaps), style="Essentiel puce")
        document.heading(1, "L’essentiel")
        if not self.digest.workshops:
            document.paragraph("Normal", run("Cette journée n’a pas encore d’atelier."))
            return
        self._running_order()
        for workshop in self.digest.workshops:
            self._in_short(workshop)

    def page_to_say(self, index: int, workshop: Workshop) -> None:
        """One page: the type steps down until what is to be said fits."""
        start = self.document.checkpoint()

        def fits(size: int, limit: int | None = None, story_words: int | None = None) -> bool:
            self.document.rewind(start)
            self._say(index, workshop, size, limit=limit, story_words=story_words)
            return self.document.pages_since(start, margin=0.04) == 1

        if any(fits(size) for size in SAY_SIZES):
            return
        # then what nobody chose gives way: the stories, and the recommendations without a choice
        said, smallest = self.speeches[workshop.id], SAY_SIZES[-1]
        if fits(smallest, story_words=STORY_WORDS) or fits(smallest, story_words=0) or said.chosen:
            return
        low, high = 1, len(said.points)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if fits(smallest, middle, 0) else (low, middle)
        fits(smallest, low, 0)

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

    def _readiness(self) -> str:
        total = len(self.digest.workshops)
        ready = sum(w.ready_at is not None for w in self.digest.workshops)
        if ready == total and total:
            return "Tous les ateliers sont prêts."
        return f"{counted(ready, 'atelier prêt', 'ateliers prêts')} sur {total}."

    def _news(self) -> str:
        """Per workshop, when it was last heard of. That moves with the clock, not with the notes."""
        told = [
            f"{w.title}, {self.document.volatile(typeset(news(w.announcement, self.digest.clock)))}"
            if w.announcement.heard_at
            else f"{w.title}, inconnu"
            for w in self.digest.workshops
        ]
        return f"Dernières nouvelles des ateliers{NBSP}: {f'{NNBSP}; '.join(told)}."

    def _running_order(self) -> None:
        rows = []
        for workshop, at in zip(self.digest.workshops, start_times(self.digest), strict=True):
            people = workshop.participants
            rows.append(
                (
                    f"{at.hour}{NBSP}h{NBSP}{at.minute:02}",
                    workshop.title,
                    workshop.speaker or "à désigner",
                    f"{workshop.minutes}{NBSP}min",
                    str(people) if people is not None else "non compté",
                )
            )
        self.document.table(
            "ordre de passage",
            ("Heure", "Atelier", "Qui parle", "Durée", "Participants"),
            rows,
            (0.12, 0.25, 0.36, 0.1, 0.17),
        )

    def _in_short(self, workshop: Workshop) -> None:
        document = self.document
        message = workshop.message.text if workshop.message else "pas encore de message clé."
        document.paragraph("Essentiel", strong(f"{workshop.title}{NBSP}: "), run(message))
        document.bullets(
            (
                (run(f"{shortened(note.text, ESSENTIALS_WORDS)} "), self._spoken_reference(note))
                for note in workshop.highlights
            ),
            style="Essentiel puce",
        )

    def _spoken_reference(self, note: Note) -> Inline:
        """A visible reference that leads to the page to say."""
        return link(say_bookmark(note), printed_reference(note))

    def _say(
        self,
        index: int,
        workshop: Workshop,
        size: int,
        *,
        limit: int | None = None,
        story_words: int | None = None,
    ) -> None:
        """The page at a type size; `limit` and `story_words` shorten what nobody chose."""
        document, said = self.document, self.speeches[workshop.id]
        if index == 0:
            document.heading(1, SPOKEN_TITLE, new_page=True)
        document.heading(2, f"À dire{NBSP}: {workshop.title}", new_page=index > 0)
        speaker = workshop.speaker or f"Qui parle{NBSP}: à désigner"
        document.paragraph(
            "Subtitle", strong(f"{speaker} · {counted(workshop.minutes, 'minute', 'minutes')}")
        )
        document.paragraph("Normal", run(shortened(workshop.question, 40)))
        tight = "Message clé" if size > 14 else "Message clé serré"
        for wording in workshop.message.wordings if workshop.message else ():
            document.paragraph(tight, run(wording.text))
        self._say_points(workshop, said, size, limit)
        story = "À dire récit" if size > 14 else "À dire récit serré"
        for one in said.stories:
            told = tuple(note for note in one.notes if note.rank or story_words != 0)
            if told:
                document.heading(3, f"{workshop.title}{NBSP}: {one.heading}")
                for note in told:
                    words = None if note.rank else story_words
                    self._say_note(note, story, number=None, words=words)
        document.paragraph("Normal", strong(f"Ensuite{NBSP}: "), run(self._next(index)))

    def _say_points(self, workshop: Workshop, said: Speech, size: int, limit: int | None) -> None:
        document = self.document
        points = said.points if limit is None else said.points[:limit]
        if not said.chosen:
            if not points:
                document.paragraph("Normal", run("L’atelier n’a encore rien noté à dire."))
                return
            document.heading(3, f"{workshop.title}{NBSP}: pas encore de choix")
            document.paragraph(
                "Normal", run(f"L’atelier n’a pas encore choisi{NNBSP}; voici ce qu’il a noté.")
            )
        elif points:
            document.heading(3, f"{workshop.title}{NBSP}: à retenir")
        number = document.numbered() if points else None
        for note in points:
            self._say_note(note, f"À dire {size}", number=number)
        left = len(said.points) - len(points)
        if left:
            where = "plus loin" if self.has_record else "dans le document complet"
            more = counted(left, "autre note", "autres notes")
            document.paragraph("Normal", run(f"Et {more} de cet atelier, {where}."))

    def _say_note(self, note: Note, style: str, *, number: int | None, words: int | None = None) -> None:
        """A note to say: its own lines kept, its reference last; cut after `words` words."""
        for index, wording in enumerate(note.wordings):
            text = shortened(wording.text, words) if words else wording.text
            pieces: list[Inline] = [run(text)]
            if note.in_conflict:
                pieces.append(run(f" (rédaction {index + 1} sur {len(note.wordings)})"))
            if note.reference:
                pieces += [run(" "), self.notes.reference(note)]
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


def _sentence(number: int, none: str, one: str, many: str) -> str:
    """A count in plain words; none, one and many differ in more than an s."""
    return f"{none}." if number == 0 else f"{number}{NBSP}{one if number == 1 else many}."
