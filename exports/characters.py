"""What a pasted text brings that no print can use: steps of the door, str -> str, in the order of `exports/text.py`.

Line ends, controls, symbol fonts, wrongly read bytes, leftovers of web pages, white space. Nothing here is French.
"""

import html
import re
import unicodedata

NNBSP = "\u202f"
NBSP = "\u00a0"


def unix_line_ends(text: str) -> str:
    """CRLF, CR, Word's vertical tab (Shift+Enter), form feed, U+2028/9 -> LF."""
    return _LINE_ENDS.sub("\n", text)


_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def cp1252_controls(text: str) -> str:
    """U+0092 and its like come from Windows-1252 read as Latin-1: give them back."""
    return text.translate(_CP1252)


_CP1252 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0) if code != 0x85}


def symbol_font_bullets(text: str) -> str:
    """Word and PowerPoint keep bullets of symbol fonts in the private use area."""
    return _PRIVATE.sub(lambda m: _SYMBOLS.get(m[0], "•"), text)


_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_SYMBOLS = {
    "\uf0e0": "→", "\uf0e8": "→", "\uf0d8": "•", "\uf0a7": "•", "\uf0b7": "•", "\uf0fc": "•",
}  # fmt: skip


def mojibake(text: str) -> str:
    """« Ã© » is é in UTF-8 that was read as Windows-1252; U+FFFC stood for a picture or a file.

    « Ã » before a sign that typography makes itself (’, a no-break space) is only taken for wrongly
    read beside one that is surely so.
    """
    if "\ufffc" in text:
        text = text.replace("\ufffc", "[objet]")
    for _ in range(8):  # it may have been read wrongly more than once
        if not any(_decoded(found) != found[0] for found in _SURELY.finditer(text)):
            break
        text = _MOJIBAKE.sub(_decoded, text)
    return text


_AFTER = [chr(c) for c in range(0xA0, 0xC0)] + [
    bytes([c]).decode("cp1252", "ignore") for c in range(0x80, 0xA0)
]
_MADE_HERE = f"{NBSP}’…«»–“”"
_LATER = f"[{''.join(_AFTER)}]"
_SURELY = re.compile(f"[ÂÃÅ](?![{_MADE_HERE}]){_LATER}|â{_LATER}{{2}}")
_MOJIBAKE = re.compile(f"[ÂÃÅ]{_LATER}|â{_LATER}{{2}}")
_FRENCH = re.compile("[À-ÿŒœŸ‘’“”–—…•€«»°²³·]")
"""What a French keyboard and Word type beyond ASCII: nothing else is taken for wrongly read."""


def _decoded(match: re.Match[str]) -> str:
    try:
        found = match[0].encode("cp1252").decode("utf-8")
    except UnicodeError:
        return match[0]
    return found if _FRENCH.fullmatch(found) else match[0]


def visible_characters(text: str) -> str:
    """Drop what cannot be printed or breaks XML: controls, bidi, zero width, surrogates."""
    return _INVISIBLE.sub("", text)


def joiners(text: str) -> str:
    """U+200C and U+200D stay only between characters that need them (emoji, Arabic, Indic)."""
    return _JOINER.sub("", text) if "\u200c" in text or "\u200d" in text else text


_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb"
    "\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_JOINS = "[\u200c\u200d]"
_JOINED = "[^\x00-\u02ff\u2000-\u206f\u3000]"
_JOINER = re.compile(f"(?<!{_JOINED})(?<!{_JOINS}){_JOINS}++|(?<!{_JOINS}){_JOINS}++(?!{_JOINED})")


def composed_accents(text: str) -> str:
    """A Mac types e + U+0301 where a PC types é: one form for both (NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


# --- leftovers of web pages -----------------------------------------------------------


def unwrapped_html(text: str) -> str:
    """A note pasted as web source reads as the page did: `<p>d&rsquo;été</p>` -> d’été.

    Only text that closes a formatting element is taken for web source; `<script>`, and
    a sentence that merely speaks of `<b>`, stay as they were typed.
    """
    for _ in range(4):  # a tag may hide an entity that hides a tag; deeper is not a note
        before = text
        if "&" in text:
            text = _ENTITY.sub(_entity, _NESTED.sub("&", text))
        if "</" in text and _HTML_PROOF.search(text):
            text = _HTML_ITEM.sub("\n• ", text)
            text = _HTML_BREAK.sub("\n", text)
            text = _HTML_INLINE.sub("", text)
        if text == before:
            break
    return text


_NESTED = re.compile(r"&(?:amp;)+")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,31}\d{0,2}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_HTML_PROOF = re.compile(r"</(?:p|li|ul|ol|h[1-6]|div|strong|em|span|u|blockquote|t[adhr])\s?>", re.I)
_HTML_ITEM = re.compile(r"<li(?:\s[^<>]{0,500})?>", re.I)
_HTML_BREAK = re.compile(
    r"</?(?:p|div|br|h[1-6]|ul|ol|blockquote|tr|table|tbody)(?:\s[^<>]{0,500})?/?>|</li\s?>",
    re.I,
)
_HTML_INLINE = re.compile(
    r"</?(?:strong|em|b|i|u|span|a|sup|sub|td|th|img|font|s)(?:\s[^<>]{0,500})?/?>", re.I
)


def _entity(match: re.Match[str]) -> str:
    plain = html.unescape(match[0])
    for step in (unix_line_ends, cp1252_controls, symbol_font_bullets, visible_characters):
        plain = step(plain)
    return plain


# --- white space ------------------------------------------------------------------------


def single_spaces(text: str) -> str:
    """Runs of spaces and tabs become one space, lines are trimmed, at most one blank line."""
    text = _SPACES.sub(_one_space, text)
    text = _LINE_EDGES.sub("\n", text)
    text = _BLANK_LINES.sub("\n\n", text)
    return text.strip(" \n\t" + NBSP + NNBSP)


_SPACES = re.compile(f"[ \t{NBSP}{NNBSP}\u1680\u2000-\u200a\u205f\u3000]+")
_LINE_EDGES = re.compile(f"[ {NBSP}{NNBSP}]?\n[ {NBSP}{NNBSP}]?")
_BLANK_LINES = re.compile("\n{3,}")


def _one_space(match: re.Match[str]) -> str:
    run = match[0]
    if NBSP in run:
        return NBSP
    return NNBSP if NNBSP in run else " "
