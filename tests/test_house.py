"""The house: its laws have guards, its README tells the truth, its wheel works."""

import dataclasses
import re
import shlex
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from conftest import ROOT
from fontTools.ttLib import TTFont
from syntax import called, imported, modules, names_and_attributes, strings

from contrib.web.typography import spaced
from exports import digest, report
from exports.ooxml.stationery import HERE as STATIONERY
from exports.ooxml.stationery.build import build


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


def test_the_imports_of_every_package_run_one_way() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    assert run.returncode == 0, run.stdout


VALUES = {
    one.__name__
    for module in (digest, report)
    for one in vars(module).values()
    if dataclasses.is_dataclass(one) and one.__module__ == module.__name__
} - {"Digest", "Nature"}
"""What a digest is made of: whoever builds one of these knows what goes into a document."""


def knows_values(source: str) -> bool:
    whole = {"digest", "report", "Key"}
    return bool((imported(source, "exports.digest") | imported(source, "exports.report")) & (VALUES | whole))


def test_law_2_only_the_digest_makes_values_of_rows() -> None:
    assert {"Note", "Wording", "Workshop", "Announcement"} <= VALUES
    assert knows_values("from exports.digest import Digest, Note")
    assert knows_values("from exports import digest as values")
    assert knows_values("from exports import report as values")
    assert not knows_values("from exports.digest import Digest, to_json")

    assert [path for path, source in modules("contrib") if knows_values(source)] == [
        "contrib/digest.py",
        "contrib/report_digest.py",
    ]


CHANGING = {"add", "add_all", "delete", "merge", "insert", "update", "commit"}
"""What changes rows, called on a session or made for one."""


def changes_rows(source: str) -> bool:
    """Whether it takes hold of a session or a statement, and changes something with it."""
    statements = (
        {"insert", "update", "delete"} & called(source) & (imported(source, "sqlalchemy") | {"insert"})
    )
    calls = [name.split(".") for name in names_and_attributes(source)]
    on_sessions = [
        parts
        for parts in calls
        if parts[-1] in CHANGING and {"session", "s", "connection", "copy"} & set(parts[:-1])
    ]
    said = any(re.match(r"\s*(INSERT|UPDATE|DELETE|COMMIT)\b", text) for text in strings(source))
    return bool(statements or on_sessions or said or "upsert" in called(source))


def test_law_8_rows_change_only_in_operations_and_behind_the_door() -> None:
    assert changes_rows("from sqlalchemy import update\nupdate(x)")
    assert changes_rows("def f(session):\n    session.add(1)")
    assert changes_rows("sql('COMMIT')")
    assert changes_rows("connection.exec_driver_sql('DELETE FROM note')")
    assert changes_rows("with Session(e) as session:\n    session.merge(1)")
    assert changes_rows("db.session().add(1)")
    assert changes_rows("there.execute(table.insert(), rows)")
    assert changes_rows("shared.upsert(Presence, rows)")
    assert not changes_rows("values.update(a=1)\nset().add(2)")

    homes = {path for path, source in modules("contrib") if changes_rows(source)}
    assert homes - {path for path in homes if path.endswith("/operations.py")} == {
        "contrib/backup/archive.py",  # a copy is a database of its own
        "contrib/documents/latest_document.py",  # no operation: the last one, for every process
        "contrib/documents/editions.py",  # the verb that freezes stands beside the files that it names
        "contrib/installation.py",  # the first row, before there is anybody to write
        "contrib/store/commit.py",
        "contrib/store/heartbeats.py",  # no operations: what laptops say of themselves
        "contrib/store/log.py",
        "contrib/store/shared.py",  # no operations: how the server is
    }


def test_law_11_one_clock() -> None:
    asked = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    homes = {
        path
        for package in ("contrib", "exports")
        for path, source in modules(package)
        if names_and_attributes(source) & asked
    }

    assert names_and_attributes("datetime.now(UTC)") & asked
    assert names_and_attributes("import datetime as dt\ndt.datetime.now()") & asked
    assert homes == {"contrib/clock.py"}


