"""Strings that are no prose: what is matched, and what is read by a parser first."""

from typing import NewType

Key = NewType("Key", str)
"""A string that is matched, not read: never typeset."""

Source = NewType("Source", str)
"""A text with marks (`exports/formatted.py`): its words are typeset once it is parsed, never before."""
