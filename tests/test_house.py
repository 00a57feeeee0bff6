"""The house: its laws have guards, its README tells the truth, its wheel works."""

import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from conftest import ROOT

from contrib.typography import spaced
from exports.stationery import HERE as STATIONERY
from exports.stationery.build import build


def test_the_shipped_stationery_is_the_one_that_its_source_builds() -> None:
    assert (STATIONERY / "restitution.docx").read_bytes() == build()


@pytest.mark.parametrize(
    "line",
    ["import flask", "from sqlalchemy import select", "import contrib.store", "import random", "import time"],
)
def test_law_1_the_linter_keeps_exports_clean(line: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--stdin-filename", "exports/anything.py", "-"],
        input=f"{line}\n",
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    assert run.returncode == 1
    assert "TID251" in run.stdout


def test_law_1_a_compiler_loads_without_flask_or_a_database() -> None:
    code = "import sys, exports.__main__; print(sorted(m for m in sys.modules if m.split('.')[0] in {'flask', 'sqlalchemy', 'contrib'}))"

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)

    assert run.stdout.strip() == "[]"


def test_law_2_only_the_digest_knows_both_rows_and_values() -> None:
    both = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "contrib").rglob("*.py")
        if re.search(r"^from contrib\.models import", path.read_text("utf-8"), re.M)
        and re.search(
            r"from exports import digest|from exports\.digest import .*\b(Note|Workshop)\b",
            path.read_text("utf-8"),
        )
    ]

    assert both == ["contrib/digest.py"]


def test_law_8_rows_change_only_behind_the_door() -> None:
    """`commit` stands in the door, in what laptops say of themselves, and at installation."""
    commits = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "contrib").rglob("*.py")
        if re.search(r"\.commit\(\)|\bCOMMIT\b", path.read_text("utf-8"))
    }

    assert commits == {"contrib/store.py", "contrib/capture/presence.py", "contrib/installation.py"}


def test_law_11_one_clock() -> None:
    clocks = {
        path.relative_to(ROOT).as_posix()
        for folder in ("contrib", "exports")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"datetime\.now|date\.today|time\.time\(|utcnow", path.read_text("utf-8"))
    }

    assert clocks == {"contrib/clock.py"}


def test_the_readme_s_commands_and_tree_exist() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    commands = subprocess.run(
        [sys.executable, "-m", "contrib", "--help"], capture_output=True, text=True, cwd=ROOT
    ).stdout

    assert set(re.findall(r"`make ([a-z]+)`", readme)) <= targets
    assert {"run", "test", "demo"} <= set(re.findall(r"`make ([a-z]+)`", readme))
    for command in re.findall(r"`contrib ([a-z]+)", readme):
        assert re.search(rf"^  {command}\b", commands, re.M), command
    for path in re.findall(r"^(\S+/)\s", readme.split("```text")[1].split("```")[0], re.M):
        assert (ROOT / path).is_dir(), path
    for image in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", readme):
        assert (ROOT / image).exists(), image


def test_the_wheel_installed_elsewhere_answers_with_a_page(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, ROOT],
        check=True,
        capture_output=True,
    )
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    wheel = next(tmp_path.glob("*.whl"))
    subprocess.run([python, "-m", "pip", "install", "--quiet", wheel], check=True, capture_output=True)
    code = (
        "from pathlib import Path; from contrib.installation import open_installation;"
        f"app, _ = open_installation(Path({str(tmp_path / 'data')!r}), None);"
        "page = app.test_client().get('/').get_data(as_text=True); print('Votre code d’atelier' in page);"
        "import exports.stationery as s; print(len(s.built_in('restitution').parts))"
    )

    run = subprocess.run([python, "-c", code], capture_output=True, text=True, cwd=tmp_path)

    assert run.stdout.split() == ["True", "6"], run.stderr


def test_no_line_of_a_page_begins_with_a_colon_or_a_question_mark() -> None:
    assert spaced("Rien n’arrive ? Voyez : « ici » ; puis !") == (
        "Rien n’arrive\u202f? Voyez\u00a0: «\u00a0ici\u00a0»\u202f; puis\u202f!"
    )
    assert spaced(" : 3 notes") == "\u00a0: 3 notes"
    assert spaced('<a href="?a=1 ;b">x</a> et http://a.b:80 16:30') == (
        '<a href="?a=1 ;b">x</a> et http://a.b:80 16:30'
    )
