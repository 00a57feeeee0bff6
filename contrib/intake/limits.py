"""How much is taken at once, the same for every way in: said in a sentence before the work.

Each is what one request does in well under two seconds; whoever has more brings it in parts.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from exports.text import in_thousands

T = TypeVar("T")

MOST_LINES = 2_000
"""Lines of a file or a pasted list that say something; rows of a table; notes of a saved file."""
MOST_PARAGRAPHS = 20_000
"""With those that say nothing."""
MOST_CHARACTERS = 2_000_000
MOST_ELEMENTS = 200_000
"""Of XML: a document of 2,000 lines has 20,000."""
MOST_POSTS = 500
"""Changes of a saved file that are new here; bringing the same file once more takes the next ones."""


class UnreadableFile(ValueError):
    """The file cannot be imported; the message is made of French sentences."""


def checked_text(text: str) -> str:
    """The text of a file, if it is not beyond the limits. Raises UnreadableFile."""
    lines = text.count("\n") + text.count("\r")
    if len(text) > MOST_CHARACTERS or lines > 2 * MOST_PARAGRAPHS:
        raise UnreadableFile(
            f"Ce fichier est démesuré ({in_thousands(len(text))} caractères, {in_thousands(lines + 1)} lignes) : "
            f"{in_thousands(MOST_LINES)} lignes utiles au plus. Coupez-le en plusieurs fichiers."
        )
    return text


def bounded(items: Iterable[T], most: int = MOST_LINES) -> Iterator[T]:
    """The same, unless there are more of them. Raises UnreadableFile then."""
    for number, item in enumerate(items):
        if number == most:
            raise UnreadableFile(
                f"Ce fichier a plus de {in_thousands(most)} lignes : coupez-le en plusieurs fichiers."
            )
        yield item
