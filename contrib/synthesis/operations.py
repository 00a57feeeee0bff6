"""What the desk does to notes of all workshops. A verb touches the things that it names and no others."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from contrib.forms import fold
from contrib.store import order_keys
from contrib.store.log import Kind, Refused, Values, Write, verb
from contrib.store.models import Convergence, Event, Merger, Note, Reading, Theme, Verdict, Workshop
from exports.text import counted

Citing = TypeVar("Citing", Merger, Convergence)
MOST_CONVERGENCES = 3
LONGEST_NAME = 120
"""Characters of a theme's name."""
TAKE_FIRST = "Prenez d’abord des notes, en cochant leur case."
NO_THEME = "Ce thème n’existe plus : quelqu’un l’a réuni à un autre, ou défait. Ses notes sont toutes là."
NO_MERGER = "Cette synthèse n’existe pas, ou plus."


# --- themes: a note is in one, or in none ----------------------------------------------------------


@verb("put_in_theme", Kind.ORDER)
def put_in_theme(session: Session, write: Write) -> Values:
    """Several notes under a theme: that of `theme`, else the one of `name`, made where there is none."""
    notes = picked(session, write)
    theme = (
        _theme(session, write, write.values["theme"])
        if write.values["theme"]
        else theme_named(session, write, write.values["name"])
    )
    left = [note for note in notes if note.theme_id not in (None, theme.id)]
    names = dict.fromkeys(f"« {_theme(session, write, note.theme_id).name} »" for note in left)
    for note in notes:
        note.theme_id, note.changed_seq = theme.id, write.seq
    told = counted(len(notes), "note est rangée", "notes sont rangées") + f" dans « {theme.name} »"
    if left:
        told += f" ; {counted(len(left), 'note était', 'notes étaient')} dans {', '.join(names)}"
    return {"theme": theme.id, "told": told}


@verb("take_out_of_theme", Kind.ORDER)
def take_out_of_theme(session: Session, write: Write) -> Values:
    notes = picked(session, write)
    for note in notes:
        note.theme_id, note.changed_seq = None, write.seq
    return {"told": counted(len(notes), "note est", "notes sont")}


@verb("rename_theme", Kind.ORDER)
def rename_theme(session: Session, write: Write) -> Values:
    theme = _theme(session, write, write.subject)
    name = write.values["name"]
    _unchanged(write, theme.name, name, "Quelqu’un vient de renommer ce thème")
    taken = select(Theme.id).where(Theme.event_id == write.event_id, Theme.folded == fold(name))
    if session.scalar(taken) not in (None, theme.id):
        raise Refused(f"Un thème s’appelle déjà « {name} » : réunissez les deux, ou choisissez un autre nom.")
    theme.name, theme.folded = name, fold(name)
    _touch(session, write, theme)
    return {"name": name}


@verb("join_themes", Kind.ORDER)
def join_themes(session: Session, write: Write) -> Values:
    """All notes of one theme go into another, and the first is no more."""
    theme, into = _theme(session, write, write.subject), _theme(session, write, write.values["into"])
    if theme is into:
        raise Refused("Choisissez un autre thème : celui-ci ne peut pas se réunir à lui-même.")
    _touch(session, write, theme, into.id)
    into.final_at = None
    session.delete(theme)
    return {"name": into.name}


@verb("dissolve_theme", Kind.ORDER)
def dissolve_theme(session: Session, write: Write) -> Values:
    """The theme is no more; its notes are in none."""
    theme = _theme(session, write, write.subject)
    name = theme.name
    _touch(session, write, theme, None)
    session.delete(theme)
    return {"name": name}


@verb("order_theme", Kind.ORDER)
def order_theme(session: Session, write: Write) -> Values:
    """Past the theme that stood `above` or `below` it on the page: two who ask for one step make one."""
    theme = _theme(session, write, write.subject)
    others = [one for one in themes_of(session, write.event_id) if one is not theme]
    before = sum((one.place, one.folded) < (theme.place, theme.folded) for one in others)
    up = write.values["direction"] == "up"
    at = max(0, min(before + (-1 if up else 1), len(others)))
    for place, one in enumerate(others):
        if one.id == write.values["above" if up else "below"]:
            at = min(before, place) if up else max(before, place + 1)
    if at == before:
        return {}
    theme.place = order_keys.between(
        others[at - 1].place if at else None, others[at].place if at < len(others) else None
    )
    return {}


