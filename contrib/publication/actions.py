"""What the editors can do to the report, each as a post to one address."""

from contrib.access.roles import ORGANISER
from contrib.documents.operations import publish_report
from contrib.publication import operations as report
from contrib.publication.forms import (
    AnswerForm,
    ClosingForm,
    DescriptionForm,
    KeepForm,
    NameForm,
    OrderForm,
    PartnerForm,
    PassageForm,
    PublicationForm,
    ReviewForm,
    WordsForm,
)
from contrib.web.actions import Action

OF_A_PASSAGE = (
    Action(ORGANISER, "passages", "/passages", report.write_passage, PassageForm, PassageForm.values),
    Action(ORGANISER, "kept", "/reprises", report.keep_passage, KeepForm, KeepForm.values),
    Action(ORGANISER, "order", "/ordre", report.order_passages, OrderForm, OrderForm.values),
    Action(ORGANISER, "reviews", "/relectures", report.review_passage, ReviewForm, ReviewForm.values),
)
OF_PICTURES = (
    Action(
        ORGANISER, "picture-words", "/images/<picture>/mots", report.describe_picture, WordsForm,
        done="C’est noté : ces mots accompagnent l’image partout.",
    ),
)  # fmt: skip
OF_NAMES = (Action(ORGANISER, "names", "/noms", report.print_name, NameForm, NameForm.values),)
OF_ANSWERS = (
    Action(
        ORGANISER, "answers", "/suites", report.answer, AnswerForm, AnswerForm.values,
        done="La suite donnée est sur la page publique, dans les données, et sera dans la prochaine édition.",
    ),
    Action(
        ORGANISER, "answer-withdrawal", "/suites/<answer_id>/retrait", report.withdraw_answer,
        done="Cette suite donnée ne sera plus montrée ; les éditions qui l’ont la gardent.",
    ),
)  # fmt: skip
OF_PARTNERS = (
    Action(
        ORGANISER, "partners", "/partenaires", report.add_partner, PartnerForm, PartnerForm.values,
        done="C’est fait : remettez-lui sa fiche.",
    ),
    Action(
        ORGANISER, "partner-revocation", "/partenaires/<partner_id>/revocation", report.revoke_partner,
        done="Son code n’ouvre plus rien. Ce qu’il a répondu reste.",
    ),
)  # fmt: skip
OF_THE_REPORT = (
    Action(
        ORGANISER, "description", "/description", report.describe_report, DescriptionForm, DescriptionForm.values,
        done="C’est noté : la prochaine édition le dira.",
    ),
    Action(ORGANISER, "closing", "/cloture", report.close_report, ClosingForm, ClosingForm.values),
    Action(
        ORGANISER, "publications", "/publication", publish_report, PublicationForm, PublicationForm.values,
        done="L’édition n° {edition} est publique.",
    ),
)  # fmt: skip
