"""The *trame* of a workshop: a Word file to print or to type in, when the network is not there.

One heading a rubric; what is typed under it comes back sorted by itself. The lines that
this module writes are known to the import, which leaves them aside.
"""

from exports.digest import Digest, french_date, typeset_digest
from exports.ooxml.assembly import Compiled
from exports.ooxml.runs import run, strong
from exports.ooxml.stationery import Stationery, built_in
from exports.ooxml.word import Document
from exports.text import NBSP

DOTS = "…" * 36
"""A line to write on with a pen, or to type over."""
LINES = 4
HOW = (
    "Écrivez une idée par ligne, sous sa rubrique, à la main ou dans Word : remplacez les pointillés, ajoutez "
    "autant de lignes qu’il en faut. Ne changez pas les titres : ils rangent les notes à l’import."
)
UNSORTED = "À classer"


def compile_trame(digest: Digest, name: str, *, stationery: Stationery | None = None) -> Compiled:
    """The trame of the workshop of that name. Raises KeyError where there is none."""
    digest = typeset_digest(digest)
    found = [workshop for workshop in digest.workshops if workshop.name == name]
    if not found:
        raise KeyError(name)
    workshop, event = found[0], digest.event
    document = Document(
        stationery or built_in("restitution"),
        title=f"Trame{NBSP}: {workshop.title}",
        author=event.organiser or "Ateliers",
        subject=f"{event.title}, {french_date(event.date)}",
        edition="Trame",
    )
    document.header(run(f"Trame · {workshop.title} · {french_date(event.date)}"))
    document.title(f"Trame{NBSP}: {workshop.title}")
    document.paragraph("Subtitle", run(event.title))
    if workshop.question:
        document.paragraph("Normal", strong(f"Question{NBSP}: "), run(workshop.question))
    document.paragraph("Normal", run(HOW))
    for rubric in workshop.rubrics:
        _section(document, rubric.label)
    _section(document, UNSORTED)
    return document.finish(taken_at=digest.taken_at)


def _section(document: Document, label: str) -> None:
    document.heading(1, label)
    document.bullets([run(DOTS)] for _ in range(LINES))
