"""What a facilitator does to notes. Each verb changes one thing; only texts can conflict."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.orm import Session

from contrib.store import order_keys
from contrib.store.log import Kind, NotYetReceived, Refused, Values, Write, verb
from contrib.store.models import ON_MESSAGE, Note, Revision, Rubric, Workshop, message_id
from contrib.synthesis.operations import theme_named

NOTES, REVISIONS = cast(Table, Note.__table__), cast(Table, Revision.__table__)


@verb("record", Kind.NOTE)
def record(session: Session, write: Write) -> Values:
    """A new note. Its id, and that of its first revision, is the operation's."""
    if not is_here(session, write.id):
        add_note(session, write, write.id, write.values["text"], write.values.get("rubric"))
    write.subject = write.id
    return {"note": write.id}


@verb("record_list", Kind.NOTE)
def record_list(session: Session, write: Write) -> Values:
    """A pasted list: one operation, a note for each line, with ids derived from both."""
    ids = [f"{write.id}.{number}" for number in range(1, len(write.values["lines"]) + 1)]
    for note_id, line in zip(ids, write.values["lines"], strict=True):
        if not is_here(session, note_id):
            add_note(session, write, note_id, line, write.values.get("rubric"))
    return {"notes": ids}


@verb("reword", Kind.TEXT)
def reword(session: Session, write: Write) -> Values:
    """A new text on a named revision. On one that is no longer the last: both texts stand."""
    note = _note(session, write)
    return write_text(session, write, note, write.values["text"], [write.values["base"]])


@verb("settle", Kind.TEXT)
def settle(session: Session, write: Write) -> Values:
    """A choice between two texts, or a common one: names both."""
    note = _note(session, write)
    return write_text(session, write, note, write.values["text"], write.values["bases"])


@verb("keep", Kind.TEXT)
def keep(session: Session, write: Write) -> Values:
    """« Garder ce texte »: one of those that stand settles them all."""
    note = _note(session, write)
    kept = session.get(Revision, write.values["keep"])
    if kept is None or kept.note_id != note.id:
        raise NotYetReceived("Ce texte n’est pas encore arrivé.")
    if not kept.standing:
        raise Refused("Ce texte n’est plus à départager : la page a changé entre-temps.")
    standing = select(Revision.id).where(Revision.note_id == note.id, Revision.standing)
    return write_text(session, write, note, kept.text, list(session.scalars(standing)))


@verb("message", Kind.TEXT)
def message(session: Session, write: Write) -> Values:
    """The workshop's key message: the first text makes the note, the others reword it."""
    workshop = _workshop(session, write)
    write.subject = message_id(workshop.id)
    note = session.get(Note, write.subject)
    text = write.values["text"]
    if note is None:
        note = add_message(session, write, workshop)
        add_revision(session, write, note.id, write.id, text)
        return {"note": note.id, "revision": write.id}
    # without a base both began with an empty box: neither is written over the other; two
    # bases were on the page together, and this text settles them
    return write_text(session, write, note, text, (write.values.get("base") or "").split()[:10])


@verb("split", Kind.TEXT, Kind.NOTE)
def split(session: Session, write: Write) -> Values:
    """Cut a note in two: the first part rewords it, the second is a new note just after."""
    note = _note(session, write)
    first, second = write.values["first"], write.values["second"]
    outcome = write_text(session, write, note, first, [write.values["base"]])
    second_id = f"{write.id}.2"
    if not is_here(session, second_id):
        add_note(session, write, second_id, second, note.rubric_id)
        part = session.get_one(Note, second_id)
        part.theme_id = note.theme_id
        part.place = order_keys.between(note.place, _neighbour_after(session, note))
    return {**outcome, "second": second_id}


@verb("withdraw", Kind.CHOICE)
def withdraw(session: Session, write: Write) -> Values:
    """Take a note out of every document, or put it back. It is never deleted."""
    note = _note(session, write)
    note.withdrawn_at = write.at if write.values["withdrawn"] else None
    return {"note": note.id}


@verb("sort", Kind.ORDER)
def sort(session: Session, write: Write) -> Values:
    """Put a note under a rubric, or back among those to be sorted."""
    note = _note(session, write)
    note.rubric_id = _rubric(session, note.workshop_id, write.values["rubric"])
    note.place = order_keys.nth(write.seq)
    return {"note": note.id}