@verb("settle_theme", Kind.ORDER)
def settle_theme(session: Session, write: Write) -> Values:
    """« Ce thème tient »: said once five of its notes were looked at; taken back at any time."""
    theme = _theme(session, write, write.subject)
    theme.final_at = write.at if write.values["final"] else None
    return {}


@verb("lens", Kind.PROGRAMME)
def lens(session: Session, write: Write) -> Values:
    """What a theme means on this day."""
    event = session.get_one(Event, write.event_id)
    _unchanged(write, event.lens, write.values["text"], "Quelqu’un vient d’écrire une autre lentille")
    event.lens = write.values["text"]
    return {}


# --- recommandations de synthèse and points communs: sentences that cite notes ----------------------


@verb("merge", Kind.TEXT)
def merge(session: Session, write: Write) -> Values:
    """One wording for several notes, which stay as they are."""
    notes = picked(session, write)
    if len(notes) < 2:
        raise Refused("Une synthèse réunit au moins deux notes : prenez-en une autre.")
    known = _standing_with(session, write, Merger)
    if known is not None:
        known.references = _with(known.references, notes)
        return {"merger": known.id, "count": len(notes)}
    session.add(
        Merger(
            id=write.id,
            event_id=write.event_id,
            workshop_id=notes[0].workshop_id,
            text=write.values["text"],
            references=_with("", notes),
            created_at=write.at,
            created_seq=write.seq,
        )
    )
    return {"merger": write.id, "count": len(notes)}


@verb("reword_merger", Kind.TEXT)
def reword_merger(session: Session, write: Write) -> Values:
    merger = _merger(session, write)
    _unchanged(write, merger.text, write.values["text"], "Quelqu’un vient de changer cette formulation")
    merger.text = write.values["text"]
    return {}


@verb("unmerge", Kind.TEXT, Kind.CHOICE)
def unmerge(session: Session, write: Write) -> Values:
    """Undo a merger: the notes bear no trace of it, its text stays in the log."""
    _merger(session, write).withdrawn_at = write.at
    return {}


@verb("highlight_merger", Kind.CHOICE)
def highlight_merger(session: Session, write: Write) -> Values:
    """Choose a merger for the plenary, after what its workshop chose; or not any more."""
    merger = _merger(session, write)
    if not write.values["chosen"]:
        merger.highlight_place = None
    elif merger.highlight_place is None:
        merger.highlight_place = order_keys.between(_last_chosen(session, merger.workshop_id), None)
    return {}


@verb("relate", Kind.TEXT)
def relate(session: Session, write: Write) -> Values:
    """A point commun on the notes that were picked. The same sentence twice is one, on all their notes."""
    notes = picked(session, write)
    if len({note.workshop_id for note in notes}) < 2:
        raise Refused("Un point commun rapproche au moins deux ateliers : prenez aussi une note d’un autre.")
    known = _standing_with(session, write, Convergence)
    if known is not None:
        known.references = _with(known.references, notes)
        return {"convergence": known.id, "count": len(notes)}
    if len(standing(session, write.event_id, Convergence)) >= MOST_CONVERGENCES:
        raise Refused("Trois points communs au plus se disent en plénière : retirez-en un d’abord.")
    session.add(
        Convergence(
            id=write.id,
            event_id=write.event_id,
            text=write.values["text"],
            references=_with("", notes),
            created_seq=write.seq,
        )
    )
    return {"convergence": write.id, "count": len(notes)}


@verb("unrelate", Kind.TEXT)
def unrelate(session: Session, write: Write) -> Values:
    """Withdraw a point commun; its text stays in the log."""
    found = session.get(Convergence, write.subject)
    if found is None or found.event_id != write.event_id:
        raise Refused("Ce point commun n’existe pas, ou plus.")
    found.withdrawn_at = write.at
    return {}


# --- pairs, and what was read -------------------------------------------------------------------------


@verb("judge", Kind.ORDER)
def judge(session: Session, write: Write) -> Values:
    """What is said of two notes that resemble each other; an empty word takes it back."""
    one, other = sorted(note.id for note in picked(session, write, exactly=2))
    known = session.get(Verdict, (one, other))
    if known is not None:
        session.delete(known)
        session.flush()
    if write.values["word"]:
        session.add(
            Verdict(
                one_id=one, other_id=other, event_id=write.event_id, word=write.values["word"], seq=write.seq
            )
        )
    return {"one": one, "other": other}


