"""Days, contributions and hostile strings to try things on: our own, or those of another folder.

`pytest --data=FOLDER` runs the tests that ask for `material` on what stands there: each
NAME.toml with its NAME.csv is a day, a table with the columns `title` and `text` holds
contributions, a list or lines of JSON hold strings that make trouble.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OWN = Path(__file__).parent / "material"


@dataclass(frozen=True)
class Day:
    """A programme and its notes."""

    programme: Path
    notes: Path

    def rows(self) -> list[dict[str, str]]:
        return table(self.notes)


@dataclass(frozen=True)
class Material:
    folder: Path

    @property
    def day(self) -> Day:
        """The first day of the folder."""
        return next(
            Day(programme, programme.with_suffix(".csv"))
            for programme in sorted(self.folder.glob("*.toml"))
            if programme.with_suffix(".csv").exists()
        )

    @property
    def contributions(self) -> list[str]:
        """What citizens typed, as they typed it."""
        return [text for rows in self._tables() for text in rows]

    @property
    def hostile_strings(self) -> list[str]:
        found: list[str] = []
        for path in sorted(self.folder.glob("*.jsonl")):
            found += [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
        for path in sorted(self.folder.glob("*.json")):
            found += [text for text in json.loads(path.read_text("utf-8")) if isinstance(text, str)]
        return found

    def _tables(self) -> Iterator[list[str]]:
        for path in sorted(self.folder.glob("*.csv")):
            rows = table(path)
            if rows and {"title", "text"} <= rows[0].keys():
                yield [row["text"] for row in rows if row["text"].strip()]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
