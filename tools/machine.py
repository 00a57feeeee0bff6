"""What the tests need on this machine beside Python: two browsers, PostgreSQL, LibreOffice.

`python tools/machine.py` finds them, gets what is missing from Debian's packages (Chromium
also from npm), or says in a sentence what to install. Exit code 1 where something is
missing: no test is ever skipped.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

TOOLS = Path(__file__).parent
SHELL = "chromium-headless-shell"
"""Chromium without window, tabs and bars of its own, which cost half of what a test in a browser takes."""
CHROMIUMS = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UNPACK = "require('@sparticuz/chromium').default.executablePath().then(p => console.log(p))"


def chromium() -> str | None:
    """The path of the browser that most tests drive."""
    given = os.environ.get("CONTRIB_BROWSER")
    if given:
        return given
    for name in CHROMIUMS:
        path = shutil.which(name)
        if path:
            return path
    kept = TOOLS / "node_modules" / ".browser"
    return kept.read_text().strip() if kept.exists() else None


def firefox() -> str | None:
    return shutil.which("firefox-esr") or shutil.which("firefox")


def postgresql() -> str | None:
    """The folder of PostgreSQL's own programs (Debian keeps them out of the path)."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return str(places[-1]) if places else None


def _library(file: str) -> str | None:
    """What playwright's own driver is linked against, and a bare Debian lacks."""
    return next((str(path) for path in Path("/usr/lib").rglob(file)), None)


def _font(file: str) -> str | None:
    """Arial's metric twin: without it LibreOffice lays pages out with another font."""
    return next((str(path) for path in Path("/usr/share/fonts").rglob(file)), None)


NEEDED: dict[str, Callable[[], str | None]] = {
    "chromium": chromium,
    "firefox-esr": firefox,
    "postgresql": postgresql,
    "libreoffice-writer-nogui": lambda: shutil.which("soffice"),
    "poppler-utils": lambda: shutil.which("pdftotext"),
    "libatomic1": lambda: _library("libatomic.so.1*") if sys.platform == "linux" else sys.platform,
    "fonts-liberation": lambda: _font("LiberationSans-Regular.ttf"),
}


def install_from_debian(packages: list[str]) -> None:
    if not hasattr(os, "geteuid") or not shutil.which("apt-get"):
        return
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *packages]):
        subprocess.run([*root, "apt-get", *command], check=False, stdout=sys.stderr, env=quiet)


def install_chromium_from_npm() -> None:
    npm = shutil.which("npm")
    if not npm:
        return
    subprocess.run(
        [npm, "install", "--no-save", "--no-audit", "--no-fund", "@sparticuz/chromium"],
        cwd=TOOLS,
        check=False,
        stdout=sys.stderr,
    )
    found = subprocess.run(["node", "-e", UNPACK], cwd=TOOLS, capture_output=True, text=True)
    if found.returncode == 0 and Path(found.stdout.strip()).exists():
        (TOOLS / "node_modules" / ".browser").write_text(found.stdout)


def main() -> int:
    if not shutil.which(SHELL) and not os.environ.get("CONTRIB_BROWSER"):
        install_from_debian([SHELL])  # alone: apt-get gets nothing at all where it does not know one of them
    missing = [name for name, find in NEEDED.items() if not find()]
    if missing:
        install_from_debian(missing)
    if not chromium():
        install_chromium_from_npm()
    for name, find in NEEDED.items():
        path = find()
        if not path:
            print(f"Il manque {name} : installez-le. Aucun essai n’est sauté.", file=sys.stderr)
            return 1
        print(f"{name}: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
