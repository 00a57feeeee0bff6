"""The notes of a workshop, as a document prints them: by theme where there are themes, links both ways."""

import math
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache

from exports.digest import Convergence, Digest, Key, Merger, Note, Rubric, Workshop, merger_reference
from exports.documents.speech import WITHOUT_THEME
from exports.ooxml.runs import Inline, link, plain_link, run
from exports.ooxml.word import Document
from exports.text import NBSP, counted


class Record:
    """Writes notes into a document, each with its bookmark and links to what rests on it."""

    def __init__(
        self, document: Document, digest: Digest, *, spoken: Collection[str], present: bool = True
    ) -> None:
        """`spoken`: ids of notes that have a page to say; `present`: whether the record is printed."""
        self.document = document
        self.spoken = spoken
        self.present = present
        self._themes = digest.themes
        self._syntheses = {item.id: f"s_{number}" for number, item in enumerate(digest.mergers, 1)}
        self._notes = {note.id: note for workshop in digest.workshops for note in workshop.notes}
        self._cited: dict[str, list[tuple[str, str]]] = {}
        """By note, what rests on it: a bookmark, and the words of the link that leads there."""
        cites: tuple[tuple[str, str, tuple[Convergence | Merger, ...]], ...] = (
            ("p", "point commun", digest.convergences),
            ("s", "synthèse", digest.mergers),
        )
        for letter, words, citing in cites:
            for number, item in enumerate(citing, 1):
                for key in item.notes:
                    self._cited.setdefault(key, []).append((f"{letter}_{number}", f"{words} {number}"))

    def of(self, workshop: Workshop) -> None:
        """All notes of a workshop, under headings of level 3 and 4.

        They are read out of context too: the initials of the references tell them apart.
        """
        document, initials = self.document, workshop.initials
        if not workshop.notes:
            document.paragraph("Normal", run("Aucune note reçue de cet atelier."))
        rubrics = list(workshop.rubrics)
        if workshop.unsorted:
            rubrics.append(Rubric(name=_UNSORTED, nature=None, label="À classer", notes=workshop.unsorted))
        for theme, groups in self._by_theme(rubrics):
            if theme is not None:
                count = counted(sum(map(len, groups.values())), "note", "notes")
                only = f", {_within_a_sentence(next(iter(groups)))}" if len(groups) == 1 else ""
                document.heading(3, f"{theme or WITHOUT_THEME} ({count}) · {initials}{only}")
            for label, notes in groups.items():
                if theme is None:
                    document.heading(3, f"{label} · {initials}")
                elif len(groups) > 1:
                    document.heading(4, f"{label} · {initials}, {theme or WITHOUT_THEME.lower()}")
                for note in notes:
                    self._note(note)

    def convergences(self, items: tuple[Convergence, ...], style: str) -> None:
        for number, item in enumerate(items, 1):
            pieces = [run(item.text), *self._resting_on(item.notes)]
            self.document.paragraph(style, *pieces, bookmarks=(f"p_{number}",))

    def mergers(self, items: tuple[Merger, ...]) -> None:
        for number, item in enumerate(items, 1):
            pieces = [run(item.text), *self._resting_on(item.notes)]
            if item.id in self.spoken:
                pieces += [run(" · "), link(_say(merger_reference(number)), f"à{NBSP}dire")]
            self.document.paragraph("List Bullet", *pieces, bookmarks=(f"s_{number}",))

    def reference(self, note: Note) -> Inline:
        """A visible reference: a link to the note in the record where there is one."""
        text = printed_reference(note)
        there = self._syntheses.get(note.id) or record_bookmark(note)
        return link(there, text) if self.present else run(text, "Reference")

    def index(self, workshop: Workshop, section: str) -> None:
        """Links: the workshop, to its section of the record; every reference by number, to its note."""
        references = sorted((note.reference or "" for note in workshop.notes), key=_number)
        name = plain_link(section, f"{workshop.title}{NBSP}: ")
        self.document.paragraph("Index des notes", name, *map(indexed, references))

    def _note(self, note: Note) -> None:
        bookmark, reference = _recorded(note.reference or note.id, bool(note.reference), note.in_conflict)
        tail = [reference]
        if note.id in self.spoken:
            tail += [run(" · "), link(say_bookmark(note), f"à{NBSP}dire")]
        if note.late:
            tail.append(run(" · après la restitution"))
        for bookmark_there, words in self._cited.get(note.id, ()):
            tail += [run(" · "), link(bookmark_there, words)]
        self.document.note([wording.text for wording in note.wordings], tail, bookmark=bookmark)

    def _by_theme(self, rubrics: Sequence[Rubric]) -> list[tuple[str | None, dict[str, list[Note]]]]:
        """By theme in their order, "" last for notes in none: the notes by their rubric's label.

        Where no note has a theme, one pair whose theme is None.
        """
        found: dict[str, dict[str, list[Note]]] = {}
        for rubric in rubrics:
            for note in rubric.notes:
                found.setdefault(note.theme or "", {}).setdefault(rubric.label, []).append(note)
        if not any(found):
            return [(None, groups) for groups in found.values()]
        order = {theme: place for place, theme in enumerate(self._themes)}
        last = len(order)
        return sorted(found.items(), key=lambda item: order.get(item[0], last) if item[0] else math.inf)

    def _resting_on(self, keys: tuple[Key, ...]) -> list[Inline]:
        """« (d’après ÉME‑1, NUM‑4) », each a link to its note in the record."""
        pieces: list[Inline] = []
        for index, note in enumerate(self._notes[key] for key in keys if key in self._notes):
            pieces += [run(" (d’après " if index == 0 else ", "), self.reference(note)]
        return [*pieces, run(")")] if pieces else []


@lru_cache(maxsize=20_000)
def _recorded(key: str, has_reference: bool, in_conflict: bool) -> tuple[str, Inline]:
    """The bookmark of a note in the record, and what follows its sentence: its reference."""
    before = run(" (deux rédactions, à départager)" if in_conflict else "")
    after = run(f" {hyphenated(key) if has_reference else ''}", "Reference")
    tail = Inline(before.xml + after.xml, before.text + after.text) if in_conflict else after
    return f"r_{plain_reference(key)}"[:40], tail


def _within_a_sentence(label: str) -> str:
    """« Recommandations » loses its capital after a colon, « QPV » keeps it."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


@lru_cache(maxsize=20_000)
def indexed(reference: str) -> Inline:
    """A link as its paragraph's style draws it: with a run style each, the index was 40 % of the body."""
    return plain_link(f"r_{plain_reference(reference)}"[:40], f"{hyphenated(reference)}  ")


def _number(reference: str) -> int:
    digits = reference.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0


_UNSORTED = Key("a-classer")


def printed_reference(note: Note) -> str:
    """« ÉME‑12 » with a non-breaking hyphen."""
    return hyphenated(note.reference or "")


def hyphenated(reference: str) -> str:
    return reference.replace("-", "\u2011")


@lru_cache(maxsize=20_000)
def plain_reference(reference: str) -> str:
    folded = unicodedata.normalize("NFKD", reference)
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in folded if not unicodedata.combining(c))


def record_bookmark(note: Note) -> str:
    """`r_EME_12`: Word's bookmarks hold letters, digits and underscores, 40 at most."""
    return f"r_{plain_reference(note.reference or note.id)}"[:40]


def say_bookmark(note: Note) -> str:
    return _say(note.reference or note.id)


def _say(reference: str) -> str:
    return f"d_{plain_reference(reference)}"[:40]
