"""The hours of a day: each follows the one before, and what is said where one does not."""

from datetime import time

NAMES = (
    ("workshops_start", "le début des ateliers"),
    ("workshops_end", "la fin des ateliers"),
    ("plenary_at", "la restitution"),
    ("ends_at", "la fin de la journée"),
)
"""By column, in the order of the day."""


def problem(hours: dict[str, time | None]) -> str:
    """Why these hours cannot be, as a sentence; empty where they follow each other.

    The restitution may begin when the workshops end; all others are apart.
    """
    given = [(column, words, at) for column, words in NAMES if (at := hours.get(column)) is not None]
    for (_, first, before), (column, second, after) in zip(given, given[1:], strict=False):
        if after < before or (after == before and column != "plenary_at"):
            return (
                f"Ces heures ne se suivent pas : {second} ({_said(after)}) "
                f"doit venir après {first} ({_said(before)})."
            )
    return ""


def _said(hour: time) -> str:
    return f"{hour.hour} h {hour.minute:02}"
