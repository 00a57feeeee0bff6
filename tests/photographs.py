"""Pictures as people have them: a photograph with its place, a drawing, and what hides in a file."""

import io
import struct
import zlib

from PIL import Image

PLACE = {1: "N", 2: (50.0, 25.0, 19.0), 3: "E", 4: (2.0, 46.0, 40.0)}


def noise(width: int, height: int) -> Image.Image:
    """What squeezes badly, as leaves and faces do."""
    return Image.effect_noise((width, height), 60).convert("RGB")


def encoded(image: Image.Image, kind: str = "JPEG", **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def photograph(width: int = 900, height: int = 600, *, sideways: bool = False) -> bytes:
    """A JPEG that says where and with what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "TELEPHONE-DE-ZENOBIE"
    exif[0x0112] = 6 if sideways else 1
    exif.get_ifd(0x8825).update(PLACE)
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    return encoded(image, exif=exif, comment=b"COMMENTAIRE-CACHE")


def bomb() -> bytes:
    """A PNG of some kilobytes that says it has 60,000 by 60,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 5_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
