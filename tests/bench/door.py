"""Notes per second through the door of one process: 64 threads that never wait. See save.py."""

import sys
import threading
import time
from pathlib import Path

from contrib.installation import open_folder, set_up_day
from contrib.programme import toml_file
from contrib.store import log
from contrib.store.log import Author


def main(folder: str, seconds: str) -> None:
    app, _ = open_folder(Path(folder) / "data")
    with app.app_context():
        event = set_up_day(toml_file.read(toml_file.DEFAULT))
        place = {"event": event.id, "workshop": event.workshops[0].id}
    end = time.perf_counter() + float(seconds)
    counts = [0] * 64

    def run(number: int) -> None:
        with app.app_context():
            while time.perf_counter() < end:
                log.write(
                    log.VERBS["record"],
                    Author(),
                    {"text": f"{number} {counts[number]}", "rubric": None},
                    **place,
                )
                counts[number] += 1

    threads = [threading.Thread(target=run, args=(number,)) for number in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(sum(counts) / float(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
