"""LibreOffice beside us: what another program makes of our documents, and files by its hand."""

import shutil
import subprocess
from pathlib import Path

from pypdf import PdfReader


def converted(path: Path, to: str = "pdf") -> Path:
    """The file as LibreOffice saves it, in a folder of its own."""
    office = shutil.which("soffice")
    assert office, "LibreOffice is missing: python tools/machine.py"
    run = subprocess.run(
        [
            office,
            "--headless",
            f"-env:UserInstallation=file://{path.parent}/office",
            "--convert-to",
            to,
            "--outdir",
            str(path.parent / "made"),
            str(path),
        ],
        capture_output=True,
        text=True,
        timeout=180,
    )
    made = path.parent / "made" / f"{path.stem}.{to.split(':')[0]}"
    assert made.exists(), run.stderr
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
