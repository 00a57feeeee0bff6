"""What the organiser's pages send."""

from wtforms import DateField, IntegerField, TimeField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional

from contrib.forms import Line, NotEmpty, OperationForm, RawText
from exports.digest import NATURES


def _text(name: str, limit: int = 300) -> Length:
    return Length(max=limit, message=f"{name} tient en {limit} caractères.")


def _clock(label: str, required: bool = False) -> TimeField:
    first = InputRequired("L’heure de la restitution est nécessaire.") if required else Optional()
    return TimeField(label, format=["%H:%M", "%H:%M:%S"], validators=[first])


class EventForm(OperationForm):
    title = Line("Titre", validators=[NotEmpty("La journée a besoin d’un titre."), _text("Le titre")])
    subtitle = Line("Sous-titre", validators=[_text("Le sous-titre")])
    date = DateField("Date", validators=[InputRequired("La journée a besoin d’une date.")])
    place = Line("Lieu", validators=[_text("Le lieu")])
    organiser = Line("Organisateur", validators=[_text("L’organisateur")])
    workshops_start = _clock("Début des ateliers")
    workshops_end = _clock("Fin des ateliers")
    plenary_at = _clock("Restitution", required=True)
    ends_at = _clock("Fin de la journée")


class SequencesForm(OperationForm):
    text = RawText(validators=[_text("Le déroulé", 10_000)])


class WorkshopForm(OperationForm):
    title = Line("Titre", validators=[NotEmpty("L’atelier a besoin d’un titre."), _text("Le titre", 120)])
    initials = Line("Sigle (2 à 5 lettres, imprimé dans les références)")
    question = Line("Question", validators=[_text("La question", 600)])
    room = Line("Salle", validators=[_text("La salle", 120)])
    speaker = Line("Qui parle en plénière", validators=[_text("Ce nom", 120)])
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


class NewWorkshopForm(OperationForm):
    title = Line(validators=[NotEmpty("L’atelier a besoin d’un titre."), _text("Le titre", 120)])
    initials = Line(validators=[NotEmpty("L’atelier a besoin d’un sigle de 2 à 5 lettres.")])


class RubricForm(OperationForm):
    label = Line(validators=[NotEmpty("La rubrique a besoin d’un nom."), _text("Le nom", 120)])
    prompt = Line(validators=[_text("L’invite")])


class NewRubricForm(RubricForm):
    nature = Line(validators=[AnyOf(NATURES, message="Choisissez la nature de la rubrique.")])


class DirectionForm(OperationForm):
    direction = Line(validators=[AnyOf(("up", "down"), message="Plus tôt ou plus tard ?")])


class FolderForm(OperationForm):
    folder = Line(validators=[_text("Le dossier", 500)])


class ClearForm(OperationForm):
    confirmation = Line()
