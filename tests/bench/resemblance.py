"""How well, and how fast, texts that resemble each other are found.

    PYTHONPATH=tests:. python tests/bench/resemblance.py
    PYTHONPATH=tests:. DATA=folder python tests/bench/resemblance.py

On the project's own labelled contributions; with DATA also on the ressemblance-*.csv of that
folder: contributions and the one-line reformulations that people made of them. Times are those
of the processor, on 2,000 notes made of the sentences of the project's own. Asserts nothing.
"""

import os
import random
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from material import OWN, table

from contrib.synthesis.resemblance import Resemblance

NOTES, ONE_BY_ONE, PAIRS = 2_000, 400, 20
"""After so many that came or changed one by one, an index is filled anew: STALE."""


def fill(index: Resemblance, texts: Iterable[tuple[str, str]]) -> None:
    for key, text in texts:
        index.put(key, text)
    index.settle()


def index_of(texts: Iterable[tuple[str, str]]) -> Resemblance:
    index = Resemblance()
    fill(index, texts)
    return index


def grouped(index: Resemblance, label: dict[str, str]) -> str:
    """How pairs with one label come before the others, and what stands next to a text."""
    right = [bool(label[str(p.one)]) and label[str(p.one)] == label[str(p.other)] for p in index.pairs(10**6)]
    labels = list(label.values())
    pairs = sum(labels.count(one) * (labels.count(one) - 1) // 2 for one in set(labels) if one)
    precision = sum(sum(right[: at + 1]) / (at + 1) for at, hit in enumerate(right) if hit) / pairs
    asked = [key for key, one in label.items() if one and labels.count(one) > 1]
    found = [[label[str(n.key)] == label[key] for n in index.nearest(key, 5)] for key in asked]
    return (
        f"average precision {precision:.3f}  nearest {sum(any(f[:1]) for f in found) / len(asked):.3f}  "
        f"in the first five {sum(map(any, found)) / len(asked):.3f}  "
        f"of the first {PAIRS} pairs {sum(right[:PAIRS]) / PAIRS:.2f}"
    )


def on_consultation(folder: Path) -> None:
    contributions = table(folder / "ressemblance-contributions.csv")
    lines = table(folder / "ressemblance-syntheses.csv")
    index = index_of((row["contribution"], row["texte"]) for row in contributions)
    found = [[n.key == row["contribution"] for n in index.nearest_to(row["texte"], 5)] for row in lines]
    print(
        f"contribution of {len(lines)} lines  at rank 1 {sum(any(f[:1]) for f in found) / len(lines):.3f}  "
        f"in the first five {sum(map(any, found)) / len(lines):.3f}"
    )
    short = [row for row in lines if row["courte"] == "1"]
    index = index_of((row["synthese"], row["texte"]) for row in short)
    print(f"{len(short)} lines         {grouped(index, {r['synthese']: r['contribution'] for r in short})}")


def seconds(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


def times(texts: list[str]) -> None:
    chance = random.Random(20210930)
    parts = [part for text in texts for part in text.replace("\n", ". ").split(". ") if len(part) > 20]
    words = [word for text in texts for word in text.split()]

    def note() -> str:
        return f"{chance.choice(parts)} {' '.join(chance.choices(words, k=10))}"

    notes = [(str(number), note()) for number in range(NOTES)]

    def one_more(key: str) -> None:
        index.put(key, note())
        index.nearest(key, 5)

    for what, key in (("one more", "more-{}"), ("one that changed", "{}")):
        index = Resemblance()
        print(f"{NOTES} notes indexed {seconds(lambda empty=index: fill(empty, notes)):.2f} s")
        each = sorted(seconds(lambda k=key.format(n): one_more(k)) for n in range(ONE_BY_ONE))
        median, nearly_all, most = (each[at] * 1000 for at in (ONE_BY_ONE // 2, ONE_BY_ONE * 99 // 100, -1))
        print(f"{what}, its five nearest: median {median:.1f} ms, 99 % {nearly_all:.1f}, most {most:.1f}")
    print(f"those that are alone {seconds(lambda: index.alone(0.25)):.2f} s")
    print(f"the {PAIRS} best pairs {seconds(lambda: index.pairs(PAIRS)):.2f} s")


def main() -> None:
    own = table(OWN / "contributions.csv")
    index = index_of((row["id"], f"{row['title']} {row['text']}") for row in own)
    print(f"{len(own)} contributions {grouped(index, {row['id']: row['groupe'] for row in own})}")
    if os.environ.get("DATA"):
        on_consultation(Path(os.environ["DATA"]))
    times([row["text"] for row in own])


if __name__ == "__main__":
    main()
