"""Where copies go."""

from sqlalchemy.orm import Session

from contrib.models import Installation
from contrib.store import Values, Write, verb


@verb("choose_copy_folder")
def choose_copy_folder(session: Session, write: Write) -> Values:
    session.get_one(Installation, 1).copy_folder = write.values["folder"] or None
    return {}
