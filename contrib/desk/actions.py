"""What the organiser's pages send, by the page that the form stands on."""

from datetime import date, time
from functools import partial

from contrib.access import operations as people
from contrib.access.roles import ORGANISER
from contrib.desk.forms import (
    ClearForm,
    EventForm,
    NewRubricForm,
    NewWorkshopForm,
    NoticeForm,
    RubricForm,
    SequencesForm,
    TimedForm,
    WorkshopForm,
)
from contrib.forms import DirectionForm
from contrib.notices import offers
from contrib.notices import operations as notices
from contrib.programme import operations as programme
from contrib.store.log import Values
from contrib.web.actions import Action

_WORKSHOP = "/ateliers/<workshop_name>"
_RUBRIC = f"{_WORKSHOP}/rubriques/<rubric_id>"


def _event(form: EventForm) -> Values:
    values = form.values()
    return {name: one.isoformat() if isinstance(one, date | time) else one for name, one in values.items()}


def _notice(form: NoticeForm) -> Values:
    return {"text": form.offer.data or form.text.data, "to": form.to.data or ""}


def _minutes(form: TimedForm) -> Values:
    return {"minutes": [one for one in offers.TIMES if one in (form.minutes.data or [])]}


_organiser = partial(Action, ORGANISER)
OF_THE_DESK = (
    _organiser(
        "notice", "/mots", notices.send_notice, NoticeForm, _notice,
        done="Le mot est parti ; cette page dira qui l’a lu.",
    ),
    _organiser(
        "timed-notices", "/mots/heures", notices.time_notices, TimedForm, _minutes,
        done="C’est noté : ces mots partiront d’eux-mêmes, aux ateliers pas encore prêts.",
    ),
)  # fmt: skip
OF_THE_REHEARSAL = (
    _organiser(
        "rehearsal", "/repetition", programme.open_rehearsal,
        done="La répétition est ouverte : les codes y mènent, et des notes fictives arrivent une à une.",
    ),
    _organiser(
        "putting-away", "/repetition/rangement", programme.put_away,
        done="La répétition est rangée : la journée est comme avant, et ses références partent de 1.",
    ),
)  # fmt: skip
OF_THE_PROGRAMME = (
    _organiser(
        "revision", "/programme", programme.revise_event, EventForm, _event,
        done="Le programme est à jour ; les pages ouvertes suivent.",
    ),
    _organiser(
        "sequences", "/deroule", programme.revise_sequences, SequencesForm, done="Le déroulé est à jour."
    ),
    _organiser(
        "workshop-creation", "/ateliers", programme.add_workshop, NewWorkshopForm,
        done="L’atelier est ajouté. Complétez-le ici.", page="desk.workshop",
    ),
    _organiser("workshop-place", f"{_WORKSHOP}/place", programme.move_workshop, DirectionForm),
)  # fmt: skip
OF_A_WORKSHOP = (
    _organiser(
        "workshop-revision", _WORKSHOP, programme.revise_workshop, WorkshopForm,
        done="L’atelier est à jour ; les pages ouvertes suivent.",
    ),
    _organiser(
        "workshop-removal", f"{_WORKSHOP}/removal", programme.remove_workshop,
        done="L’atelier, qui ne contenait aucune note, est supprimé.", page="desk.programme",
    ),
    _organiser(
        "rubric-creation", f"{_WORKSHOP}/rubriques", programme.add_rubric, NewRubricForm,
        done="La rubrique est ajoutée.",
    ),
    _organiser("rubric", _RUBRIC, programme.revise_rubric, RubricForm, done="La rubrique est à jour."),
    _organiser(
        "rubric-removal", f"{_RUBRIC}/removal", programme.remove_rubric,
        done="La rubrique, vide, est supprimée.",
    ),
    _organiser("rubric-place", f"{_RUBRIC}/place", programme.move_rubric, DirectionForm),
)  # fmt: skip
OF_THE_CODES = (
    _organiser(
        "code-renewal", "/codes/<workshop_name>/renewal", people.renew_code,
        done="Le code de « {title} » est renouvelé : l’ancien n’ouvre plus rien.",
    ),
    _organiser(
        "presenter-code-renewal", "/codes/renewal", people.renew_code,
        done="Le code de la restitution est renouvelé : l’ancien n’ouvre plus rien.",
    ),
)  # fmt: skip
OF_THE_SETTINGS = (
    _organiser(
        "trial", "/reglages/essais", programme.clear_trial, ClearForm, lambda form: {},
        done="La journée commence. L’essai est gardé sous « {trial} ».", page="desk.workshops",
    ),
)  # fmt: skip
