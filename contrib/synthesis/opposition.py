"""Texts that are near in words and contrary in meaning: never to be merged, perhaps a point de débat.

Two signs are looked for, in a table that anybody can extend: verbs that pull in contrary
directions (promouvoir, proscrire), and a negation that only one of the two puts before a word
that they share (éteindre, ne pas éteindre).
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from contrib.synthesis.resemblance import Word, stem, words

OPPOSED = (
    (
        "promouv promeu promot encourag favoris autoris permet permis laiss accept incit tolér légalis",
        "proscri interdi banni prohib empêch refus dissuad décourag rejet",
    ),
    (
        "plus_de plus_d augment accroît accru renforc multipli élargi étendr développ davantage rallong",
        "moins_de moins_d diminu rédui baiss limit restrein abaiss affaibl raccourci",
    ),
    ("ouvr ouvert rouvr", "fermer fermé fermet fermon"),
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

Signs = dict[str, set[int]]
"""By what is said: +1 where it is affirmed, -1 where it is denied, both where it is both."""


def debate(one: str, other: str) -> str:
    """Why two texts may be a point de débat, in French; empty where nothing says so."""
    ours, theirs = _said(one), _said(other)
    for side in ours.keys() & theirs.keys():
        if ours[side].isdisjoint(theirs[side]):
            return "verbes opposés" if side.isdecimal() else "négation d’un seul côté"
    return ""


def _said(text: str) -> Signs:
    signs: Signs = defaultdict(set)
    for clause in re.split(r"[.;:!?,()\n]|\bmais\b", text):
        found = words(clause)
        for word, following, sign in zip(found, [*found[1:], END], _signs(found), strict=False):
            for line, side in _sides(word.folded, following.folded):
                signs[str(line)].add(sign * side)
            if word.tells:
                signs[stem(word.folded)].add(sign)
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
