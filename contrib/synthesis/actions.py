"""What the desk sends: each post does one thing to what it names."""

from functools import partial

from contrib.access.roles import PRESENTER
from contrib.forms import OperationForm
from contrib.synthesis import forms
from contrib.synthesis import operations as verbs
from contrib.web.actions import Action

_desk = partial(Action, PRESENTER)
_THEME, _MERGER = "/synthese/themes/<theme_id>", "/synthese/syntheses/<merger_id>"
ACTIONS = (
    _desk("into-theme", "/synthese/themes", verbs.put_in_theme, forms.IntoThemeForm,
          done="{told}."),
    _desk("out-of-theme", "/synthese/sans-theme", verbs.take_out_of_theme, forms.PickedForm,
          done="{told} à nouveau sans thème."),
    _desk("theme-name", f"{_THEME}/nom", verbs.rename_theme, forms.NameForm,
          done="Le thème s’appelle « {name} »."),
    _desk("theme-junction", f"{_THEME}/reunion", verbs.join_themes, forms.JoinForm,
          done="Toutes ses notes sont dans « {name} »."),
    _desk("theme-dissolution", f"{_THEME}/dissolution", verbs.dissolve_theme,
          done="« {name} » est défait : ses notes sont là, sans thème."),
    _desk("theme-place", f"{_THEME}/place", verbs.order_theme, forms.ThemePlaceForm),
    _desk("theme-settlement", f"{_THEME}/accord", verbs.settle_theme, forms.SettledForm),
    _desk("lens", "/synthese/lentille", verbs.lens, forms.LensForm, done="La lentille est enregistrée."),
    _desk("mergers", "/synthese/syntheses", verbs.merge, forms.SentenceForm,
          done="{count} notes réunies : leurs textes n’ont pas changé."),
    _desk("merger-wording", f"{_MERGER}/texte", verbs.reword_merger, forms.WordingForm),
    _desk("merger-withdrawal", f"{_MERGER}/withdrawal", verbs.unmerge, OperationForm,
          done="La synthèse est défaite : les notes sont comme avant."),
    _desk("merger-highlight", f"{_MERGER}/highlight", verbs.highlight_merger, forms.ChosenForm),
    _desk("convergences", "/synthese/points-communs", verbs.relate, forms.SentenceForm,
          done="Point commun enregistré, sur {count} notes."),
    _desk("convergence-withdrawal", "/synthese/points-communs/<convergence_id>/withdrawal", verbs.unrelate,
          done="Ce point commun ne sera plus dit ; son texte reste dans l’historique."),
    _desk("verdicts", "/synthese/paires", verbs.judge, forms.VerdictForm),
    _desk("readings", "/synthese/lectures", verbs.read_notes, forms.PickedForm,
          done="{told}."),
)  # fmt: skip
