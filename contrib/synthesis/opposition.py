"""Texts that are near in words and contrary in meaning: never to be merged, perhaps a point de débat.

Two signs are looked for. Verbs that pull in contrary directions (promouvoir, proscrire), in a table
that anybody can extend, where the two say them of one thing. And a negation that only one of the two
puts before what is to be done (éteindre, ne pas éteindre): one that says what is missing (plus aucun
médecin, sans banc) opposes nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from contrib.synthesis.words import Word, stem, words

OPPOSED = (
    (
        "promouv promeu promot encourag favoris autoris permet permis laiss accept incit tolér légalis",
        "proscri interdi banni prohib empêch refus dissuad décourag rejet",
    ),
    (
        "plus_de plus_d augment accroît accru renforc multipli élargi étendr développ davantage rallong",
        "moins_de moins_d diminu rédui baiss limit restrein abaiss affaibl raccourci",
    ),
    ("ouvr ouvert rouvr", "fermer fermez fermon"),
    ("gard mainten maintien conserv préserv sauv", "supprim aboli abandonn enlev retir démoli"),
    ("install ajout mettre mettez remettr cré construi plant", "enlev retir supprim démont ôter arrach"),
    ("fusionn regroup réuni mutualis", "sépar scind divis éclat"),
    ("allum éclair", "étein étei extinction"),
    ("centralis", "décentralis"),
    ("nationalis municipalis", "privatis"),
    ("accélér", "ralenti frein"),
    ("gratuit", "payant payer"),
    ("obligatoire oblig impos", "facultati volontaire volontariat libre"),
    ("suis_pour", "contre"),
)
"""Beginnings of words, two sides to a line; `_` joins two words that stand side by side."""
NEGATIONS = frozenset(["ne", "n", "pas", "plus", "jamais", "sans", "aucun", "aucune", "ni", "non", "contre"])
"""What turns the words after it round; « plus » does where « ne » stands before."""
REACH = 3
"""How many telling words after a negation it bears on, within its clause; a verb of the table is its last."""

END = Word("", "")

INFINITIVE = ("er", "ir", "re")
Said = tuple[int | None, str]
"""A line of the table and a word that its verb is said with; None and a word to be done, or not."""
Signs = dict[Said, set[int]]
"""+1 where it is affirmed, -1 where it is denied, both where it is both."""


def debate(one: str, other: str) -> str:
    """Why two texts may be a point de débat, in French; empty where nothing says so."""
    ours, theirs = _said(one), _said(other)
    opposed = {
        line for line, word in ours.keys() & theirs.keys() if ours[line, word].isdisjoint(theirs[line, word])
    }
    if None in opposed:
        return "négation d’un seul côté"
    return "verbes opposés" if opposed else ""


def _said(text: str) -> Signs:
    signs: Signs = defaultdict(set)
    for clause in re.split(r"[.;:!?,()\n]|\bmais\b", text):
        found = words(clause)
        about = {stem(word.folded) for word in found if word.tells}
        refused = False
        for word, following, sign in zip(found, [*found[1:], END], _signs(found), strict=False):
            for line, side in _sides(word.folded, following.folded):
                for other in about - {stem(word.folded)}:
                    signs[line, other].add(sign * side)
            if word.tells:
                refused = sign < 0 and (refused or word.folded.endswith(INFINITIVE))
                signs[None, stem(word.folded)].add(-1 if refused else 1)
    return signs


def _signs(found: list[Word]) -> Iterator[int]:
    """Of each word of a clause: -1 where a negation reaches it."""
    left, denied = 0, False
    for word in found:
        negates = word.folded in NEGATIONS and (word.folded != "plus" or denied)
        yield -1 if left and not negates else 1
        if negates:
            left, denied = REACH, True
        elif word.tells and left:
            left = 0 if any(_sides(word.folded, "")) else left - 1
            denied = bool(left)


def _sides(word: str, following: str) -> Iterator[tuple[int, int]]:
    """The lines of the table that a word (with the next one) stands in, and on which side."""
    for line, (yes, no) in enumerate(_BEGINNINGS):
        for side, beginnings in ((1, yes), (-1, no)):
            if word.startswith(beginnings) or f"{word}_{following}" in beginnings:
                yield line, side


def _beginnings(side: str) -> tuple[str, ...]:
    return tuple("_".join(word.folded for word in words(one.replace("_", " "))) for one in side.split())


_BEGINNINGS = [(_beginnings(yes), _beginnings(no)) for yes, no in OPPOSED]
