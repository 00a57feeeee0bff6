"""A pasted list: what its lines are, and where a note is cut."""

import re

_BULLET = re.compile(r"^\s{0,40}(?:[-–—•*·▪‣\uf0b7\uf0a7]|\d{1,3}[.)])\s+")


def as_notes(text: str) -> list[str]:
    """Each line that says something, without its typed bullet or number."""
    lines = (_BULLET.sub("", line).strip() for line in text.split("\n"))
    return [line for line in lines if line]


def halves(text: str) -> tuple[str, str] | None:
    """The two parts of a text cut at its first empty line, else at its first line end."""
    for pattern in (r"\n[ \t]*\n", r"\n"):
        first, cut, second = _cut(pattern, text.strip())
        if cut and first and second:
            return first, second
    return None


def _cut(pattern: str, text: str) -> tuple[str, bool, str]:
    pieces = re.split(pattern, text, maxsplit=1)
    return (pieces[0].strip(), True, pieces[1].strip()) if len(pieces) == 2 else (text, False, "")
