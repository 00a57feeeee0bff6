"""What facilitators do to notes: nothing typed is lost, doubled or silently changed."""

import pytest
from conftest import Room, own_id

from contrib.capture import queries
from contrib.programme import cache
from contrib.store.db import db
from contrib.store.log import NotYetReceived, Refused
from contrib.store.models import Note, Operation, Revision


def texts(room: Room) -> dict[str, tuple[str, ...]]:
    cards = queries.cards(db.session(), room.event, room.workshop)
    return {card.reference: tuple(w.text for w in card.wordings) for card in cards}


def test_the_same_operation_sent_twice_makes_one_note(emergence: Room) -> None:
    first = emergence.write("record", id=own_id("page-1"), text="Ouvrir le soir", rubric=None)
    second = emergence.write("record", id=own_id("page-1"), text="Ouvrir le soir", rubric=None)

    assert second == first
    assert texts(emergence) == {"ÉME‑1": ("Ouvrir le soir",)}


def test_what_was_written_while_nobody_watched_the_database_is_seen(emergence: Room) -> None:
    seen = []
    for text in ("Ouvrir le soir", "Ouvrir le samedi"):
        emergence.note(text)
        db.session.rollback()
        db.engine.dispose()
        seen.append(cache.current().seq)
        db.session.rollback()
        db.engine.dispose()

    assert seen[1] == seen[0] + 1


def test_back_change_and_send_again_is_a_new_note_not_a_duplicate(emergence: Room) -> None:
    emergence.write("record", id=own_id("page-1"), text="Ouvrir le soir", rubric=None)
    answer = emergence.write("record", id=own_id("page-1"), text="Ouvrir le samedi", rubric=None)

    assert answer.id == own_id("page-1")
    assert texts(emergence) == {"ÉME‑1": ("Ouvrir le soir",), "ÉME‑2": ("Ouvrir le samedi",)}


def test_two_edits_on_the_same_text_both_stand_until_a_choice(emergence: Room) -> None:
    note = emergence.note("Départ")
    emergence.write("reword", note, id=own_id("r1"), text="De Paul", base=note)
    answer = emergence.write("reword", note, id=own_id("r2"), text="De Jeanne", base=note)

    assert answer.outcome["conflict"] is True
    assert texts(emergence) == {"ÉME‑1": ("De Paul", "De Jeanne")}

    emergence.write("settle", note, text="Des deux", bases=[own_id("r1"), own_id("r2")])

    assert texts(emergence) == {"ÉME‑1": ("Des deux",)}
    history = [w.text for w in queries.history(db.session(), emergence.event, note)]
    assert history == ["Des deux", "De Jeanne", "De Paul", "Départ"]


def test_the_same_correction_by_two_people_is_no_conflict(emergence: Room) -> None:
    note = emergence.note("Ouvrr")
    emergence.write("reword", note, text="Ouvrir", base=note)
    emergence.write("reword", note, text="Ouvrir", base=note)

    assert texts(emergence) == {"ÉME‑1": ("Ouvrir",)}


def test_an_edit_on_a_text_that_has_not_arrived_is_asked_again_and_writes_nothing(emergence: Room) -> None:
    note = emergence.note("Départ")
    before = db.session.query(Operation).count()

    with pytest.raises(NotYetReceived):
        emergence.write("reword", note, text="Suite", base="unknown")

    assert db.session.query(Operation).count() == before


def test_new_text_on_a_withdrawn_note_is_kept_and_the_note_stays_withdrawn(emergence: Room) -> None:
    note = emergence.note("Départ")
    emergence.write("withdraw", note, withdrawn=True)
    emergence.write("reword", note, text="Mieux", base=note)

    card = queries.card(db.session(), emergence.event, emergence.workshop, note)

    assert card is not None
    assert (card.text, card.withdrawn) == ("Mieux", True)


