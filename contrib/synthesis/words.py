"""What a text says, word by word, folded so that case, accents and ways of typing do not matter."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

A_SLIP = 0.8
"""From this likeness of two words on, one is the other with a slip of the keyboard."""

_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
"""Signs without width, which a word may hold."""
_LETTER = rf"(?:[^\W\d_\u02b9-\u02bf]|[\u0300-\u036f{_UNSEEN}])"
_WORD = re.compile(
    rf"(?<!\w)(?:{_LETTER}\.){{2,}}{_LETTER}?(?!\w)"  # S.N.C.F.
    r"|\d{1,3}(?:[ .\u00a0\u202f]\d{3})+(?!\d)"  # 12 000
    rf"|(?:{_LETTER}|\d)+"  # an apostrophe of any kind ends a word: l’eau
)
_SIGNS = re.compile(rf"[^\w]|[\u0300-\u036f{_UNSEEN}]")
_SILENT = """
ai aie ainsi alors apres as au aucun aucune aujourd aura aussi autant autre autres aux avaient avait
avant avec avez avoir avons ayant beaucoup ca car ce ceci cela celle celles celui cependant ces cet
cette ceux chaque chez ci comme comment dans de deja depuis des donc dont du elle elles en encore entre
es est et etaient etait etant ete etes etre eu eux faire fait faites faut font hors hui il ils je jusqu
la le les leur leurs lors lorsqu lorsque lui ma mais me meme memes mes mettre moi mon ne ni nos notre
nous on ont ou par parce pas pendant peu peut peuvent plus plusieurs pour pourquoi presqu puis puisqu
puisque qu quand que quel quelle quelles quels quelqu qui quoi quoiqu sa sans se selon sera serait ses
si sinon soi soit sommes son sont sous sur ta tandis te tel telle telles tels tes toi ton tous tout
toute toutes tres tu un une vers via voir vos votre vous
"""
"""Words that say nothing of what a text is about."""
_STOP_WORDS = frozenset(_SILENT.split())
_SUFFIXES = """
issements issement ements ement ments ment ations ation atrices atrice ateurs ateur ables able ibles
ible iques ique ismes isme istes iste ites ite euses euse eurs eur ives ive ifs if antes ante ants ant
aient ait era eront ees ee es er ez ent ir is it e s x
"""
_ENDINGS = sorted(_SUFFIXES.split(), key=len, reverse=True)


@dataclass(frozen=True, slots=True)
class Word:
    seen: str
    """As it stands in the text."""
    folded: str
    """Without case, accents, dots and spaces."""

    @property
    def tells(self) -> bool:
        return self.folded not in _STOP_WORDS and (len(self.folded) > 1 or self.folded.isdigit())


def words(text: str) -> list[Word]:
    """All words of a text, in its order."""
    return [Word(seen, _fold(seen)) for seen in _WORD.findall(text)]


@lru_cache(20_000)
def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold().replace("œ", "oe").replace("æ", "ae"))
    return _SIGNS.sub("", plain)


@lru_cache(20_000)
def stem(folded: str) -> str:
    """A folded word without its ending, where four letters are left."""
    for ending in _ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= 4:
            return folded[: -len(ending)]
    return folded


@lru_cache(20_000)
def grams(folded: str) -> tuple[str, ...]:
    """The runs of 3 and of 4 characters in a word, its edges being characters."""
    edged = f" {folded} "
    return tuple(edged[at : at + size] for size in (3, 4) for at in range(len(edged) - size + 1))


def telling(found: Iterable[Word]) -> list[Word]:
    return [word for word in found if word.tells]


def shared(one: Iterable[Word], other: Iterable[Word]) -> tuple[str, ...]:
    """The words that say the same in both, as each of them writes them; they tell something."""
    begun: dict[str, list[Word]] = {}
    for word in other:
        begun.setdefault(word.folded[0], []).append(word)
    same = [
        (mine, yours)
        for mine in one
        for yours in begun.get(mine.folded[0], ())
        if _same(mine.folded, yours.folded)
    ]
    return tuple(dict.fromkeys(word.seen for pair in same for word in pair))


@lru_cache(100_000)
def _same(one: str, other: str) -> bool:
    """Whether two folded words of one first letter have one stem, or one is the other with a slip."""
    if one == other or stem(one) == stem(other):
        return True
    if min(len(one), len(other)) < 5 or abs(len(one) - len(other)) > 2:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= A_SLIP
