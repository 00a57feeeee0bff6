"""One base form for all input: trimmed, line ends unified, length told and never cut."""

import unicodedata
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from exports.text import in_thousands, typeset

NOTE_LIMIT = 10_000
"""Characters of a note. The page shows it; a longer text is refused and stays in the box."""

TOO_LONG = (
    "Ce texte dépasse {limit} caractères (il en compte {count}). Coupez-le en deux : rien n’a été effacé."
)


def raw(text: str | None) -> str:
    """A text as it was typed: CRLF to LF, U+0000 and halves of characters removed, nothing else."""
    plain = (text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return plain.encode("utf-8", "ignore").decode("utf-8")


def trimmed(text: str | None) -> str:
    """One line: for names, titles and numbers."""
    return " ".join(raw(text).split())


def fold(value: str) -> str:
    """Without case, accents and doubled spaces: how names are compared."""
    plain = unicodedata.normalize("NFKD", value.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def whole_number(text: str) -> int:
    """What a page says of itself in its address; 0 where it says nothing that one can count."""
    return int(text) if text.isdecimal() and len(text) <= 15 else 0


class NotTooLong:
    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, form: FlaskForm, field: Any) -> None:
        if len(field.data or "") > self.limit:
            count = in_thousands(len(field.data))
            raise ValidationError(TOO_LONG.format(limit=in_thousands(self.limit), count=count))


class NotEmpty:
    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __call__(self, form: FlaskForm, field: Any) -> None:
        if not (field.data or "").strip():
            raise ValidationError(self.sentence)


class RawText(TextAreaField):
    """What people say: stored as typed, shown again as typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = raw(valuelist[0]) if valuelist else ""


class Line(StringField):
    """A name, a title: one line without edges."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = trimmed(valuelist[0]) if valuelist else ""


class Perhaps(Line):
    """A line that may be left empty: then there is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = self.data or None


class Capitals(Line):
    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = (self.data or "").upper()


class Word(HiddenField):
    """What a button or the page itself says: an id, a revision; empty where it says nothing."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist else ""


class Step(HiddenField):
    """One step up or down: a step, not a place, so that the same request sent twice says the same."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = "up" if valuelist[:1] == ["up"] else "down"


ENVELOPE = ("operation", "workshop", "device_time")
"""What every form carries beside what it asks for."""


class OperationForm(FlaskForm):
    """What every write carries: its id, the workshop that the page was made for, its clock."""

    class Meta(FlaskForm.Meta):
        locales = ("fr_FR", "fr")
        csrf = False  # the token of every post is checked before any form is read

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """What was typed; a file under a field's name is none of it."""
            given = super().wrap_formdata(form, formdata)
            return request.form if isinstance(given, CombinedMultiDict) else given

    operation = HiddenField(validators=[Length(max=64)])
    workshop = HiddenField(validators=[Length(max=80)])
    device_time = HiddenField(validators=[Length(max=40)])

    def values(self) -> dict[str, Any]:
        """What the form asks for: its own fields, as they are."""
        return {field.name: field.data for field in self if field.name not in ENVELOPE}

    def sentence(self) -> str:
        """The first thing that is wrong, as a sentence."""
        for field in self:
            for error in field.errors:
                return typeset(str(error))
        return ""


class DirectionForm(OperationForm):
    direction = Step()


class FolderForm(OperationForm):
    """A folder of the server's own computer; empty for none."""

    folder = Line(validators=[Length(max=500, message="Le dossier tient en 500 caractères.")])
