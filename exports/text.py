"""One door for every printed string: str -> str, never raises, idempotent, linear.

`typeset` applies the named steps below in their visible order. Nothing here changes
what is stored: only raw text is stored, and this is how it looks in print.
Rules of French typography: Lexique de l'Imprimerie nationale. Every quantifier is
bounded, because an unbounded one took 25 s on 100,000 spaces.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

NNBSP = "\u202f"
NBSP = "\u00a0"
ELLIPSIS = "…"

# --- characters -----------------------------------------------------------------


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


# --- French typography --------------------------------------------------------------------
# (pattern, replacement): applied in this order to text whose protected pieces are set aside.

_S = f"[ {NBSP}{NNBSP}]"
_UNITS = "km²|km/h|km|cm|mm|m²|m³|ha|kg|mg|g|kWh|MWh|kW|W|Go|Mo|€|M€|k€|Md€|ans|an|mois|jours|heures|minutes|min|personnes|habitants|euros|millions|milliards"

_GLUED = "km²|km/h|km|cm|mm|m²|m³|ha|kg|kWh|MWh|kW|Go|Mo|M€|k€|Md€"
_BEFORE_HOUR = rf"(?:(?<![\w.,:/-])|(?<=\dh[/-])|(?<=\d{_S}h[/-])|(?<=h\d\d[/-])|(?<=h{_S}\d\d[/-]))"
"""9h/11h, 9 h/11h and 16h30-17h: the second hour as the first; a date or a path before it is left alone."""

Replacement = str | Callable[[re.Match[str]], str]


def _thousands(match: re.Match[str]) -> str:
    return re.sub(_S, NNBSP, match[0])


def _grouped(match: re.Match[str]) -> str:
    return in_thousands(int(match[0])) if match[0][0] != "0" else match[0]


def _paired(match: re.Match[str]) -> str:
    """The only two marks of a line, where the first can open and the second can close.

    Inches (a number before a mark), marks within words and nested quotations are left alone.
    """
    before, opening, inside, closing, after = match.groups()
    if opening + closing == "«»":
        return match[0]
    inches = any(
        mark == '"' and text.rstrip(_BLANK)[-1:].isdigit()
        for mark, text in ((opening, before), (closing, inside))
    )
    apart = before[-1:] in _BLANK + "(" and after[:1] in _BLANK + ".,;:!?)…"
    if inches or not apart or not re.search(r"[^\W\d_]", inside):
        return match[0]
    return f"{before}«{inside.strip(_BLANK)}»{after}"


_BLANK = f" {NBSP}{NNBSP}"


def _ligature(match: re.Match[str]) -> str:
    return "œ" if match[0][0] == "o" else "Œ"


RULES: tuple[tuple[re.Pattern[str], Replacement], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # ... -> …; etc.. -> etc.; .. -> … before a small letter, else .
        (r"\.{3,}", ELLIPSIS),
        (r"(?<=\betc)\.\.(?!\.)", "."),
        (r"(?<=\w)\.\.(?=\s{1,5}[a-zà-ÿ])", ELLIPSIS),
        (r"(?<=\w)\.\.(?=[\s;!?]|$)", "."),
        # ,, -> ,
        (r",{2,9}", ","),
        # << mot >> -> « mot », only in pairs
        (r"(?<!<)<<(?!<)([^<>«»\n]{1,2000})(?<!>)>>(?!>)", "«\\1»"),
        # l' été -> l'été
        (rf"(?<=\b[lLdDcCjJmMnNsStT]['’]){_S}(?=[^\W\d_])", ""),
        # l'été -> l’été
        (r"(?<=[^\W_])['´`](?=[^\W_]|[«\"“])", "’"),
        # "mot" and “mot” -> « mot », on one line, the marks touching their words
        (r'(?<![\w"\\])"(?=[^\s"])([^"«»\n]{0,2000})(?<=[^\s"\\])"(?![\w"])', "«\\1»"),
        (r"“([^“”«»\n]{1,2000})”", "«\\1»"),
        # " mot ", « mot", "mot » -> « mot », the only marks of their line
        (r'(?m)^([^"«»\n]{0,9000})(["«])([^"«»\n]{1,300})(["»])([^"«»\n]{0,9000})$', _paired),
        # « mot , » « mot . » -> no space before; ( mot ) -> (mot)
        (rf"(?<=[\w»)\]%€…]){_S}{{1,3}}(?=[,.](?:[\s»);!?]|$))", ""),
        (rf"\({_S}{{1,3}}(?=[\w«])", "("),
        (rf"(?<=[\w.!?…»%€]){_S}{{1,3}}\)", ")"),
        # mot,mot pays.Pour place?Il suite…Il -> with a space; not 3,5 nor exemple.Fr
        (r"(?<=[^\W\d_]{2}),(?=[^\W\d_]{2})", ", "),
        (r"(?<=[a-zà-ÿ]{2})\.(?=[A-ZÀ-Þ][a-zà-ÿ])(?!(?:Com|Fr|Net|Org|Eu|Gouv|Js|Io)\b)", ". "),
        (r"(?<=[a-zà-ÿ]{2})([?!])(?=[\dA-ZÀ-Þ])", f"{NNBSP}\\1 "),
        (r"(?<=\w)…(?=\w)", "… "),
        # oeuvre, coeur, oeil -> œuvre, cœur, œil
        (
            r"(?i)(?:(?<=\b)|(?<=\bman)|(?<=\b[cs])|(?<=\bch)|(?<=\bm)|(?<=\b[bnv])|(?<=\bdés))oe(?=uvr|urs?\b|ufs?\b|ud|ux?\b|il\b)",
            _ligature,
        ),
        # no-break spaces inside « »
        (rf"«{_S}?(?=\S)", f"«{NBSP}"),
        (rf"(?<=[^\s«]){_S}?»", f"{NBSP}»"),
        # 16h30, 16 H 30 -> 16 h 30; 9h -> 9 h
        (
            rf"{_BEFORE_HOUR}([01]?\d|2[0-4]){_S}?[hH]{_S}?([0-5]\d)(?!\w)",
            f"\\1{NBSP}h{NBSP}\\2",
        ),
        (rf"{_BEFORE_HOUR}([01]?\d|2[0-4]){_S}?h(?![\w’'])", f"\\1{NBSP}h"),
        # 300000 euros -> 300 000 euros; a year or a number alone is left
        (rf"(?<![\w.,])\d{{5,9}}(?={_S}?(?:[eE]uros|€|habitants|personnes)(?!\w))", _grouped),
        # 20km, 10M€ -> with a no-break space
        (rf"(?<![\w.,-])(\d{{1,6}}(?:,\d{{1,3}})?)({_GLUED})(?!\w)", f"\\1{NBSP}\\2"),
        # 10 000 -> thin no-break space between thousands; a telephone number is left alone
        (
            rf"(?<![\w.,])(?<!\d{_S})\d{{1,3}}(?:{_S}\d{{3}}){{1,5}}(?!\d)(?!{_S}\d)",
            _thousands,
        ),
        # 20%, 20 €, 15°C, 12 km -> no-break space before the unit
        (rf"(?<=\d){_S}?(?=[%‰€£])", NBSP),
        (rf"(?<=\d){_S}?(?=°C\b)", NBSP),
        (rf"(?<=\d){_S}(?=(?:{_UNITS})(?!\w))", NBSP),
        # n° 5, N°5, art. 3, p. 12
        (rf"\b([nN])°{_S}?(?=\d)", f"\\1°{NBSP}"),
        (rf"\b(art|p|pp|chap|vol|al)\.{_S}(?=\d)", f"\\1.{NBSP}"),
        # M. Dupont, Mme Martin, Dr Petit
        (rf"\b(MM?\.|Mmes?|Mlles?|Dr|Pr|Me){_S}(?=[A-ZÀ-Þ])", f"\\1{NBSP}"),
        # 1 er -> 1er, 1ère -> 1re, 2ème -> 2e
        (rf"\b1{_S}er\b", "1er"),
        (r"\b1[èe]re(s?)\b", "1re\\1"),
        (r"\b(\d{1,3})i?[èe]me(s?)\b", "\\1e\\2"),
        # mot - mot -> mot – mot
        (r"(?<=\S) -(?= \S)", " –"),
        # ; ! ? -> thin no-break space before the first sign of a run
        (
            rf"(?<=[^\s;!?({{\[«¿¡]){_S}?(?=[;!?]{{1,20}}(?:[\s»”)\]}}…,.:]|$))",
            NNBSP,
        ),
        (rf"(?<=[^\s({{\[«]){_S}(?=[;!?])", NNBSP),
        # : -> no-break space before, where a space, a word or the end follows
        (rf"(?<=[^\s:({{\[«]){_S}?:(?=\s|$)", f"{NBSP}:"),
        (rf"(?<=[^\s({{\[«]){_S}:(?=\w)", f"{NBSP}:"),
    )
)

PROTECTED = re.compile(
    r"(?:https?|ftp)://[^\s<>«»\"]{1,2000}[^\s<>«»\".,;:!?)\]}…]"  # addresses
    r"|(?<![\w.])www\.[^\s<>«»\"]{1,500}[^\s<>«»\".,;:!?)\]}…]"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"  # e-mail
    r"|(?<!\w)[A-Za-z]:[\\/][^\s<>«»\"]{1,500}"  # C:\chemin
    r"|(?<![\w/])/(?:[\w.~-]{1,100}/){1,20}[\w.~-]{0,100}"  # /un/chemin
    r"|`[^`\n]{1,200}`"  # code
    r"|(?<![\d:])\d{1,4}(?::\d{1,4}){1,3}(?![\d:])"  # 16:30, 3:4
    r"|(?<![^\s(])[:;=8][-'^]?[)(DPpOo/|\\*3](?![\w(])"  # smileys
    r"|--{1,50}>|->|=>|!=|::",
)


def french_typography(text: str) -> str:
    """The rules above, with addresses, e-mail, paths, code, ratios and smileys set aside."""
    kept: list[str] = []

    def set_aside(match: re.Match[str]) -> str:
        kept.append(match[0])
        return "\ue000"  # no private-use character is left at this point

    text = PROTECTED.sub(set_aside, text)
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    if kept:
        pieces = iter(kept)
        text = re.sub("\ue000", lambda _: next(pieces), text)
    return text


STEPS = (
    unix_line_ends,
    cp1252_controls,
    symbol_font_bullets,
    visible_characters,
    unwrapped_html,
    composed_accents,
    joiners,
    mojibake,
    single_spaces,
    french_typography,
)


@lru_cache(maxsize=50_000)
def typeset(text: str) -> str:
    """`text` as it is printed. Idempotent; memoised because a day compiles every 2 s."""
    for step in STEPS:
        text = step(text)
    return text


# --- short forms ------------------------------------------------------------------------------


def shortened(text: str, words: int) -> str:
    """The first `words` words on one line, with « … » where something was left out."""
    pieces = _words(text)
    if len(pieces) <= words:
        return " ".join(pieces)
    cut = " ".join(pieces[:words]).rstrip(",;:.!?«( " + NBSP + NNBSP) + f"{NBSP}{ELLIPSIS}"
    return f"{cut}{NBSP}»" if cut.count("«") > cut.count("»") else cut


def _words(text: str) -> list[str]:
    """Pieces between plain white space: what a no-break space holds together is one."""
    return [piece for piece in re.split("[ \n\t]+", text) if piece]


def word_count(text: str) -> int:
    return len(_words(text))


def in_thousands(number: int) -> str:
    """« 10 000 », with thin no-break spaces."""
    return f"{number:,}".replace(",", NNBSP)


def counted(number: int, singular: str, plural: str) -> str:
    """« 1 note », « 2 notes », « aucune note » is the caller's business."""
    return f"{number}{NBSP}{singular if number < 2 else plural}"
