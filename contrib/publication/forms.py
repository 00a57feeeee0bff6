"""What the editors of the report send."""

from wtforms import BooleanField, DateField, IntegerField
from wtforms.validators import Length, Optional

from contrib.forms import Line, NotEmpty, NotTooLong, OperationForm, Perhaps, RawText, Step, Word
from contrib.store.log import Values

NO = ("0", "")
PASSAGE_LIMIT = 40_000
"""Characters of a chapter's text: some fifteen pages."""
DAY = "Écrivez la date comme 2021-11-30."


class PassageForm(OperationForm):
    key = Word(validators=[Length(max=160)])
    text = RawText(validators=[NotTooLong(PASSAGE_LIMIT)])
    base = Word()


class WordsForm(OperationForm):
    """What stands for a picture."""

    alternative = Line(validators=[Length(max=500, message="Ce que l’image montre tient en 500 caractères.")])
    credit = Line(validators=[Length(max=200, message="Le crédit tient en 200 caractères.")])


class PictureForm(PassageForm, WordsForm):
    """A picture with the text that it comes into: the file itself is read beside the form."""

    at = Word(validators=[Length(max=6)])
    """Where the cursor was; empty without a script."""

    def values(self) -> Values:
        """All but `text`, which the picture changes."""
        return {name: getattr(self, name).data for name in ("key", "base", "alternative", "credit")}


class KeepForm(OperationForm):
    key = Word(validators=[Length(max=160)])
    kept = BooleanField(false_values=NO)


class OrderForm(OperationForm):
    """One step up or down, in the order that the page showed."""

    order = Word()
    moved = Word()
    direction = Step()

    def values(self) -> Values:
        order = (self.order.data or "").split()
        if self.moved.data in order:
            at = order.index(self.moved.data)
            to = max(0, at - 1) if self.direction.data == "up" else at + 1
            order[to:to] = [order.pop(at)]
        return {"order": order[:1000]}


class ReviewForm(OperationForm):
    key = Word(validators=[Length(max=160)])
    revision = Word(validators=[Length(max=80)])


class NameForm(OperationForm):
    name = Word(validators=[Length(min=32, max=32, message="Ce nom n’est pas de cette page.")])
    printed = BooleanField(false_values=NO)


class DescriptionForm(OperationForm):
    licence = Perhaps(validators=[Length(max=200, message="La licence tient en 200 caractères.")])
    expected_on = DateField(validators=[Optional()])

    def values(self) -> Values:
        day = self.expected_on.data
        return {"licence": self.licence.data, "expected_on": day.isoformat() if day else None}


class ClosingForm(OperationForm):
    closed = BooleanField(false_values=NO)


class PublicationForm(OperationForm):
    number = IntegerField()


class PartnerForm(OperationForm):
    name = Line(
        validators=[
            NotEmpty("Dites le nom de l’organisme : il sera imprimé avec ses réponses."),
            Length(max=120, message="120 caractères au plus."),
        ]
    )


class OwnAnswerForm(OperationForm):
    """What a partner says: in whose name follows from the code."""

    about = Word(validators=[Length(min=1, max=80, message="Choisissez la recommandation.")])
    status = Word()
    text = RawText(validators=[NotTooLong(2_000)])
    link = Perhaps(validators=[Length(max=500, message="Cette adresse dépasse 500 caractères.")])
    given_on = DateField(validators=[Optional()])

    def values(self) -> Values:
        day = self.given_on.data
        return {
            "about": self.about.data,
            "status": self.status.data,
            "text": self.text.data or "",
            "link": self.link.data,
            "given_on": day.isoformat() if day else None,
        }


class AnswerForm(OwnAnswerForm):
    who = Line(
        validators=[
            NotEmpty("Dites quel organisme répond."),
            Length(max=120, message="120 caractères au plus."),
        ]
    )

    def values(self) -> Values:
        return {**super().values(), "who": self.who.data}
