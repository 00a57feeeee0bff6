"""A reproducible zip: fixed dates, given order, same bytes for the same parts.

Written by hand because `zipfile` costs half again as much as the compression itself
(measured), and because its output depends on the platform it runs on.
"""

import hashlib
import os
import struct
import zlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial

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


CHUNK, WINDOW = 1 << 17, 1 << 15
"""Bytes compressed at a time, and how far back deflate looks."""


def part(name: str, content: bytes) -> Part:
    return Part(name, zlib.crc32(content), len(content), _deflated(content), content)


def _deflated(content: bytes) -> bytes:
    """Raw deflate, level 6. Long content in chunks side by side, as zlib leaves the lock to others.

    Each chunk knows the 32 KB before it and ends on a byte: one after the other they are one
    stream, and the same bytes on any number of processors.
    """
    if len(content) <= CHUNK:
        return _chunk(content, 0)
    return b"".join(_threads().map(partial(_chunk, content), range(0, len(content), CHUNK)))


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="deflate")


def _chunk(content: bytes, start: int) -> bytes:
    before = content[max(0, start - WINDOW) : start]
    squeeze = zlib.compressobj(6, zlib.DEFLATED, -15, zdict=before)
    last = start + CHUNK >= len(content)
    end = squeeze.compress(content[start : start + CHUNK])
    return end + squeeze.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)


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
