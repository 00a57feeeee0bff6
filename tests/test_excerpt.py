"""What is read aloud is whole: sentences, else a clause, never a stump."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.excerpt import FUNCTION_WORDS, cut, excerpt, is_whole, sentences
from exports.text import typeset

LONG = (
    "Ouvrir les centres sociaux le soir et le samedi, sans dossier à remplir pour pousser la porte, "
    "parce que les personnes qui travaillent de nuit ne viennent jamais aux heures de bureau."
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Une idée. Une autre !", ["Une idée.", "Une autre !"]),
        ("M. Dupont l’a dit. Mme Le Goff aussi.", ["M. Dupont l’a dit.", "Mme Le Goff aussi."]),
        ("Le 3. alinéa compte. Oui", ["Le 3. alinéa compte.", "Oui"]),
        ("Un titre\nUne phrase entière.", ["Un titre", "Une phrase entière."]),
        ("Trois conditions :\n- du temps\n- un lieu", ["Trois conditions : du temps", "un lieu"]),
        ("« On ne venait pas. » Puis si.", ["« On ne venait pas. »", "Puis si."]),
        ("à 16 h 30 etc. puis la suite", ["à 16 h 30 etc. puis la suite"]),
        ("", []),
    ],
)
def test_a_text_is_read_sentence_by_sentence(text: str, found: list[str]) -> None:
    assert [plain(one) for one in sentences(typeset(text))] == found


@pytest.mark.parametrize(
    ("text", "most", "found"),
    [
        ("Une idée. Une autre idée.", 100, "Une idée. Une autre idée."),
        ("Une idée. Une autre idée.", 15, "Une idée."),
        (LONG, 140, "Ouvrir les centres sociaux le soir et le samedi, sans dossier à remplir pour pousser la porte …"),
        (LONG, 80, "Ouvrir les centres sociaux le soir et le samedi …"),
        ("juste compter sur la bonne volonté des habitants du quartier", 24, "juste compter …"),
        ("« Quelqu’un qui écoute vraiment ce que l’on dit, sans juger »", 50, "« Quelqu’un qui écoute vraiment ce que l’on dit … »"),
        ("Voir https://exemple.fr/une/page.html pour la suite.", 80, "Voir pour la suite."),
        ("https://exemple.fr/une/page.html", 80, ""),
    ],
)  # fmt: skip
def test_a_long_text_is_cut_where_a_reader_would_breathe(text: str, most: int, found: str) -> None:
    assert plain(excerpt(typeset(text), most)) == found


WORDS = st.sampled_from(
    [*sorted(FUNCTION_WORDS), "maison", "habitants", "l’école,", "ouvrir", "(le", "soir)", "« oui »"]
)


@given(st.lists(WORDS, min_size=3, max_size=60), st.integers(30, 200))
@settings(max_examples=400, deadline=None)
def test_no_cut_is_longer_than_asked_or_ends_on_a_word_that_announces_another(
    words: list[str], most: int
) -> None:
    text = typeset("Maison " + " ".join(words))
    short = cut(text, most)

    assert len(short) <= most + 3  # a closing mark
    if short != text:
        last = plain(short).removesuffix("»").strip().removesuffix("…").strip().split(" ")[-1]
        assert last.strip(",;:()«» ").rsplit("’", 1)[-1].lower() not in FUNCTION_WORDS
        assert short.count("(") <= short.count(")")


def test_whole_is_said_of_what_says_all() -> None:
    assert is_whole("Une idée.\nUne autre.", excerpt("Une idée.\nUne autre.", 100))
    assert not is_whole("Une idée. Une autre.", "Une idée.")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")
