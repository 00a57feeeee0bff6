"""Where copies go."""

from sqlalchemy.orm import Session

from contrib.store.log import Kind, Values, Write, verb
from contrib.store.models import Installation


@verb("choose_copy_folder", Kind.INSTALLATION)
def choose_copy_folder(session: Session, write: Write) -> Values:
    session.get_one(Installation, 1).copy_folder = write.values["folder"] or None
    return {}
