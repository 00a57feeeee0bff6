"""LibreOffice beside us: what another program makes of our documents, and files by its hand."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from pypdf import PdfReader

HEADER, FOOTER = 0.085, 0.925
"""Shares of a page's height above and below which stand its header and its footer."""


def converted(path: Path, to: str = "pdf") -> Path:
    """The file as LibreOffice saves it, in a folder of its own."""
    return all_converted([path], to)[0]


def all_converted(paths: Sequence[Path], to: str = "pdf") -> list[Path]:
    """Files of one folder as LibreOffice saves them: it starts once, which is most of its time."""
    office = shutil.which("soffice")
    assert office, "LibreOffice is missing: python tools/machine.py"
    folder = paths[0].parent
    profile = f"-env:UserInstallation=file://{folder}/office"
    command = [office, "--headless", profile, "--convert-to", to, "--outdir", str(folder / "made")]
    run = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True, timeout=180)
    made = [folder / "made" / f"{path.stem}.{to.split(':')[0]}" for path in paths]
    assert all(path.exists() for path in made), run.stderr
    return made


def outline(pdf: Path) -> list[tuple[str, int]]:
    """The bookmarks of a PDF, in order, each with its page."""
    reader = PdfReader(pdf)

    def walk(items) -> list[tuple[str, int]]:
        found = []
        for item in items:
            if isinstance(item, list):
                found += walk(item)
            else:
                found.append((item.title, reader.get_destination_page_number(item) + 1))
        return found

    return walk(reader.outline)


def pages(pdf: Path) -> list[str]:
    """The text of each page."""
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
    return text.stdout.split("\f")[:-1]


def filled(pdf: Path) -> list[float]:
    """How far down each page its text goes, from 0 to 1: header and footer do not count."""
    run = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, text=True, check=True)
    found = []
    for height, words in re.findall(r'<page width="[\d.]+" height="([\d.]+)">(.*?)</page>', run.stdout, re.S):
        page = float(height)
        top, foot = HEADER * page, FOOTER * page
        ends = [float(end) for end in re.findall(r'yMax="([\d.]+)"', words)]
        found.append((max([end for end in ends if top < end < foot], default=top) - top) / (foot - top))
    return found
