"""One file that starts the day with `python FILE`, with no network and no installation.

`python tools/bundle.py` builds the wheel, gets the wheels of all dependencies for each
platform and Python that README names, checks that each compiled one is there for each of
them, and packs everything into `dist/contrib-VERSION.pyz`. Exit code 1 where one is missing.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAME = "restitution-ateliers"
DIST = ROOT / "dist"
PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = {
    "linux-x86_64": ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64"),
    "windows-amd64": ("win_amd64",),
    "macos-arm64": ("macosx_11_0_arm64", "macosx_11_0_universal2", "macosx_10_13_universal2"),
    "macos-x86_64": ("macosx_10_13_x86_64", "macosx_10_9_x86_64", "macosx_10_9_universal2", "macosx_10_13_universal2"),
}  # fmt: skip
"""By the name that the bootstrap gives its machine: the wheels that run there."""
ELSEWHERE = ("tzdata", "colorama")
"""What only Windows needs: markers are read on this machine, so they are named."""


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        own = _own_wheel(folder)
        wanted = _closure(NAME)
        targets: dict[str, list[str]] = {}
        everywhere: list[str] = []
        for platform, tags in PLATFORMS.items():
            for python in PYTHONS:
                found = _wheels(folder / f"{platform}-{python}", wanted, tags, python)
                targets[f"{platform}-{python}"] = sorted([*everywhere, *(path.name for path in found)])
                for path in found:
                    path.replace(folder / path.name)
                if not everywhere:
                    everywhere = [path.name for path in found if _is_pure(path.name)]
                    pure = {_name(wheel) for wheel in everywhere}
                    wanted = [one for one in wanted if _plain(one.split("==")[0]) not in pure]
        missing = _missing(targets)
        _table(targets)
        if missing:
            print("\n".join(missing), file=sys.stderr)
            return 1
        version = metadata.version(NAME)
        path = DIST / f"contrib-{version}.pyz"
        _pack(path, folder, own, targets)
    print(
        f"{path.relative_to(ROOT)} : {path.stat().st_size / 1e6:.0f} Mo. Démarrez-le avec : python {path.name}"
    )
    return 0


def _own_wheel(folder: Path) -> Path:
    _run("-m", "build", "--wheel", "--outdir", folder / "own", ROOT)
    return next((folder / "own").glob("*.whl"))


def _closure(name: str) -> list[str]:
    """`name==version` of everything that a server needs, as it is installed and tested here."""
    seen: dict[str, str] = {}
    waiting = [name]
    while waiting:
        one = _plain(waiting.pop())
        if one in seen:
            continue
        try:
            seen[one] = metadata.version(one)
        except metadata.PackageNotFoundError:
            continue  # for another system
        for line in metadata.requires(one) or ():
            if "extra ==" not in line:
                waiting.append(re.split(r"[^\w.-]", line)[0])
    seen.pop(name)
    return [*(f"{one}=={version}" for one, version in sorted(seen.items())), *ELSEWHERE]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _wheels(folder: Path, wanted: list[str], tags: tuple[str, ...], python: str) -> list[Path]:
    platforms = [word for tag in tags for word in ("--platform", tag)]
    _run(
        "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:",
        "--implementation", "cp", "--python-version", python, *platforms, "--dest", folder, *wanted,
    )  # fmt: skip
    return sorted(folder.glob("*.whl"))


def _run(*words: object) -> None:
    subprocess.run([sys.executable, *map(str, words)], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


def _name(wheel: str) -> str:
    return _plain(wheel.split("-")[0])


def _is_pure(wheel: str) -> bool:
    return wheel.endswith("-none-any.whl")


def _missing(targets: dict[str, list[str]]) -> list[str]:
    """A sentence for each dependency that is compiled somewhere and absent elsewhere."""
    names = {_name(wheel) for wheels in targets.values() for wheel in wheels}
    return [
        f"Il manque {name} pour {target}."
        for target, wheels in targets.items()
        for name in sorted(names - {_name(wheel) for wheel in wheels})
    ]


def _table(targets: dict[str, list[str]]) -> None:
    for target, wheels in targets.items():
        compiled = sorted(wheel.split("-")[0] for wheel in wheels if not _is_pure(wheel))
        print(f"{target}: {len(wheels)} wheels, compiled: {', '.join(compiled)}")


def _pack(path: Path, folder: Path, own: Path, targets: dict[str, list[str]]) -> None:
    names = sorted({wheel for wheels in targets.values() for wheel in wheels})
    files = {own.name: own.read_bytes(), **{name: (folder / name).read_bytes() for name in names}}
    mark = hashlib.sha256(b"".join(hashlib.sha256(files[n]).digest() for n in sorted(files))).hexdigest()[:16]
    index = {"mark": mark, "own": own.name, "targets": targets}
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.tmp")  # two builds at once
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
        archive.write(ROOT / "tools" / "bundle_main.py", "__main__.py")
        archive.writestr("index.json", json.dumps(index, indent=1))
        for name, content in files.items():
            archive.writestr(f"wheels/{name}", content)
    os.replace(draft, path)


if __name__ == "__main__":
    sys.exit(main())
