"""20,000 requests that no page sends, on SQLite and on PostgreSQL: how each was answered.

    PYTHONPATH=tests:tools:. python tests/attack/requests.py

In one process, no network. Prints the counts; ends with 1 where one was answered with a crash.
"""

import os
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from conftest import open_folder
from postgres import fresh_database
from strange_requests import Stranger

from contrib.installation import set_up_day
from contrib.programme import toml_file
from contrib.store.db import db

TIMES = 20_000


def asked(name: str, address: str | None, seed: int) -> list[str]:
    if address:
        os.environ["DATABASE_URL"] = address
    app, password = open_folder(Path(tempfile.mkdtemp()) / "data")
    app.config["PASSWORD"] = password
    with app.app_context():
        set_up_day(toml_file.read(toml_file.DEFAULT))
        stranger = Stranger(app, seed)
        stranger.ask(TIMES)
        db.session.remove()
        db.engine.dispose()
    counts = ", ".join(f"{status}: {count}" for status, count in sorted(stranger.answers.items()))
    print(f"{name:12} {TIMES} requests   {counts}   wrong: {len(stranger.wrong)}", flush=True)
    return stranger.wrong


def main() -> int:
    wrong = []
    for name, place in (("SQLite", nullcontext(None)), ("PostgreSQL", fresh_database(fsync=False))):
        with place as address:
            wrong += asked(name, address, seed=len(wrong) + 7)
    print("\n".join(wrong[:50]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