@verb("highlight", Kind.CHOICE)
def highlight(session: Session, write: Write) -> Values:
    """Choose for the plenary, or not any more. Never refused: the number is advice."""
    note = _note(session, write)
    if not write.values["chosen"]:
        note.highlight_place = None
    elif note.highlight_place is None:
        note.highlight_place = last_highlight(session, note.workshop_id)
    return {"note": note.id}


@verb("order_highlight", Kind.CHOICE)
def order_highlight(session: Session, write: Write) -> Values:
    """« Après la note X » among the chosen ones; first where X is not named."""
    note = _note(session, write)
    if note.highlight_place is None:
        raise Refused("Cette note n’est plus choisie pour la plénière : choisissez-la d’abord.")
    column = Note.highlight_place
    rows = list(
        session.execute(
            select(Note.id, column)
            .where(Note.workshop_id == note.workshop_id, column.is_not(None), Note.id != note.id)
            .order_by(column, Note.id)
        )
    )
    note.highlight_place = _place_after(rows, _target(rows, note.highlight_place, note.id, write.values))
    return {"note": note.id}


@verb("move", Kind.ORDER)
def move(session: Session, write: Write) -> Values:
    """« Après la note X » within the rubric; first where X is not named."""
    note = _note(session, write)
    rows = list(
        session.execute(
            select(Note.id, Note.place)
            .where(
                Note.workshop_id == note.workshop_id,
                Note.kind == "note",
                Note.rubric_id.is_(None) if note.rubric_id is None else Note.rubric_id == note.rubric_id,
                Note.id != note.id,
            )
            .order_by(Note.place, Note.id)
        )
    )
    note.place = _place_after(rows, _target(rows, note.place, note.id, write.values))
    return {"note": note.id}


@verb("theme", Kind.ORDER)
def set_theme(session: Session, write: Write) -> Values:
    """The theme of a note, found by its folded name or made; none where the name is empty."""
    note = _note(session, write)
    name = write.values["name"]
    note.theme_id = theme_named(session, write, name).id if name else None
    return {"note": note.id}


@verb("participants", Kind.PROGRAMME)
def participants(session: Session, write: Write) -> Values:
    _workshop(session, write).participants = write.values["number"]
    return {}


@verb("speaker", Kind.PROGRAMME, personal=("name",))
def speaker(session: Session, write: Write) -> Values:
    _workshop(session, write).speaker = write.values["name"] or None
    return {}


@verb("ready", Kind.PROGRAMME)
def ready(session: Session, write: Write) -> Values:
    """« C’est prêt » says so, and locks nothing; what comes later is counted."""
    workshop = _workshop(session, write)
    workshop.ready_at = write.at if write.values["ready"] else None
    workshop.ready_seq = write.seq if write.values["ready"] else None
    return {"ready": write.values["ready"]}


# --- what the verbs are made of ------------------------------------------------------------------


def _workshop(session: Session, write: Write) -> Workshop:
    return session.get_one(Workshop, write.workshop_id)


def _note(session: Session, write: Write) -> Note:
    note = session.get(Note, write.subject) if write.subject else None
    if note is None:
        raise NotYetReceived("Cette note n’est pas encore arrivée : elle est sans doute en route.")
    if note.workshop_id != write.workshop_id:
        raise Refused("Cette note est celle d’un autre atelier : ouvrez-la dans son atelier.")
    note.changed_seq = write.seq
    return note


def _rubric(session: Session, workshop_id: str | None, rubric_id: str | None) -> str | None:
    if not rubric_id:
        return None
    # none where the rubric was removed meanwhile: the note is kept, « À classer »
    of_the_workshop = Rubric.id == rubric_id, Rubric.workshop_id == workshop_id
    return session.scalar(select(Rubric.id).where(*of_the_workshop))


def is_here(session: Session, note_id: str) -> bool:
    return session.scalar(select(Note.id).where(Note.id == note_id)) is not None


def add_note(
    session: Session,
    write: Write,
    note_id: str,
    text: str,
    rubric_id: str | None,
    workshop_id: str | None = None,
    *,
    revision: str | None = None,
) -> None:
    """A note with its first text, whose revision bears the note's id unless another is given."""
    workshop = workshop_id or write.workshop_id or ""
    # plain statements: a note is written without reading its workshop's rows into objects
    number = session.scalar(
        update(Workshop)
        .where(Workshop.id == workshop)
        .values(last_number=Workshop.last_number + 1)
        .returning(Workshop.last_number)
        .execution_options(synchronize_session=False)
    )
    assert number is not None
    row = {
        "id": note_id,
        "event_id": write.event_id,
        "workshop_id": workshop,
        "number": number,
        "kind": "note",
        "rubric_id": _rubric(session, workshop, rubric_id),
        "place": order_keys.nth(write.seq) + order_keys.nth(number),
        "person_id": write.author.person_id,
        "created_at": write.at,
        "created_seq": write.seq,
        "changed_seq": write.seq,
    }
    session.execute(insert(NOTES), row)
    add_revision(session, write, note_id, revision or note_id, text)


