"""Whatever is in the digest, a document that opens: at worst without one note's text."""

from dataclasses import replace

import pytest
from conftest import Room
from readback import text, under

from contrib.digest import take
from contrib.store.db import db
from exports.digest import Digest, Key
from exports.documents.rescue import Hopeless, finish_restitution, offenders, without
from exports.ooxml.inspection import inspect

UNPRINTABLE = Key("\x01")
"""A Key passes the typographer's door as it is: what an unforeseen text would do."""


def spoiled(digest: Digest, *keys: str) -> Digest:
    """The digest with texts that no XML can hold, as if a cleaning step had a hole."""

    def spoil(note):
        return replace(note, reference=UNPRINTABLE) if note.id in keys else note

    workshops = tuple(
        replace(w, rubrics=tuple(replace(r, notes=tuple(map(spoil, r.notes))) for r in w.rubrics))
        for w in digest.workshops
    )
    return replace(digest, workshops=workshops)


@pytest.fixture
def digest(emergence: Room) -> Digest:
    for number in range(9):
        emergence.note(f"Recommandation {number}", "recommandations")
    return take(db.session(), emergence.event)


def keys(digest: Digest) -> list[str]:
    return [note.id for workshop in digest.workshops for note in workshop.notes]


def test_a_sound_digest_is_finished_as_it_is(digest: Digest) -> None:
    finished = finish_restitution(digest)

    assert (finished.warnings, finished.replaced, finished.stationery_refused) == ((), (), False)


def test_the_notes_that_spoil_a_document_are_found_and_only_they(digest: Digest) -> None:
    bad = {keys(digest)[2], keys(digest)[7]}

    def opens(tried: Digest) -> bool:
        return not any(
            note.id in bad and note.text.startswith("Recommandation")
            for workshop in tried.workshops
            for note in workshop.notes
        )

    assert offenders(digest, opens) == bad


def test_the_text_of_an_offending_note_gives_way_and_its_reference_stays(digest: Digest) -> None:
    mended = finish_restitution(without(digest, {keys(digest)[3]}))

    lines = under(mended.compiled.content, "Recommandations · ÉME")
    assert lines[3].startswith("Texte à lire dans l’application")
    assert lines[3].endswith("ÉME‑4")
    assert "Recommandation 3" not in text(mended.compiled.content)
    assert inspect(mended.compiled.content) == ()


def test_a_digest_of_which_nothing_that_opens_can_be_made_says_so(digest: Digest) -> None:
    with pytest.raises(Hopeless):
        finish_restitution(spoiled(digest, keys(digest)[0]))
