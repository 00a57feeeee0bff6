"""A reproducible zip: fixed dates, given order, same bytes for the same parts.

Written by hand because `zipfile` costs half again as much as the compression itself
(measured), and because its output depends on the platform it runs on.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

DOS_DATE = (0 << 9) | (1 << 5) | 1
"""1 January 1980, the first day that a zip can express: no clock in a document."""

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the package, compressed once: static parts are packed at load time."""

    name: str
    crc: int
    size: int
    deflated: bytes
    content: bytes


def part(name: str, content: bytes) -> Part:
    squeeze = zlib.compressobj(6, zlib.DEFLATED, -15)
    deflated = squeeze.compress(content) + squeeze.flush()
    return Part(name, zlib.crc32(content), len(content), deflated, content)


def pack(parts: Iterable[Part]) -> bytes:
    """The bytes of a zip that holds `parts` in their order."""
    chunks: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for item in parts:
        name = item.name.encode()
        sizes = (item.crc, len(item.deflated), item.size, len(name))
        header = _LOCAL.pack(b"PK\3\4", 20, 0x800, 8, 0, DOS_DATE, *sizes, 0)
        directory.append(
            _CENTRAL.pack(b"PK\1\2", 20, 20, 0x800, 8, 0, DOS_DATE, *sizes, 0, 0, 0, 0, 0, offset) + name
        )
        chunks += (header, name, item.deflated)
        offset += len(header) + len(name) + len(item.deflated)
    central = b"".join(directory)
    count = len(directory)
    end = _END.pack(b"PK\5\6", 0, 0, count, count, len(central), offset, 0)
    return b"".join((*chunks, central, end))


def fingerprint(parts: Iterable[tuple[str, bytes]]) -> str:
    """SHA-256 over the uncompressed parts in order, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for name, content in parts:
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
