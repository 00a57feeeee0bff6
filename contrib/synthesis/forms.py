"""What the synthesis page sends."""

from wtforms import BooleanField, Field
from wtforms.validators import AnyOf, Length

from contrib.forms import DirectionForm, NotEmpty, NotTooLong, OperationForm, Perhaps, RawText, Word
from contrib.synthesis.operations import LONGEST_NAME

THEME_NAME = Length(max=LONGEST_NAME, message=f"Le nom d’un thème tient en {LONGEST_NAME} caractères.")
SENTENCE = (NotEmpty("Écrivez d’abord la phrase qui réunit ces notes."), NotTooLong(600))


class Picked(Field):
    """The notes whose box is ticked, in the order of the page."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [one for value in valuelist[:2_000] for one in value.split()]


class PickedForm(OperationForm):
    notes = Picked()


class SentenceForm(PickedForm):
    text = RawText(validators=SENTENCE)


class IntoThemeForm(PickedForm):
    theme = Word(validators=[Length(max=80)])
    """The button « Ranger ici » of a theme; else the name counts."""
    name = Perhaps(validators=[THEME_NAME])

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.theme.data and not self.name.data:
            self.name.errors = [*self.name.errors, "Donnez un nom au thème, ou choisissez « Ranger ici »."]
            return False
        return bool(valid)


class NameForm(OperationForm):
    was = RawText()
    """As the page had it: what somebody else wrote meanwhile is not undone unseen."""
    name = Perhaps(validators=[NotEmpty("Un thème a un nom : écrivez-le d’abord."), THEME_NAME])


class JoinForm(OperationForm):
    into = Word(validators=[NotEmpty("Choisissez le thème qui reçoit les notes."), Length(max=80)])


class ThemePlaceForm(DirectionForm):
    above = Word(validators=[Length(max=80)])
    below = Word(validators=[Length(max=80)])
    """The themes beside it, as the page had them; empty at an end."""


class SettledForm(OperationForm):
    final = BooleanField(false_values=("0", ""))


class LensForm(OperationForm):
    was = RawText()
    text = RawText(validators=[NotTooLong(300)])


class WordingForm(OperationForm):
    was = RawText()
    text = RawText(validators=SENTENCE)


class ChosenForm(OperationForm):
    chosen = BooleanField(false_values=("0", ""))


class VerdictForm(PickedForm):
    word = Word(
        validators=[AnyOf(("linked", "refused", "debate", ""), message="Répondez par oui ou par non.")]
    )