@verb("read_notes", Kind.ORDER)
def read_notes(session: Session, write: Write) -> Values:
    """« Je les ai lues »: the laptop, and who signed on it."""
    notes = picked(session, write)
    device = write.author.device or ""
    for note in notes:
        if session.get(Reading, (note.id, device)) is None:
            session.add(
                Reading(
                    note_id=note.id,
                    device=device,
                    event_id=write.event_id,
                    person_id=write.author.person_id,
                )
            )
    return {"told": counted(len(notes), "note est lue", "notes sont lues")}


# --- what the verbs are made of -----------------------------------------------------------------------


def picked(session: Session, write: Write, *, exactly: int = 0) -> list[Note]:
    """The notes of the day that were picked, by workshop and number. Raises Refused where one is not there."""
    ids = set(write.values["notes"])
    if not ids or exactly not in (0, len(ids)):
        raise Refused(TAKE_FIRST)
    of_the_day = Note.event_id == write.event_id, Note.kind == "note", Note.live
    found = session.scalars(
        select(Note)
        .join(Workshop, Workshop.id == Note.workshop_id)
        .where(Note.id.in_(ids), *of_the_day)
        .order_by(Workshop.position, Note.number)
    ).all()
    if len(found) < len(ids):
        raise Refused("Une de ces notes vient d’être retirée : rien n’a changé. Regardez la liste à nouveau.")
    return list(found)


def themes_of(session: Session, event_id: str) -> Sequence[Theme]:
    """The themes of a day in their order."""
    order = select(Theme).where(Theme.event_id == event_id).order_by(Theme.place, Theme.folded)
    return session.scalars(order).all()


def theme_named(session: Session, write: Write, name: str) -> Theme:
    """The theme of that name, whatever its case and accents; made last where there is none."""
    folded = fold(name)
    theme = session.scalar(select(Theme).where(Theme.event_id == write.event_id, Theme.folded == folded))
    if theme is None:
        last = session.scalar(select(func.max(Theme.place)).where(Theme.event_id == write.event_id))
        number = session.scalar(select(func.count()).select_from(Theme)) or 0
        theme = Theme(
            id=f"{write.id}.t{number}",
            event_id=write.event_id,
            folded=folded,
            name=name,
            place=order_keys.between(last or None, None),
        )
        session.add(theme)
        session.flush()
    return theme


def _theme(session: Session, write: Write, theme_id: str | None) -> Theme:
    theme = session.get(Theme, theme_id) if theme_id else None
    if theme is None or theme.event_id != write.event_id:
        raise Refused(NO_THEME)
    return theme


def _touch(session: Session, write: Write, theme: Theme, into: str | None = "") -> None:
    """Its notes changed: workshops see their theme; with `into` they go there."""
    values: Values = {"changed_seq": write.seq}
    if into != "":
        values["theme_id"] = into
    session.execute(update(Note).where(Note.theme_id == theme.id).values(values))


def _unchanged(write: Write, now: str, wanted: str, changed: str) -> None:
    """Raises Refused where somebody wrote something else since the page had it as it `was`."""
    if now not in (write.values["was"], wanted):
        mine = "La vôtre est restée dans la case : enregistrez à nouveau pour qu’elle la remplace."
        raise Refused(f"{changed} : « {now} ». {mine}", 409)


def _merger(session: Session, write: Write) -> Merger:
    found = session.get(Merger, write.subject)
    if found is None or found.event_id != write.event_id or not found.live:
        raise Refused(NO_MERGER)
    return found


def _standing_with(session: Session, write: Write, model: type[Citing]) -> Citing | None:
    """The one that stands and says the same sentence."""
    said = fold(write.values["text"])
    return next((one for one in standing(session, write.event_id, model) if fold(one.text) == said), None)


def standing(session: Session, event_id: str, model: type[Citing]) -> Sequence[Citing]:
    """The syntheses, or the points communs, of a day, in the order in which they were made."""
    rows = select(model).where(model.event_id == event_id, model.live)
    return session.scalars(rows.order_by(model.created_seq)).all()


def _with(references: str, notes: Sequence[Note]) -> str:
    return " ".join(dict.fromkeys([*references.split(), *(note.id for note in notes)]))


def _last_chosen(session: Session, workshop_id: str) -> str | None:
    """The last sort key among what a workshop chose, notes and mergers."""
    keys = [
        session.scalar(select(func.max(model.highlight_place)).where(model.workshop_id == workshop_id))
        for model in (Note, Merger)
    ]
    return max((key for key in keys if key), default=None)
