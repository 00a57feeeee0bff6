"""What the organiser's pages send, by the page that the form stands on."""

from datetime import date, time
from functools import partial

from contrib.access import operations as people
from contrib.access.roles import ORGANISER
from contrib.desk.forms import (
    ClearForm,
    EventForm,
    NewWorkshopForm,
    NoticeForm,
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
from exports.digest import NATURES

_WORKSHOP = "/ateliers/<workshop_name>"


def _event(form: EventForm) -> Values:
    values = form.values()
    return {name: one.isoformat() if isinstance(one, date | time) else one for name, one in values.items()}


def _workshop(form: WorkshopForm) -> Values:
    """All that the page says of a workshop, with what was pressed beside a rubric already done."""
    values = form.values()
    rows = [
        {"id": id, "label": label, "prompt": prompt}
        for id, label, prompt in zip(
            *(values.pop(name) or [] for name in ("rubric", "label", "prompt")), strict=True
        )
    ]
    new = {name: values.pop(f"new_{name}") for name in ("label", "prompt", "nature")}
    subject, _, pressed = (values.pop("step") or "").partition(" ")
    at = next((place for place, row in enumerate(rows) if row["id"] == subject), None)
    to = -1 if at is None else at + {"up": -1, "down": 1}.get(pressed, 0)
    if at is not None and 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
    more: Values = {"rubrics": rows} if rows else {}
    if new["label"]:
        more["added"] = {**new, "nature": new["nature"] or next(iter(NATURES))}
    if at is not None and pressed == "out":
        more["removed"] = subject
    return {**values, **more}


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
        "workshop-revision", _WORKSHOP, programme.revise_workshop, WorkshopForm, _workshop,
        done="L’atelier est à jour ; les pages ouvertes suivent.",
    ),
    _organiser(
        "workshop-removal", f"{_WORKSHOP}/removal", programme.remove_workshop,
        done="L’atelier, qui ne contenait aucune note, est supprimé.", page="desk.programme",
    ),
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
