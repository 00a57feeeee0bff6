"""What the capture page sends."""

from wtforms import HiddenField, IntegerField
from wtforms.validators import Length, NumberRange, Optional

from contrib.forms import NOTE_LIMIT, Line, NotEmpty, NotTooLong, OperationForm, RawText

EMPTY_NOTE = "Il n’y a encore rien à noter : écrivez une phrase, puis « Noter »."


class NoteForm(OperationForm):
    text = RawText(validators=[NotEmpty(EMPTY_NOTE), NotTooLong(NOTE_LIMIT)])
    rubric = HiddenField()
    parts = HiddenField()
    """`one` or `many`: the answer to « Une seule note, ou 4 notes ? »."""


class WordingForm(OperationForm):
    text = RawText(
        validators=[
            NotEmpty("Une note ne peut pas devenir vide. Pour l’enlever, choisissez « Retirer »."),
            NotTooLong(NOTE_LIMIT),
        ]
    )
    base = HiddenField(validators=[Length(min=1, message="La page ne dit pas quel texte elle modifie.")])


class SettlementForm(OperationForm):
    text = RawText(
        validators=[
            NotEmpty("Choisissez un des deux textes, ou écrivez le texte commun."),
            NotTooLong(NOTE_LIMIT),
        ]
    )
    bases = HiddenField()


class MessageForm(OperationForm):
    text = RawText(validators=[NotTooLong(1_000)])
    base = HiddenField()


class ChoiceForm(OperationForm):
    """A button of the notes list: one of these says what it does."""

    chosen = HiddenField()
    withdrawn = HiddenField()
    rubric = HiddenField()
    direction = HiddenField()
    ready = HiddenField()
    keep = HiddenField()


class ThemeForm(OperationForm):
    name = Line(validators=[Length(max=80, message="Un thème tient en 80 caractères.")])


class SpeakerForm(OperationForm):
    name = Line(validators=[Length(max=120, message="Ce nom dépasse 120 caractères.")])


class ParticipantsForm(OperationForm):
    number = IntegerField(
        validators=[
            Optional(),
            NumberRange(0, 5000, message="Le nombre de participants va de 0 à 5 000."),
        ]
    )


class SignatureForm(OperationForm):
    name = Line(validators=[Length(max=60, message="Une signature tient en 60 caractères.")])
