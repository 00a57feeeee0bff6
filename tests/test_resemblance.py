"""Texts that resemble each other are found; those that are opposed are said to be."""

from collections.abc import Iterator
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from material import OWN, table

from contrib.synthesis.opposition import debate
from contrib.synthesis.resemblance import Resemblance

NOTES = {
    "a": "Ouvrir les centres sociaux le soir, sans dossier",
    "b": "Que les centres sociaux restent ouverts en soirée",
    "c": "Prêter du matériel entre associations",
    "d": "Un prêt de matériels partagé par les associations",
    "e": "Le bus du dernier train attend cinq minutes",
}


def index_of(notes: dict[str, str]) -> Resemblance:
    index = Resemblance()
    for key, text in notes.items():
        index.put(key, text)
    return index


def groups() -> Iterator[tuple[str, list[str]]]:
    """The project's own contributions, by the label of those that say the same."""
    rows = table(OWN / "contributions.csv")
    for label in dict.fromkeys(row["groupe"] for row in rows if row["groupe"]):
        yield label, [f"{row['title']}. {row['text']}" for row in rows if row["groupe"] == label]


def test_what_says_the_same_comes_first() -> None:
    index = index_of(NOTES)

    assert index.nearest("a", 5)[0].key == "b"
    assert index.nearest("c", 5)[0].key == "d"
    assert index.nearest_to("des centres sociaux ouverts le soir", 1)[0].key in ("a", "b")


def test_the_words_in_common_are_those_that_people_see() -> None:
    index = index_of(NOTES)

    assert set(index.nearest("c", 1)[0].shared) == {
        "Prêter",
        "prêt",
        "matériel",
        "matériels",
        "associations",
    }


@pytest.mark.parametrize(
    "typed",
    [
        "OUVRIR LES CENTRES SOCIAUX LE SOIR",
        "ouvrir les centre sociaus le soir",
        "Ouvrir l\u02bcaccès aux centres soci\u00adaux, le soir",
    ],
)
def test_typing_errors_do_not_matter(typed: str) -> None:
    found = index_of(NOTES).nearest_to(typed, 1)[0]

    assert found.key == "a"
    assert "soir" in found.shared


def test_accents_written_in_two_signs_and_joined_numbers_are_the_same_words() -> None:
    index = index_of({"a": "Le comité de la S.N.C.F. donne 12\u202f000 €", "b": "Un arbre", "c": "Un banc"})

    found = index.nearest_to("comite\u0301 sncf 12000", 3)

    assert [one.key for one in found] == ["a"]
    assert found[0].score > 0.8


def test_copies_count_once_and_are_told() -> None:
    index = index_of({"a": "Rouvrir la gare", "b": "rouvrir la gare !", "c": "Un marché le samedi"})

    assert [(one.key, one.score) for one in index.nearest("a", 5)] == [("b", 1.0)]
    assert [(pair.one, pair.other, pair.score) for pair in index.pairs(5)] == [("a", "b", 1.0)]


def test_accents_and_joined_letters_do_not_matter() -> None:
    index = index_of({"a": "Un métro pour le cœur de ville", "b": "Planter des haies", "c": "Lire ensemble"})

    assert index.nearest_to("metro coeur ville", 1)[0].score > 0.9


def test_a_text_that_goes_is_gone_before_weights_are_computed_anew() -> None:
    others = {str(number): f"Le sujet numéro {number} parle de la chose {number * 7}" for number in range(40)}
    index = index_of(NOTES | others)
    index.nearest("a", 1)

    index.remove("d")

    assert "d" not in [one.key for one in index.nearest("c", 45)]
    assert "d" not in [one.key for one in index.nearest_to(NOTES["d"], 45)]


def test_a_text_that_is_replaced_or_removed_is_found_no_more() -> None:
    index = index_of(NOTES)
    index.nearest("a", 1)

    index.put("b", "Planter des arbres dans la cour")
    index.remove("d")

    assert "b" not in [one.key for one in index.nearest("a", 5) if one.score > 0.3]
    assert "d" not in [one.key for one in index.nearest("c", 5)]
    assert {key for pair in index.pairs(20) for key in (pair.one, pair.other)} <= {"a", "b", "c", "e"}
    with pytest.raises(KeyError):
        index.nearest("d", 1)


