"""Codes are derived, not stored: they can be shown again at any time, and renewed one by one.

Ten characters of Crockford's base32 (no I, L, O, U) of HMAC-SHA-256(installation key,
scope, generation): 50 bits, so guessing needs no limit by address (a venue is one address).
"""

import hashlib
import hmac
import re
from collections.abc import Iterator

from contrib.store.models import Event, Workshop
from contrib.store.report_models import Partner

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
PARTNER_GENERATION = 1
"""A partner's code is not renewed: who is no longer a partner is taken off the list."""
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def workshop_scope(event: Event, workshop: Workshop) -> str:
    return f"{event.scope}/{workshop.name}"


def presenter_scope(event: Event) -> str:
    return f"{event.scope}//restitution"


def partner_scope(event: Event, partner: Partner) -> str:
    return f"{event.scope}//partenaire/{partner.id}"


def derive(key: str, scope: str, generation: int) -> str:
    """The code of a scope as ten characters."""
    mac = hmac.new(key.encode(), f"{scope}:{generation}".encode(), hashlib.sha256).digest()
    number = int.from_bytes(mac[:8])
    return "".join(ALPHABET[(number >> (5 * digit)) & 31] for digit in range(LENGTH))


def grouped(code: str) -> str:
    """« 7KX4M-2R9TB »."""
    return f"{code[:5]}-{code[5:]}"


def typed(text: str) -> str:
    """What somebody typed, without case, spaces, dashes and look-alikes (O/0, I/1, L/1)."""
    return re.sub(r"[\W_]", "", text[:100].upper()).translate(_LOOKALIKES)


def of_event(key: str, event: Event) -> Iterator[tuple[Workshop | None, str]]:
    """Each workshop with its code; None is the presenter."""
    for workshop in event.workshops:
        yield workshop, derive(key, workshop_scope(event, workshop), workshop.generation)
    yield None, derive(key, presenter_scope(event), event.presenter_generation)


def of_partner(key: str, event: Event, partner: Partner) -> str:
    return derive(key, partner_scope(event, partner), PARTNER_GENERATION)


def lines(key: str, event: Event) -> Iterator[str]:
    """« 7KX4M-2R9TB  L’émergence », for a terminal."""
    for workshop, code in of_event(key, event):
        yield f"{grouped(code)}  {workshop.title if workshop else 'Restitution (présentateur)'}"


def same(code: str, other: str) -> bool:
    return hmac.compare_digest(code.encode(), other.encode())
