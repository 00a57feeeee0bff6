"""Page one: what is said of the whole day, on one page whatever was noted."""

from dataclasses import dataclass
from datetime import time

from exports.digest import Digest, Key, Note, Workshop, french_date
from exports.documents.record import Record, printed_reference, say_bookmark
from exports.documents.speech import Speech, Weight, lacking, start_times
from exports.excerpt import cut, excerpt, first_sentence
from exports.ooxml.runs import Inline, link, run, strong
from exports.ooxml.word import Document
from exports.text import NBSP, counted

MOST_ON_ONE = 8
"""Workshops that page one holds whatever they say; more of them take two pages."""
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


class FirstPage:
    """Writes the page as large as it fits, and as much of it."""

    def __init__(
        self, document: Document, digest: Digest, speeches: dict[Key, Speech], notes: Record, state: str
    ) -> None:
        self.document = document
        self.digest = digest
        self.event = digest.event
        self.speeches = speeches
        self.notes = notes
        self.state = state
        self.start = document.checkpoint()
        lacks = lacking(digest)
        self.foot = f"{lacks or 'Tous les ateliers sont prêts.'} {self._gathered()}"
        self.times = {w.id: at for w, at in zip(digest.workshops, start_times(digest), strict=True)}

    def write(self) -> None:
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
        self._page(frame, shares)
        most = 1 if len(self.digest.workshops) <= MOST_ON_ONE else 2
        return self.document.pages_since(self.start, margin=0.07) <= most

    def _points(self, workshop: Workshop) -> tuple[Note, ...] | tuple[Weight, ...]:
        said = self.speeches[workshop.id]
        return said.chosen or said.weights

    def _page(self, frame: Frame, shares: dict[str, int]) -> None:
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
            document.paragraph("Normal", strong(f"Essai{NBSP}: les notes de ce document sont fictives."))
        if not self.digest.workshops:
            document.paragraph("Normal", run("Cette journée n’a pas encore d’atelier."))
            return
        if frame.table:
            self._running_order(frame)
        document.heading(1, "L’essentiel")
        for workshop in self.digest.workshops:
            self._in_short(workshop, frame, shares[workshop.id])
        document.paragraph("Essentiel pied", run(self.foot))

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
                _hour(self.times[workshop.id]),
                cut(workshop.title, frame.cell),
                cut(workshop.speaker or "à désigner", frame.cell),
                f"{workshop.minutes}{NBSP}min",
            )
            for workshop in self.digest.workshops
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
                document.paragraph(bullet, *weighed(self.notes, point, frame.sentence))
            else:
                words = first_sentence(point.text, frame.sentence) or "Une adresse du Web"
                document.paragraph(
                    bullet, run(f"{words}{NBSP}"), link(say_bookmark(point), printed_reference(point))
                )
        if not points:
            document.paragraph(bullet, run("Aucune note reçue."))

    def _named(self, workshop: Workshop, frame: Frame, share: int) -> list[Inline]:
        """The workshop, who speaks, what is left out; its hour where no table says it."""
        hour = "" if frame.table else f"{_hour(self.times[workshop.id])} · "
        told = [cut(workshop.speaker or f"qui parle{NBSP}: à désigner", frame.cell)]
        chosen = len(self.speeches[workshop.id].chosen)
        if share < chosen:
            choice = counted(chosen, "note choisie", "notes choisies")
            told.append(f"{share} des {choice}" if share else choice)
        return [strong(f"{hour}{cut(workshop.title, frame.cell)}"), run(f" · {' · '.join(told)}")]


def weighed(notes: Record, weight: Weight, most: int) -> list[Inline]:
    """« Lieux, 6 notes : Ouvrir le soir. ÉME-3 »"""
    count = counted(weight.count, "note", "notes")
    pieces = [strong(f"{cut(weight.label, 60)}, {count}")]
    if weight.sentence and most > SHORTEST:
        pieces += [
            run(f"{NBSP}: {excerpt(weight.sentence, most)}{NBSP}"),
            notes.reference(weight.note),
        ]
    return pieces


def _hour(at: time) -> str:
    return f"{at.hour}{NBSP}h{NBSP}{at.minute:02}"
