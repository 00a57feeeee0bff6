"""What the report says and in which order: one arrangement of a digest, for every form that it takes.

Word file, page and data are made from the same `Content`. Every note received is counted once:
taken up in a chapter, in the annex only, or withdrawn by its workshop.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from exports.digest import NATURES, Convergence, Digest, Note, Rubric, Workshop, typeset_digest
from exports.documents.record import plain_reference
from exports.excerpt import excerpt
from exports.formatted import Block, Paragraph, Picture, Span, parse, plain, typeset_blocks
from exports.report import Answer, Chapter, Edited, Report
from exports.report import Picture as ShownPicture
from exports.text import typeset

TAKEN_UP = frozenset({"recommandation", "condition", "debat", "verbatim"})
"""Natures that stand in the chapter unless an editor puts a note into the annex."""
RECOMMENDED = frozenset({"recommandation", "condition"})
"""Natures that are numbered, and that somebody may answer."""
SHORT = 160
"""Characters of a recommendation in the list of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A chapter's text, parsed and typeset; `versions` has two while a conflict is not settled."""

    chapter: Chapter
    versions: tuple[tuple[Block, ...], ...] = ()

    @property
    def written(self) -> bool:
        return bool(self.versions)

    @property
    def anchor(self) -> str:
        return self.chapter.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A note or a merger as the report prints it."""

    id: str
    nature: str
    text: str
    """In the words of the report."""
    said: tuple[str, ...]
    """In the words of the workshop; the wordings of a conflict."""
    reference: str
    """As stored: `ÉME-12`; of a merger `S-1`."""
    workshop: Workshop | None
    """None for a merger."""
    number: int | None = None
    """Among the recommendations of the report, from 1."""
    reworded: bool = False
    reviewed: bool = False
    kept: bool = False
    sources: tuple[Note, ...] = ()
    """What a merger stands for."""
    mergers: tuple[str, ...] = ()
    """References of the mergers that stand for this note."""
    answers: tuple[Answer, ...] = ()
    theme: str | None = None
    signature: str | None = None

    @property
    def anchor(self) -> str:
        """The same for the life of the report: it follows from the reference."""
        return plain_reference(self.reference).lower().replace("_", "-")

    @property
    def origin(self) -> str:
        """Whose it is, in a list of all."""
        return self.workshop.title if self.workshop else "Synthèse des ateliers"

    @property
    def printed_reference(self) -> str:
        return self.reference.replace("-", "\u2011")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What a chapter takes up of one rubric."""

    label: str
    nature: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopChapter:
    workshop: Workshop
    passage: Passage
    groups: tuple[Group, ...]
    annex: tuple[Entry, ...]
    """Every note of the workshop that is not withdrawn, by number."""

    @property
    def taken_up(self) -> int:
        return sum(1 for entry in self.annex if entry.kept or entry.mergers)

    @property
    def anchor(self) -> str:
        return self.passage.anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeFigures:
    name: str
    entries: tuple[Entry, ...]
    workshops: tuple[Workshop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    received: int
    taken_up: int
    annexed: int
    withdrawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    digest: Digest
    """Typeset."""
    report: Report
    introduction: Passage
    sequences: tuple[Passage, ...]
    workshops: tuple[WorkshopChapter, ...]
    crossing: Passage
    convergences: tuple[tuple[Convergence, tuple[Note, ...]], ...]
    mergers: tuple[Entry, ...]
    themes: tuple[ThemeFigures, ...]
    conclusion: Passage
    method: Passage
    abbreviations: Passage
    acronyms: tuple[str, ...]
    """Found in what is printed, and not explained in that chapter."""
    counts: Counts

    @property
    def frozen(self) -> bool:
        return self.report.edition is not None

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Every chapter, in the order of the report."""
        of_workshops = tuple(one.passage for one in self.workshops)
        ends = (self.crossing, self.conclusion, self.method, self.abbreviations)
        return (self.introduction, *self.sequences, *of_workshops, *ends)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every note that is not withdrawn, and every merger."""
        return tuple(entry for one in self.workshops for entry in one.annex) + self.mergers

    @property
    def recommendations(self) -> tuple[Entry, ...]:
        """Those that bear a number, in order."""
        return tuple(sorted((e for e in self.entries if e.number), key=lambda e: e.number or 0))

    @property
    def pictures(self) -> dict[str, ShownPicture]:
        """By key."""
        return {one.key: one for one in self.report.pictures}

    @property
    def references(self) -> dict[str, Entry]:
        return {entry.reference: entry for entry in self.entries}


def content_of(digest: Digest) -> Content:
    """The report of a digest; one that no editor touched has the report of its notes."""
    digest = typeset_digest(digest)
    return _Arrangement(digest).content()


class _Arrangement:
    def __init__(self, digest: Digest) -> None:
        self.digest = digest
        self.report = digest.report or Report()
        self.edited = {one.id: one for one in self.report.edited}
        self.chapters = {one.kind: one for one in self.report.chapters if one.workshop is None}
        self.of_workshop = {one.workshop: one for one in self.report.chapters if one.workshop}
        self.notes = {note.id: note for workshop in digest.workshops for note in workshop.notes}
        self.cited: dict[str, list[str]] = {}
        for number, merger in enumerate(digest.mergers, 1):
            for key in merger.notes:
                self.cited.setdefault(key, []).append(f"S-{number}")
        self.number = 0
        self.pictures = {one.key for one in self.report.pictures}

    def content(self) -> Content:
        workshops = tuple(self._workshop(workshop) for workshop in self.digest.workshops)
        mergers = tuple(self._merger(number) for number in range(1, len(self.digest.mergers) + 1))
        sequences = tuple(
            self._passage(one) for one in self.report.chapters if one.kind == "sequence" and not one.workshop
        )
        whole = Content(
            digest=self.digest,
            report=self.report,
            introduction=self._named("introduction", "Introduction"),
            sequences=sequences,
            workshops=workshops,
            crossing=self._named("crossing", "Ce qui traverse les ateliers"),
            convergences=tuple(
                (one, tuple(self.notes[key] for key in one.notes if key in self.notes))
                for one in self.digest.convergences
            ),
            mergers=mergers,
            themes=self._themes(workshops),
            conclusion=self._named("conclusion", "Conclusion et suites"),
            method=self._named("method", "Méthode"),
            abbreviations=self._named("abbreviations", "Sigles et abréviations"),
            acronyms=(),
            counts=self._counts(workshops),
        )
        return replace(whole, acronyms=tuple(_acronyms(whole)))

    def _named(self, kind: str, title: str) -> Passage:
        found = self.chapters.get(kind)  # type: ignore[call-overload]
        return self._passage(found or Chapter(key=kind, kind=kind, title=title))  # type: ignore[arg-type]

    def _passage(self, chapter: Chapter) -> Passage:
        versions = tuple(
            tuple(self._there(block) for block in typeset_blocks(parse(text.source)))
            for text in chapter.texts
        )
        title = typeset(chapter.title)
        return Passage(chapter=replace(chapter, title=title), versions=tuple(v for v in versions if v))

    def _there(self, block: Block) -> Block:
        """A picture that the report does not have is said to be missing."""
        if isinstance(block, Picture) and block.key not in self.pictures:
            return Paragraph((Span(f"[Image {block.key} introuvable.]"),))
        return block

    def _workshop(self, workshop: Workshop) -> WorkshopChapter:
        chapter = self.of_workshop.get(workshop.id) or Chapter(
            key=f"atelier-{workshop.name}",  # type: ignore[arg-type]
            kind="workshop",  # type: ignore[arg-type]
            title=workshop.title,
            workshop=workshop.id,
        )
        groups: list[Group] = []
        printed: dict[str, Entry] = {}
        for rubric in workshop.rubrics:
            entries = tuple(self._kept(workshop, rubric))
            printed |= {entry.id: entry for entry in entries}
            if entries:
                groups.append(Group(label=rubric.label, nature=rubric.nature or "", entries=entries))
        loose = tuple(e for n in workshop.unsorted if (e := self._entry(workshop, n)).kept)
        if loose:
            printed |= {entry.id: entry for entry in loose}
            groups.append(Group(label="Autres notes", nature="", entries=loose))
        every = [printed.get(note.id) or self._entry(workshop, note) for note in workshop.notes]
        return WorkshopChapter(
            workshop=workshop,
            passage=self._passage(chapter),
            groups=tuple(groups),
            annex=tuple(sorted(every, key=lambda entry: _arrival(entry.reference))),
        )

    def _kept(self, workshop: Workshop, rubric: Rubric) -> Iterator[Entry]:
        """In the editors' order; else what was chosen for the plenary first, then as the workshop has them."""

        def rank(item: tuple[int, Note]) -> tuple[float, float, int]:
            index, note = item
            edited = self.edited.get(note.id)
            place = edited.place if edited and edited.place is not None else float("inf")
            return place, note.rank or float("inf"), index

        for _, note in sorted(enumerate(rubric.notes), key=rank):
            entry = self._entry(workshop, note)
            if not entry.kept:
                continue
            if entry.nature in RECOMMENDED:
                self.number += 1
                entry = replace(entry, number=self.number)
            yield entry

    def _entry(self, workshop: Workshop, note: Note) -> Entry:
        edited = self.edited.get(note.id) or Edited(id=note.id)
        words = _words(edited)
        kept = edited.kept
        if kept is None:
            # a note that a merger stands for is read in the annex, unless somebody wants both
            kept = note.nature in TAKEN_UP and note.id not in self.cited
        said = tuple(wording.text for wording in note.wordings)
        return Entry(
            id=note.id,
            nature=note.nature or "",
            text=words or note.text,
            said=said,
            reference=note.reference or note.id,
            workshop=workshop,
            reworded=bool(words) and words != note.text,
            reviewed=edited.reviewed,
            kept=kept,
            mergers=tuple(self.cited.get(note.id, ())),
            answers=self._answers(note.id),
            theme=note.theme,
            signature=note.wordings[0].signature,
        )

    def _merger(self, number: int) -> Entry:
        merger = self.digest.mergers[number - 1]
        edited = self.edited.get(merger.id) or Edited(id=merger.id)
        words = _words(edited)
        kept = edited.kept is not False
        if kept:
            self.number += 1
        return Entry(
            id=merger.id,
            nature="recommandation",
            text=words or merger.text,
            said=(merger.text,),
            reference=f"S-{number}",
            workshop=None,
            number=self.number if kept else None,
            reworded=bool(words) and words != merger.text,
            reviewed=edited.reviewed,
            kept=kept,
            sources=tuple(self.notes[key] for key in merger.notes if key in self.notes),
            answers=self._answers(merger.id),
        )

    def _answers(self, key: str) -> tuple[Answer, ...]:
        return tuple(one for one in self.report.answers if one.about == key)

    def _themes(self, workshops: Iterable[WorkshopChapter]) -> tuple[ThemeFigures, ...]:
        """The largest first; those of one workshop as well."""
        found: dict[str, list[Entry]] = {}
        for one in workshops:
            for entry in one.annex:
                if entry.theme:
                    found.setdefault(entry.theme, []).append(entry)
        figures = [
            ThemeFigures(
                name=name,
                entries=tuple(entries),
                workshops=tuple(dict.fromkeys(e.workshop for e in entries if e.workshop)),
            )
            for name, entries in found.items()
        ]
        return tuple(sorted(figures, key=lambda one: (-len(one.entries), one.name)))

    def _counts(self, workshops: tuple[WorkshopChapter, ...]) -> Counts:
        taken_up = sum(one.taken_up for one in workshops)
        printed = sum(len(one.annex) for one in workshops)
        withdrawn = sum(workshop.withdrawn for workshop in self.digest.workshops)
        return Counts(
            received=printed + withdrawn,
            taken_up=taken_up,
            annexed=printed - taken_up,
            withdrawn=withdrawn,
        )


def _words(edited: Edited) -> str:
    """The report's words of a note: typeset, on one line; empty where they are the workshop's."""
    return typeset(edited.texts[0].source) if edited.texts else ""


def _arrival(reference: str) -> int:
    digits = reference.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0


_ACRONYM = re.compile(r"(?<![\w-])[A-ZÀ-Þ]{2,6}s?(?![\w\u2011-])")


def _acronyms(content: Content) -> Iterator[str]:
    """Capitals that a reader may not know, each once, but for those of the list of abbreviations."""
    known = {workshop.initials for workshop in content.digest.workshops}
    known |= set(_ACRONYM.findall(_text(content.abbreviations)))
    found: dict[str, None] = {}
    for text in [*(_text(one) for one in content.passages), *(entry.text for entry in content.entries)]:
        if text.isupper():
            continue  # somebody typed the whole in capitals
        found |= dict.fromkeys(_ACRONYM.findall(text))
    yield from sorted(word for word in found if word not in known and word.rstrip("s") not in _ORDINARY)


_ORDINARY = frozenset({"OK", "TV", "II", "III", "IV", "VI", "XX", "XXI", "KO", "VS", "PS", "NB", "CQFD"})


def _text(passage: Passage) -> str:
    return "\n".join(plain(block) for version in passage.versions for block in version)


def in_short(entry: Entry) -> str:
    """A recommendation in a list of all: its first sentences."""
    return excerpt(entry.text, SHORT) or entry.text


def nature_of(entry: Entry) -> str:
    return NATURES[entry.nature].label if entry.nature in NATURES else "À classer"
