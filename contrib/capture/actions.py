"""What can be done in a workshop: the one translation from a post to a write.

The page without a script, the journal and a saved file bring the same posts; each goes
through here, so that it is the same write (the same hash) by whichever way it comes.
"""

from collections.abc import Iterable
from functools import partial

from werkzeug.datastructures import MultiDict

from contrib.access import operations as people
from contrib.access.roles import ROOM, Target
from contrib.capture import operations as notes
from contrib.capture.forms import (
    ChoiceForm,
    HighlightForm,
    MessageForm,
    NoteForm,
    ParticipantsForm,
    PlaceForm,
    ReadinessForm,
    SettlementForm,
    SignatureForm,
    SortingForm,
    SpeakerForm,
    ThemeForm,
    WithdrawalForm,
    WordingForm,
)
from contrib.capture.lines import as_notes, halves
from contrib.notices.operations import acknowledge
from contrib.store.log import Refused, Values, Verb
from contrib.store.models import Workshop, message_id
from contrib.web.actions import Action, asked


def _note(form: NoteForm) -> Values:
    return {"text": form.text.data or "", "rubric": form.rubric.data}


def _list(form: NoteForm) -> Values:
    return {"lines": as_notes(form.text.data or ""), "rubric": form.rubric.data}


def _division(form: WordingForm) -> Values:
    parts = halves(form.text.data or "")
    if parts is None:
        raise Refused("Laissez une ligne vide à l’endroit où couper la note en deux.")
    return {"first": parts[0], "second": parts[1], "base": form.base.data}


_room = partial(Action, ROOM)
NOTES = _room("notes", "/notes", notes.record, NoteForm, _note)
LIST = _room("list", "/liste", notes.record_list, NoteForm, _list)
SIGNATURE = _room("signature", "/signature", people.sign, SignatureForm)
MESSAGE_CHOICE = _room("message-choice", "/message/choice", notes.keep, ChoiceForm)
OF_A_NOTE = tuple(
    _room(name, f"/notes/<note_id>/{name}", verb, form, asks)
    for name, verb, form, asks in (
        ("wordings", notes.reword, WordingForm, WordingForm.values),
        ("division", notes.split, WordingForm, _division),
        ("settlement", notes.settle, SettlementForm, SettlementForm.values),
        ("choice", notes.keep, ChoiceForm, ChoiceForm.values),
        ("withdrawal", notes.withdraw, WithdrawalForm, WithdrawalForm.values),
        ("rubric", notes.sort, SortingForm, SortingForm.values),
        ("highlight", notes.highlight, HighlightForm, HighlightForm.values),
        ("highlight-place", notes.order_highlight, PlaceForm, PlaceForm.values),
        ("place", notes.move, PlaceForm, PlaceForm.values),
        ("theme", notes.set_theme, ThemeForm, ThemeForm.values),
    )
)
OF_THE_WORKSHOP = (
    LIST,
    _room("message", "/message", notes.message, MessageForm),
    _room("participants", "/participants", notes.participants, ParticipantsForm),
    _room("speaker", "/speaker", notes.speaker, SpeakerForm),
    _room("readiness", "/readiness", notes.ready, ReadinessForm),
)
ACKNOWLEDGEMENT = _room("acknowledgement", "/mots/<notice_id>/recu", acknowledge)
"""« Bien reçu » under a word of the desk: now or not at all, so that no journal holds it."""
JOURNALLED = {action.name: action for action in (NOTES, MESSAGE_CHOICE, *OF_A_NOTE, *OF_THE_WORKSHOP)}
"""What a browser's journal may hold."""


def subject_of(action: Action, workshop: Workshop, note_id: str | None) -> str | None:
    return message_id(workshop.id) if action is MESSAGE_CHOICE else note_id


def read(
    workshop: Workshop, name: str, note_id: str | None, fields: Iterable[tuple[str, str]]
) -> tuple[Verb, Values, str | None, str | None]:
    """A journalled post: the verb, its values, its subject, its laptop's time. Raises Refused."""
    action = JOURNALLED.get(name)
    if action is None or (action in OF_A_NOTE) != bool(note_id):
        raise Refused("Ce changement n’est pas de ceux que l’on fait dans un atelier.")
    form = action.form(formdata=MultiDict(list(fields)))
    values = asked(action, Target(event=workshop.event, workshop=workshop), form)
    return action.verb, values, subject_of(action, workshop, note_id), form.device_time.data or None
