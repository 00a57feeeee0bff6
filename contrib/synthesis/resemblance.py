"""Which texts resemble each other: French notes, nothing but the standard library.

A text is a vector of two halves, the 3- and 4-grams of characters inside its words and the
stems of its words, each weighed by how rare it is and brought to length 1. A text then moves
a little towards the three that are nearest to it, which brings together those that say one
thing in other words. The score is the cosine of two such vectors, from 0 to 1.
"""

import math
import re
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from heapq import nlargest

PULL = 0.1
"""How far a text moves towards each of its three nearest."""
STALE = 0.2
"""Weights are old once this share of the texts is new, or gone, since."""
RARE = 50
"""A term of up to so many texts is rare."""
ONE = 1 << 15
"""The weight 1 as a whole number: the cosine 1 is its square, and fits in 32 bits."""
AT_ONCE = 200
"""Texts that come in together: each is compared with those before it and these."""
A_SLIP = 0.8
"""From this likeness of two words on, one is the other with a slip of the keyboard."""

Weights = list[tuple[float, list[str]]]
Scores = Sequence[float]
Place = int
Three = tuple[Place, Place, Place]
NONE: Three = (-1, -1, -1)


@dataclass(frozen=True, slots=True)
class Neighbour:
    key: Hashable
    score: float
    shared: tuple[str, ...]
    """The words that both have, as they are written in the one or in the other."""


@dataclass(frozen=True, slots=True)
class Pair:
    one: Hashable
    other: Hashable
    score: float
    shared: tuple[str, ...]


