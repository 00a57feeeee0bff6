"""One door for every printed string: str -> str, never raises, idempotent, linear.

`typeset` applies the named steps below in their visible order. Nothing here changes
what is stored: only raw text is stored, and this is how it looks in print.
Every quantifier is bounded, because an unbounded one took 25 s on 100,000 spaces.
"""

import re
from functools import lru_cache

from exports.characters import (
    NBSP,
    NNBSP,
    composed_accents,
    cp1252_controls,
    joiners,
    mojibake,
    single_spaces,
    symbol_font_bullets,
    unix_line_ends,
    unwrapped_html,
    visible_characters,
)
from exports.french import ELLIPSIS, french_typography, in_thousands

__all__ = ["ELLIPSIS", "NBSP", "NNBSP", "counted", "in_thousands", "shortened", "typeset", "word_count"]

STEPS = (
    unix_line_ends,
    cp1252_controls,
    symbol_font_bullets,
    visible_characters,
    unwrapped_html,
    composed_accents,
    joiners,
    mojibake,
    single_spaces,
    french_typography,
)


@lru_cache(maxsize=50_000)
def typeset(text: str) -> str:
    """`text` as it is printed. Idempotent; memoised because a day compiles every 2 s."""
    for step in STEPS:
        text = step(text)
    return text


# --- short forms ------------------------------------------------------------------------------


def shortened(text: str, words: int) -> str:
    """The first `words` words on one line, with « … » where something was left out."""
    pieces = _words(text)
    if len(pieces) <= words:
        return " ".join(pieces)
    cut = " ".join(pieces[:words]).rstrip(",;:.!?«( " + NBSP + NNBSP) + f"{NBSP}{ELLIPSIS}"
    return f"{cut}{NBSP}»" if cut.count("«") > cut.count("»") else cut


def _words(text: str) -> list[str]:
    """Pieces between plain white space: what a no-break space holds together is one."""
    return [piece for piece in re.split("[ \n\t]+", text) if piece]


def word_count(text: str) -> int:
    return len(_words(text))


def counted(number: int, singular: str, plural: str) -> str:
    """« 1 note », « 2 notes », « aucune note » is the caller's business."""
    return f"{number}{NBSP}{singular if number < 2 else plural}"
