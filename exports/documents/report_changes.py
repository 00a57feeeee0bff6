"""What changed from one edition of the report to the next, note by note, in French sentences."""

from collections.abc import Iterable

from exports.digest import Digest
from exports.documents.report_content import Content, Entry, content_of
from exports.formatted import plain
from exports.text import counted


def report_changes(before: Digest, after: Digest) -> tuple[str, ...]:
    """Sentences, each without a full stop; empty where the two say the same."""
    old, new = content_of(before), content_of(after)
    was, now = _entries(old), _entries(new)
    both = [key for key in now if key in was]
    kinds: tuple[tuple[str, str, Iterable[Entry]], ...] = (
        ("note ajoutée", "notes ajoutées", [now[k] for k in now if k not in was]),
        ("note retirée", "notes retirées", [was[k] for k in was if k not in now]),
        ("texte changé", "textes changés", [now[k] for k in both if now[k].text != was[k].text]),
        ("reprise ajoutée", "reprises ajoutées", [now[k] for k in both if now[k].kept and not was[k].kept]),
        ("mise en annexe", "mises en annexe", [now[k] for k in both if was[k].kept and not now[k].kept]),
        (
            "suite donnée ajoutée ou changée",
            "suites données ajoutées ou changées",
            [now[k] for k in both if now[k].answers != was[k].answers],
        ),
    )
    lines = [_counted(one, many, list(entries)) for one, many, entries in kinds if entries]
    chapters = [title for title, text in _chapters(new).items() if _chapters(old).get(title) != text]
    chapters += [title for title in _chapters(old) if title not in _chapters(new)]
    if chapters:
        word = "chapitre changé" if len(chapters) == 1 else "chapitres changés"
        lines.append(f"{counted(len(chapters), word, word)} ({', '.join(chapters)})")
    if old.report.licence != new.report.licence:
        lines.append(f"licence : {new.report.licence}")
    return tuple(lines)


def _entries(content: Content) -> dict[str, Entry]:
    return {entry.id: entry for entry in content.entries}


def _chapters(content: Content) -> dict[str, str]:
    found = {}
    for passage in content.passages:
        text = "\n".join(plain(block) for version in passage.versions for block in version)
        if text:
            found[passage.chapter.title] = text
    return found


def _counted(one: str, many: str, entries: list[Entry]) -> str:
    named = ", ".join(entry.printed_reference for entry in entries)
    return f"{counted(len(entries), one, many)} ({named})"
