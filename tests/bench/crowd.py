"""A crowd of laptops: keep-alive connections that save and ask for news as the page does."""

import asyncio
import gzip
import json
import random
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

SENTENCES = [
    "Ouvrir les centres sociaux le soir, sans dossier à remplir, avec un café et quelqu’un qui écoute.",
    "Un fonds d’amorçage de 500 € décidé par les habitants eux-mêmes, versé en une semaine.",
    "Désaccord : faut-il une association avant de toucher la première aide, ou après ?",
    "« On nous demande un projet quand on a surtout une envie », dit une habitante du quartier.",
]


@dataclass
class Seen:
    """What the crowd measured, in seconds and bytes."""

    saves: list[float] = field(default_factory=list)
    feeds: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    """From the save's answer to a colleague's feed that holds the note."""
    printed: list[float] = field(default_factory=list)
    """From the save's answer to a feed that says « dans le document »."""
    bytes: int = 0
    errors: int = 0


class Laptop:
    def __init__(self, port: int, workshop: str, seen: Seen, *, observer: bool = False) -> None:
        self.port, self.workshop, self.seen, self.observer = port, workshop, seen, observer
        self.cookie = self.token = ""
        self.since, self.mark = 0, ""
        self.reader: asyncio.StreamReader | None = None

    async def ask(self, method: str, path: str, fields: dict | None = None) -> tuple[dict, bytes]:
        body = urlencode(fields).encode() if fields else b""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
        head += f"Accept-Encoding: gzip\r\nContent-Length: {len(body)}\r\n"
        if self.cookie:
            head += f"Cookie: {self.cookie}\r\n"
        if fields:
            head += "Content-Type: application/x-www-form-urlencoded\r\n"
        answer = await self._said(head.encode() + b"\r\n" + body)
        assert self.reader
        headers = {k.lower(): v for k, v in re.findall(r"^([^:\r\n]+): ?([^\r\n]*)", answer, re.M)}
        content = await self.reader.readexactly(int(headers.get("content-length", 0)))
        self.seen.bytes += len(answer) + len(content)
        if "set-cookie" in headers:
            self.cookie = headers["set-cookie"].split(";")[0]
        if headers.get("connection", "").lower() == "close":
            self.writer.close()
            self.reader = None
        if headers.get("content-encoding") == "gzip":
            content = gzip.decompress(content)
        return headers, content

    async def _said(self, request: bytes) -> str:
        """The head of the answer; on a new connection where the kept one was closed meanwhile, as browsers do."""
        if self.reader is not None:
            try:
                self.writer.write(request)
                return (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            except (asyncio.IncompleteReadError, ConnectionError):
                self.writer.close()
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**22)
        self.writer.write(request)
        return (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")


class Ours(Laptop):
    """A laptop of this application."""

    async def enter(self, path: str, code: str) -> None:
        self.path = path
        await self.ask("GET", f"/e/{code}")
        _, page = await self.ask("GET", path)
        text = page.decode()
        self.since = self.made = int(re.search(r'data-seq="(\d+)"', text)[1])
        self.mark = re.search(r'data-mark="(\w*)"', text)[1]
        self.id = re.search(r'data-workshop="(\w+)"', text)[1]
        # as the page does: one is good until it is refused
        _, content = await self.ask("GET", "/jeton")
        self.token = json.loads(content)["csrf_token"]

    async def save(self, *, news: bool = True) -> str:
        """Note something; the answer brings the news along, as the page asks."""
        operation = uuid4().hex
        text = f"{random.choice(SENTENCES)} {operation[:6]}"
        start = time.perf_counter()
        fields = {"operation": operation, "text": text, "rubric": "", "workshop": self.id}
        question = self.question() if news else ""
        _, content = await self.ask(
            "POST", f"{self.path}/notes{question}", {**fields, "csrf_token": self.token}
        )
        self.seen.saves.append(time.perf_counter() - start)
        answer = json.loads(content)
        assert answer["outcome"] == "accepted", answer
        if news:
            self.hear(answer["news"])
        return answer["note"]

    async def feed(self) -> dict:
        start = time.perf_counter()
        _, content = await self.ask("GET", f"{self.path}/feed{self.question()}")
        self.seen.feeds.append(time.perf_counter() - start)
        return self.hear(json.loads(content))

    def question(self) -> str:
        asked = f"?since={self.since}&unsent=0&draft=0&workshop={self.id}"
        return f"{asked}&mark={self.mark}&regions={self.made}"

    def hear(self, answer: dict) -> dict:
        self.since, self.mark = answer["seq"], answer["mark"]
        self.made = answer.get("made", self.made)
        return answer


class Naive(Laptop):
    """A laptop of the reference."""

    async def save(self, *, news: bool = True) -> str:
        """Note something, then ask for the news: the answer brings none along."""
        fields = {"operation": uuid4().hex, "text": random.choice(SENTENCES), "workshop": self.workshop}
        start = time.perf_counter()
        _, content = await self.ask("POST", "/notes", fields)
        self.seen.saves.append(time.perf_counter() - start)
        if news:
            await self.feed()
        return json.loads(content)["note"]

    async def feed(self) -> dict:
        start = time.perf_counter()
        _, content = await self.ask("GET", f"/feed?since={self.since}&workshop={self.workshop}")
        self.seen.feeds.append(time.perf_counter() - start)
        answer = json.loads(content)
        self.since = answer["seq"]
        return answer


async def as_fast_as_possible(laptops: list[Laptop], seconds: float, *, news: bool) -> float:
    """Saves per second when every laptop saves again as soon as it is answered."""
    end = time.perf_counter() + seconds
    count = 0

    async def run(laptop: Laptop) -> None:
        nonlocal count
        while time.perf_counter() < end:
            await laptop.save(news=news)
            count += 1

    await asyncio.gather(*(run(laptop) for laptop in laptops))
    return count / seconds


async def an_afternoon(
    laptops: list[Laptop], seconds: float, *, every_save: float, every_feed: float
) -> None:
    """Every laptop types and looks, each at its own pace; observers note when things appear."""
    born: dict[str, float] = {}
    unprinted: dict[int, float] = {}
    end = time.perf_counter() + seconds

    async def live(laptop: Laptop) -> None:
        """The page's life: a turn every 2 s or so, and at once when something was noted."""
        save_at = time.perf_counter() + random.uniform(0, every_save)
        if laptop.observer:
            save_at = end
        await asyncio.sleep(random.uniform(0, every_feed))
        while time.perf_counter() < end:
            if time.perf_counter() >= save_at:
                note = await laptop.save()
                born[note] = time.perf_counter()
                save_at = time.perf_counter() + random.uniform(0.5, 1.5) * every_save
            else:
                answer = await laptop.feed()
                if laptop.observer:
                    observe(answer, laptop)
            wait = every_feed + random.uniform(0, 0.35) * every_feed
            await asyncio.sleep(max(0, min(wait, save_at - time.perf_counter())))

    def observe(answer: dict, laptop: Laptop) -> None:
        now = time.perf_counter()
        for note in answer.get("notes", ()):
            if note["id"] in born:
                laptop.seen.shown.append(now - born[note["id"]])
        if answer.get("regions"):
            unprinted[answer["seq"]] = now
        for seq in [seq for seq in unprinted if seq <= answer.get("printed", 0)]:
            laptop.seen.printed.append(now - unprinted.pop(seq))

    await asyncio.gather(*(live(laptop) for laptop in laptops))


def percentile(values: list[float], share: float) -> float:
    """In milliseconds."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else float("nan")
