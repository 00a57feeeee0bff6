"""The door that every printed string passes."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from material import Material

from exports.text import shortened, typeset

N, T = "\u00a0", "\u202f"

TABLE = [
    # line ends and characters
    ("un\r\ndeux\rtrois\x0bquatre", "un\ndeux\ntrois\nquatre"),
    ("d\x92impôts \x96 à 10\x80", f"d’impôts – à 10{N}€"),
    ("\uf0b7 puce", "• puce"),
    ("a\x00b\x07c\u200bd\u00ade\ufefff\u202eg", "abcdefg"),
    ("lone \ud800 half", "lone half"),
    ("e\u0301te\u0301", "été"),
    ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    # web leftovers
    ("<p>d&rsquo;&eacute;t&eacute;</p>\r\n<ul><li>un</li></ul>", "d’été\n\n• un"),
    ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    # white space
    ("  trop   d’espaces  \n\n\n\nlà  ", "trop d’espaces\n\nlà"),
    # French
    ("l'été d'une ville", "l’été d’une ville"),
    ("Vraiment? Oui! Non; si.", f"Vraiment{T}? Oui{T}! Non{T}; si."),
    ("Quoi ?!", f"Quoi{T}?!"),
    ("Objectif: agir", f"Objectif{N}: agir"),
    ('Un "pas de côté" utile', f"Un «{N}pas de côté{N}» utile"),
    ("« déjà »", f"«{N}déjà{N}»"),
    ("attendre...", "attendre…"),
    ("à 16h30 ou 9h", f"à 16{N}h{N}30 ou 9{N}h"),
    ("20% de 10 000 € à 15°C", f"20{N}% de 10{T}000{N}€ à 15{N}°C"),
    ("n°5, M. Dupont et Mme Martin", f"n°{N}5, M.{N}Dupont et Mme{N}Martin"),
    ("1er, 1ère, 2ème", "1er, 1re, 2e"),
    ("oui - non", "oui – non"),
    ("03 20 12 34 56", "03 20 12 34 56"),
    ("un mot , puis un autre .", "un mot, puis un autre."),
    ("( mot )", "(mot)"),
    ("Fini.. Alors, etc.. et puis.. on verra", "Fini. Alors, etc. et puis… on verra"),
    ("un,,deux mots,trois", "un, deux mots, trois"),
    ("le pays.Pour finir…Il faut", "le pays. Pour finir… Il faut"),
    ("de la place?700 oui!Il", f"de la place{T}? 700 oui{T}! Il"),
    ("oeuvre, Coeur, SOEUR, noeud, voeux, boeufs, oeil", "œuvre, Cœur, SŒUR, nœud, vœux, bœufs, œil"),
    ("20km et 10M€ pour 300000 euros", f"20{N}km et 10{N}M€ pour 300{T}000{N}euros"),
    ("9h/11h, 24h/24h, 16h30-17h30", f"9{N}h/11{N}h, 24{N}h/24{N}h, 16{N}h{N}30-17{N}h{N}30"),
    ("l’ ISF et l' été", "l’ISF et l’été"),
    ("l' « essentiel » de l' \"été\"", f"l’«{N}essentiel{N}» de l’«{N}été{N}»"),
    ("2000000 d'euros", f"2{T}000{T}000 d’euros"),
    ("9 h/11h, 24 h/24h, 8h-12 h/14h-18h", f"9{N}h/11{N}h, 24{N}h/24{N}h, 8{N}h-12{N}h/14{N}h-18{N}h"),
    ('un " mot ", puis', f"un «{N}mot{N}», puis"),
    ('« mot" puis', f"«{N}mot{N}» puis"),
    ('le "mot » puis', f"le «{N}mot{N}» puis"),
    ("300000 Euros", f"300{T}000 Euros"),
    ("<<oui>> et l'<<autre>>", f"«{N}oui{N}» et l’«{N}autre{N}»"),
    ("Ã©tÃ© et lâ€™eau", "été et l’eau"),
    ("dÃ» Ã\u00a0 NoÃ«l, mÃªme", "dû à Noël, même"),
    ("\ufffc plan", "[objet] plan"),
    # left alone
    ("entreprises >> une", "entreprises >> une"),
    ("coexister, moelle, poele, Joel", "coexister, moelle, poele, Joel"),
    ("exemple.Fr, tou.te.s, J.-C. Dupont, A.B.C.", "exemple.Fr, tou.te.s, J.-C. Dupont, A.B.C."),
    ("la 5G en 2021, 12345 et 4x4, x,y et 3,5", "la 5G en 2021, 12345 et 4x4, x,y et 3,5"),
    ('15 " et 17 " de large, 5" et 3"', '15 " et 17 " de large, 5" et 3"'),
    ('un écran de 5 " plat " et', 'un écran de 5 " plat " et'),
    ('" a " b " c " et "oui', '" a " b " c " et "oui'),
    ("« oui sans fin", f"«{N}oui sans fin"),
    ("São Paulo, Ângela", "São Paulo, Ângela"),
    # protected
    ("voir https://irev.fr/a?b=c:d;e!", f"voir https://irev.fr/a?b=c:d;e{T}!"),
    ("écrire à a.b@irev.fr: merci", f"écrire à a.b@irev.fr{N}: merci"),
    ("16:30, 3:4 et :-)", "16:30, 3:4 et :-)"),
    ("C:\\Temp\\a.txt et `x ? y : z`", "C:\\Temp\\a.txt et `x ? y : z`"),
]


@pytest.mark.parametrize(("typed", "printed"), TABLE)
def test_a_typed_text_is_printed_in_french(typed: str, printed: str) -> None:
    assert typeset(typed) == printed


def test_printing_twice_changes_nothing_more_even_on_hostile_strings(material: Material) -> None:
    strings = material.hostile_strings

    changed = [text for text in strings if typeset(typeset(text)) != typeset(text)]

    assert len(strings) > 400
    assert changed == []


@given(st.text(max_size=200))
@settings(max_examples=400, deadline=None)
def test_the_door_never_raises_and_is_idempotent(text: str) -> None:
    once = typeset(text)

    assert typeset(once) == once
    once.encode("utf-8")


@given(
    st.lists(
        st.sampled_from(
            [
                *"«»\"'?!:;.… \n-–10hH%€,()<>",
                "&amp;",
                "<p>",
                "</p>",
                N,
                T,
                "mot",
                "Ã",
                "Å",
                "â€",
                "©",
                "l'",
                "<<",
                ">>",
                "oe",
                "\u200d",
                "漢",
                "h/",
                ' " ',
                ",!",
                "..!",
                "9h",
            ]
        ),
        max_size=40,
    )
)
@settings(max_examples=600, deadline=None)
def test_typography_is_idempotent_on_what_its_rules_look_for(pieces: list[str]) -> None:
    once = typeset("".join(pieces))

    assert typeset(once) == once


@pytest.mark.parametrize(
    "unit",
    [" ", '"', "«", "'", ".", "http://", "&amp;", "<li ", "1 000 ", "\n", "“", "?!", " :", "</p>", "é"],
)
def test_a_hundred_thousand_characters_of_anything_take_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * size)[:size]
        best = 9.0
        for _ in range(3):
            start = time.thread_time()
            typeset.__wrapped__(text)
            best = min(best, time.thread_time() - start)
        return best

    assert seconds(100_000) < 40 * seconds(10_000) + 0.02


def test_a_short_form_ends_with_an_ellipsis_only_when_something_is_missing() -> None:
    assert shortened("un deux trois", 3) == "un deux trois"
    assert shortened("un deux, trois", 2) == f"un deux{N}…"
    assert shortened(f"«{N}un deux trois{N}»", 2) == f"«{N}un deux{N}…{N}»"
