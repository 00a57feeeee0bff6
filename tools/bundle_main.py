"""The first lines of the bundle: `python contrib-VERSION.pyz`. Standard library only.

Unpacks the wheels of this machine once, then hands over. Without a command it serves, with
its data beside the file.
"""

import json
import os
import platform
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 13)


def main() -> None:
    bundle = Path(sys.argv[0]).resolve()
    with zipfile.ZipFile(bundle) as archive:
        index = json.loads(archive.read("index.json"))
        wheels = index["targets"].get(_machine())
        if wheels is None:
            sys.exit(_unknown())
        folder = _unpacked(archive, index["mark"], [*wheels, index["own"]])
    sys.path.insert(0, str(folder))
    data = [] if _names_a_folder(sys.argv[1:]) else ["--data", str(bundle.with_name("contrib-donnees"))]
    words = sys.argv[1:] or ["serve"]
    if words[0] in ("serve", "import", "digest", "compile", "codes", "password", "takeaway", "doctor"):
        words += data
    sys.argv = [str(bundle), *words]
    from contrib.cli import main as command

    command(prog_name=f"python {bundle.name}")


def _machine() -> str:
    """« windows-amd64-3.12 », as the build names its targets."""
    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, sys.platform)
    kind = platform.machine().lower()
    kind = {"amd64": "amd64" if system == "windows" else "x86_64", "aarch64": "arm64"}.get(kind, kind)
    return f"{system}-{kind}-{sys.version_info[0]}.{sys.version_info[1]}"


def _unknown() -> str:
    version = sys.version_info[:2]
    if not OLDEST <= version <= NEWEST:
        return (
            f"Ce fichier demande Python 3.11, 3.12 ou 3.13 ; celui-ci est le {version[0]}.{version[1]}. "
            "Sous Windows, Python 3.13 s’installe sans droits d’administrateur depuis python.org."
        )
    return (
        f"Ce fichier n’a pas été préparé pour cette machine ({_machine()}). "
        "Il l’est pour Windows (64 bits), Mac et Linux (x86_64)."
    )


def _names_a_folder(words: list[str]) -> bool:
    return any(word == "--data" or word.startswith("--data=") for word in words)


def _unpacked(archive: zipfile.ZipFile, mark: str, wheels: list[str]) -> Path:
    """The folder with all packages, made once a machine; a temporary one where nothing can be kept."""
    name = f"contrib-{mark}-{_machine()}"
    for parent in (_cache(), Path(tempfile.gettempdir())):
        folder = parent / name
        if (folder / ".complete").exists():
            return folder
        try:
            parent.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(prefix=name, dir=parent))
            for wheel in wheels:
                with archive.open(f"wheels/{wheel}") as stream, zipfile.ZipFile(stream) as content:
                    content.extractall(draft)
            (draft / ".complete").write_text("")
            try:
                draft.rename(folder)
            except OSError:  # another start was quicker, or an unfinished one lies there
                if not (folder / ".complete").exists():
                    return draft
                shutil.rmtree(draft, ignore_errors=True)
            return folder
        except OSError:
            continue
    sys.exit("Le programme n’a pas pu être déballé : le disque est peut-être plein.")


def _cache() -> Path:
    """The user's own cache folder, on the three systems."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", tempfile.gettempdir())) / "contrib-programme"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "contrib-programme"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "contrib-programme"


if __name__ == "__main__":
    main()