def test_references_follow_arrival_and_never_return(emergence: Room) -> None:
    first = emergence.note("Un")
    emergence.write("withdraw", first, withdrawn=True)
    emergence.note("Deux")

    assert list(texts(emergence)) == ["ÉME‑1", "ÉME‑2"]


def test_a_note_moves_between_its_neighbours_and_keeps_its_reference(emergence: Room) -> None:
    one, two, three = (emergence.note(text) for text in ("Un", "Deux", "Trois"))
    emergence.write("move", three, after=one)

    assert list(texts(emergence).values()) == [("Un",), ("Trois",), ("Deux",)]

    emergence.write("move", two, after=None)

    assert list(texts(emergence).values()) == [("Deux",), ("Un",), ("Trois",)]


def test_highlights_keep_the_order_set_by_hand_and_are_never_refused(emergence: Room) -> None:
    ids = [emergence.note(f"N{n}", highlight=True) for n in range(5)]
    emergence.write("order_highlight", ids[4], after=ids[0])

    chosen = [card.text for card in queries.highlights(db.session(), emergence.event, emergence.workshop)]

    assert chosen == ["N0", "N4", "N1", "N2", "N3"]


def test_a_long_highlight_is_told_and_its_long_text_stays_in_the_history(emergence: Room) -> None:
    note = emergence.note(" ".join(["mot"] * 31), highlight=True)
    card = queries.card(db.session(), emergence.event, emergence.workshop, note)
    assert card is not None
    assert card.too_long

    emergence.write("reword", note, text="Court", base=note)

    history = queries.history(db.session(), emergence.event, note)
    assert [len(w.text.split()) for w in history] == [1, 31]


def test_a_note_cut_in_two_keeps_its_rubric_and_both_halves(emergence: Room) -> None:
    note = emergence.note("Un.\n\nDeux.", "recommandations")
    emergence.note("Autre", "recommandations")
    emergence.write("split", note, first="Un.", second="Deux.", base=note)

    section = queries.sections(db.session(), emergence.event, emergence.workshop)[1]

    assert [card.text for card in section.cards] == ["Un.", "Deux.", "Autre"]


def test_two_first_key_messages_both_stand(emergence: Room) -> None:
    emergence.write("message", id=own_id("m1"), text="Le soir", base="")
    emergence.write("message", id=own_id("m2"), text="Le samedi", base="")

    standing = queries.message(db.session(), emergence.event, emergence.workshop)

    assert [w.text for w in standing] == ["Le soir", "Le samedi"]


def test_a_note_of_another_workshop_is_refused_in_a_sentence(emergence: Room, numerique: Room) -> None:
    note = emergence.note("Ici")

    with pytest.raises(Refused, match="autre atelier"):
        numerique.write("withdraw", note, withdrawn=True)


def test_a_pasted_list_is_one_operation_and_as_many_notes(emergence: Room) -> None:
    before = db.session.query(Operation).count()
    for _ in range(2):
        emergence.write("record_list", id=own_id("list-1"), lines=["Un", "Deux", "Trois"], rubric=None)

    assert db.session.query(Operation).count() == before + 1
    assert texts(emergence) == {"ÉME‑1": ("Un",), "ÉME‑2": ("Deux",), "ÉME‑3": ("Trois",)}


def test_sequence_numbers_have_no_gap_after_a_refusal(emergence: Room) -> None:
    emergence.note("Un")
    with pytest.raises(NotYetReceived):
        emergence.write("withdraw", "nobody", withdrawn=True)
    emergence.note("Deux")

    numbers = [row.seq for row in db.session.query(Operation).order_by(Operation.seq)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_nothing_deletes_a_revision(emergence: Room) -> None:
    note = emergence.note("Un")
    emergence.write("reword", note, text="Deux", base=note)
    emergence.write("withdraw", note, withdrawn=True)

    assert db.session.query(Revision).count() == 2
    assert db.session.get(Note, note) is not None