def add_message(session: Session, write: Write, workshop: Workshop) -> Note:
    note = Note(
        id=message_id(workshop.id),
        event_id=write.event_id,
        workshop_id=workshop.id,
        kind=ON_MESSAGE,
        person_id=write.author.person_id,
        created_at=write.at,
        created_seq=write.seq,
        changed_seq=write.seq,
    )
    session.add(note)
    session.flush()
    return note


def add_revision(
    session: Session,
    write: Write,
    note_id: str,
    revision_id: str,
    text: str,
    bases: Sequence[str] = (),
    *,
    standing: bool = True,
) -> None:
    row = {
        "id": revision_id,
        "seq": write.seq,
        "note_id": note_id,
        "base_id": bases[0] if bases else None,
        "other_base_id": bases[1] if len(bases) > 1 else None,
        "text": text,
        "standing": standing,
        "person_id": write.author.person_id,
        "created_at": write.at,
    }
    session.execute(insert(REVISIONS), row)


def write_text(
    session: Session, write: Write, note: Note, text: str, bases: list[str], revision_id: str = ""
) -> Values:
    """One more revision, which bears the operation's id unless another is given.

    Its bases stop standing; what stands beside it is a conflict.
    """
    own_id = revision_id or write.id
    note.changed_seq = write.seq
    if session.get(Revision, own_id):
        # a saved file brought this very text back before its laptop could
        return {"note": note.id, "revision": own_id, "conflict": _standing(session, note) > 1}
    known = []
    for base in bases:
        revision = session.get(Revision, base)
        if revision is None or revision.note_id != note.id:
            raise NotYetReceived("Le texte que vous modifiez n’est pas encore arrivé.")
        known.append(revision)
    standing = select(Revision).where(Revision.note_id == note.id, Revision.standing)
    for other in session.scalars(standing):
        if other.text == text and other not in known:
            # both wrote the same: the first one stands for both
            for revision in known:
                revision.standing = False
            add_revision(session, write, note.id, own_id, text, bases)
            other.standing = False
            return {"note": note.id, "revision": own_id, "conflict": False}
    for revision in known:
        revision.standing = False
    add_revision(session, write, note.id, own_id, text, bases)
    session.flush()
    return {"note": note.id, "revision": own_id, "conflict": _standing(session, note) > 1}


def _standing(session: Session, note: Note) -> int:
    """How many texts of a note nothing has replaced: more than one is a conflict."""
    rows = select(func.count()).select_from(Revision).where(Revision.note_id == note.id, Revision.standing)
    return session.scalar(rows) or 0


def last_highlight(session: Session, workshop_id: str | None) -> str:
    last = session.scalar(select(func.max(Note.highlight_place)).where(Note.workshop_id == workshop_id))
    return order_keys.between(last, None)


def _neighbour_after(session: Session, note: Note) -> str | None:
    return session.scalar(
        select(func.min(Note.place)).where(
            Note.workshop_id == note.workshop_id,
            Note.rubric_id.is_(None) if note.rubric_id is None else Note.rubric_id == note.rubric_id,
            Note.place > note.place,
        )
    )


def _target(rows: Sequence[Any], place: str, note_id: str, values: Values) -> str | None:
    """The note after which to go: named, or one step up or down from where it stands now."""
    if "direction" not in values:
        named: str | None = values.get("after")
        return named
    index = sum((row[1], row[0]) < (place, note_id) for row in rows)
    index += -1 if values["direction"] == "up" else 1
    index = max(0, min(index, len(rows)))
    return rows[index - 1][0] if index else None


def _place_after(rows: Sequence[Any], after: str | None) -> str:
    """A key after the row called `after` and before the next one."""
    if after is None:
        return order_keys.between(None, rows[0][1] if rows else None)
    for index, (note_id, place) in enumerate(rows):
        if note_id == after:
            following = rows[index + 1][1] if index + 1 < len(rows) else None
            return order_keys.between(place, following)
    return order_keys.between(rows[-1][1] if rows else None, None)
