"""A page map measured by LibreOffice, where it is installed: exact where the estimate may be off by one.

Nothing at 16 h 30 needs this. In the weeks after, `python -m exports pages FILE.docx -o
pages.json` measures a document, and `--pages pages.json` compiles it with what was measured.
"""

import io
import json
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from exports.ooxml.pagination import PageMap


class NotMeasured(Exception):
    """The document could not be laid out here; the message is a French sentence."""


def measure(content: bytes) -> PageMap:
    """The page of each heading's bookmark, as LibreOffice lays the document out.

    Raises NotMeasured. Needs LibreOffice, and pypdf (extra `pages`).
    """
    try:
        from pypdf import PdfReader  # late: an extra that only this needs
    except ImportError as error:
        raise NotMeasured("Il manque pypdf : pip install contrib[pages].") from error
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        raise NotMeasured("LibreOffice n’est pas installé sur cet ordinateur.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "document.docx").write_bytes(content)
        subprocess.run(  # noqa: S603  the program was found in the path, the file is ours
            [office, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
             "--convert-to", "pdf", "--outdir", str(folder), str(folder / "document.docx")],
            capture_output=True, timeout=300, check=False,
        )  # fmt: skip
        made = folder / "document.pdf"
        if not made.exists():
            raise NotMeasured("LibreOffice n’a pas pu mettre ce document en pages.")
        reader = PdfReader(io.BytesIO(made.read_bytes()))
    found = [reader.get_destination_page_number(item) for item in _flat(reader.outline)]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        marks = re.findall(r'w:name="(_Toc\d+)"', archive.read("word/document.xml").decode())
    if len(found) != len(marks) or None in found:
        raise NotMeasured("LibreOffice ne trouve pas les mêmes titres : ce document n’est pas mesuré.")
    pages = {bookmark: (page or 0) + 1 for bookmark, page in zip(marks, found, strict=True)}
    return PageMap(pages, len(reader.pages))


def to_json(pages: PageMap) -> str:
    return json.dumps({"total": pages.total, "pages": dict(pages.pages)}, sort_keys=True)


def from_json(text: str) -> PageMap:
    """The map that `to_json` wrote. Raises NotMeasured."""
    try:
        body = json.loads(text)
        return PageMap({str(k): int(v) for k, v in body["pages"].items()}, int(body["total"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotMeasured("Ce fichier n’est pas une liste de pages mesurées.") from error


def _flat(items: Iterable[Any]) -> Iterator[Any]:
    for item in items:
        if isinstance(item, list):
            yield from _flat(item)
        else:
            yield item
