"""What a form of the capture page asks for: the one translation from a post to a write.

The page without a script, the journal and a saved file bring the same posts; each goes
through here, so that it is the same write (the same hash) by whichever way it comes.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from contrib.capture.forms import (
    ChoiceForm,
    MessageForm,
    NoteForm,
    ParticipantsForm,
    SettlementForm,
    SpeakerForm,
    ThemeForm,
    WordingForm,
)
from contrib.capture.lines import as_notes, halves
from contrib.errors import Refusal
from contrib.forms import OperationForm
from contrib.models import Workshop, message_id
from contrib.store import Values

Ask = tuple[str, Values]
"""A verb and its values."""


@dataclass(frozen=True, slots=True)
class Post:
    """One noun that forms are sent to. `asks` reads a valid form; it may raise Refusal."""

    form: type[OperationForm]
    asks: Callable[[Any], Ask]


def _note(form: NoteForm) -> Ask:
    lines = as_notes(form.text.data or "")
    if form.parts.data == "many" and len(lines) > 1:
        return "record_list", {"lines": lines, "rubric": form.rubric.data}
    return "record", {"text": form.text.data or "", "rubric": form.rubric.data}


def _division(form: WordingForm) -> Ask:
    parts = halves(form.text.data or "")
    if parts is None:
        raise Refusal("Laissez une ligne vide à l’endroit où couper la note en deux.")
    return "split", {"first": parts[0], "second": parts[1], "base": form.base.data}


def _flag(verb: str, name: str) -> Callable[[ChoiceForm], Ask]:
    return lambda form: (verb, {name: form[name].data == "1"})


def _step(verb: str) -> Callable[[ChoiceForm], Ask]:
    """A step, not a place: the same request sent twice says the same."""
    return lambda form: (verb, {"direction": "up" if form.direction.data == "up" else "down"})


def _keep(form: ChoiceForm) -> Ask:
    """« Garder ce texte » among those that stand."""
    return "keep", {"keep": form.keep.data or ""}


OF_A_NOTE = {
    "wordings": Post(WordingForm, lambda f: ("reword", {"text": f.text.data, "base": f.base.data})),
    "division": Post(WordingForm, _division),
    "settlement": Post(
        SettlementForm,
        lambda f: ("settle", {"text": f.text.data, "bases": (f.bases.data or "").split()[:10]}),
    ),
    "choice": Post(ChoiceForm, _keep),
    "withdrawal": Post(ChoiceForm, _flag("withdraw", "withdrawn")),
    "rubric": Post(ChoiceForm, lambda f: ("sort", {"rubric": f.rubric.data or ""})),
    "highlight": Post(ChoiceForm, _flag("highlight", "chosen")),
    "highlight-place": Post(ChoiceForm, _step("order_highlight")),
    "place": Post(ChoiceForm, _step("move")),
    "theme": Post(ThemeForm, lambda f: ("theme", {"name": f.name.data})),
}
OF_A_WORKSHOP = {
    "notes": Post(NoteForm, _note),
    "message": Post(MessageForm, lambda f: ("message", {"text": f.text.data, "base": f.base.data})),
    "message/choice": Post(ChoiceForm, _keep),
    "participants": Post(ParticipantsForm, lambda f: ("participants", {"number": f.number.data})),
    "speaker": Post(SpeakerForm, lambda f: ("speaker", {"name": f.name.data})),
    "readiness": Post(ChoiceForm, _flag("ready", "ready")),
}

OTHER_WORKSHOP = (
    "Cette page a été ouverte avant que la journée ne commence (ou pour un autre atelier) : "
    "rien n’a été enregistré. Votre texte est dans la boîte, notez-le d’ici."
)


def problem(form: OperationForm, here: Workshop) -> tuple[str, int] | None:
    """What is wrong with a form as a sentence and a status; None where nothing is."""
    if form.workshop.data and form.workshop.data != here.id:
        return OTHER_WORKSHOP, 409
    if not form.validate():
        return form.sentence(), 422
    return None


@dataclass(frozen=True, slots=True)
class Asked:
    """A post, read: the write that it asks for."""

    verb: str
    values: Values
    subject: str | None
    device_time: str | None


def read(here: Workshop, path: str, fields: Iterable[tuple[str, str]]) -> Asked:
    """The write that a journalled post asks for. Raises Refusal in a sentence."""
    found = _ADDRESS.search(path)
    post = (OF_A_NOTE if found[1] else OF_A_WORKSHOP).get(found[2]) if found else None
    if found is None or post is None:
        raise Refusal("Ce changement n’est pas de ceux que l’on fait dans un atelier.")
    form = post.form(formdata=MultiDict(list(fields)))
    wrong = problem(form, here)
    if wrong:
        raise Refusal(*wrong)
    verb, values = post.asks(form)
    return Asked(verb, values, subject_of(here, found[2], found[1]), form.device_time.data or None)


_ADDRESS = re.compile(r"/ateliers/[^/]+/(?:notes/([^/]+)/)?([a-z-]+(?:/choice)?)$")


def note_of(path: str) -> str | None:
    """The note that a post's address is about; None for one about the workshop, or a new note."""
    found = _ADDRESS.search(path)
    return found[1] if found else None


def subject_of(here: Workshop, noun: str, note_id: str | None) -> str | None:
    return message_id(here.id) if noun == "message/choice" else note_id
