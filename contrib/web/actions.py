"""One table of what can be done, and the one view that does it.

Each package lists its actions: how one is reached, who may, what its form asks for, what is
said when it is done. The view finds, allows, validates, writes and answers; on a refusal it
shows the page again with the sentence and what was typed. What works before it writes (an
upload, a freeze) is a view of its own that declares who may.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from contrib.access import roles
from contrib.access.roles import Role, Target
from contrib.forms import OperationForm
from contrib.store import log
from contrib.store.log import Receipt, Refused, Values, Verb
from contrib.web.errors import wants_json

Page = Response | str | tuple[str, int]
OTHER_WORKSHOP = (
    "Cette page a été ouverte avant que la journée ne commence (ou pour un autre atelier) : "
    "rien n’a été enregistré. Votre texte est dans la boîte, notez-le d’ici."
)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that people can do, as a post to one address."""

    may: frozenset[Role]
    name: str
    """Its endpoint, and what the journal calls it."""
    address: str
    """Below the blueprint's; a part beside event and workshop is the subject of the write."""
    verb: Verb
    form: type[OperationForm] = OperationForm
    asks: Callable[[Any], Values] = OperationForm.values
    """Reads a valid form; may raise Refused."""
    done: str = ""
    """What is said then; `{title}` is the workshop's, other names are the outcome's."""
    page: str = ""
    """The endpoint of the page that follows, where it is not the one that the form stood on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What was asked for and refused: for the page that shows it again."""

    action: Action
    target: Target
    form: Any
    sentence: str

    def of(self, name: str) -> Any:
        """The form of that action, where it is the one that was refused."""
        return self.form if self.action.name == name else None


Again = Callable[[Tried], str]
Answer = Callable[[Action, Target, Receipt], Page]


def asked(action: Action, target: Target, form: OperationForm) -> Values:
    """The values that a form asks for. Raises Refused in a sentence."""
    if target.workshop is not None and form.workshop.data not in ("", None, target.workshop.id):
        raise Refused(OTHER_WORKSHOP, 409)
    if not form.validate():
        raise Refused(form.sentence())
    return action.asks(form)


def refusal_of(action: Action, target: Target, form: OperationForm) -> str:
    """Why a form would be refused; empty where it would not."""
    try:
        asked(action, target, form)
    except Refused as refusal:
        return str(refusal)
    return ""


def carry_out(action: Action, target: Target, form: OperationForm) -> Receipt:
    """Write what a form asks for. Raises Refused or NotYetReceived."""
    return log.write(
        action.verb,
        roles.author(),
        asked(action, target, form),
        event=target.event.id,
        workshop=target.workshop.id if target.workshop else None,
        subject=target.subject,
        id=form.operation.data or None,
        device_time=form.device_time.data or None,
    )


def perform(action: Action, target: Target, again: Again, answer: Answer) -> Page:
    """What follows a post: the answer, or the page again with the sentence and what was typed."""
    form = action.form()
    try:
        receipt = carry_out(action, target, form)
    except Refused as refusal:
        if wants_json():
            raise
        return again(Tried(action=action, target=target, form=form, sentence=str(refusal))), refusal.status
    return answer(action, target, receipt)


def back_to(page: str, *, anchor: str | None = None) -> Answer:
    """The answer that says what was done, on the page of that endpoint."""

    def answer(action: Action, target: Target, receipt: Receipt) -> Response:
        tell(action, target, receipt)
        return redirect(address_of(action.page or page, target, receipt, anchor), 303)

    return answer


def tell(action: Action, target: Target, receipt: Receipt) -> None:
    """Say what was done, on the page that follows."""
    if action.done:
        title = target.workshop.title if target.workshop else ""
        flash(action.done.format_map({"title": title, **receipt.outcome}))


def address_of(page: str, target: Target, receipt: Receipt, anchor: str | None) -> str:
    """The address of a page about the same day and workshop (or the one that was just made)."""
    named: dict[str, Any] = {"event_name": target.event.name}
    workshop = receipt.outcome.get("workshop") or (target.workshop and target.workshop.name)
    if workshop:
        named["workshop_name"] = workshop
    takes = {name for rule in current_app.url_map.iter_rules(page) for name in rule.arguments}
    return url_for(page, _anchor=anchor, **{name: one for name, one in named.items() if name in takes})


def register(bp: Blueprint, table: Iterable[Action], *, again: Again, answer: Answer) -> None:
    """Give each action of a table its address."""
    for action in table:
        bp.add_url_rule(action.address, action.name, view_of(action, again, answer), methods=["POST"])


def view_of(action: Action, again: Again, answer: Answer) -> Callable[..., Page]:
    @performs(action)
    def view(target: Target, **subject: str) -> Page:
        return perform(action, replace(target, subject=next(iter(subject.values()), None)), again, answer)

    return view


def performs(action: Action) -> Callable[[Callable[..., Page]], Callable[..., Page]]:
    """The view is for those who may do this."""
    return roles.only(action.may, action.verb)


def came_back() -> str | None:
    """Where the form asked to go back to, within this site."""
    back = request.form.get("back", "")
    return back if re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f]*", back) else None
