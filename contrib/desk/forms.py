"""What the organiser's pages send."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wtforms import DateField, Field, IntegerField, TimeField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional, ValidationError

from contrib.forms import Capitals, Line, NotEmpty, OperationForm, Perhaps, RawText, trimmed, whole_number
from exports.digest import NATURES


def _text(name: str, limit: int = 300) -> Length:
    return Length(max=limit, message=f"{name} tient en {limit} caractères.")


class Hour(TimeField):
    """An hour of the day, as browsers send it or as people type it: 16:30, 16 h 30."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = " ".join(valuelist).strip()
        plain = re.sub(r"\s*[hH]\s*", ":", typed)
        try:
            super().process_formdata([f"{plain}00" if plain.endswith(":") else plain] if typed else [])
        except ValueError as error:
            raise ValueError(f"« {typed} » n’est pas une heure : écrivez-la comme 16:30.") from error


def _clock(label: str, required: bool = False) -> Hour:
    first = InputRequired("L’heure de la restitution est nécessaire.") if required else Optional()
    return Hour(label, format=["%H:%M", "%H:%M:%S"], validators=[first])


class EventForm(OperationForm):
    title = Line("Titre", validators=[NotEmpty("La journée a besoin d’un titre."), _text("Le titre")])
    subtitle = Perhaps("Sous-titre", validators=[_text("Le sous-titre")])
    date = DateField("Date", validators=[InputRequired("La journée a besoin d’une date.")])
    place = Perhaps("Lieu", validators=[_text("Le lieu")])
    organiser = Perhaps("Organisateur", validators=[_text("L’organisateur")])
    workshops_start = _clock("Début des ateliers")
    workshops_end = _clock("Fin des ateliers")
    plenary_at = _clock("Restitution", required=True)
    ends_at = _clock("Fin de la journée")


class NewDayForm(OperationForm):
    """What is left empty is that of the file that the day starts from."""

    title = Perhaps("Titre", validators=[_text("Le titre")])
    date = DateField("Date", validators=[Optional()])
    place = Perhaps("Lieu", validators=[_text("Le lieu")])
    workshops_start = _clock("Début des ateliers")
    workshops_end = _clock("Fin des ateliers")
    plenary_at = _clock("Restitution")
    base = Line(validators=[Length(max=120)])


class SequencesForm(OperationForm):
    text = RawText(validators=[_text("Le déroulé", 10_000)])


class Several(Field):
    """A line of each row of the page, in the order of the rows."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [trimmed(value) for value in valuelist]


@dataclass(frozen=True, slots=True)
class _One:
    """One of several values, as validators look at it."""

    data: str


def _each(*validators: Callable[[Any, Any], None]) -> Callable[[Any, Field], None]:
    def check(form: OperationForm, field: Field) -> None:
        for value in field.data or []:
            for validator in validators:
                validator(form, _One(value))

    return check


class WorkshopForm(OperationForm):
    title = Line("Titre", validators=[NotEmpty("L’atelier a besoin d’un titre."), _text("Le titre", 120)])
    initials = Capitals("Sigle")
    question = Line("Question", validators=[_text("La question", 600)])
    room = Perhaps("Salle", validators=[_text("La salle", 120)])
    speaker = Perhaps("Qui parle en plénière", validators=[_text("Ce nom", 120)])
    minutes = IntegerField(
        "Minutes en plénière",
        validators=[
            InputRequired("Combien de minutes ?"),
            NumberRange(1, 120, message="Les minutes vont de 1 à 120."),
        ],
    )
    expected_highlights = IntegerField(
        "Notes à dire en plénière",
        validators=[
            InputRequired("Combien de notes à dire ?"),
            NumberRange(0, 20, message="Les notes à dire vont de 0 à 20."),
        ],
    )

    rubric = Several()
    """The ids of the rubrics, in the order of the page; `label` and `prompt` are theirs, one each."""
    label = Several(validators=[_each(NotEmpty("Une rubrique a besoin d’un nom."), _text("Le nom", 120))])
    prompt = Several(validators=[_each(_text("L’invite"))])
    new_label = Line(validators=[_text("Le nom", 120)])
    new_prompt = Line(validators=[_text("L’invite")])
    new_nature = Line(validators=[Optional(), AnyOf(NATURES, message="Choisissez la nature de la rubrique.")])
    step = Line()
    """What was pressed beside a rubric: « <id> up », « <id> down » or « <id> out »; empty for the rest."""

    def validate_rubric(self, field: Several) -> None:
        if not len(field.data or []) == len(self.label.data or []) == len(self.prompt.data or []):
            raise ValidationError("La page n’a pas envoyé toutes ses rubriques : rouvrez-la.")


class NewWorkshopForm(OperationForm):
    title = Line(validators=[NotEmpty("L’atelier a besoin d’un titre."), _text("Le titre", 120)])
    initials = Capitals(validators=[NotEmpty("L’atelier a besoin d’un sigle de 2 à 5 lettres.")])


class NoticeForm(OperationForm):
    """A word typed, or one that was ready made: each of those is a button."""

    text = Line(validators=[_text("Un mot", 200)])
    offer = Line(validators=[_text("Un mot", 200)])
    to = Line(validators=[Length(max=120)])

    def validate_text(self, field: Line) -> None:
        if not field.data and not self.offer.data:
            raise ValidationError("Écrivez d’abord le mot, en une ligne.")


class Boxes(Field):
    """The numbers of the boxes that are checked."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [whole_number(value) for value in valuelist if value.isdecimal()]


class TimedForm(OperationForm):
    """The minutes before the end at which a word goes by itself: a box each."""

    minutes = Boxes()


def _confirmed(_form: OperationForm, field: Line) -> None:
    if (field.data or "").casefold() != "commencer":
        raise ValidationError("Pour confirmer, tapez le mot « commencer ».")


class ClearForm(OperationForm):
    confirmation = Line(validators=[_confirmed])
