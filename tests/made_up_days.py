"""Days that nobody prepared: made by chance from words, or from texts that are given."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from exports.digest import Digest, Event, Key, Note, Rubric, Wording, Workshop

SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi zo cha pré tion ment elle oir eur age ance".split()  # noqa: SIM905
SMALL = "de la le les et à un une pour dans que qui ne pas sur avec en du des ce se plus par".split()  # noqa: SIM905
NATURES = ("recommandation", "experience", "debat", "verbatim", "question", "condition")
AT = datetime(2021, 9, 30, 14, 24, tzinfo=UTC)


def sentence(chance: random.Random, words: int) -> str:
    """Some words with the little ones between, commas now and then, a capital and a full stop."""
    found = []
    for _ in range(words):
        if chance.random() < 0.45:
            found.append(chance.choice(SMALL))
        else:
            found.append("".join(chance.choice(SYLLABLES) for _ in range(chance.randint(1, 4))))
        if chance.random() < 0.08:
            found[-1] += ","
    text = " ".join(found).strip(",")
    return text[:1].upper() + text[1:] + chance.choice((".", ".", "", " !", " ?"))


def day(seed: int, texts: Sequence[str] = ()) -> Digest:
    """Three to eight workshops of long names, with none to six notes chosen of 3 to 60 words each."""
    chance = random.Random(seed)
    longest = chance.choice((10, 25, 60))

    def text() -> str:
        if texts:
            return chance.choice(texts)[:9_000]
        return " ".join(
            sentence(chance, chance.randint(3, longest)) for _ in range(chance.choice((1, 1, 2, 4)))
        )

    workshops = []
    for number in range(chance.randint(3, 8)):
        most = chance.choice((0, 1, 3, 3, 4, 6))
        notes = [
            _note(f"{number}-{n}", f"A{number}-{n}", text(), chance, n if n <= most else None)
            for n in range(1, chance.choice((1, 8, 25)) + 1)
        ]
        rubrics = tuple(
            Rubric(name=Key(nature), nature=Key(nature), label=f"Rubrique {nature}", notes=tuple(notes[n::6]))
            for n, nature in enumerate(NATURES)
        )
        workshops.append(
            Workshop(
                id=Key(f"w{number}"),
                name=Key(f"atelier-{number}"),
                initials=Key(f"A{number}"),
                title=sentence(chance, chance.choice((2, 6, 12))).strip(".!? "),
                question=sentence(chance, 20),
                speaker=sentence(chance, chance.choice((2, 5, 14))).strip(".!? ")
                if chance.random() < 0.8
                else None,
                message=_note(f"m{number}", None, sentence(chance, chance.choice((8, 14, 40))), chance, None)
                if chance.random() < 0.8
                else None,
                rubrics=rubrics,
                received=len(notes),
                ready_at=AT if chance.random() < 0.5 else None,
            )
        )
    return Digest(
        event=Event(
            id=Key("e"),
            name=Key("jour"),
            title=sentence(chance, chance.choice((4, 9, 20))).strip(".!? "),
            date=date(2021, 9, 30),
            place="Aréna Stade couvert, Liévin",
            organiser="IREV, centre de ressources Politique de la ville des Hauts-de-France",
            timezone=Key("Europe/Paris"),
            plenary_at=time(16, 30),
        ),
        taken_at=AT,
        seq=1,
        workshops=tuple(workshops),
    )


def _note(key: str, reference: str | None, text: str, chance: random.Random, rank: int | None) -> Note:
    wording = Wording(revision=Key(key), text=text, received_at=AT - timedelta(minutes=5))
    theme = chance.choice((None, "Lieux", "Posture des personnes qui accueillent"))
    return Note(
        id=Key(key),
        reference=Key(reference) if reference else None,
        nature=None,
        wordings=(wording,),
        rank=rank,
        theme=theme,
    )
