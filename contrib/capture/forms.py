"""What the capture page sends."""

from typing import Any

from wtforms import BooleanField, Field, HiddenField, IntegerField
from wtforms.validators import Length, NumberRange, Optional

from contrib.forms import NOTE_LIMIT, DirectionForm, Line, NotEmpty, NotTooLong, OperationForm, RawText, Word
from contrib.synthesis.operations import LONGEST_NAME

NO = ("0", "")
"""What a button sends that takes something back."""
EMPTY_NOTE = "Il n’y a encore rien à noter : écrivez une phrase, puis « Noter »."


class NoteForm(OperationForm):
    text = RawText(validators=[NotEmpty(EMPTY_NOTE), NotTooLong(NOTE_LIMIT)])
    rubric = Word()
    parts = HiddenField()
    """`one`: the answer to « Une seule note, ou 4 notes ? »; the other answer is an action of its own."""


class WordingForm(OperationForm):
    text = RawText(
        validators=[
            NotEmpty("Une note ne peut pas devenir vide. Pour l’enlever, choisissez « Retirer »."),
            NotTooLong(NOTE_LIMIT),
        ]
    )
    base = HiddenField(validators=[Length(min=1, message="La page ne dit pas quel texte elle modifie.")])


class Revisions(Field):
    """The ids of the texts that stand on the page, separated by spaces."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = " ".join(valuelist).split()[:10]


class SettlementForm(OperationForm):
    text = RawText(
        validators=[
            NotEmpty("Choisissez un des deux textes, ou écrivez le texte commun."),
            NotTooLong(NOTE_LIMIT),
        ]
    )
    bases = Revisions()


class MessageForm(OperationForm):
    text = RawText(validators=[NotTooLong(1_000)])
    base = Word()


class ChoiceForm(OperationForm):
    keep = Word()


class WithdrawalForm(OperationForm):
    withdrawn = BooleanField(false_values=NO)


class SortingForm(OperationForm):
    rubric = Word()


class HighlightForm(OperationForm):
    chosen = BooleanField(false_values=NO)


class ReadinessForm(OperationForm):
    ready = BooleanField(false_values=NO)


class PlaceForm(DirectionForm):
    after = Word()
    """The note after which to go, empty for the first place; where it is not sent, one step in a direction."""

    def values(self) -> dict[str, Any]:
        return (
            {"after": self.after.data or None} if self.after.raw_data else {"direction": self.direction.data}
        )


class ThemeForm(OperationForm):
    name = Line(
        validators=[Length(max=LONGEST_NAME, message=f"Un thème tient en {LONGEST_NAME} caractères.")]
    )


class SpeakerForm(OperationForm):
    name = Line(validators=[Length(max=120, message="Ce nom dépasse 120 caractères.")])


PARTICIPANTS = "Le nombre de participants va de 0 à 5 000, en chiffres."


class Participants(IntegerField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(PARTICIPANTS) from error


class ParticipantsForm(OperationForm):
    number = Participants(validators=[Optional(), NumberRange(0, 5000, message=PARTICIPANTS)])


class SignatureForm(OperationForm):
    name = Line(validators=[Length(max=60, message="Une signature tient en 60 caractères.")])
