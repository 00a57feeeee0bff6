"""What the restitution page sends."""

from wtforms.validators import Length

from contrib.forms import Line, NotEmpty, NotTooLong, OperationForm, RawText


class ConvergenceForm(OperationForm):
    text = RawText(validators=[NotEmpty("Écrivez d’abord la phrase du point commun."), NotTooLong(600)])
    references = Line(
        validators=[
            NotEmpty("Dites sur quelles notes il repose : leurs références, par exemple ÉME-12, NUM-3."),
            Length(max=300, message="Trop de références : 300 caractères au plus."),
        ]
    )
