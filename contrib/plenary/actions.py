"""What presenter and organiser send from the restitution page."""

from contrib.access.roles import PRESENTER
from contrib.plenary.forms import ConvergenceForm
from contrib.plenary.operations import relate, unrelate
from contrib.web.actions import Action

ACTIONS = (
    Action(PRESENTER, "convergences", "/points-communs", relate, ConvergenceForm),
    Action(
        PRESENTER, "convergence-withdrawal", "/points-communs/<convergence_id>/withdrawal", unrelate,
        done="Ce point commun ne sera plus dit ; son texte reste dans l’historique.",
    ),
)  # fmt: skip
