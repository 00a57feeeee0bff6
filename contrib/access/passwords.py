"""The organiser's password: made here, kept as a hash, and checked without stopping the notes.

A wrong one is told by sixteen bits of a plain hash, which cost nothing; only what passes them is
derived (60 ms of a processor), one at a time. Whoever reads the database learns sixteen of the
password's eighty bits by them.
"""

import hashlib
import secrets
import threading

from werkzeug.security import check_password_hash, generate_password_hash

from contrib.access import codes
from contrib.store.log import Refused

_WORDS = 4
_MARK = 4
"""Hexadecimal digits."""
_QUEUE = threading.BoundedSemaphore(4)
_ONE = threading.Lock()
TOO_MANY = (
    "Beaucoup de mots de passe sont essayés en ce moment : le vôtre n’a pas été regardé. "
    "Réessayez dans un instant."
)


def make_password() -> str:
    """Four groups of four characters without look-alikes: 80 bits, easy to copy by hand."""
    return "-".join("".join(secrets.choice(codes.ALPHABET) for _ in range(4)) for _ in range(_WORDS))


def hashed(password: str) -> str:
    """`scrypt:…$salt$hash`, then `$` and the mark."""
    plain = codes.typed(password)
    derived = generate_password_hash(plain, method="scrypt")
    return f"{derived}${_mark(derived, plain)}"


def opens(stored: str, password: str) -> bool:
    """Whether this is the password. Raises Refused where too many are being looked at."""
    plain = codes.typed(password)
    derived, _, mark = stored.rpartition("$")
    if len(mark) != _MARK:  # made before November 2026
        derived = stored
    elif not secrets.compare_digest(mark, _mark(derived, plain)):
        return False
    if not _QUEUE.acquire(blocking=False):
        raise Refused(TOO_MANY, 429)
    try:
        with _ONE:
            return check_password_hash(derived, plain)
    finally:
        _QUEUE.release()


def _mark(derived: str, plain: str) -> str:
    salt = derived.split("$")[1]
    return hashlib.sha256(f"{salt}${plain}".encode()).hexdigest()[:_MARK]
