"""What a running server remembers beside its database: one object of a kind for each application."""

from typing import TypeVar

from flask import current_app

Kind = TypeVar("Kind")


def remembered(kind: type[Kind]) -> Kind:
    """The application's own object of this kind, made when it is first asked for."""
    found: Kind = current_app.extensions.setdefault(f"contrib.{kind.__qualname__}", kind())
    return found