def test_a_newcomer_is_weighed_as_those_that_are_there() -> None:
    index = index_of(NOTES | {"f": "0 : 0"})
    index.nearest("a", 1)

    index.put("g", "0")

    assert all(one.score < 1.0001 for key in (*NOTES, "f", "g") for one in index.nearest(key, 9))


def test_the_queue_begins_with_what_is_nearest() -> None:
    best = index_of(NOTES).pairs(2)

    assert {frozenset((pair.one, pair.other)) for pair in best} == {frozenset("ab"), frozenset("cd")}


TEXTS = st.lists(
    st.sampled_from([*NOTES.values(), "", "?", "de la", "x", "0", "Éà’ç"]) | st.text(max_size=30)
)


@settings(deadline=None)
@given(TEXTS, st.data())
def test_whatever_is_put_and_removed_the_answers_are_about_what_is_there(
    texts: list[str], data: st.DataObject
) -> None:
    index = Resemblance()
    there: dict[int, str] = {}
    for text in texts:
        key = data.draw(st.integers(0, 5))
        if data.draw(st.booleans()):
            index.put(key, text)
            there[key] = text
        else:
            index.remove(key)
            there.pop(key, None)
        for one in there:
            found = index.nearest(one, 9)
            assert {other.key for other in found} <= there.keys() - {one}
            assert all(0 < other.score < 1.0001 for other in found)
            assert [other.score for other in found] == sorted((o.score for o in found), reverse=True)
    scores = [pair.score for pair in index.pairs(50)]
    assert scores == sorted(scores, reverse=True)
    anew = index_of({str(key): text for key, text in there.items()})
    assert len(anew.pairs(50)) == len(scores)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Promouvoir la publicité lumineuse", "Proscrire la publicité lumineuse"),
        ("Plus de caméras près de la gare", "Moins de caméras près de la gare"),
        ("Plus d’écrans à l’école", "Moins d’écrans à l’école"),
        ("Éteindre l’éclairage la nuit", "Ne pas éteindre l’éclairage la nuit"),
        ("Ouvrir le dimanche", "Ne jamais ouvrir le dimanche"),
        ("Fusionner les communes", "Surtout ne pas fusionner les communes"),
        ("Rendre le bus gratuit", "Un bus payant pour tous"),
        ("Je suis pour les éoliennes", "Je suis contre les éoliennes"),
        ("Autoriser les voitures dans la rue", "Interdire les voitures dans la rue"),
        ("Garder le bureau de poste", "Supprimer le bureau de poste"),
        ("Rouvrir la piscine", "Fermer la piscine"),
        ("Installer des caméras près de la gare", "Surtout pas de caméras près de la gare"),
        ("Autoriser les terrasses", "On ne devrait pas autoriser les terrasses"),
    ],
)
def test_opposed_pairs_are_debate(one: str, other: str) -> None:
    assert debate(one, other) == debate(other, one) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ne pas interdire les voitures", "Autoriser les voitures"),
        ("Ne pas fermer l’école", "Garder l’école ouverte"),
        ("Ouvrir les centres sociaux le soir", "Des centres sociaux ouverts en soirée"),
        ("Il n’y a plus de médecin", "Plus aucun médecin au village"),
        ("Remettre des bancs en ville", "Sans banc je ne peux plus aller à la pharmacie"),
        ("Couvrir les hameaux en 4G", "Le réseau ne capte pas dans les hameaux"),
        ("Rouvrir les urgences la nuit", "Les urgences ferment à 20 h, quelqu’un va mourir"),
    ],
)
def test_what_says_the_same_is_no_debate(one: str, other: str) -> None:
    assert debate(one, other) == ""


def test_the_labelled_contributions_are_told_apart() -> None:
    opposed = [debate(*texts) for label, texts in groups() if label.endswith("-contre")]
    same = [
        debate(*pair)
        for label, texts in groups()
        if not label.endswith("-contre")
        for pair in combinations(texts, 2)
    ]

    assert len(opposed) == 6
    assert all(opposed)
    assert sum(map(bool, same)) / len(same) < 0.05
