"""One file on a USB key starts the day on a machine that has Python and nothing else."""

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT
from playwright.sync_api import Browser
from stolen_laptop import steal_the_laptop

COMPILED = {"lxml", "markupsafe", "granian"}
"""Dependencies that exist only compiled: each target needs its own."""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file, built as `make bundle` does, and copied onto a key."""
    run = subprocess.run([sys.executable, "tools/bundle.py"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    built = max((ROOT / "dist").glob("contrib-*.pyz"), key=lambda path: path.stat().st_mtime)
    key = tmp_path_factory.mktemp("key")
    return Path(shutil.copy(built, key))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python without a single package, not even pip."""
    folder = tmp_path_factory.mktemp("bare")
    venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    seen = subprocess.run([python, "-c", "import flask"], capture_output=True, text=True)
    assert "No module named 'flask'" in seen.stderr
    return python


def test_each_compiled_dependency_is_inside_for_each_platform_and_python(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        index = json.loads(archive.read("index.json"))
        inside = set(archive.namelist())

    assert sorted(index["targets"]) == sorted(
        f"{platform}-3.{minor}"
        for platform in ("linux-x86_64", "windows-amd64", "macos-arm64", "macos-x86_64")
        for minor in (11, 12, 13)
    )
    for target, wheels in index["targets"].items():
        minor = target.rsplit(".", 1)[1]
        assert {f"wheels/{wheel}" for wheel in wheels} <= inside
        for name in COMPILED:
            own = [wheel for wheel in wheels if wheel.lower().startswith(f"{name}-")]
            assert len(own) == 1, (target, name)
            assert f"-cp3{minor}-" in own[0], (target, own)
            system = {"w": "win_amd64", "m": "macosx", "l": "manylinux"}[target[0]]
            assert system in own[0], (target, own)


def test_a_day_is_played_offline_in_an_empty_environment(bundle: Path, bare: Path, tmp_path: Path) -> None:
    """In a network namespace that has nothing but its own loopback."""
    day = tmp_path / "day.py"
    day.write_text(DAY)
    alone = ["unshare", "--net", "--map-root-user"]
    if subprocess.run([*alone, "true"], capture_output=True).returncode != 0:
        alone = []  # where the system refuses, the environment at least knows no way out
    script = f"ip link set lo up 2>/dev/null; exec {bare} {day} {bare} {bundle}"
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8", "PIP_NO_INDEX": "1"}

    run = subprocess.run(
        [*alone, "sh", "-c", script],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        timeout=300,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.splitlines()[-1] == "PK 1 Ouvrir le soir"
    assert (bundle.parent / "contrib-donnees" / "contrib.sqlite3").exists(), "the data stand beside the file"


DAY = """
import http.cookiejar, re, subprocess, sys, urllib.parse, urllib.request, zipfile, io
python, bundle = sys.argv[1:]
server = subprocess.Popen([python, bundle, "serve", "--port", "8123"], stdout=subprocess.PIPE, text=True)
said = ""
while "Ne fermez pas cette fen" not in said:
    said += server.stdout.readline()
urls = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
def ask(path, **fields):
    url = path if path.startswith("http") else "http://127.0.0.1:8123" + path
    body = urllib.parse.urlencode({**fields, "csrf_token": token}).encode() if fields else None
    answer = urls.open(url, body)
    return answer.read(), answer.url
def csrf(page):
    return re.search(rb'name="csrf_token" value="([^"]+)"', page)[1].decode()
page = b""
while not page and server.poll() is None:
    try:
        page = urls.open("http://127.0.0.1:8123/").read()
    except OSError:
        pass  # the test that started this one has a bound
token = csrf(page)
code = re.search(r"(\\S{5}-\\S{5})  L", said)[1]
page, here = ask("/", code=code)
token = csrf(page)
page, _url = ask(here.split("#")[0].split("?")[0] + "/notes", text="Ouvrir le soir", rubric="")
token = csrf(page)
stage = re.search(r"(\\S{5}-\\S{5})  Restitution", said)[1]
page, here = ask("/", code=stage)
document, _url = ask(here.split("#")[0] + ".docx")
body = zipfile.ZipFile(io.BytesIO(document)).read("word/document.xml").decode()
server.terminate()
server.wait()
print(document[:2].decode(), body.count("r_EME_1\\"/>"), "Ouvrir le soir" if "Ouvrir le soir" in body else "")
"""


def test_the_laptop_with_the_bundle_is_stolen(
    bundle: Path, bare: Path, browser: Browser, tmp_path: Path
) -> None:
    steal_the_laptop(browser, tmp_path, launcher=[str(bare), str(bundle)])


def test_another_python_or_machine_gets_a_sentence(bundle: Path, bare: Path, tmp_path: Path) -> None:
    bootstrap = (ROOT / "tools" / "bundle_main.py").read_text("utf-8")
    other = tmp_path / "other.pyz"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("__main__.py", bootstrap)
        archive.writestr("index.json", json.dumps({"mark": "x", "own": "x", "targets": {}}))

    run = subprocess.run([bare, other], capture_output=True, text=True)

    assert run.returncode == 1
    assert "n’a pas été préparé pour cette machine" in run.stderr
