"""Which texts resemble each other: French notes, nothing but the standard library.

A text is a vector of two halves, the 3- and 4-grams of characters inside its words and the
stems of its words, each weighed by how rare it is and brought to length 1. A text then moves
a little towards the three that are nearest to it, which brings together those that say one
thing in other words. The score is the cosine of two such vectors, from 0 to 1.
"""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import compress, count, product
from operator import gt

from contrib.synthesis.words import Word, grams, shared, stem, telling, words

PULL = 0.1
"""How far a text moves towards each of its three nearest."""
KNOWN = 6
"""So many nearest are kept of a text: three that pull, the others for when one of them goes."""
STALE = 0.2
"""Weights are old once this share of the texts is new, or gone, since."""
RARE = 50
"""A term of up to so many texts is rare."""
LOOSE = 24
"""Weights of a common term that are listed before they are packed."""
ONE = 1 << 15
"""The weight 1 as a whole number: the cosine 1 is its square, and fits in 32 bits."""
AT_ONCE = 200
"""Texts that come in together: what they weigh is packed once for all of them."""

Place = int
Three = tuple[Place, Place, Place]
Scores = Sequence[float]
Weights = list[tuple[float, list[str]]]
NOBODY: Place = 0
"""The place of an empty text that resembles nothing."""


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
        self._texts = [_Text("", [])]
        """By place, NOBODY first; one without keys was removed. The lists below have the same places."""
        self._rows = [array("f", [0.0])]
        """The cosine of each text with those that were there; the rows of later ones have the rest."""
        self._pullers: list[Three] = [(NOBODY, NOBODY, NOBODY)]
        """The places of the three nearest, NOBODY where there are not enough."""
        self._near: list[tuple[Place, ...]] = [(NOBODY,) * KNOWN]
        """Those three and the next, as many as are known."""
        self._floors = [math.inf]
        """The cosine of the last of those: what a newcomer has to beat. No one can where it is infinite."""
        self._scales = [1.0]
        """1 / the length of each text after it moved; 0 of one that was removed."""
        self._gone: list[Place] = []
        self._unsettled: set[Place] = set()
        """Where those are to be found again."""
        self._frequency: Counter[str] = Counter()
        """How many texts have a term."""
        self._rarities: dict[str, float] = {}
        self._loose: dict[str, list[tuple[Place, float]]] = defaultdict(list)
        """The weight of a term in the texts that have it; the last to come."""
        self._packed: dict[str, int] = {}
        """The others, as one whole number, 32 bits a text: it is multiplied and added at once, ten times
        faster than text by text."""

    def put(self, key: Hashable, text: str) -> None:
        """Add a text, or replace the one of that key."""
        found = words(text)
        folded = " ".join(word.folded for word in found)
        known = self._by_key.get(key)
        if known is None or known.folded != folded:
            self.remove(key)
            if folded not in self._by_words:
                made = self._by_words[folded] = _Text(folded, telling(found))
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
        changed = len(self._texts) - 1 - self._weighed + len(self._new) + len(self._gone)
        return changed > STALE * len(self._by_words)

    def nearest(self, key: Hashable, most: int) -> list[Neighbour]:
        """What resembles the text of a key, best first. Raises KeyError where it is unknown."""
        self.settle()
        text = self._by_key[key]
        copies = [Neighbour(one, 1.0, shared(text.words, text.words)) for one in text.keys if one != key]
        scores = self._moved(self._row_of(text.place), self._pullers[text.place])
        scores[text.place] = 0.0
        return (copies + self._best(text.words, scores, most))[:most]

    def nearest_to(self, text: str, most: int) -> list[Neighbour]:
        """The same for a text that need not be in the index."""
        self.settle()
        asked = telling(words(text))
        row = self._row(self._weights(_terms(asked)))
        one, two, three, *_ = self._nearest(row)
        return self._best(asked, self._moved(row, (one, two, three)), most)[:most]

    def pairs(self, most: int) -> list[Pair]:
        """The pairs of keys that resemble each other most, best first; copies stand with one of them."""
        self.settle()
        found: list[tuple[float, Place, Place]] = []
        floor = 0.0
        for place, scores in self._below():
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
        texts = self._texts
        lone = {place for place, text in enumerate(texts) if len(text.keys) == 1}
        for place, scores in self._below():
            near = [other for other, score in enumerate(scores) if score >= floor]
            for other in near:
                if not lone.isdisjoint((place, other)) and shared(texts[place].words, texts[other].words):
                    lone -= {place, other}
        return {key for place in lone for key in texts[place].keys}

    def _below(self) -> Iterator[tuple[Place, list[float]]]:
        """Of each place, its scores with those before it."""
        for place, (text, pullers) in enumerate(zip(self._texts, self._pullers, strict=True)):
            if text.keys:
                yield place, self._moved(self._row_of(place), pullers, place)

    def _pair(self, score: float, place: Place, other: Place) -> Pair:
        one, two = self._texts[other], self._texts[place]
        return Pair(next(iter(one.keys)), next(iter(two.keys)), score, shared(one.words, two.words))

    def _best(self, asked: "list[Word]", scores: Scores, most: int) -> list[Neighbour]:
        best = nlargest(most, zip(scores, range(len(scores)), strict=True))
        return [
            Neighbour(key, score, shared(asked, self._texts[place].words))
            for score, place in best
            if score > 0
            for key in self._texts[place].keys
        ]

    # --- weights: those of the first question; what comes later is weighed as what was there --------------

    def settle(self) -> None:
        """Take in what was put: what the first question does, aside."""
        new, self._new = list(self._new), {}
        for text in new:
            self._frequency.update(term for part in text.terms for term in part)
        for start in range(0, len(new), AT_ONCE):
            self._insert(new[start : start + AT_ONCE])
        for place in self._unsettled:
            self._approach(place, self._nearest(self._row_of(place), but=place))
        self._unsettled.clear()
        self._weighed = self._weighed or len(self._texts) - 1

    def _insert(self, texts: "list[_Text]") -> None:
        places = range(len(self._texts), len(self._texts) + len(texts))
        weighed = [self._weights(text.terms) for text in texts]
        self._texts += texts
        self._pullers += [(NOBODY, NOBODY, NOBODY)] * len(texts)
        self._near += [()] * len(texts)
        self._floors += [math.inf] * len(texts)
        self._scales += [1.0] * len(texts)
        self._unsettled.update(places)
        self._post(places, weighed)
        for newcomer, text, weights in zip(places, texts, weighed, strict=True):
            text.place = newcomer
            self._rows.append(array("f", self._row(weights)))
            for place in compress(count(), map(gt, self._rows[newcomer], self._floors)):
                near = (*self._near[place], newcomer)
                best = sorted(near, key=self._row_of(place).__getitem__, reverse=True)
                self._approach(place, tuple(best[:KNOWN]))

    def _approach(self, place: Place, near: tuple[Place, ...]) -> None:
        row = self._row_of(place)
        one, two, three, *_ = near
        self._near[place], self._pullers[place] = near, (one, two, three)
        self._floors[place] = row[near[-1]]
        self._scales[place] = self._scale(row, (one, two, three))

    def _post(self, places: range, weighed: Iterable[Weights]) -> None:
        full = set()
        for place, weights in zip(places, weighed, strict=True):
            for weight, terms in weights:
                for term in terms:
                    loose = self._loose[term]
                    loose.append((place, weight * self._rarity(term) ** 2))
                    if self._frequency[term] > RARE and len(loose) + len(places) > LOOSE:
                        full.add(term)
        for term in full:
            lanes = array("I", bytes(4 * len(self._texts)))
            for place, weight in self._loose.pop(term):
                lanes[place] = round(weight * ONE)
            self._packed[term] = self._packed.get(term, 0) + int.from_bytes(lanes.tobytes(), "little")

    def _drop(self, text: "_Text") -> None:
        for part in text.terms:
            self._frequency.subtract(part.keys())
        self._gone.append(text.place)
        self._near[text.place] = ()
        self._floors[text.place], self._scales[text.place] = math.inf, 0.0
        self._unsettled.discard(text.place)
        for place, known in enumerate(self._near):
            if text.place in known:
                near = tuple(one for one in known if one != text.place)
                if len(near) >= 3:
                    self._approach(place, near)
                else:
                    self._unsettled.add(place)
                    self._floors[place] = math.inf

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
            for term, times in part.items():
                by_count[times].append(term)
            weights = [(1 + math.log(times), together) for times, together in by_count.items()]
            squares = sum(w * w * sum(self._rarity(t) ** 2 for t in together) for w, together in weights)
            found += [(w / math.sqrt(2 * squares), together) for w, together in weights]
        return found

    def _row(self, weights: Weights) -> list[float]:
        """The cosine of a text with each of the index."""
        packed = sum(
            round(weight * ONE) * sum(self._packed.get(term, 0) for term in together)
            for weight, together in weights
        )
        lanes = array("I", packed.to_bytes(4 * len(self._texts), "little"))
        row = [lane / (ONE * ONE) for lane in lanes]
        for weight, together in weights:
            for term in together:
                for place, other in self._loose.get(term, ()):
                    row[place] += weight * other
        return row

    def _row_of(self, place: Place) -> "array[float]":
        row = self._rows[place]
        row.extend([later[place] for later in self._rows[len(row) :]])
        return row

    # --- neighbours pull: scores after each text moved towards its nearest ones ------------------------

    def _moved(self, row: Scores, pullers: Three, upto: Place | None = None) -> list[float]:
        """The scores of a text with each (or those before a place), from its cosines before both moved."""
        scale = self._scale(row, pullers)
        rows = zip(row, *map(self._row_of, pullers), strict=True)
        pulled = [own + PULL * (one + two + three) for own, one, two, three in rows]
        known = zip(pulled[:upto], self._pullers, self._scales, strict=False)
        return [
            (score + PULL * (pulled[one] + pulled[two] + pulled[three])) * other * scale
            for score, (one, two, three), other in known
        ]

    def _scale(self, row: Scores, pullers: Three) -> float:
        """1 / the length of a text after it moved."""
        towards = sum(row[place] for place in pullers)
        among = sum(self._rows[max(pair)][min(pair)] for pair in product(pullers, pullers))
        return 1 / math.sqrt(1 + 2 * PULL * towards + PULL * PULL * among)

    def _nearest(self, row: Scores, but: Place = NOBODY) -> tuple[Place, ...]:
        left = array("f", row)
        for place in (but, *self._gone):
            left[place] = 0.0
        best = nlargest(KNOWN, zip(left, range(len(left)), strict=True))
        return (*(place for score, place in best if score > 0), *[NOBODY] * KNOWN)[:KNOWN]


Terms = tuple[Counter[str], Counter[str]]


def _terms(told: Iterable[Word]) -> Terms:
    """How often a text has each gram, and each stem (marked, so that none is taken for a gram)."""
    runs = Counter(gram for word in told for gram in grams(word.folded))
    return runs, Counter(f"={stem(word.folded)}" for word in told)


@dataclass(eq=False, slots=True)
class _Text:
    folded: str
    words: list[Word]
    """Those that tell something."""
    terms: Terms = field(init=False)
    keys: dict[Hashable, None] = field(default_factory=dict)
    """In the order put: a set that remembers it."""
    place: Place = NOBODY

    def __post_init__(self) -> None:
        self.terms = _terms(self.words)
