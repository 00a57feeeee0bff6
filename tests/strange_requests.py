"""Requests that no page sends: every route with what its form does not expect."""

import io
import random
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from conftest import Room, code_of
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contrib.installation import set_up_day
from contrib.programme import toml_file
from contrib.store.db import db
from contrib.store.models import Event

TEMPLATES = Path(__file__).parent.parent / "templates"
ENDS = ("/sortir", "/essais", "renewal", "/organisation")
"""What ends the visit of whoever asks, or takes a derivation: they have tests of their own."""
TEXTS = (
    "", " ", "Une note", "\0", "a\0b", "\ud800", "\udfff fin", "x" * 70, "x" * 101, "x" * 10_001, "é" * 5_000,
    "0", "-1", "2147483648", "9223372036854775808", "1e400", "NaN", "٣", "null", "[]", "{}", "true",
    "a/b", "../../etc/passwd", "/\\evil.com", "//evil.com", "/\t/evil.com", "/\r\nX: y", "\r\n", "\u2028",
    "' OR 1=1 --", "<script>alert(1)</script>", "{{ 7*7 }}", "{title}", "%s%n", "\ufeff", "\u202e", "👩‍👩‍👧",
    "message-x", "LISTOP.1", "0" * 32, "f" * 32, "2021-02-30", "25:99", "16:20", "12/13/2021", "up", "1",
)  # fmt: skip
BODIES = (b"", b"null", b"[]", b'{"text": 1}', b'"x"', b"\xff\xfe", b"a=%ff&b=%", b"&&&==", b"\0" * 100)
KINDS = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "text/plain",
    "x/y; charset=\x7f",
)
FILES = (
    b"", b"PK\x03\x04", b"\xff\xfea\0", b"atelier,rubrique,texte\nx,y,z\n", b"\xd0\xcf\x11\xe0", b"%PDF-1.7",
    b'\xef\xbb\xbf{"format":3,"seq":1e400}', b'{"format":3,"event":1,"notes":{},"operations":[1]}', b"\x89PNG\r\n",
    b"=1+1\n" * 50, "é\u2028".encode(), b"{\\rtf1}", b"<!DOCTYPE x>",
)  # fmt: skip
HEADERS = (
    ("Host", "evil.com"), ("Host", "a b"), ("Host", "[::1"), ("Host", ""), ("Accept", "application/json"),
    ("Accept", "*/*;q=x"), ("Cookie", "contrib=x"), ("If-None-Match", "\x7f"), ("Range", "bytes=9-1"),
    ("X-Forwarded-Proto", "x"), ("X-Forwarded-Host", "evil.com"), ("Origin", "null"), ("Referer", "x" * 500),
    ("If-Modified-Since", "hier"), ("Accept-Encoding", "gzip;q=x"), ("Content-Length", "-1"),
)  # fmt: skip