def test_no_test_touches_a_private_name_or_another_test() -> None:
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path.parent.name != "material"]
    ours = {path.stem for path in (ROOT / "contrib").rglob("*.py")} | {
        path.stem for path in (ROOT / "exports").rglob("*.py")
    }
    wrong = []
    for path in tests:
        source = path.read_text("utf-8")
        private = {name for name in names_and_attributes(source) if re.search(r"\._[a-z]", name)}
        wrong += [f"{path.name}: {name}" for name in private if name.split(".")[0] in ours]
        wrong += [
            f"{path.name}: {other.stem}"
            for other in tests
            if other.stem.startswith("test_") and imported(source, other.stem)
        ]
        wrong += [
            f"{path.name}: {name}"
            for name in ("sleep", "wait_for_timeout")
            if name in called(source) and "bench" not in path.parts
        ]

    assert wrong == []


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


def test_the_same_checks_are_found_for_other_data() -> None:
    command = next(line for line in (ROOT / "Makefile").read_text("utf-8").splitlines() if "--data=" in line)
    words = command.strip().removeprefix("$(BIN)/python ").replace("$(DATA)", "tests/material")

    run = subprocess.run(
        [sys.executable, *shlex.split(words), "--collect-only", "-n", "0"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    assert run.returncode == 0, run.stderr
    assert len(re.findall(r"^tests/test_\w+\.py::", run.stdout, re.M)) >= 12, run.stdout


def test_the_files_and_commands_that_the_documentation_names_exist() -> None:
    page, security = (
        (ROOT / "docs" / name).read_text("utf-8") for name in ("architecture.md", "security.md")
    )
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    steps = re.findall(r"^\d+\. .*: `([^`]+)`$", page, re.M)
    page += security
    named = set(re.findall(r"`([\w./-]+/[\w./-]*|[\w-]+\.(?:py|md|toml))`", page))

    assert len(named) > 40
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    assert set(re.findall(r"`make ([a-z-]+)`", page)) <= targets
    assert len(steps) == len(set(steps)) == 10, (
        "a note is followed in ten lines, each naming one file, none twice"
    )


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
        "page = app.test_client().get('/').get_data(as_text=True); print('Entrez dans votre atelier' in page);"
        "import exports.ooxml.stationery as s; print(len(s.built_in('restitution').parts))"
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


def test_the_fonts_hold_every_sign_that_the_product_prints() -> None:
    signs = "aàâçéèêëîïôœùûüÿÆŒÉÀ«»’“”…–—•€°\u00a0\u202f\u2011×"
    for name in ("atelier-sans", "atelier-serif"):
        found = TTFont(ROOT / f"contrib/static/fonts/{name}.woff2").getBestCmap()
        assert [sign for sign in signs if ord(sign) not in found] == [], name


def test_no_line_of_a_template_or_script_is_longer_than_120_characters() -> None:
    templates = sorted((ROOT / "templates").rglob("*.html"))
    scripts = sorted((ROOT / "contrib/static/js").rglob("*.js"))
    assert len(templates) > 40
    assert len(scripts) > 50
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (*templates, *scripts)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > 120
    ]
    assert long == []


def test_a_stylesheet_can_be_read_and_holds_raw_colours_in_one_place() -> None:
    sheets = sorted((ROOT / "contrib/static/css").glob("*.css"))
    assert len(sheets) >= 5
    for sheet in sheets:
        lines = sheet.read_text("utf-8").splitlines()
        assert [number for number, line in enumerate(lines, 1) if len(line) > 120] == [], sheet.name
        colours = re.findall(r"#[0-9a-f]{3,8}\b", "\n".join(lines))
        paper = {"#fff", "#000", "#333"}  # a sheet is printed
        assert sheet.name == "tokens.css" or set(colours) <= paper, sheet.name
