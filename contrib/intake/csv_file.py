"""Notes that travel as CSV: read whole, checked whole, then recorded each once.

Columns `atelier,rubrique,texte,theme,a_dire` and optionally `id`. Without ids a line's
identity is event, workshop, rubric, text and its nth occurrence: the same file twice, or
the same file with lines added, imports each note once.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from contrib.forms import NOTE_LIMIT, fold, raw, trimmed
from contrib.intake import operations
from contrib.intake.limits import UnreadableFile, bounded, checked_text
from contrib.store import log
from contrib.store.log import Author, Values
from contrib.store.models import Event, Rubric, Workshop, id_for
from contrib.synthesis.operations import LONGEST_NAME
from exports.excerpt import cut
from exports.opendata import restored
from exports.text import in_thousands

COLUMNS = ("atelier", "rubrique", "texte")
OPTIONAL = ("theme", "a_dire", "id")
BATCH = 200
"""Rows in one write: other people's notes pass between two of them."""


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or UTF-32 (with or without BOM), else Windows-1252."""
    if content[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return content.decode("utf-32", "replace")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    wide = utf16_order(content)
    if wide:
        return content.decode(wide, "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    return content.decode("cp1252", "replace")


def utf16_order(content: bytes) -> str:
    """The UTF-16 that a file without BOM is in, by its NULs; empty where it is none."""
    sample = content[:400]
    for name, start in (("utf-16-le", 1), ("utf-16-be", 0)):
        half = sample[start::2]
        if len(half) > 2 and half.count(0) > 0.6 * len(half) and sample[1 - start :: 2].count(0) == 0:
            return name
    return ""


def read_csv(
    event: Event, content: bytes, most: int | None = None, too_long: list[str] | None = None
) -> list[Values]:
    """The rows of a CSV, resolved to this event. Raises UnreadableFile naming each bad row.

    `most` rows at the most, where somebody waits for the answer. Rows are numbered as a spreadsheet
    does. `too_long` takes a sentence for each text that is over the limit, the others are given;
    without it such a text is a bad row.
    """
    text = checked_text(decoded(content)) if most else decoded(content)
    if text.startswith("sep="):  # Excel's own first line
        text = text.split("\n", 1)[-1]
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    problems: list[str] = []
    rows: list[Values] = []
    seen: Counter[str] = Counter()
    ids: dict[str, str] = {}
    try:
        names = _columns(reader.fieldnames or ())
        for number, line in enumerate(bounded(reader, most) if most else reader, 2):
            given = {key: line.get(names[key]) or "" for key in (*COLUMNS, *OPTIONAL) if key in names}
            if "reference" in names:  # our own export puts an apostrophe before a formula's sign
                given = {key: restored(value) for key, value in given.items()}
            if not any(value.strip() for value in given.values()):
                continue
            if too_long is not None and len(raw(given["texte"])) > NOTE_LIMIT:
                too_long.append(
                    f"Ligne {number} : le texte dépasse {in_thousands(NOTE_LIMIT)} caractères, coupez-le en deux."
                )
                continue
            try:
                if None in line:
                    raise UnreadableFile(
                        "il y a plus de cases que de colonnes ; un texte avec une virgule se met entre guillemets."
                    )
                row = _row(event, given, seen)
                if ids.setdefault(row["id"], row["text"]) != row["text"]:
                    raise UnreadableFile(f"l’identifiant « {row['named']} » porte déjà un autre texte.")
                rows.append(row)
            except UnreadableFile as error:
                problems.append(f"Ligne {number} : {error}")
    except csv.Error as error:
        raise UnreadableFile(
            f"Ce fichier n’est pas un CSV lisible (ligne {reader.line_num} : un guillemet reste ouvert, "
            "ou une case est démesurée)."
        ) from error
    if problems:
        more = f"\n… et {len(problems) - 10} autres." if len(problems) > 10 else ""
        raise UnreadableFile("\n".join(problems[:10]) + more)
    return rows


def _columns(header: Iterable[str | None]) -> dict[str, str]:
    """Our name of each column -> the file's."""
    names: dict[str, str] = {}
    for name in header:
        folded = fold(name or "")
        if folded in names and folded in (*COLUMNS, *OPTIONAL):
            raise UnreadableFile(f"La colonne « {folded} » est là deux fois.")
        names[folded] = name or ""
    absent = [column for column in COLUMNS if column not in names]
    if absent:
        raise UnreadableFile(
            f"Il manque la colonne « {absent[0]} » : la première ligne doit porter "
            f"{', '.join((*COLUMNS, *OPTIONAL[:2]))}."
        )
    return names


