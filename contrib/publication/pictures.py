"""Pictures of the chapters: what is sent becomes one of ours, and stands in the text."""

from collections.abc import Iterable

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from contrib.forms import whole_number
from contrib.publication.forms import PictureForm
from contrib.publication.operations import add_picture
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author, Receipt, Refused, Values
from contrib.store.models import Event
from contrib.store.report_models import Picture
from exports.formatted import picture_mark, pictures_in
from exports.pictures import MOST_BYTES, NoPicture, Pixels, pixels_of


def add(event: Event, form: PictureForm, file: FileStorage | None, author: Author) -> Receipt:
    """Keep a picture, and show it where the cursor was, else below the text. Raises Refused."""
    if not form.validate():
        raise Refused(form.sentence())
    if file is None or not file.filename:
        raise Refused("Choisissez d’abord l’image à ajouter : votre texte est gardé ci-dessous.")
    try:
        pixels = pixels_of(file.stream.read(MOST_BYTES + 1))
    except NoPicture as error:
        raise Refused(str(error)) from error
    text = shown_at(form.text.data or "", pixels.key, form.at.data or "")
    values = {**form.values(), **stored(pixels), "text": text}
    return log.write(add_picture, author, values, event=event.id, id=form.operation.data or None)


def stored(pixels: Pixels) -> Values:
    """A picture as a write carries it."""
    return {
        "picture": pixels.key,
        "content": pixels.base64,
        "ending": pixels.ending,
        "width": pixels.width,
        "height": pixels.height,
    }


def shown_at(text: str, key: str, at: str) -> str:
    """The text with the picture below the paragraph of that character; once is enough."""
    if key in pictures_in(text):
        return text
    end = text.find("\n\n", whole_number(at)) if at else -1
    before, after = (text, "") if end < 0 else (text[:end], text[end:].strip("\n"))
    return "\n\n".join(part for part in (before.rstrip("\n"), picture_mark(key), after) if part.strip())


def beside(event: Event, here: Iterable[str], shown: Iterable[str]) -> list[Picture]:
    """Pictures that a chapter has, and those that none has, the last one first."""
    rows = select(Picture).where(Picture.event_id == event.id).order_by(Picture.added_at.desc(), Picture.key)
    elsewhere = set(shown) - set(here)
    return [row for row in db.session.scalars(rows) if row.key not in elsewhere]


def find(event: Event, key: str) -> Picture:
    """Raises Refused."""
    row = db.session.get(Picture, (event.id, key))
    if row is None:
        raise Refused("Cette image n’existe pas, ou plus.", 404)
    return row
