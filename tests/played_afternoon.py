"""Who plays an afternoon: notes as their typists know them, laptops, the room with its server and six browsers."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from conftest import Server
from playwright.sync_api import Locator, Page, expect

from exports.documents.record import hyphenated, plain_reference
from exports.ooxml.word import note_rows
from exports.text import typeset

UNSORTED = "À classer"


@dataclass(eq=False)
class Noted:
    """A note as its typist knows it."""

    reference: str
    text: str
    rubric: str
    theme: str = ""
    chosen: bool = False
    late: bool = False
    printed: bool = True
    tied: list[str] = field(default_factory=list)
    """« point commun 1→p_1 », « synthèse 2→s_2 »."""

    @property
    def linked(self) -> str:
        return f"{hyphenated(self.reference)}→r_{plain_reference(self.reference)}"

    def lines(self) -> Iterator[str]:
        """As the record has it: each paragraph, then the reference and what leads on."""
        tail = f" {hyphenated(self.reference)}"
        if self.chosen:
            tail += f" · à\u00a0dire→d_{plain_reference(self.reference)}"
        if self.late:
            tail += " · après la restitution"
        tail += "".join(f" · {words}" for words in sorted(self.tied))
        *rows, last = note_rows(typeset(self.text))
        yield from (f"[{style}] {text}" for style, text in rows)
        yield f"[{last[0]}] {last[1]}{tail}"


@dataclass(eq=False)
class Sentence:
    """What the desk made of notes."""

    text: str
    notes: list[Noted]

    def line(self) -> str:
        standing = [note for note in self.notes if note.printed]
        return f"{typeset(self.text)} (d’après {', '.join(note.linked for note in standing)})"


@dataclass(eq=False)
class Laptop:
    """One table: its page, what it still has to type, what it typed."""

    page: Page
    workshop: dict[str, Any]
    rows: list[dict[str, str]]
    notes: list[Noted] = field(default_factory=list)
    closed: bool = False

    @property
    def title(self) -> str:
        return str(self.workshop["titre"])

    def type(self, text: str, rubric: str = UNSORTED) -> Noted:
        """Nothing is waited for: the next sentence begins while the last one is on its way."""
        self.page.locator("#choices").get_by_text(rubric, exact=True).click()
        self.page.locator("#text").focus()
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Control+Enter")
        if "\n" in text:
            self.page.get_by_role("button", name="Une seule note").click()
        self.notes.append(Noted(f"{self.workshop['sigle']}-{len(self.notes) + 1}", text, rubric))
        return self.notes[-1]

    def type_one(self) -> None:
        if self.rows:
            row = self.rows.pop(0)
            rubrics = [one["libelle"] for one in self.workshop["rubriques"] if row["rubrique"] in (one["nom"], one["nature"])]  # fmt: skip
            self.type(row["texte"], rubrics[0] if rubrics else UNSORTED)

    def line_of(self, note: Noted) -> Locator:
        """Scrolled to the middle, below the box that stays."""
        line = self.page.locator(f'.note[data-reference="{hyphenated(note.reference)}"]')
        line.evaluate("(line) => line.scrollIntoView({ block: 'center' })")
        return line

    def choose(self, *notes: Noted) -> None:
        for note in notes:
            self.line_of(note).locator(".star").click()
            note.chosen = True

    @property
    def message(self) -> str:
        return f"Ce que l’atelier « {self.title} » retient : on y revient."

    def close(self) -> None:
        """Three notes to say, the key message, who speaks, ready."""
        self.choose(*self.notes[:3])
        self.page.locator("#message-text").fill(self.message)
        self.page.locator("#speaker").fill(f"Mme Rapporteuse de {self.workshop['sigle']}")
        self.page.get_by_role("button", name="C’est prêt pour la plénière").click()
        expect(self.page.locator("#closing-answer")).to_contain_text("Tout est reçu")
        self.closed = True

    def acknowledge(self) -> None:
        self.page.get_by_role("button", name=re.compile("Bien reçu")).click()
        expect(self.page.locator(".desk-message")).to_have_count(0)


@dataclass
class Afternoon:
    """The room: the server at each hour, six browsers, and what they know that they did."""

    server: Server
    plenary: datetime
    event: str
    programme: Path
    laptops: list[Laptop]
    desk: Page
    presenter: Page
    mergers: list[Sentence] = field(default_factory=list)
    points: list[Sentence] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)

    def at(self, minutes: int) -> None:
        """The server dies, and is there again at so many minutes from the plenary."""
        self.server.kill()
        start(self.server, self.plenary + timedelta(minutes=minutes), self.programme)

    def go(self, page: Page, path: str) -> Page:
        page.goto(f"{self.server.url}/{self.event}/{path}")
        return page

    def take(self, page: Page, notes: Iterable[Noted]) -> None:
        for note in notes:
            page.get_by_role("checkbox", name=f"Prendre {hyphenated(note.reference)}", exact=True).check()

    def theme(self, name: str, notes: list[Noted]) -> None:
        page = self.go(self.desk, "synthese")
        self.take(page, notes)
        page.get_by_label("Thème", exact=True).fill(name)
        page.get_by_label("Thème", exact=True).press("Enter")
        expect(page.locator(".theme h3", has_text=name)).to_contain_text(re.compile(rf"\b{len(notes)}.notes"))
        self.themes.append(name)
        for note in notes:
            note.theme = name

    def cite(self, page: Page, button: str, into: list[Sentence], text: str, notes: list[Noted]) -> None:
        page = self.go(page, "synthese")
        self.take(page, notes)
        page.get_by_label("Votre phrase", exact=True).fill(text)
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator(".made", has_text=text)).to_have_count(1)
        into.append(Sentence(text, [one for laptop in self.laptops for one in laptop.notes if one in notes]))
        letter, words = ("s", "synthèse") if into is self.mergers else ("p", "point commun")
        for note in notes:
            note.tied.append(f"{words} {len(into)}→{letter}_{len(into)}")

    def freeze(self, name: str, number: int) -> bytes:
        page = self.go(self.desk, "versions")
        page.get_by_label("Nom de cette version").fill(name)
        page.get_by_role("button", name=re.compile("^Figer")).click()
        expect(page.get_by_role("link", name=f"Version n° {number}")).to_be_visible()
        answer = self.presenter.request.get(f"{self.server.url}/{self.event}/versions/{number}.docx")
        assert answer.ok
        return bytes(answer.body())


def start(server: Server, moment: datetime, programme: Path) -> Server:
    server.environment |= {"CONTRIB_TESTING": "1", "CONTRIB_TEST_NOW": moment.isoformat()}
    return server.start("--programme", str(programme))
