"""What is locked is held against known advisories: `tools/audit.py`, with an index of our own."""

import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, free_port

ADVISORY = {
    "id": "GHSA-9298-4cf8-g4wj",
    "aliases": ["CVE-2024-49768"],
    "summary": "Waitress has request processing race condition in HTTP pipelining",
    "affected": [
        {
            "package": {"name": "waitress", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "2.0.0"}, {"fixed": "3.0.1"}]}],
        }
    ],
}


class Index(http.server.BaseHTTPRequestHandler):
    """An index that knows one advisory, against waitress 3.0.0."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        affected = (asked["package"]["name"], asked["version"]) == ("waitress", "3.0.0")
        body = json.dumps({"vulns": [ADVISORY]} if affected else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: a test's output is its findings."""


@pytest.fixture
def index() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    server.server_close()


def audit(folder: Path, address: str, *locked: str) -> subprocess.CompletedProcess[str]:
    requirement = folder / "locked.txt"
    requirement.write_text("\n".join(locked), "utf-8")
    words = [sys.executable, "tools/audit.py", "--requirement", requirement, "--osv-url", address]
    return subprocess.run(words, capture_output=True, text=True, cwd=ROOT, timeout=120)


def test_a_known_advisory_against_what_is_locked_fails_the_tests(index: str, tmp_path: Path) -> None:
    done = audit(tmp_path, index, "flask==3.1.2", "waitress==3.0.0")

    assert done.returncode == 1, done.stderr
    assert done.stdout == "waitress 3.0.0: CVE-2024-49768, mended in 3.0.1\n"


def test_the_version_that_mends_it_passes(index: str, tmp_path: Path) -> None:
    done = audit(tmp_path, index, "flask==3.1.2", "waitress==3.0.1")

    assert done.returncode == 0
    assert done.stdout == "No known advisory against 2 locked packages.\n"


def test_where_nobody_can_be_asked_it_says_so_and_passes(tmp_path: Path) -> None:
    done = audit(tmp_path, f"http://127.0.0.1:{free_port()}/v1/query", "waitress==3.0.0")

    assert done.returncode == 0
    assert "could not be asked for" in done.stdout
