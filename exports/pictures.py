"""A picture by any hand -> one of ours: bounded, turned upright, with nothing in it but pixels.

What was sent is decoded and encoded anew: place, date and device of a photograph, thumbnails, colour
profiles and whatever a second format hides behind the first are left behind.
"""

import base64
import hashlib
import io
import threading
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

MOST_BYTES, MOST_PIXELS, MOST_DRAWN = 15_000_000, 50_000_000, 25_000_000
"""Of what is sent. A telephone's photograph has 12 to 48 million pixels; a JPEG of 50 is decoded in 28 MB,
what is no JPEG only whole: 25 million pixels take some 230 MB."""
LONGEST = 1_300
"""Pixels of the longer side: 206 to the inch on 16 cm. Word squeezes what has more than 220 when it saves."""
HEAVIEST = 450_000
"""Bytes that a photograph is squeezed to, as long as it is worth looking at."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
UNKNOWN = "Ce fichier n’est pas une image que nous savons lire : envoyez-la en JPEG ou en PNG."
_ONE_AT_A_TIME = threading.Lock()
"""For what it takes of memory."""


class NoPicture(ValueError):
    """The message says in French what is wrong, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixels:
    """A picture of ours."""

    content: bytes
    ending: str
    """`jpg` or `png`."""
    width: int
    height: int

    @property
    def key(self) -> str:
        """By which a text names it: ten digits of its hash."""
        return hashlib.sha256(self.content).hexdigest()[:10]

    @property
    def base64(self) -> str:
        return base64.b64encode(self.content).decode()


_MADE: dict[str, Pixels] = {}
"""By the hash of what was sent: a returned file is read each time that somebody looks at it."""
MOST_KNOWN = 16


def pixels_of(content: bytes) -> Pixels:
    """Raises NoPicture."""
    if len(content) > MOST_BYTES:
        raise NoPicture(f"Cette image pèse {len(content) / 1e6:.0f} Mo : 15 Mo au plus.")
    name = hashlib.sha256(content).hexdigest()
    with _ONE_AT_A_TIME:
        if name not in _MADE:
            made = _made(content)
            if len(_MADE) >= MOST_KNOWN:
                del _MADE[next(iter(_MADE))]
            _MADE[name] = made
        return _MADE[name]


def _made(content: bytes) -> Pixels:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the size, which is measured below
        try:
            return _encoded(_decoded(content), drawn=content.startswith(b"\x89PNG"))
        except NoPicture:
            raise
        except Image.DecompressionBombError as error:
            raise NoPicture(_too_large(MOST_PIXELS)) from error
        except Exception as error:  # a damaged picture raises whatever its damage meets
            raise NoPicture(UNKNOWN) from error


def _decoded(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        width, height = opened.size
        most = MOST_PIXELS if opened.format in ("JPEG", "MPO") else MOST_DRAWN
        if width * height > most:
            raise NoPicture(_too_large(most))
        opened.draft("RGB", (LONGEST, LONGEST))  # a JPEG is decoded at a half, a quarter or an eighth
        # numbers of a palette cannot be blended: its lines would break
        full = opened.convert("RGBA") if opened.mode in ("1", "P", "PA") else opened
        full.thumbnail((LONGEST, LONGEST))
        # what is transparent stands on white paper, on a dark screen too
        shown = ImageOps.exif_transpose(full).convert("RGBA")
        paper = Image.new("RGBA", shown.size, "white")
        return Image.alpha_composite(paper, shown).convert("RGB")


def _encoded(image: Image.Image, *, drawn: bool) -> Pixels:
    """`drawn`: a PNG, perhaps with text in it, stays sharp where it is not too heavy."""
    width, height = image.size
    if drawn:
        out = io.BytesIO()
        image.save(out, "PNG", optimize=True)
        if out.tell() <= HEAVIEST:
            return Pixels(content=out.getvalue(), ending="png", width=width, height=height)
    for quality in (85, 75, 60):
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= HEAVIEST:
            break
    return Pixels(content=out.getvalue(), ending="jpg", width=width, height=height)


def _too_large(most: int) -> str:
    return f"Cette image a plus de {most // 1_000_000} millions de pixels : réduisez-la d’abord."
