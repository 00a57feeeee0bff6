"""Lists that somebody typed into a note: dashes and numbers become the list styles of Word."""

import re
from collections.abc import Sequence


def note_rows(text: str) -> list[tuple[str, str]]:
    """Style and text of each paragraph of a note: typed dashes and numbers become real lists.

    Numbers only where they begin at 1 after a line without one: others are said as they were typed.
    """
    if "\n" not in text:
        return [("List Bullet", unmarked(text) or text)]
    rows: list[tuple[str, str]] = []
    for line in text.split("\n"):
        line = line.strip()
        if not line:
            continue
        plain = unmarked(line)
        if not rows:
            rows.append(("List Bullet", plain or line))
        elif plain:
            rows.append(("List Bullet 2", plain))
        elif (numbered := _numbered(line)) and numbered[0] == _next_number(rows):
            rows.append(("List Number", numbered[1]))
        else:
            rows.append(("List Continue", line))
    return rows or [("List Bullet", text)]


def _numbered(line: str) -> tuple[int, str] | None:
    """The number and the text of a line that begins with « 1) » or « 1. »."""
    found = re.match(r"(\d{1,2})[.)][ \u00a0\u202f]+(?=\S)", line)
    return (int(found[1]), line[found.end() :]) if found else None


def _next_number(rows: Sequence[tuple[str, str]]) -> int:
    """The number that a numbered line has to bear after these."""
    count = 0
    while count < len(rows) and rows[-1 - count][0] == "List Number":
        count += 1
    return 0 if _numbered(rows[0][1]) else count + 1


def unmarked(line: str) -> str | None:
    """The line without its typed bullet; None where it has none, or is nothing else."""
    if line[0:1] in "-–—•*·▪‣" and line[1:2] in (" ", "\u00a0", "\u202f") and line[2:].strip():
        return line[2:].strip()
    if line[0:1] in "•▪‣" and line[1:].strip():
        return line[1:].strip()
    return None
