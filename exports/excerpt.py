"""A long text in short, for a page that is read aloud: whole sentences, else a whole clause.

Nothing here changes a word: a text is cut where a reader would breathe, and says « … » only after
a word that means something.
"""

import re
from functools import lru_cache

from exports.text import ELLIPSIS, NBSP, NNBSP

_SPACES = f" {NBSP}{NNBSP}\t"
_END = re.compile(
    rf"(?:[.!?{ELLIPSIS}]{{1,3}})(?:[{NBSP}{NNBSP} ]?»)?(?=[{NBSP}{NNBSP} ]+[«(\"–]?[{NBSP}{NNBSP}]?[A-ZÀ-ÞŒ\d]|$)"
)
"""Where a sentence may end: its sign, with the closing mark of a quotation, before a capital."""
_SHORT = re.compile(
    r"(?:\b(?:M|MM|Mme|Mmes|Mlle|Dr|Pr|St|Ste|art|p|pp|chap|vol|al|cf|ex|env|etc|tél|no|av|bd)|\b[A-ZÀ-Þ]|\b\d{1,2})\.$"
)
"""An abbreviation, an initial or a number before a full stop: the sentence goes on."""
_WEB = re.compile(r"\(?\b(?:https?://|www\.)[^\s<>«»]+[^\s<>«».,;:!?)]\)?")
_CLAUSE = re.compile(rf"(?:[,;:]|[{NBSP}{NNBSP} ][–—(]|\))(?=[{NBSP}{NNBSP} ]|$)|[{NBSP}{NNBSP} ](?=[;:–—(])")

FUNCTION_WORDS = frozenset(
    """
    à afin ai ainsi alors après au aucun aucune aussi aux avant avec car ce ceci cela celle celles celui ces cet
    cette ceux chaque chez comme comment contre dans de depuis dès des donc dont du durant elle elles en encore
    entre es est et eu être eux fait font hors il ils jusque jusqu jusqu’à je juste la là le les leur leurs lors
    lorsque lui ma mais malgré me même mes moi moins mon n ne ni nos notre nous on ont or ou où par parce pas
    pendant peu peut peuvent plus plutôt pour pourquoi près puis puisque qu quand que quel quelle quelles quels
    quelque quelques qui quoi sa sans sauf se selon ses si sien soit son sont sous soi suis sur ta tandis te tel
    telle telles tels tes toi ton tous tout toute toutes très trop tu un une vers via voici voilà vos votre vous y a
    as avait avaient avoir était étaient sera seront serait seraient doit doivent faut
    """.split()  # noqa: SIM905  a list of ninety strings is no easier to read
)
"""Words that announce another one: a cut never leaves them last."""


@lru_cache(maxsize=20_000)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text on one line each; a title stands alone, a list follows its colon."""
    found: list[str] = []
    for line in _lines(text):
        start = 0
        for end in _END.finditer(line):
            if _SHORT.search(line[start : end.end()]) and end.end() < len(line):
                continue
            found.append(line[start : end.end()].strip(_SPACES))
            start = end.end()
        if line[start:].strip(_SPACES):
            found.append(line[start:].strip(_SPACES))
    return tuple(found)


@lru_cache(maxsize=20_000)
def excerpt(text: str, most: int) -> str:
    """Whole sentences from the first on, `most` characters at the most; else the first to a clause.

    Addresses of the Web are left out: nobody says them. Empty where nothing else is there.
    """
    kept: list[str] = []
    for sentence in sentences(without_addresses(text)):
        if kept and len(" ".join((*kept, sentence))) > most:
            break
        kept.append(sentence)
    whole = " ".join(kept)
    return whole if len(whole) <= most else cut(whole, most)


def first_sentence(text: str, most: int) -> str:
    """The first sentence, whole where it has `most` characters at the most."""
    return cut(next(iter(sentences(without_addresses(text))), ""), most)


def without_addresses(text: str) -> str:
    return re.sub("  +", " ", _WEB.sub("", text)) if "//" in text or "www." in text else text


def is_whole(text: str, short: str) -> bool:
    """Whether a short form says all of its text."""
    return " ".join(sentences(text)) == short


def cut(sentence: str, most: int) -> str:
    """A sentence to its last clause within `most` characters, « … » after a word that means something."""
    if len(sentence) <= most:
        return sentence
    room = sentence[: most - 2]
    clauses = [found.start() for found in _CLAUSE.finditer(room) if found.start() >= most // 3]
    at = clauses[-1] if clauses else len(room) - len(re.split(r"[ \n\t]", room)[-1])
    words = re.split(r"[ \n\t]", room[:at].strip(_SPACES))
    while len(words) > 1 and _announces(words[-1]):
        words.pop()
    short = " ".join(words).rstrip(",;:.!?–—-(«" + _SPACES)
    if short.count("(") > short.count(")"):
        short = short[: short.rindex("(")].rstrip(",;:" + _SPACES)
    closing = f"{NBSP}»" if short.count("«") > short.count("»") else ""
    return f"{short}{NBSP}{ELLIPSIS}{closing}"


def _announces(word: str) -> bool:
    """Whether what follows was to be said: a function word, an elision, a sign alone."""
    plain = word.strip(",;:.!?«»()–—-" + _SPACES).lower()
    return not plain or plain.endswith("’") or plain.rsplit("’", 1)[-1] in FUNCTION_WORDS


_BULLET = re.compile(rf"^(?:[-–—•*·▪‣]|\d{{1,2}}[.)])[{NBSP}{NNBSP} ]+")


def _lines(text: str) -> list[str]:
    """Lines that say something, without typed bullets; what follows a colon goes on with it."""
    lines = [_BULLET.sub("", line.strip(_SPACES)) for line in text.split("\n") if line.strip(_SPACES)]
    joined: list[str] = []
    for line in lines:
        if joined and joined[-1].endswith(":"):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    return joined
