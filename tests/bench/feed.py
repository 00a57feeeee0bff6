"""What a feed request costs as the notes of one workshop grow from 100 to 20,000.

    python tests/bench/feed.py

Prints milliseconds beside the cost of a request that does nothing but answer a token, timed
in the same run, and the growth against 100 notes; asserts nothing.
"""

import gzip
import json
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from contrib.access import codes
from contrib.installation import open_folder, set_up_day
from contrib.programme import toml_file
from contrib.store import log
from contrib.store.log import Author

SIZES = (100, 1_000, 20_000)
HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip"}
TIMES = 150


class Page:
    """One laptop's page on a workshop that holds so many notes."""

    def __init__(self, notes: int) -> None:
        self.app, _ = open_folder(Path(tempfile.mkdtemp()) / "data")
        with self.app.app_context():
            day = set_up_day(toml_file.read(toml_file.DEFAULT))
            self.place = {"event": day.id, "workshop": day.workshops[0].id}
            self.path = f"/{day.name}/ateliers/{day.workshops[0].name}"
            code = next(codes.of_event(self.app.config["SECRET_KEY"], day))[1]
            for start in range(0, notes, 500):
                lines = [f"Note {n}, avec quelques mots" for n in range(start, min(start + 500, notes))]
                values = {"lines": lines, "rubric": None}
                log.write(log.VERBS["record_list"], Author(), values, **self.place)
        self.client = self.app.test_client()
        self.client.get(f"/e/{code}")
        page = self.client.get(self.path).get_data(as_text=True)
        self.since = self.made = re.search(r'data-seq="(\d+)"', page)[1]
        self.mark = re.search(r'data-mark="(\w*)"', page)[1]
        self.feed()

    def feed(self) -> None:
        asked = f"since={self.since}&mark={self.mark}&regions={self.made}&workshop={self.place['workshop']}"
        answer = self.client.get(f"{self.path}/feed?{asked}", headers=HEADERS)
        content = answer.get_data()
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        news = json.loads(content)
        self.since, self.mark, self.made = news["seq"], news["mark"], news.get("made", self.made)

    def note(self) -> None:
        with self.app.app_context():
            values = {"text": f"Une note de plus {uuid4().hex}", "rubric": None}
            log.write(log.VERBS["record"], Author(), values, **self.place)

    def token(self) -> None:
        self.client.get("/jeton", headers=HEADERS)


def median(act: Callable[[], None], before: Callable[[], None] = lambda: None) -> float:
    """Milliseconds, `before` not counted."""
    taken = []
    for _ in range(TIMES):
        before()
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def main() -> None:
    print(f"{'notes':>7} {'token':>8} {'nothing new':>12} {'growth':>7} {'one new note':>13} {'growth':>7}")
    first: tuple[float, float] | None = None
    for size in SIZES:
        page = Page(size)
        token, nothing, one = median(page.token), median(page.feed), median(page.feed, page.note)
        first = first or (nothing / token, one / token)
        print(f"{size:7} {token:8.2f} {nothing:12.2f} {nothing / token / first[0]:7.2f} "
              f"{one:13.2f} {one / token / first[1]:7.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