def import_rows(
    event_id: str,
    author: Author,
    rows: list[Values],
    progress: Callable[[int, int], None] | None = None,
    *,
    workshop: str | None = None,
) -> tuple[int, int]:
    """Record the rows that are new: how many were added, how many were known.

    `workshop` where all of them are its own.
    """
    added = known = 0
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        receipt = log.write(
            operations.import_rows, author, {"rows": batch}, event=event_id, workshop=workshop
        )
        added += receipt.outcome["added"]
        known += receipt.outcome["known"]
        if progress:
            progress(min(start + BATCH, len(rows)), len(rows))
    return added, known


def _row(event: Event, given: dict[str, str], seen: Counter[str]) -> Values:
    text = raw(given["texte"])
    if not text.strip():
        raise UnreadableFile("le texte est vide.")
    if len(text) > NOTE_LIMIT:
        raise UnreadableFile(f"le texte dépasse {in_thousands(NOTE_LIMIT)} caractères.")
    workshop = _workshop(event, trimmed(given["atelier"]))
    rubric = _rubric(workshop, trimmed(given["rubrique"]))
    chosen = fold(given.get("a_dire", ""))
    if chosen not in ("", "oui", "non"):
        raise UnreadableFile(f"« a_dire » vaut « {chosen} » ; attendu : oui ou non.")
    identity = "\x1f".join((event.scope, workshop.name, rubric.name if rubric else "", text))
    seen[identity] += 1
    key = f"{identity}\x1f{seen[identity]}"
    given_id = trimmed(given.get("id", ""))[:200]
    return {
        "id": id_for(event.id, f"id\x1f{given_id}") if given_id else f"csv-{id_for(event.id, key)}",
        "named": given_id or None,
        "workshop": workshop.id,
        "rubric": rubric.id if rubric else None,
        "text": text,
        "theme": cut(trimmed(given.get("theme")), LONGEST_NAME) or None,
        "highlight": chosen == "oui",
    }


def _workshop(event: Event, name: str) -> Workshop:
    for workshop in event.workshops:
        if fold(name) in (fold(workshop.name), fold(workshop.title), fold(workshop.initials)):
            return workshop
    choices = ", ".join(workshop.name for workshop in event.workshops)
    raise UnreadableFile(f"l’atelier « {name} » n’existe pas ; les ateliers sont {choices}.")


def _rubric(workshop: Workshop, name: str) -> Rubric | None:
    """By name, by label, or by nature where only one rubric has it. Empty: to be sorted."""
    folded = fold(name)
    if folded in ("", "a classer"):
        return None
    tests: tuple[Callable[[Any], str], ...] = (lambda r: r.name, lambda r: r.label, lambda r: r.nature)
    for test in tests:
        found = [rubric for rubric in workshop.rubrics if fold(test(rubric)) == folded]
        if len(found) == 1:
            return found[0]
        if found:
            choices = ", ".join(rubric.name for rubric in found)
            raise UnreadableFile(
                f"« {name} » désigne plusieurs rubriques de l’atelier {workshop.name} : choisissez parmi {choices}."
            )
    choices = ", ".join(rubric.name for rubric in workshop.rubrics)
    raise UnreadableFile(
        f"la rubrique « {name} » n’existe pas dans l’atelier {workshop.name} ; les rubriques sont {choices}."
    )
