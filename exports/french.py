"""French typography: the rules, in their order, and what they leave alone.

Source: Lexique de l'Imprimerie nationale. A rule that would be wrong once in a thousand texts is not here.
"""

import re
from collections.abc import Callable

from exports.characters import NBSP, NNBSP

ELLIPSIS = "…"

_S = f"[ {NBSP}{NNBSP}]"
_UNITS = "km²|km/h|km|cm|mm|m²|m³|ha|kg|mg|g|kWh|MWh|kW|W|Go|Mo|€|M€|k€|Md€|ans|an|mois|jours|heures|minutes|min|personnes|habitants|euros|millions|milliards"

_GLUED = "km²|km/h|km|cm|mm|m²|m³|ha|kg|kWh|MWh|kW|Go|Mo|M€|k€|Md€"
_BEFORE_HOUR = rf"(?:(?<![\w.,:/-])|(?<=\dh[/-])|(?<=\d{_S}h[/-])|(?<=h\d\d[/-])|(?<=h{_S}\d\d[/-]))"
"""9h/11h, 9 h/11h and 16h30-17h: the second hour as the first; a date or a path before it is left alone."""


def in_thousands(number: int) -> str:
    """« 10 000 », with thin no-break spaces."""
    return f"{number:,}".replace(",", NNBSP)


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
        # l' été, l' « été » -> l'été, l'« été »
        (rf"(?<=\b[lLdDcCjJmMnNsStT]['’]){_S}(?=[^\W\d_]|«|\"[^\W\d_])", ""),
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
        (rf"(?<![\w.,])\d{{5,9}}(?={_S}?(?:(?:d['’])?[eE]uros|€|habitants|personnes)(?!\w))", _grouped),
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
