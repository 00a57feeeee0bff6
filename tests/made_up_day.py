"""A day of made-up words, as large as one wants: no two notes alike, and nobody has seen it."""

from datetime import UTC, date, datetime
from datetime import time as clock

from exports.digest import Digest, Event, Key, Note, Rubric, Wording, Workshop

AT = datetime(2021, 9, 30, 14, 24, tzinfo=UTC)
SYLLABLES = [
    "ac",
    "bi",
    "cou",
    "dra",
    "é",
    "fon",
    "gri",
    "hé",
    "in",
    "jau",
    "ka",
    "li",
    "mon",
    "neu",
    "ou",
    "pra",
    "qui",
    "ré",
    "sol",
    "tur",
    "u",
    "vi",
    "zon",
]


def sentence(number: int) -> str:
    """Twelve to thirty words that no other number has: text that is as hard to squeeze as speech."""
    state = number * 2654435761 % 2**32

    def draw(most: int) -> int:
        nonlocal state
        state = (state * 1664525 + 1013904223) % 2**32
        return (state >> 8) % most

    words = []
    for _ in range(12 + draw(19)):
        words.append("".join(SYLLABLES[draw(len(SYLLABLES))] for _ in range(1 + draw(3))))
    return " ".join(words).capitalize() + " : c’est dit !"


def digest_of(notes: int) -> Digest:
    """A day of four workshops with so many notes, no two alike."""
    rows = []
    for index in range(notes):
        text = sentence(index)
        key = Key(f"n{index}")
        wording = Wording(revision=key, text=text, received_at=AT)
        rows.append(
            Note(
                id=key,
                reference=Key(f"A{'BCDE'[index % 4]}-{index // 4 + 1}"),
                nature=Key("recommandation"),
                wordings=(wording,),
                rank=index // 4 + 1 if index < 12 else None,
                theme=f"Thème {index // 4 % 6}",
            )
        )
    workshops = tuple(
        Workshop(
            id=Key(f"w{n}"),
            name=Key(f"w{n}"),
            initials=Key(f"A{'BCDE'[n]}"),
            title=f"Atelier {n + 1}",
            question="Quels espaces d’accueil et quel accompagnement ?",
            received=len(rows[n::4]),
            rubrics=(
                Rubric(
                    name=Key("r"),
                    nature=Key("recommandation"),
                    label="Recommandations",
                    notes=tuple(rows[n::4]),
                ),
            ),
        )
        for n in range(4)
    )
    event = Event(
        id=Key("e"), name=Key("e"), title="Une journée", date=date(2021, 9, 30),
        timezone=Key("Europe/Paris"), plenary_at=clock(16, 30),
    )  # fmt: skip
    return Digest(event=event, taken_at=AT, seq=1, workshops=workshops)
