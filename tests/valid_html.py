"""What html-validate finds in pages: `tools/html-validate.config.mjs` says which rules, and why not all."""

import json
import shutil
import subprocess
from pathlib import Path

from conftest import ROOT

TOOLS = ROOT / "tools"


def html_faults(folder: Path) -> list[str]:
    """One line for each fault of the .html files of a folder: file, line, rule, sentence."""
    node = shutil.which("node")
    assert node, "No node: run tools/machine.py."
    command = [node, TOOLS / "node_modules/html-validate/bin/html-validate.mjs"]
    found = folder / "found.json"  # a pipe would be cut at 64 KiB
    options = ["--config", TOOLS / "html-validate.config.mjs", "--formatter", f"json={found}"]
    run = subprocess.run([*command, *options, folder], capture_output=True, text=True, cwd=TOOLS)
    assert run.returncode in (0, 1), run.stderr
    return [
        f"{Path(page['filePath']).name}:{fault['line']} {fault['ruleId']}: {fault['message']}"
        for page in json.loads(found.read_bytes())
        for fault in page["messages"]
    ]