class Resemblance:
    """An index of texts by key. Exact copies are one text with several keys."""

    def __init__(self) -> None:
        self._by_key: dict[Hashable, _Text] = {}
        self._by_words: dict[str, _Text] = {}
        self._new: dict[_Text, None] = {}
        self._weighed = 0
        """How many texts there were when the weights were computed: at the first question."""
        self._texts: list[_Text | None] = []
        """By place; None where one was removed. The lists below have the same places."""
        self._holes: list[Place] = []
        self._rows: list[array[float]] = []
        """The cosine of each text with each, before they move."""
        self._pullers: list[Three] = []
        """The places of the three nearest, -1 for none."""
        self._unsettled: dict[Place, list[Place] | None] = {}
        """Where those three are to be found again: among them and these, or among all for None."""
        self._floors: list[float] = []
        """The cosine of the last of those three: what a newcomer has to beat."""
        self._scales: list[float] = []
        """1 / the length of each text after it moved."""
        self._frequency: Counter[str] = Counter()
        """How many texts have a term."""
        self._rarities: dict[str, float] = {}
        self._rare: dict[str, list[tuple[Place, float]]] = {}
        self._common: dict[str, int] = {}
        """The weight of a term in each text that has it. Those of a common term are one whole number,
        32 bits a text: it is multiplied and added at once, ten times faster than text by text."""

    def put(self, key: Hashable, text: str) -> None:
        """Add a text, or replace the one of that key."""
        found = words(text)
        folded = " ".join(word.folded for word in found)
        known = self._by_key.get(key)
        if known is None or known.folded != folded:
            self.remove(key)
            if folded not in self._by_words:
                made = self._by_words[folded] = _Text(folded, found)
                self._new[made] = None
            self._by_key[key] = self._by_words[folded]
            self._by_words[folded].keys[key] = None

    def remove(self, key: Hashable) -> None:
        """Forget a text; nothing happens where its key is unknown."""
        text = self._by_key.pop(key, None)
        if text is None:
            return
        del text.keys[key]
        if text.keys:
            return
        del self._by_words[text.folded]
        if text in self._new:
            del self._new[text]
        else:
            self._drop(text)

    @property
    def stale(self) -> bool:
        """Whether an index that is filled anew would weigh better."""
        changed = len(self._texts) + len(self._new) - self._weighed + len(self._holes)
        return changed > STALE * len(self._by_words)

    def nearest(self, key: Hashable, most: int) -> list[Neighbour]:
        """What resembles the text of a key, best first. Raises KeyError where it is unknown."""
        self.settle()
        text = self._by_key[key]
        copies = [Neighbour(one, 1.0, shared(text.words, text.words)) for one in text.keys if one != key]
        scores = self._moved(self._rows[text.place], self._pullers[text.place])
        scores[text.place] = 0.0
        return (copies + self._best(text.words, scores, most))[:most]

    def nearest_to(self, text: str, most: int) -> list[Neighbour]:
        """The same for a text that need not be in the index."""
        self.settle()
        found = words(text)
        row = self._row(self._weights(_terms(found)))
        return self._best(found, self._moved(row, _largest(row, range(len(row)))), most)[:most]

    def pairs(self, most: int) -> list[Pair]:
        """The pairs of keys that resemble each other most, best first; copies stand with one of them."""
        self.settle()
        found: list[tuple[float, Place, Place]] = []
        floor = 0.0
        for place in range(len(self._texts)):
            scores = self._moved(self._rows[place], self._pullers[place], place)
            better = [(score, place, other) for other, score in enumerate(scores) if score > floor]
            if better:
                found = nlargest(most, found + better)
                floor = found[-1][0] if len(found) == most else 0.0
        copies = [
            Pair(first, other, 1.0, shared(text.words, text.words))
            for text in self._by_words.values()
            for first, *others in [text.keys]
            for other in others
        ]
        return (copies + [self._pair(*one) for one in found])[:most]

    def alone(self, floor: float) -> set[Hashable]:
        """The keys of texts that share words with no other from this score on."""
        self.settle()
        lone = {place for place, text in enumerate(self._texts) if text and len(text.keys) == 1}

        def share(place: Place, other: Place) -> bool:
            return bool(shared(self._text(place).words, self._text(other).words))

        for place in range(len(self._texts)):
            for other, score in enumerate(self._moved(self._rows[place], self._pullers[place], place)):
                if score >= floor and not lone.isdisjoint((place, other)) and share(place, other):
                    lone -= {place, other}
        return {key for place in lone for key in self._text(place).keys}

    def _pair(self, score: float, place: Place, other: Place) -> Pair:
        one, two = self._text(other), self._text(place)
        return Pair(next(iter(one.keys)), next(iter(two.keys)), score, shared(one.words, two.words))

    def _best(self, asked: "list[Word]", scores: Scores, most: int) -> list[Neighbour]:
        best = nlargest(most, range(len(scores)), key=scores.__getitem__)
        return [
            Neighbour(key, scores[place], shared(asked, self._text(place).words))
            for place in best
            if scores[place] > 0
            for key in self._text(place).keys
        ]

    def _text(self, place: Place) -> "_Text":
        text = self._texts[place]
        assert text is not None, "a removed text scores 0 everywhere"
        return text

    # --- weights: those of the first question; what comes later is weighed as what was there --------------

    def settle(self) -> None:
        """Take in what was put: what the first question does, aside."""
        new = list(self._new)
        self._new = {}
        for text in new:
            self._frequency.update(term for part in text.terms for term in part)
        for start in range(0, len(new), AT_ONCE):
            self._insert(new[start : start + AT_ONCE])
        for place, newcomers in self._unsettled.items():
            row = self._rows[place]
            among: Sequence[Place] = range(len(row))
            if newcomers is not None:
                among = [one for one in (*self._pullers[place], *newcomers) if one >= 0]
            found = self._pullers[place] = _largest(row, among, place)
            self._floors[place] = row[found[-1]] if found[-1] >= 0 else 0.0
            self._scales[place] = self._scale(row, found)
        self._unsettled.clear()
        self._weighed = self._weighed or len(self._texts)

    def _insert(self, texts: "list[_Text]") -> None:
        first = len(self._texts)
        self._texts += texts
        weighed = [self._weights(text.terms) for text in texts]
        new: dict[str, list[tuple[Place, float]]] = defaultdict(list)
        for place, (text, weights) in enumerate(zip(texts, weighed, strict=True), first):
            text.place = place
            for weight, terms in weights:
                for term in terms:
                    new[term].append((place, weight))
        for term, postings in new.items():
            square = self._rarity(term) ** 2
            if self._frequency[term] > RARE:
                lanes = array("I", bytes(4 * len(texts)))
                for place, weight in postings:
                    lanes[place - first] = round(weight * square * ONE)
                packed = int.from_bytes(lanes.tobytes(), "little") << (32 * first)
                self._common[term] = self._common.get(term, 0) + packed
            else:
                self._rare.setdefault(term, []).extend((place, weight * square) for place, weight in postings)
        rows = [array("f", self._row(weights)) for weights in weighed]
        for newcomer, row in enumerate(rows, first):
            for old, score in zip(self._rows, row, strict=False):
                old.append(score)
            for place, (score, floor) in enumerate(zip(row, self._floors, strict=False)):
                if score > floor and (known := self._unsettled.setdefault(place, [])) is not None:
                    known.append(newcomer)
        self._rows += rows
        self._unsettled |= dict.fromkeys(range(first, len(self._texts)))
        self._pullers += [NONE] * len(texts)
        self._floors += [math.inf] * len(texts)
        self._scales += [1.0] * len(texts)

    def _drop(self, text: "_Text") -> None:
        self._holes.append(text.place)
        self._texts[text.place] = None
        for part in text.terms:
            self._frequency.subtract(part.keys())
        self._rows[text.place] = array("f", bytes(4 * len(self._texts)))
        for place, row in enumerate(self._rows):
            row[text.place] = 0.0
            if text.place in self._pullers[place]:
                self._unsettled[place] = None
        self._unsettled[text.place] = None

    def _rarity(self, term: str) -> float:
        """From 1 for a term that every text has; the same for all as long as the index is."""
        if term in self._rarities:
            return self._rarities[term]
        found = 1 + math.log((len(self._by_words) + 1) / (self._frequency[term] + 1))
        if self._frequency[term]:
            self._rarities[term] = found
        return found

    def _weights(self, terms: "Terms") -> Weights:
        """Terms of one weight together; grams and stems have one half of the length 1 each."""
        found = []
        for part in terms:
            by_count: dict[int, list[str]] = defaultdict(list)
            for term, count in part.items():
                by_count[count].append(term)
            weights = [(1 + math.log(count), together) for count, together in by_count.items()]
            squares = sum(w * w * sum(self._rarity(t) ** 2 for t in together) for w, together in weights)
            found += [(w / math.sqrt(2 * squares), together) for w, together in weights]
        return found

    def _row(self, weights: Weights) -> list[float]:
        """The cosine of a text with each of the index."""
        packed = sum(
            round(weight * ONE) * sum(self._common.get(term, 0) for term in together)
            for weight, together in weights
        )
        lanes = array("I", packed.to_bytes(4 * len(self._texts), "little"))
        row = [lane / (ONE * ONE) for lane in lanes]
        for weight, together in weights:
            for term in together:
                for place, other in self._rare.get(term, ()):
                    row[place] += weight * other
        for place in self._holes:
            row[place] = 0.0
        return row

    # --- neighbours pull: scores after each text moved towards its nearest ones ------------------------

    def _moved(self, row: Scores, pullers: Iterable[Place], upto: Place | None = None) -> list[float]:
        """The scores of a text with each (or those before a place), from its cosines before both moved."""
        scale = self._scale(row, pullers)
        pulled = list(row)
        for place in pullers:
            if place >= 0:
                pulled = [score + PULL * more for score, more in zip(pulled, self._rows[place], strict=True)]
        known = zip(pulled[:upto], self._pullers, self._scales, strict=False)
        pulled.append(0.0)  # what place -1 finds
        return [
            (score + PULL * (pulled[first] + pulled[second] + pulled[third])) * other * scale
            for score, (first, second, third), other in known
        ]

    def _scale(self, row: Scores, pullers: Iterable[Place]) -> float:
        """1 / the length of a text after it moved."""
        real = [place for place in pullers if place >= 0]
        towards = sum(row[place] for place in real)
        among = sum(self._rows[a][b] for a in real for b in real)
        return 1 / math.sqrt(1 + 2 * PULL * towards + PULL * PULL * among)


