"""A document that opens, whatever is in the digest: inspected, and rescued where it must be.

In this order: as asked; with the built-in stationery; with each offending note replaced by
its reference. Only what none of these mends is raised.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from exports.digest import Digest, Note, Workshop
from exports.documents.report import compile_report
from exports.documents.restitution import compile_restitution
from exports.ooxml.assembly import Compiled
from exports.ooxml.inspection import Fault, blocking, inspect
from exports.ooxml.pagination import PageMap
from exports.ooxml.stationery import Stationery

MOST_REPLACED = 20
"""Notes replaced before the document is given up: more than this is no accident of one note."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDocument:
    """A compiled document that Word opens, and what it cost."""

    compiled: Compiled
    warnings: tuple[Fault, ...] = ()
    stationery_refused: bool = False
    """True where the organiser's own stationery was left aside."""
    replaced: tuple[str, ...] = ()
    """References of the notes whose text is not in the document."""


class Hopeless(Exception):
    """No way was found to make a document of this digest that opens."""


Compiler = Callable[[Digest, Stationery | None], Compiled]


def finish_restitution(
    digest: Digest,
    *,
    record: bool = True,
    stationery: Stationery | None = None,
    pages: PageMap | None = None,
) -> CheckedDocument:
    """The restitution, inspected. Raises Hopeless."""
    return finish(
        digest,
        stationery,
        lambda tried, chosen: compile_restitution(tried, record=record, stationery=chosen, pages=pages),
    )


def finish_report(
    digest: Digest, *, stationery: Stationery | None = None, pages: PageMap | None = None
) -> CheckedDocument:
    """The report, inspected. Raises Hopeless."""
    return finish(
        digest, stationery, lambda tried, chosen: compile_report(tried, stationery=chosen, pages=pages)
    )


def finish(digest: Digest, stationery: Stationery | None, compiler: Compiler) -> CheckedDocument:
    """What a compiler makes of a digest, inspected and rescued. Raises Hopeless."""

    def attempt(tried: Digest, chosen: Stationery | None) -> tuple[Compiled, tuple[Fault, ...]] | None:
        try:
            compiled = compiler(tried, chosen)
        except Exception:  # whatever it was: the next way is tried
            log.exception("A document could not be compiled")
            return None
        faults = inspect(compiled.content)
        for fault in blocking(faults):
            log.error("A document would not open: %s %s", fault.rule, fault.place)
        return None if blocking(faults) else (compiled, faults)

    found = attempt(digest, stationery)
    if found:
        return CheckedDocument(compiled=found[0], warnings=found[1])
    if stationery is not None:
        found = attempt(digest, None)
        if found:
            return CheckedDocument(compiled=found[0], warnings=found[1], stationery_refused=True)
    culprits = offenders(digest, lambda tried: attempt(tried, None) is not None)
    found = attempt(without(digest, culprits), None)
    if not found:
        raise Hopeless
    references = tuple(n.reference or n.id for n in _notes(digest) if n.id in culprits)
    return CheckedDocument(
        compiled=found[0],
        warnings=found[1],
        stationery_refused=stationery is not None,
        replaced=references,
    )


def offenders(digest: Digest, opens: Callable[[Digest], bool]) -> set[str]:
    """The ids of the notes without whose texts the document opens. Raises Hopeless."""
    everyone = [note.id for note in _notes(digest)]
    found: set[str] = set()
    while not opens(without(digest, found)):
        suspects = [key for key in everyone if key not in found]
        if len(found) == MOST_REPLACED or not opens(without(digest, everyone)):
            raise Hopeless
        while len(suspects) > 1:
            half = suspects[: len(suspects) // 2]
            # alone with their texts: do these spoil the document?
            spoils = not opens(without(digest, set(everyone) - set(half)))
            suspects = half if spoils else suspects[len(half) :]
        found.add(suspects[0])
    return found


def without(digest: Digest, keys: Iterable[str]) -> Digest:
    """The same digest, the texts of some notes replaced by a sentence."""
    gone = set(keys)

    def mended(note: Note) -> Note:
        if note.id not in gone:
            return note
        sentence = "Texte à lire dans l’application : il empêcherait Word d’ouvrir ce document."
        return replace(note, theme=None, wordings=(replace(note.wordings[0], text=sentence),))

    def of(workshop: Workshop) -> Workshop:
        rubrics = tuple(replace(r, notes=tuple(map(mended, r.notes))) for r in workshop.rubrics)
        return replace(
            workshop,
            rubrics=rubrics,
            unsorted=tuple(map(mended, workshop.unsorted)),
            message=mended(workshop.message) if workshop.message else None,
        )

    return replace(digest, workshops=tuple(map(of, digest.workshops))) if gone else digest


def _notes(digest: Digest) -> list[Note]:
    messages = [w.message for w in digest.workshops if w.message]
    return [*messages, *(note for workshop in digest.workshops for note in workshop.notes)]