class Stranger:
    """Asks what a seed says; counts the answers and keeps the wrong ones."""

    def __init__(self, app: Flask, seed: int) -> None:
        self.app = app
        self.random = random.Random(seed)
        self.answers: Counter[int] = Counter()
        self.wrong: list[str] = []
        event = db.session.scalars(select(Event)).first()
        assert event is not None
        rooms = [Room(event, "emergence"), Room(event, "numerique"), *self._other_day()]
        self.notes = [room.note("Une note") for room in rooms]
        self.places = [(room.event.name, room.name, room.rubric("verbatim")) for room in rooms]
        self.names = self._field_names()
        self.rules = [
            (method, rule)
            for rule in app.url_map.iter_rules()
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            if rule.endpoint != "static" and not (method == "POST" and rule.rule.endswith(ENDS))
        ]
        self.codes = {
            "atelier": code_of(app, event, "emergence"),
            "présentateur": code_of(app, event, None),
        }
        db.session.rollback()
        with ThreadPoolExecutor(1) as thread:
            self.clients = thread.submit(self._clients).result()

    def ask(self, times: int) -> None:
        """So many requests, in a thread of their own as on a server: no context of a test leaks in."""
        with ThreadPoolExecutor(1) as thread:
            for _ in thread.map(lambda _: self._ask(), range(times)):
                pass

    def _ask(self) -> None:
        choose = self.random.choice
        method, rule = choose(self.rules)
        address = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: self._place(found[1]), rule.rule)
        query = {choose(self.names): choose(TEXTS) for _ in range(self.random.randrange(3))}
        client, token = choose(self.clients)
        headers = [choose(HEADERS) for _ in range(self.random.randrange(3))]
        options: dict[str, object] = {"query_string": query, "headers": headers}
        if method == "POST":
            options |= self._body(token)
        try:
            answer = client.open(address, method=method, **options)
        except (UnicodeError, ValueError) as error:  # the client itself could not write it down
            self.answers[0] += 1
            if "surrogate" not in str(error) and "header" not in str(error).lower():
                self.wrong.append(f"{method} {address!r} {options!r} {error!r}"[:600])
            return
        body = answer.get_data().decode("utf-8", "replace")
        answer.close()
        self.answers[answer.status_code] += 1
        refused = answer.status_code >= 400
        said = re.search(r"[a-zéèà]{3,}[^<]{0,300}[.:?!]", body)
        leaves = not re.match(r"(https?://localhost)?/(?![/\\\s])", answer.headers.get("Location", "/x"))
        if answer.status_code >= 500 or (refused and not said) or leaves:
            self.wrong.append(f"{answer.status_code} {method} {address!r} {options!r}"[:900])

    def _body(self, token: str) -> dict[str, object]:
        choose = self.random.choice
        if self.random.random() < 0.1:
            return {"data": choose(BODIES), "content_type": choose(KINDS)}
        fields: dict[str, object] = {"csrf_token": token}
        for _ in range(self.random.randrange(9)):
            fields[choose(self.names)] = choose((choose(TEXTS), [choose(TEXTS), choose(TEXTS)]))
        if self.random.random() < 0.2:
            name = choose(("file", "files", "text", "logo", "stationery", "document"))
            fields[name] = (io.BytesIO(choose(FILES)), choose(("a.docx", "a.csv", "a.txt", "..", "é\0.odt")))
        if self.random.random() < 0.5:
            fields["operation"] = f"{self.random.getrandbits(128):032x}"
        return {"data": fields}

    def _place(self, name: str) -> str:
        choose = self.random.choice
        event, workshop, rubric = choose(self.places)
        likely = {
            "event_name": event,
            "workshop_name": workshop,
            "note_id": choose(self.notes),
            "rubric_id": rubric,
            "ending": choose(("docx", "csv", "json", "pdf")),
            "number": "1",
        }
        if name in likely and self.random.random() < 0.9:
            return likely[name]
        return choose([text for text in TEXTS if "/" not in text and text.strip(". \0\r\n")]) or "x"

    def _other_day(self) -> list[Room]:
        other = toml_file.read(toml_file.DEFAULT)
        other.event["name"] = "autre-jour"
        return [Room(set_up_day(other), "emergence")]

    def _field_names(self) -> list[str]:
        found = set()
        for template in TEMPLATES.rglob("*.html"):
            found |= set(re.findall(r'\bname="([a-z_-]+)"', template.read_text("utf-8")))
        return sorted(
            found | {"since", "mark", "regions", "unsent", "draft", "back", "next", "modifier", "number"}
        )

    def _clients(self) -> list[tuple[FlaskClient, str]]:
        found = []
        for role in ("tous", "atelier", "présentateur", "organisation"):
            client = self.app.test_client()
            page = client.get("/").get_data(as_text=True)
            token = re.search(r'name="csrf_token" value="([^"]+)"', page)
            assert token
            if role == "organisation":
                client.post(
                    "/organisation", data={"password": self.app.config["PASSWORD"], "csrf_token": token[1]}
                )
            elif role != "tous":
                client.post("/", data={"code": self.codes[role], "csrf_token": token[1]})
            found.append((client, token[1]))
        return found