def _largest(row: Scores, among: Sequence[Place], but: Place = -1) -> Three:
    """The places of the three nearest texts, -1 where there are not enough."""
    best = nlargest(4, zip(map(row.__getitem__, among), among, strict=True))
    found = [place for score, place in best if place != but and score > 0]
    first, second, third, *_ = (*found, *NONE)
    return first, second, third


# --- words: what a text says, folded so that case, accents and ways of typing do not matter ---------------

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
def _grams(folded: str) -> tuple[str, ...]:
    """The runs of 3 and of 4 characters in a word, its edges being characters."""
    edged = f" {folded} "
    return tuple(edged[at : at + size] for size in (3, 4) for at in range(len(edged) - size + 1))


Terms = tuple[Counter[str], Counter[str]]


def _terms(found: Iterable[Word]) -> Terms:
    """How often a text has each gram, and each stem (marked, so that none is taken for a gram)."""
    telling = [word.folded for word in found if word.tells]
    grams = Counter(gram for word in telling for gram in _grams(word))
    return grams, Counter(f"={stem(word)}" for word in telling)


@dataclass(eq=False, slots=True)
class _Text:
    folded: str
    words: list[Word]
    terms: Terms = field(init=False)
    keys: dict[Hashable, None] = field(default_factory=dict)
    """In the order put: a set that remembers it."""
    place: Place = -1

    def __post_init__(self) -> None:
        self.terms = _terms(self.words)


def shared(one: Iterable[Word], other: Iterable[Word]) -> tuple[str, ...]:
    """The words that say the same in both, as each of them writes them."""
    ours, theirs = ({word.seen: word for word in found if word.tells} for found in (one, other))
    seen = {
        word: None
        for mine in ours.values()
        for yours in theirs.values()
        if _same(mine.folded, yours.folded)
        for word in (mine.seen, yours.seen)
    }
    return tuple(seen)


@lru_cache(100_000)
def _same(one: str, other: str) -> bool:
    """Whether two folded words have one stem, or one is the other with a slip."""
    if one == other or stem(one) == stem(other):
        return True
    if one[:1] != other[:1] or min(len(one), len(other)) < 5 or abs(len(one) - len(other)) > 2:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= A_SLIP
